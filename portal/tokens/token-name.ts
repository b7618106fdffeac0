/** A name for a token that nobody was asked for: the first of `API Token`, `API Token 2`, … that is free. */
export function freeName(taken: readonly string[], base = 'API Token'): string {
  const used = new Set(taken)
  for (let n = 1; ; n++) {
    const name = n === 1 ? base : `${base} ${n}`
    if (!used.has(name)) return name
  }
}
