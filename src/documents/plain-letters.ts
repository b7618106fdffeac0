/** Letters of the scripts that our main font holds; whatever else has made the typesetter fail is shown as a box. */
const others =
  /[^\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Common}\n]|[\u{10000}-\u{10ffff}]|\p{M}/gu

/** The same thing with all text in it made of plain letters. */
export function plainLetters<T>(thing: T): T {
  if (typeof thing === 'string') return thing.toWellFormed().normalize('NFC').replace(others, '□') as T
  if (Array.isArray(thing)) return thing.map(plainLetters) as T
  if (typeof thing !== 'object' || thing === null || thing instanceof Date) return thing
  return Object.fromEntries(Object.entries(thing).map(([key, value]) => [key, plainLetters(value)])) as T
}
