import type { Caller } from '#src/access/caller.ts'
import { inputColumnsOf } from './definition.ts'
import { findExistingRows, isKeyOf } from './existing-rows.ts'
import { readerOf } from './open-report.ts'
import type { DataNeeds } from './read-report-data.ts'
import { findInputEvents, type InputEvent, type ReportRow } from './store.ts'

export interface HistoryPage {
  readonly events: readonly InputEvent[]
  /** Where the next page begins; null after the last. */
  readonly next: number | null
}

/**
 * Who filled in what, newest first. Who sees only some rows of the model gets the changes of these; of columns that were
 * taken out since, only those who see all.
 */
export async function readInputHistory(
  needs: DataNeeds,
  caller: Caller,
  report: ReportRow,
  ask: {
    readonly column?: string | undefined
    readonly rowId?: string | undefined
    readonly before: number | null
    readonly limit: number
  },
  signal?: AbortSignal,
): Promise<HistoryPage> {
  const filter = { columnId: ask.column, rowId: ask.rowId }
  const found = await findInputEvents(needs.db, report.id, filter, { before: ask.before, limit: ask.limit + 1 })
  const page = found.slice(0, ask.limit)
  const next = found.length > ask.limit ? (page.at(-1)?.id ?? null) : null
  const columns = inputColumnsOf(report.definition)
  const reader = readerOf(caller, report.definition)
  const visible = new Set<InputEvent>()
  let whole = true
  for (const block of new Set(columns.map((one) => one.block))) {
    const own = page.filter(
      (event) => block.inputs.some(({ id }) => id === event.column_id) && isKeyOf(block, event.row_key),
    )
    const existing = await findExistingRows(
      needs,
      reader,
      block,
      own.map((event) => event.row_key),
      signal,
    )
    for (const event of own) if (existing.whole || existing.labelsOf(event.row_key)) visible.add(event)
    whole &&= existing.whole
  }
  return { events: page.filter((event) => visible.has(event) || (whole && isLeftOver(event))), next }

  function isLeftOver(event: InputEvent): boolean {
    const block = columns.find(({ column }) => column.id === event.column_id)?.block
    return !block || !isKeyOf(block, event.row_key)
  }
}
