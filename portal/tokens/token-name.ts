/** A name for a token that nobody was asked for: the first of `API Token`, `API Token 2`, … that is free. */
export function freeName(taken: readonly string[]): string {
  const used = new Set(taken)
  for (let n = 1; ; n++) {
    const name = n === 1 ? 'API Token' : `API Token ${n}`
    if (!used.has(name)) return name
  }
}
