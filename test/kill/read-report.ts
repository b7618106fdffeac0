import type { Http } from './http.ts'
import { type Ledger, must } from './ledger.ts'
import { rowsOf, totalOf } from './sources.ts'

interface Numbers {
  readonly rows: number
  readonly least: number
  readonly most: number
  readonly total: number
}

/** Reads a report of several blocks, which must all come from one snapshot; null where it cannot be read now. */
export async function readReport(
  ledger: Ledger,
  ask: Http['ask'],
  { token, report, model }: { token: string; report: string; model: string },
): Promise<number | null> {
  const { status, body } = await ask('POST', `/v1/reports/${report}/data`, { token, body: {} })
  if (status !== 200) return null
  const { blocks } = body as { blocks: { id: string; value?: number | null }[] }
  const numbers = Object.fromEntries(blocks.map(({ id, value }) => [id, value])) as unknown as Numbers
  return generationOf(ledger, model, numbers)
}

/** Which generation the numbers come from; breaks when from several, or from a part of one. */
export function generationOf(
  ledger: Ledger,
  model: string,
  numbers: Numbers,
  rowsIn: (generation: number) => number = rowsOf,
): number {
  const { rows, least, most, total } = numbers
  const right = rows === rowsIn(least) && total === (totalOf(least) / rowsOf(least)) * rows
  must(least === most && right, `a report mixes snapshots, or has a part of one: ${JSON.stringify(numbers)}`)
  must(least <= (ledger.written.get(model) ?? 1), `a report from data never written: ${JSON.stringify(numbers)}`)
  return least
}
