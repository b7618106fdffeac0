import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { shownCell } from './cell-words.ts'
import type { GridColumn } from './grid-columns.ts'
import { pastedWords, pasteEntries } from './paste-entries.ts'
import type { InputState, TableRow } from './report-data.ts'

const input = (id: string, type: InputState['type'], more: Partial<InputState> = {}): InputState => ({
  id,
  label: id,
  description: '',
  type,
  required: false,
  locked_after: null,
  locked: false,
  entry: 'member',
  may_input: true,
  missing: 0,
  options: null,
  min: null,
  max: null,
  max_length: null,
  decimals: null,
  unit: null,
  formats: [],
  ...more,
})
const column = (state: InputState, at: number): GridColumn => ({ kind: 'input', at, input: state, span: null })
const empty = { value: null, shown: null, version: 3, changed_at: null, changed_by: null }
const row = (queue: string | null): TableRow => ({
  key: queue === null ? null : { queue },
  cells: [queue],
  inputs: [empty, empty, empty],
})
const options = [
  { id: '1', label: 'Physics', retired: false },
  { id: '2', label: 'Life Science', retired: false },
]
const ask = (columns: readonly (GridColumn | null)[], rows: readonly TableRow[]) => ({
  columns,
  rows,
  cellOf: (of: TableRow, { at, input: state }: GridColumn & { kind: 'input' }) =>
    shownCell(state, of.inputs[at] ?? empty, undefined),
  findOption: (_: InputState, __: unknown, text: string) =>
    Promise.resolve(options.find(({ label }) => label.toLowerCase() === text.toLowerCase()) ?? null),
})

describe('pasting over several cells', () => {
  const columns = [
    column(input('amount', 'number'), 0),
    column(input('center', 'single_select'), 1),
    column(input('fields', 'multi_select'), 2),
  ]

  test('each text means what its column says, and is sent with the version that was seen', async () => {
    const { entries } = await pasteEntries([['1,234', 'physics', 'Life Science; Physics']], ask(columns, [row('a')]))
    assert.deepEqual(
      entries.map(({ column: id, value, version }) => [id, value, version]),
      [
        ['amount', 1234, 3],
        ['center', '1', 3],
        ['fields', ['2', '1'], 3],
      ],
    )
  })

  test('what makes no sense is kept as it was pasted, and the rest is taken', async () => {
    const pasted = await pasteEntries([['much', 'Alchemy', 'Physics, Alchemy']], ask(columns, [row('a')]))
    assert.deepEqual(
      pasted.entries.map(({ unclear }) => unclear?.text),
      ['much', 'Alchemy', 'Physics, Alchemy'],
    )
    assert.match(pasted.entries[1]?.unclear?.complaint ?? '', /“Alchemy” is not among the options of center/)
    assert.match(pastedWords(pasted), /^Pasted into 3 cells; 3 could not be understood/)
  })

  test('an empty text empties; cells that are not theirs are passed over; what has no place is counted', async () => {
    const locked = column(input('late', 'text', { may_input: false }), 1)
    const pasted = await pasteEntries(
      [
        ['', 'x', 'y', 'z'],
        ['5', 'x', 'y', 'z'],
        ['6', 'x', 'y', 'z'],
      ],
      ask([columns[0] as GridColumn, locked, null], [row('a'), row(null)]),
    )
    assert.deepEqual(
      pasted.entries.map(({ value }) => value),
      [null],
    )
    assert.deepEqual([pasted.passedOver, pasted.beyond], [5, 6])
    assert.match(pastedWords(pasted), /1 cell; 5 fell on cells that you don’t fill in, 6 reached beyond/)
  })

  test('a text longer than its column takes is not cut in silence', async () => {
    const short = column(input('note', 'text', { max_length: 3 }), 0)
    const { entries } = await pasteEntries([['long']], ask([short], [row('a')]))
    assert.match(entries[0]?.unclear?.complaint ?? '', /room for 3 characters; these are 4/)
  })
})
