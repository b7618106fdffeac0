import { nearestWord } from '#src/settings/nearest-word.ts'

/** Says that a name is none of those that may be used, and which of them was probably meant. */
export function noSuch(what: string, name: string, usable: readonly { name: string }[]): string {
  const meant = nearestWord(
    name,
    usable.map((one) => one.name),
  )
  return `There is no ${what} ${name}.${meant === null ? '' : ` Did you mean ${meant}?`}`
}
