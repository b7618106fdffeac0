import type { z } from 'zod'
import type { Caller } from '#src/access/caller.ts'
import type { Change } from '#src/database/change.ts'
import { noSuch } from '#src/warehouse/no-such.ts'
import { periodStart } from '#src/warehouse/period.ts'
import type { WarehouseNeeds } from '#src/warehouse/run-query.ts'
import { faultOfValue, tidyValue } from './check-value.ts'
import { type Choices, fitsRow, isSelect, knownChoices, rowDimension } from './choices.ts'
import type { InputCell } from './contract.ts'
import { type BlockOf, type InputColumn, inputColumnsOf } from './definition.ts'
import { type ExistingRows, findExistingRows, isKeyOf, keyNames } from './existing-rows.ts'
import { filterOf } from './filter-of-set.ts'
import { isLocked, mayEnter } from './input-column.ts'
import { holdReport, mayInput, notThere } from './may-see-report.ts'
import { readerOf } from './open-report.ts'
import { hasChoices, idsIn, presentCell } from './present-cell.ts'
import { cellChanged, columnNotYours, inputsInvalid } from './problems.ts'
import { type RowKey, rowIdOf, sortedKey } from './row-key.ts'
import { type CellRow, findCells, findReport, type ReportRow, type StoredValue, writeCells } from './store.ts'

export interface CellToFill {
  readonly row: RowKey
  readonly column: string
  readonly value: StoredValue
  /** That the caller has seen; 0: never filled in. */
  readonly version: number
}

interface Filled {
  readonly row: RowKey
  readonly column: string
  readonly cell: z.input<typeof InputCell>
}

/** A cell with what it belongs to. */
interface Aim {
  readonly at: number
  readonly block: BlockOf<'table'>
  readonly column: InputColumn
  readonly key: RowKey
  readonly rowId: string
  readonly value: StoredValue
  readonly version: number
}

/**
 * Fills in cells, all or none: each on the ground of the version that the caller has seen. Rows must be there for this
 * caller, choices among the options of their row; a choice that has retired since it was made may stay.
 */
export async function fillInReport(
  needs: WarehouseNeeds,
  change: Change,
  ask: { readonly report: string; readonly cells: readonly CellToFill[]; readonly note?: string | undefined },
): Promise<{ cells: Filled[]; changed: number }> {
  // What the models say is asked before others are kept waiting; should the report have changed meanwhile, once more.
  for (;;) {
    const report = await findReport(change.tx, ask.report)
    if (!report || !mayInput(change.actor.caller, report)) {
      await holdReport(change, ask.report, 'reports:input')
      throw notThere(ask.report)
    }
    const prepared = await prepare(needs, change, report, ask.cells)
    const held = await holdReport(change, ask.report, 'reports:input')
    if (held.version === report.version) return write(needs, change, report, prepared, ask.note ?? null)
  }
}

interface Prepared {
  readonly aims: readonly Aim[]
  readonly faults: { pointer: string; detail: string }[]
  readonly existing: ReadonlyMap<BlockOf<'table'>, ExistingRows>
  readonly choices: ReadonlyMap<InputColumn, Choices>
}

async function prepare(
  needs: WarehouseNeeds,
  change: Change,
  report: ReportRow,
  cells: readonly CellToFill[],
): Promise<Prepared> {
  const { caller } = change.actor
  const reader = readerOf(caller, report.definition)
  const faults: Prepared['faults'] = []
  const aims = aimsOf(needs, caller, report, cells, faults)
  const existing = new Map<BlockOf<'table'>, ExistingRows>()
  for (const block of new Set(aims.map((aim) => aim.block))) {
    const keys = aims.filter((aim) => aim.block === block).map(({ key }) => key)
    existing.set(block, await findExistingRows(needs, reader, block, keys))
  }
  const choices = new Map<InputColumn, Choices>()
  for (const column of new Set(aims.map((aim) => aim.column))) {
    const ids = hasChoices(column)
      ? aims.filter((aim) => aim.column === column).flatMap(({ value }) => idsIn(value))
      : []
    choices.set(column, await knownChoices({ ...needs, db: change.tx }, reader, column, [...new Set(ids)]))
  }
  return { aims, faults, existing, choices }
}

/** Finds out what each cell is, and checks what can be checked without asking anybody. */
function aimsOf(
  { clock, shelf }: WarehouseNeeds,
  caller: Caller,
  report: ReportRow,
  cells: readonly CellToFill[],
  faults: Prepared['faults'],
): Aim[] {
  const columns = inputColumnsOf(report.definition)
  const seen = new Set<string>()
  return cells.flatMap((cell, at): Aim[] => {
    const wrong = (member: string, detail: string): Aim[] => {
      faults.push({ pointer: `#/cells/${at}${member}`, detail })
      return []
    }
    const found = columns.find(({ column }) => column.id === cell.column)
    if (!found)
      return wrong(
        '/column',
        noSuch(
          'data-input column',
          cell.column,
          columns.map(({ column }) => ({ name: column.id })),
        ),
      )
    const { block, column } = found
    if (!mayEnter(caller, report, column))
      throw columnNotYours({
        detail: `${column.label} is filled in by ${column.entry === 'owner' ? 'the owner of the report' : `the role ${column.entry} and those above it`}.`,
      })
    const timeZone = shelf.catalogue(block.query.model)?.timeZone ?? 'UTC'
    if (isLocked(column, timeZone, clock.now()))
      return wrong('', `${column.label} could be filled in until ${column.locked_after}.`)
    if (!isKeyOf(block, cell.row)) return wrong('/row', `The key of a row names ${keyNames(block).join(', ')}.`)
    const { period } = cell.row
    if (block.query.series && !isPeriod(period ?? '', block.query.unit))
      return wrong('/row/period', `A period is named by its first day; this is none of a ${block.query.unit}.`)
    const value = tidyValue(cell.value)
    const fault = faultOfValue(column, value)
    if (fault !== null) return wrong('/value', `${column.label} ${fault}.`)
    const key = sortedKey(cell.row)
    const rowId = rowIdOf(key)
    const place = `${column.id} ${rowId}`
    if (seen.has(place)) return wrong('', 'The same cell is named twice.')
    seen.add(place)
    return [{ at, block, column, key, rowId, value, version: cell.version }]
  })
}

function isPeriod(day: string, unit: BlockOf<'table'>['query']['unit']): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(Date.parse(day))) return false
  return unit === 'auto' || periodStart(day, unit) === day
}

async function write(
  needs: WarehouseNeeds,
  change: Change,
  report: ReportRow,
  { aims, faults, existing, choices }: Prepared,
  note: string | null,
): Promise<{ cells: Filled[]; changed: number }> {
  const { caller } = change.actor
  const ids = [...new Set(aims.map(({ column }) => column.id))]
  const rowIds = [...new Set(aims.map(({ rowId }) => rowId))]
  const stored = new Map(
    (await findCells(change.tx, report.id, ids, rowIds)).map((cell) => [`${cell.column_id} ${cell.row_id}`, cell]),
  )
  const before = (aim: Aim): CellRow | undefined => stored.get(`${aim.column.id} ${aim.rowId}`)
  const conflicts: { pointer: string; row: RowKey; column: string; current: z.input<typeof InputCell> }[] = []
  const toWrite: (Aim & { labels: RowKey; before: CellRow | undefined })[] = []
  for (const aim of aims) {
    const cell = before(aim)
    const rows = existing.get(aim.block)!
    const pointer = `#/cells/${aim.at}`
    // A row that the model has lost can still be tidied up by those who would see it if it were there.
    const labels = rows.labelsOf(aim.key) ?? (cell && rows.whole ? cell.row_labels : null)
    if (labels === null) {
      faults.push({ pointer: `${pointer}/row`, detail: 'There is no such row.' })
      continue
    }
    const fault = faultOfChoice(needs, aim, cell, choices.get(aim.column)!)
    if (fault !== null) {
      faults.push({ pointer: `${pointer}/value`, detail: fault })
      continue
    }
    const same = JSON.stringify(cell?.value ?? null) === JSON.stringify(aim.value)
    if ((cell?.version ?? 0) !== aim.version && !same) {
      const known = await knownChoices(
        { ...needs, db: change.tx },
        readerOf(caller, report.definition),
        aim.column,
        idsIn(cell?.value ?? null),
      )
      conflicts.push({ pointer, row: aim.key, column: aim.column.id, current: presentCell(aim.column, cell, known) })
    } else if (!same) toWrite.push({ ...aim, labels, before: cell })
  }
  if (faults.length > 0)
    throw inputsInvalid({ detail: faults[0]!.detail, errors: faults.sort(byPlace).slice(0, mostFaults) })
  if (conflicts.length > 0) throw changedMeanwhile(conflicts)
  if (toWrite.length > 0) {
    await writeCells(change.tx, report.id, {
      now: needs.clock.now(),
      by: caller.accountId,
      tokenId: caller.tokenId,
      note,
      cells: toWrite.map(({ column, key, rowId, value, labels, before }) => ({
        column_id: column.id,
        column_type: column.type,
        row_id: rowId,
        row_key: key,
        row_labels: labels,
        value,
        before: before?.value ?? null,
        choices: hasChoices(column) ? labelsNow(choices.get(column)!, value, before) : null,
        version: (before?.version ?? 0) + 1,
      })),
    })
    change.note({
      verb: 'report.filled_in',
      subjectType: 'report',
      subjectId: report.id,
      detail: { cells: toWrite.length, columns: countBy(toWrite.map(({ column }) => column.id)), note },
    })
  }
  const now = new Map(
    (await findCells(change.tx, report.id, ids, rowIds)).map((cell) => [`${cell.column_id} ${cell.row_id}`, cell]),
  )
  return {
    changed: toWrite.length,
    cells: aims.map((aim) => ({
      row: aim.key,
      column: aim.column.id,
      cell: presentCell(aim.column, now.get(`${aim.column.id} ${aim.rowId}`), choices.get(aim.column)!),
    })),
  }
}

const mostFaults = 200

const byPlace = (a: { pointer: string }, b: { pointer: string }): number =>
  Number(a.pointer.split('/')[2]) - Number(b.pointer.split('/')[2])

/** Why a choice cannot be made here; null when it can, or was made before. */
function faultOfChoice(
  needs: WarehouseNeeds,
  { column, block, value, key }: Aim,
  cell: CellRow | undefined,
  choices: Choices,
): string | null {
  if (!hasChoices(column) || value === null) return null
  const kept = new Set(idsIn(cell?.value ?? null))
  const added = idsIn(value).filter((id) => !kept.has(id))
  if (added.length === 0) return null
  if (choices.problem !== null) return `The options of ${column.label} cannot be read now: ${choices.problem}`
  const dimension = isSelect(column) ? rowDimension(column, block, filterOf(needs.shelf, column)) : null
  const wrong = added.find((id) => {
    const known = choices.known.get(id)
    return !known || known.gone || !fitsRow(known, dimension, key)
  })
  if (wrong === undefined) return null
  if (column.type === 'person') return `Nobody active is called ${wrong}.`
  return choices.known.has(wrong)
    ? `${choices.known.get(wrong)!.label} cannot be chosen in this row.`
    : `${wrong} is none of the options of ${column.label}.`
}

/** What the chosen ids are called now, or were when they were still offered. */
const labelsNow = ({ known }: Choices, value: StoredValue, before: CellRow | undefined) =>
  idsIn(value).map((id) => ({
    id,
    label: known.get(id)?.label ?? before?.choices?.find((choice) => choice.id === id)?.label ?? id,
  }))

function changedMeanwhile(conflicts: readonly { pointer: string; current: z.input<typeof InputCell> }[]) {
  const [first] = conflicts
  const { changed_by: by, changed_at: at, shown } = first!.current
  const what = shown === null ? 'is empty now' : `holds “${shown.slice(0, 80)}” now`
  return cellChanged({
    detail: `${conflicts.length === 1 ? 'The cell' : `${conflicts.length} cells were changed; the first`} ${what}${by === null ? '' : `, by ${by}`}${at === null ? '' : ` at ${at}`}.`,
    extensions: { conflicts: conflicts.slice(0, mostFaults) },
  })
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return Object.fromEntries(counts)
}
