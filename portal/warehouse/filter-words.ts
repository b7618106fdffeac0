import type { Filter } from './question.ts'

/**
 * A filter in one word, as `GET /v1/query` takes it: `origin:ORD,ATL` keeps these ids, `origin!:ORD` leaves them out. A
 * comma or backslash within an id has a backslash before it.
 */
export function readFilterWord(word: string): Filter | null {
  const [, dimension, not, values] = /^([a-z][a-z0-9_]*)(!?):(.*)$/s.exec(word) ?? []
  if (dimension === undefined || values === undefined) return null
  return { dimension, values: splitIds(values), exclude: not === '!' }
}

export const writeFilterWord = ({ dimension, values, exclude }: Filter): string =>
  `${dimension}${exclude ? '!' : ''}:${values.map((id) => id.replaceAll(/[\\,]/g, '\\$&')).join(',')}`

const splitIds = (text: string): string[] =>
  text.split(/(?<!(?<!\\)(?:\\\\)*\\),/).map((id) => id.replaceAll(/\\([\\,])/g, '$1'))
