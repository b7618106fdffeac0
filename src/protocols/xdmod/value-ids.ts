import { invalid } from './problems.ts'

/**
 * Clients join the ids of a filter with commas and send them back as they got them. Some of our ids are names, and a name
 * may hold a comma: it is written %2C, and the per cent sign %25. Everything else stays as it is.
 */
export const writeValueId = (id: string): string => id.replaceAll('%', '%25').replaceAll(',', '%2C')

const readValueId = (text: string): string =>
  text.replace(/%(25|2C)/gi, (_, code: string) => (code === '25' ? '%' : ','))

const mostIds = 10_000
const longestId = 1000

/** The ids in a filter's value, each once. */
export function readValueIds(joined: string): string[] {
  const ids = [...new Set(joined.split(',').map(readValueId))]
  if (ids.length > mostIds) throw invalid(`A filter takes at most ${mostIds} values.`)
  if (ids.some((id) => id.length > longestId)) throw invalid(`A filter value has at most ${longestId} characters.`)
  return ids
}
