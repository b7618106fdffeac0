import { Stack, Text, UnstyledButton } from '@mantine/core'
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual'
import { type ClipboardEvent, type KeyboardEvent, useId, useMemo, useRef, useState } from 'react'
import type { Sort } from '#portal/kit/VirtualTable.tsx'
import { CellBar } from './CellBar.tsx'
import { sameValue, shownCell } from './cell-words.ts'
import { rowName } from './data-text.ts'
import { cellKey } from './drafts.ts'
import type { Move, Written } from './editor-props.ts'
import { BodyCell, DrillCell, drillOf, type FoundInput, Gap, Totals } from './GridBody.tsx'
import { HeadCell } from './GridHead.tsx'
import { columnKey, columnsOf, type GridColumn, widthOf } from './grid-columns.ts'
import { below, type GridSize, moveBy, nextInput, type Place, writes } from './grid-moves.ts'
import { nextMissing, sortedRows, turned } from './grid-rows.ts'
import { copiedCells, pastedCells } from './paste-cells.ts'
import { pastedWords, pasteEntries } from './paste-entries.ts'
import style from './ReportGrid.module.css'
import { type InputState, type RowKey, rowId, type TableData, type TableRow } from './report-data.ts'
import { lockedWords } from './report-words.ts'
import { SaveState } from './SaveState.tsx'
import { SelectEditor } from './SelectEditor.tsx'
import { TypedEditor } from './TypedEditor.tsx'
import type { DraftsInUse } from './use-drafts.ts'
import { useGridCursor } from './use-grid-cursor.ts'
import { findOption } from './use-options.ts'

/** What it takes to fill in: whose cells, what waits to be saved, and what is opened beside. */
export interface Fill {
  readonly report: string
  readonly mayInput: boolean
  readonly inUse: DraftsInUse
  readonly openHistory: (of: { row: RowKey; column: InputState; name: string } | null) => void
  readonly openColumn: (column: InputState) => void
}

interface ReportGridProps {
  readonly table: TableData
  /** Null where it is only looked at, as in a preview. */
  readonly fill: Fill | null
}

const rowHeight = 37
/** More rows than so many move inside their frame. */
const mostInPage = 30

export function ReportGrid({ table, fill }: ReportGridProps) {
  const [sort, setSort] = useState<Sort | null>(null)
  const columns = useMemo(() => columnsOf(table), [table])
  const rows = useMemo(() => sortedRows(table.rows, columns, sort), [table, columns, sort])
  return (
    <Grid
      table={table}
      columns={columns}
      rows={rows}
      fill={fill}
      sort={sort}
      onSort={(key) => setSort(turned(sort, key))}
    />
  )
}

interface GridProps extends ReportGridProps {
  readonly columns: readonly GridColumn[]
  readonly rows: readonly TableRow[]
  readonly sort: Sort | null
  readonly onSort: (key: string) => void
}

function Grid({ table, columns, rows, fill, sort, onSort }: GridProps) {
  const viewport = useRef<HTMLDivElement>(null)
  const element = useRef<HTMLTableElement>(null)
  const [notice, setNotice] = useState('')
  const barId = useId()
  const isGrid = table.inputs.length > 0
  const ids = useMemo(() => rows.map((row, at) => (row.key === null ? `others ${at}` : rowId(row.key))), [rows])
  const drill = useMemo(() => drillOf(table), [table])
  const count = columns.length + (drill ? 1 : 0)

  const cursor = useGridCursor(ids, element, (row) => virtual.scrollToIndex(row))
  const { place, editing } = cursor
  const isEntering = useRef(false)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => viewport.current,
    estimateSize: () => rowHeight,
    overscan: 10,
    // Where one writes must stay there, however far one looks around.
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range)
      return place === null || shown.includes(place.row) ? shown : [...shown, place.row].sort((a, b) => a - b)
    },
  })
  const size: GridSize = {
    rows: rows.length,
    columns: count,
    inputs: columns.flatMap((column, at) => (column.kind === 'input' && column.input.may_input ? [at] : [])),
    page: 10,
  }

  const inputAt = ({ row, column }: Place) => {
    const found = columns[column]
    const of = rows[row]
    if (found?.kind !== 'input' || !of) return null
    const kept = of.inputs[found.at]
    if (of.key === null || kept === undefined) return null
    const key = cellKey(of.key, found.input.id)
    const cell = shownCell(found.input, kept, fill?.inUse.drafts.get(key))
    const name = rowName(of, table)
    return { column: found.input, row: of.key, kept, cell, key, name, span: found.span }
  }
  const lockedOf = (column: InputState) => lockedWords(column, { may_input: fill?.mayInput ?? false })
  /** Writes, or says why that can't be done. */
  const write = (at: Place, written: Written) => {
    const input = inputAt(at)
    if (!input || !fill || written === null) return
    const entry = { row: input.row, column: input.column.id, version: input.cell.version }
    if ('unclear' in written) fill.inUse.write([{ ...entry, value: null, unclear: written.unclear }])
    else if (!sameValue(written.value, input.kept.value) || input.cell.draft !== null)
      fill.inUse.write([{ ...entry, value: written.value, ...(written.choices && { choices: written.choices }) }])
  }
  const begin = (at: Place, overwrite: boolean): void => {
    const input = inputAt(at)
    const column = columns[at.column]
    if (column?.kind === 'input' && !input) setNotice('This row stands for several; nothing is filled in here.')
    if (!input || !fill) return
    const locked = lockedOf(input.column)
    setNotice(locked ?? '')
    if (locked !== null) return
    if (input.column.type === 'checkbox') write(at, { value: input.cell.value !== true })
    else cursor.edit(at, overwrite)
  }
  const commit = (at: Place, written: Written, move: Move) => {
    write(at, written)
    isEntering.current = move === 'next' || move === 'previous'
    const to =
      move === null
        ? null
        : isEntering.current
          ? nextInput(at, size, move === 'previous')
          : below(at, size, move === 'up')
    if (to === null) return cursor.leave(move !== null)
    cursor.go(to)
  }
  const paste = async (at: Place, text: string): Promise<void> => {
    if (!fill) return
    cursor.leave(true)
    const pasted = await pasteEntries(pastedCells(text), {
      columns: Array.from({ length: count - at.column }, (_, along) => columns[at.column + along] ?? null),
      rows: rows.slice(at.row),
      cellOf: (row, { at: place_, input }) =>
        shownCell(input, row.inputs[place_]!, fill.inUse.drafts.get(cellKey(row.key!, input.id))),
      findOption: (column, row, word) => findOption(fill.report, column, row, word),
    })
    fill.inUse.write(pasted.entries)
    setNotice(pastedWords(pasted))
  }
  const press = (event: KeyboardEvent) => {
    if (!place || editing) return
    const to = moveBy(event, place, size)
    const input = inputAt(place)
    if (to) {
      isEntering.current = false
      cursor.go(to)
    } else if (event.key === 'Tab' && isEntering.current) {
      const next = nextInput(place, size, event.shiftKey)
      if (!next) return
      cursor.go(next)
    } else if (event.key === 'Enter' && drill && place.column === columns.length) {
      element.current?.querySelector<HTMLElement>(`[data-cell="${place.row} ${place.column}"] a`)?.click()
    } else if (event.key === 'Enter' || event.key === 'F2') begin(place, false)
    else if (event.key === ' ' && input?.column.type === 'checkbox') begin(place, false)
    else if ((event.key === 'Delete' || event.key === 'Backspace') && input) {
      const locked = lockedOf(input.column)
      setNotice(locked ?? '')
      if (locked === null)
        write(place, {
          value: input.column.type === 'checkbox' ? false : input.column.type === 'multi_select' ? [] : null,
        })
    } else if (event.key === 'Escape') {
      isEntering.current = false
      return
    } else if (writes(event) && input) {
      // The key itself goes on into the field that now has the focus.
      if (input.column.type !== 'checkbox') begin(place, true)
      return
    } else return
    event.preventDefault()
  }
  const copy = (event: ClipboardEvent) => {
    if (!place || editing || !isGrid) return
    const text = textAt(place)
    event.clipboardData.setData('text/plain', copiedCells([[text]]))
    event.preventDefault()
  }
  const textAt = (at: Place): string => {
    const column = columns[at.column]
    const row = rows[at.row]
    if (column?.kind === 'data' && row) return String(row.cells[column.at] ?? '')
    return inputAt(at)?.cell.text ?? ''
  }
  const gridActs = {
    onKeyDown: press,
    onCopy: copy,
    onPaste: (event: ClipboardEvent) => {
      if (!place || editing) return
      event.preventDefault()
      void paste(place, event.clipboardData.getData('text/plain'))
    },
  }
  const missing = () => nextMissing(rows, columns, place, (at) => inputAt(at)?.cell.value ?? null)
  const missingCount = table.inputs.reduce((sum, input) => sum + input.missing, 0)
  const items = virtual.getVirtualItems()
  const current = place && inputAt(place)
  const openDrafts = () => {
    const [key] =
      [...(fill?.inUse.drafts ?? [])].find(([, { state }]) => ['conflict', 'refused', 'unclear'].includes(state)) ?? []
    const draft = key === undefined ? undefined : fill?.inUse.drafts.get(key)
    if (!draft) return
    const at = {
      row: ids.indexOf(rowId(draft.row)),
      column: columns.findIndex((column) => column.kind === 'input' && column.input.id === draft.column),
    }
    if (at.row >= 0 && at.column >= 0) cursor.go(at)
    else setNotice('Its row is not in the table any more.')
  }

  const markup = (
    <div
      ref={viewport}
      className={style.viewport}
      style={{ maxHeight: rows.length > mostInPage ? 640 : undefined }}
      {...(!isGrid && { tabIndex: 0, role: 'group', 'aria-label': table.title })}
    >
      <table
        ref={element}
        className={style.table}
        role={isGrid ? 'grid' : undefined}
        aria-label={table.title}
        aria-rowcount={rows.length + 1 + (table.totals ? 1 : 0)}
        style={{ minWidth: columns.reduce((sum, column) => sum + widthOf(column), drill ? 72 : 0) }}
      >
        <colgroup>
          {columns.map((column) => (
            <col key={columnKey(column)} style={{ width: widthOf(column) }} />
          ))}
          {drill && <col style={{ width: 72 }} />}
        </colgroup>
        <thead className={style.head}>
          <tr aria-rowindex={1}>
            {columns.map((column, at) => (
              <HeadCell
                key={columnKey(column)}
                column={column}
                isFirst={at === 0}
                sort={sort}
                onSort={onSort}
                openColumn={fill?.openColumn ?? null}
              />
            ))}
            {drill && <th scope="col">{drill.label}</th>}
          </tr>
        </thead>
        <tbody {...(isGrid && gridActs)}>
          {items.map((item, nth) => {
            const row = rows[item.index]
            const before = items[nth - 1]?.end ?? 0
            return (
              row && [
                item.start > before && <Gap key={`gap ${item.index}`} height={item.start - before} columns={count} />,
                <tr key={ids[item.index]} aria-rowindex={item.index + 2} className={style.row}>
                  {columns.map((column, at) => {
                    const here = { row: item.index, column: at }
                    const isHere = place?.row === here.row && place.column === at
                    const isFirstStop = place === null && here.row === 0 && at === 0
                    return (
                      <BodyCell
                        key={columnKey(column)}
                        column={column}
                        row={row}
                        place={here}
                        table={table}
                        isGrid={isGrid}
                        isStop={isHere || isFirstStop}
                        describedBy={isHere && current ? barId : undefined}
                        input={inputAt(here)}
                        isLocked={
                          column.kind === 'input' && (row.key === null || !fill || lockedOf(column.input) !== null)
                        }
                        onFocus={() => {
                          setNotice('')
                          cursor.stand(here)
                        }}
                        onClick={() => begin(here, false)}
                        editor={
                          editing && editing.row === ids[item.index] && editing.column === at && fill
                            ? editorOf(inputAt(here), {
                                report: fill.report,
                                overwrite: editing.overwrite,
                                commit: (written, move) => commit(here, written, move),
                                cancel: () => cursor.leave(true),
                                paste: (text) => void paste(here, text),
                              })
                            : null
                        }
                      />
                    )
                  })}
                  {drill && (
                    <DrillCell
                      drill={drill}
                      row={row}
                      table={table}
                      isGrid={isGrid}
                      place={{ row: item.index, column: columns.length }}
                      isStop={place?.row === item.index && place.column === columns.length}
                      onFocus={() => cursor.stand({ row: item.index, column: columns.length })}
                    />
                  )}
                </tr>,
              ]
            )
          })}
          <Gap height={virtual.getTotalSize() - (items.at(-1)?.end ?? 0)} columns={count} />
        </tbody>
        {table.totals && <Totals table={table} columns={columns} hasDrill={drill !== null} />}
      </table>
    </div>
  )
  if (!isGrid || !fill) return markup
  return (
    <Stack gap="xs">
      {markup}
      <div role="status">{notice !== '' && <Text size="sm">{notice}</Text>}</div>
      {current ? (
        <CellBar
          id={barId}
          column={current.column}
          rowName={current.name}
          cell={current.cell}
          kept={current.kept}
          locked={lockedOf(current.column)}
          acts={{
            retry: fill.inUse.retry,
            insist: () => fill.inUse.insist(current.key),
            drop: () => fill.inUse.drop([current.key]),
            history: () => fill.openHistory({ row: current.row, column: current.column, name: current.name }),
            options: current.column.options ? () => fill.openColumn(current.column) : null,
          }}
        />
      ) : (
        size.inputs.length > 0 && (
          <Text size="sm" c="dimmed">
            Arrows move, typing or Enter writes, Tab goes on, Escape takes back. Whole blocks can be pasted from a
            spreadsheet. What you write is saved as you leave its cell.
          </Text>
        )
      )}
      <SaveState inUse={fill.inUse} onOpen={openDrafts} />
      {missingCount > 0 && (
        <Text size="sm">
          {missingCount === 1 ? '1 required value is' : `${missingCount} required values are`} missing.{' '}
          <UnstyledButton
            className={style.sort}
            td="underline"
            fz="sm"
            onClick={() => {
              const to = missing()
              if (to) cursor.go(to)
            }}
          >
            Go to the next one
          </UnstyledButton>
        </Text>
      )}
    </Stack>
  )
}

interface EditorActs {
  readonly report: string
  readonly overwrite: boolean
  readonly commit: (written: Written, move: Move) => void
  readonly cancel: () => void
  readonly paste: (text: string) => void
}

function editorOf(input: FoundInput | null, acts: EditorActs) {
  if (!input) return null
  const { column, row, cell, name } = input
  const Editor = ['text', 'number', 'date'].includes(column.type) ? TypedEditor : SelectEditor
  return <Editor {...acts} column={column} row={row} cell={cell} label={`${column.label} of ${name}`} />
}
