import { ActionIcon, Tooltip } from '@mantine/core'
import { IconChartLine, IconListDetails } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { ShownCell } from './cell-words.ts'
import { dataText, rowName } from './data-text.ts'
import { narrowed, type Target, targetOf } from './drill.ts'
import { Formatted, InputContent } from './GridCells.tsx'
import { columnKey, type GridColumn, isNumber } from './grid-columns.ts'
import type { Place } from './grid-moves.ts'
import style from './ReportGrid.module.css'
import type { InputCell, InputState, RowKey, TableData, TableRow } from './report-data.ts'

/** A cell to be filled in, with all that is known of it. */
export interface FoundInput {
  readonly column: InputState
  readonly row: RowKey
  readonly kept: InputCell
  readonly cell: ShownCell
  readonly key: string
  readonly name: string
  readonly span: GridColumn['span']
}

interface BodyCellProps {
  readonly column: GridColumn
  readonly row: TableRow
  readonly place: Place
  readonly table: TableData
  readonly isGrid: boolean
  readonly isStop: boolean
  readonly describedBy: string | undefined
  readonly input: FoundInput | null
  readonly isLocked: boolean
  readonly onFocus: () => void
  readonly onClick: () => void
  readonly editor: ReactNode
}

export function BodyCell(props: BodyCellProps) {
  const { column, row, place, table, isGrid, isStop, describedBy, input, isLocked, onFocus, onClick, editor } = props
  const isName = column.kind === 'data' && place.column === 0 && column.data.role !== 'metric'
  const Element = isName ? 'th' : 'td'
  const cell = column.kind === 'data' ? (row.cells[column.at] ?? null) : null
  const text = column.kind === 'data' ? dataText(cell, column.data, table.unit) : ''
  const isWrong = input?.cell.draft && !['waiting', 'saving'].includes(input.cell.draft.state)
  const classes = [
    place.column === 0 && style.first,
    isNumber(column) && style.number,
    column.kind === 'input' && style.input,
    column.kind === 'input' && isLocked && style.locked,
    isWrong && style.wrong,
    editor !== null && style.editing,
  ]
  return (
    <Element
      {...(isName && { scope: 'row' })}
      {...(isGrid && {
        role: isName ? 'rowheader' : 'gridcell',
        tabIndex: isStop ? 0 : -1,
        'data-cell': `${place.row} ${place.column}`,
        'aria-readonly': column.kind !== 'input' || isLocked,
        'aria-describedby': describedBy,
        ...(isWrong && { 'aria-invalid': true }),
        onFocus,
        ...(column.kind === 'input' && editor === null && { onClick }),
      })}
      className={classes.filter(Boolean).join(' ') || undefined}
      title={column.kind === 'data' ? text : undefined}
    >
      {column.kind === 'data' ? (
        <Formatted cell={cell} formats={column.data.formats} span={column.span}>
          {text}
        </Formatted>
      ) : input ? (
        <InputContent column={input.column} cell={input.cell} span={input.span} />
      ) : null}
      {editor}
    </Element>
  )
}

export interface Drill {
  readonly label: string
  readonly isRows: boolean
  readonly target: Target
}

/** Where a row leads: to its raw rows, or where one may not read these, into Explore. */
export function drillOf({ drill, columns }: TableData): Drill | null {
  if (!columns.some(({ role }) => role !== 'metric')) return null
  if (drill.rows !== null) return { label: 'Rows', isRows: true, target: targetOf(drill.rows) }
  return drill.explore === null ? null : { label: 'Explore', isRows: false, target: targetOf(drill.explore) }
}

interface DrillCellProps {
  readonly drill: Drill
  readonly row: TableRow
  readonly table: TableData
  readonly isGrid: boolean
  readonly place: Place
  readonly isStop: boolean
  readonly onFocus: () => void
}

export function DrillCell({ drill: { isRows, target }, row, table, isGrid, place, isStop, onFocus }: DrillCellProps) {
  const Icon = isRows ? IconListDetails : IconChartLine
  const { to, search } = row.key === null ? target : narrowed(target, row.key, table.unit)
  const says = isRows ? 'Raw rows behind' : 'Explore'
  return (
    <td
      {...(isGrid && {
        role: 'gridcell',
        tabIndex: isStop ? 0 : -1,
        'data-cell': `${place.row} ${place.column}`,
        'aria-readonly': true,
        onFocus,
      })}
    >
      {row.key !== null && (
        <Tooltip label={`${says} this`}>
          <ActionIcon
            variant="subtle"
            aria-label={`${says} ${rowName(row, table)}`}
            renderRoot={(props) => (
              <Link {...props} to={to as never} search={search as never} preload={false} tabIndex={isGrid ? -1 : 0} />
            )}
          >
            <Icon size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      )}
    </td>
  )
}

/** Each metric over everything. */
export function Totals({
  table,
  columns,
  hasDrill,
}: {
  table: TableData
  columns: readonly GridColumn[]
  hasDrill: boolean
}) {
  return (
    <tfoot className={style.foot}>
      <tr>
        {columns.map((column, at) => {
          const cell = column.kind === 'data' ? (table.totals?.[column.at] ?? null) : null
          const isMetric = column.kind === 'data' && column.data.role === 'metric'
          const classes = [at === 0 && style.first, isNumber(column) && style.number].filter(Boolean).join(' ')
          return at === 0 && !isMetric ? (
            <th key={columnKey(column)} scope="row" className={classes}>
              In all
            </th>
          ) : (
            <td key={columnKey(column)} className={classes}>
              {isMetric && column.kind === 'data' ? dataText(cell, column.data, table.unit) : ''}
            </td>
          )
        })}
        {hasDrill && <td />}
      </tr>
    </tfoot>
  )
}

/** As high as the rows that aren't there. */
export function Gap({ height, columns }: { height: number; columns: number }) {
  return (
    height > 0 && (
      <tr aria-hidden className={style.gap}>
        <td colSpan={columns} style={{ height }} />
      </tr>
    )
  )
}
