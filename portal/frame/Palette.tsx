/** Filled in a moment. */
export function Palette(_: { asked: number }) {
  return null
}
