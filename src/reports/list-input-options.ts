import type { Caller } from '#src/access/caller.ts'
import { namePeople } from '#src/accounts/name-people.ts'
import { requirePermission } from '#src/http/permission.ts'
import { findOptions } from '#src/models/find-options.ts'
import { noSuch } from '#src/warehouse/no-such.ts'
import { isSelect, rowDimension } from './choices.ts'
import { inputColumnsOf } from './definition.ts'
import { filterOf } from './filter-of-set.ts'
import { readerOf } from './open-report.ts'
import { columnNotFound, inputsInvalid } from './problems.ts'
import type { DataNeeds } from './read-report-data.ts'
import type { RowKey } from './row-key.ts'
import type { ReportRow } from './store.ts'

export interface InputOptions {
  /** Which data they come from; null: typed into the report, or accounts. */
  readonly version: string | null
  readonly total: number | null
  readonly items: readonly { id: string; label: string; colour?: string; retired: boolean }[]
}

/** What may be chosen in a column now, in one row where rows have options of their own. */
export async function listInputOptions(
  needs: DataNeeds,
  caller: Caller,
  report: ReportRow,
  ask: {
    readonly column: string
    readonly search?: string | undefined
    readonly row: RowKey | null
    readonly limit: number
  },
  signal?: AbortSignal,
): Promise<InputOptions> {
  const columns = inputColumnsOf(report.definition)
  const found = columns.find(({ column }) => column.id === ask.column)
  if (!found)
    throw columnNotFound({
      detail: noSuch(
        'data-input column',
        ask.column,
        columns.map(({ column }) => ({ name: column.id })),
      ),
    })
  const { block, column } = found
  const { limit, search = '' } = ask
  if (column.type === 'person') {
    // Who there is, is told to those who pick somebody.
    requirePermission(caller, 'reports:input', report.id)
    const people = await namePeople(needs.db, { search, limit: Math.min(limit, mostPeople) })
    const items = people.map(({ user_name: id, label }) => ({ id, label, retired: false }))
    return { version: null, total: null, items }
  }
  if (!isSelect(column))
    throw inputsInvalid({
      detail: `${column.label} is no column of choices.`,
      hint: 'Only selects and persons have options.',
    })
  const { options } = column
  if ('values' in options) {
    const words = search.toLowerCase().split(/\s+/)
    const matching = options.values.filter(({ id, label }) =>
      words.every((word) => label.toLowerCase().includes(word) || id.toLowerCase().includes(word)),
    )
    const items = matching
      .slice(0, limit)
      .map(({ id, label, colour }) => ({ id, label, ...(colour && { colour }), retired: false }))
    return { version: null, total: matching.length, items }
  }
  const dimension = rowDimension(column, block, filterOf(needs.shelf, column))
  const value = dimension === null ? undefined : ask.row?.[dimension]
  const {
    snapshot,
    total,
    options: chosen,
  } = await findOptions(
    needs,
    readerOf(caller, report.definition),
    { model: options.model, set: options.option_set, search, limit, for: value },
    { signal },
  )
  return { version: snapshot, total, items: chosen.map(({ id, label }) => ({ id, label, retired: false })) }
}

const mostPeople = 20
