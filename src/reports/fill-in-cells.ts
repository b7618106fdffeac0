import type { z } from 'zod'
import { findOptions } from '#src/models/find-options.ts'
import { Problem } from '#src/problem/problem.ts'
import type { DataOf, tableData } from './block-data.ts'
import { type ChoiceNeeds, type Choices, isSelect, knownChoices, rowDimension, type SelectColumn } from './choices.ts'
import type { ReportData } from './contract.ts'
import type { BlockOf } from './definition.ts'
import type { OpenInput, OpenReport } from './open-report.ts'
import { hasChoices, idsIn, presentCell } from './present-cell.ts'
import { rowIdOf } from './row-key.ts'
import { type CellRow, findCells } from './store.ts'

type Bare = ReturnType<typeof tableData>
type ColumnState = DataOf<'table'>['inputs'][number]

/** Options that a reply names; further ones are asked for by a search. */
const mostOptionsNamed = 200

/** The table with what is filled in, joined by the keys of its rows. */
export async function fillInCells(
  needs: ChoiceNeeds,
  { report, reader }: OpenReport,
  block: BlockOf<'table'>,
  inputs: readonly OpenInput[],
  table: Bare,
  signal?: AbortSignal,
): Promise<DataOf<'table'>> {
  const rowIds = table.rows.map(({ key }) => key && rowIdOf(key))
  const wanted = rowIds.filter((id) => id !== null)
  const ids = inputs.map(({ column }) => column.id)
  const cells = report ? await findCells(needs.db, report.id, ids, wanted) : []
  const columns = await Promise.all(
    inputs.map(async (input) => {
      // What was filled in as another type, before the column was taken out and made anew, is not for this one.
      const own = cells.filter((cell) => cell.column_id === input.column.id && cell.column_type === input.column.type)
      const used = hasChoices(input.column) ? [...new Set(own.flatMap(({ value }) => idsIn(value)))] : []
      const choices = await knownChoices(needs, reader, input.column, used, signal)
      return { ...input, byRow: new Map(own.map((cell) => [cell.row_id, cell])), used, choices }
    }),
  )
  const rows = table.rows.map(({ labels: _, ...row }, i) => {
    const rowId = rowIds[i]
    const filled = rowId
      ? columns.map(({ column, byRow, choices }) => presentCell(column, byRow.get(rowId), choices))
      : []
    return { ...row, inputs: filled }
  })
  return {
    ...table,
    rows,
    inputs: await Promise.all(
      columns.map(async (one, i) =>
        stateOf(one, block, {
          missing: one.column.required ? rows.filter((row) => row.key && row.inputs[i]?.value === null).length : 0,
          options: isSelect(one.column)
            ? await optionsOf(needs, reader, block, { ...one, column: one.column }, signal)
            : null,
        }),
      ),
    ),
  }
}

function stateOf(
  { column, locked, mayInput }: OpenInput,
  block: BlockOf<'table'>,
  more: Pick<ColumnState, 'missing' | 'options'>,
): ColumnState {
  const look = block.columns.find(({ name }) => name === column.id)
  const bounded = column.type === 'number' || column.type === 'date' ? column : null
  return {
    id: column.id,
    label: column.label,
    description: column.description ?? '',
    type: column.type,
    required: column.required,
    locked_after: column.locked_after ?? null,
    locked,
    entry: column.entry,
    may_input: mayInput,
    ...more,
    min: bounded?.min ?? null,
    max: bounded?.max ?? null,
    max_length: column.type === 'text' ? column.max_length : null,
    decimals: column.type === 'number' ? (column.decimals ?? null) : null,
    unit: column.type === 'number' ? (column.unit ?? null) : null,
    formats: look?.formats ?? [],
  }
}

interface Used {
  readonly column: SelectColumn
  readonly byRow: ReadonlyMap<string, CellRow>
  readonly used: readonly string[]
  readonly choices: Choices
}

/** The options as they are now, and those that are in use but gone. */
async function optionsOf(
  needs: ChoiceNeeds,
  reader: OpenReport['reader'],
  block: BlockOf<'table'>,
  { column, byRow, used, choices }: Used,
  signal?: AbortSignal,
): Promise<NonNullable<ColumnState['options']>> {
  const cells = [...byRow.values()]
  const nameThen = (id: string) => cells.flatMap((cell) => cell.choices ?? []).find((choice) => choice.id === id)?.label
  const retired =
    choices.problem === null
      ? used.filter((id) => !choices.known.has(id)).map((id) => ({ id, label: nameThen(id) ?? id, retired: true }))
      : []
  const { options } = column
  if ('values' in options) {
    const items = options.values.slice(0, mostOptionsNamed).map((option) => ({ ...option, retired: false }))
    return { version: null, by_row: false, total: options.values.length, items: [...items, ...retired], problem: null }
  }
  try {
    const ask = { model: options.model, set: options.option_set, limit: mostOptionsNamed }
    const found = await findOptions(needs, reader, ask, { signal })
    const items = found.options.map(({ id, label }) => ({ id, label, retired: false }))
    return {
      version: found.snapshot,
      by_row: rowDimension(column, block, found.filter_by) !== null,
      total: found.total,
      items: [...items, ...retired],
      problem: null,
    }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { version: null, by_row: false, total: 0, items: [], problem: error.message }
  }
}

/** Required values that are missing in all blocks. */
export const missingIn = (blocks: z.input<typeof ReportData>['blocks']): number =>
  blocks.flatMap((block) => (block.type === 'table' ? block.inputs : [])).reduce((sum, { missing }) => sum + missing, 0)
