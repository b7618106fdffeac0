import { Tooltip, UnstyledButton } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useRef } from 'react'
import classes from './VirtualTable.module.css'

export interface VirtualColumn {
  readonly key: string
  readonly label: string
  readonly description?: string
  /** Numbers stand at the right. */
  readonly isNumber?: boolean
  /** Pixels at least; what is left over goes to all in proportion. */
  readonly width: number
  /** A column of buttons has nothing to sort by. */
  readonly isFixed?: boolean
}

export interface Sort {
  readonly column: string
  readonly descending: boolean
}

interface VirtualTableProps {
  readonly label: string
  readonly columns: readonly VirtualColumn[]
  readonly rowCount: number
  /** Null: more may come. */
  readonly totalCount: number | null
  readonly cell: (row: number, column: number) => ReactNode
  readonly sort?: Sort | null
  readonly onSort?: (column: string) => void
  /** The last rows came into sight. */
  readonly onEnd?: () => void
  readonly height?: number
}

const rowHeight = 36

/** A table of which only the rows in sight exist, so that it scrolls the same with ten rows and with a hundred thousand. */
export function VirtualTable(props: VirtualTableProps) {
  const { label, columns, rowCount, totalCount, cell, sort = null, onSort, onEnd, height = 560 } = props
  const viewport = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: rowCount,
    getScrollElement: () => viewport.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  })
  const items = rows.getVirtualItems()
  const last = items.at(-1)
  const isAtEnd = rowCount > 0 && last !== undefined && last.index >= rowCount - 1
  useEffect(() => {
    if (isAtEnd) onEnd?.()
  }, [isAtEnd, onEnd])
  const order = sort && `${sort.column} ${sort.descending}`
  // biome-ignore lint/correctness/useExhaustiveDependencies: another order begins at its beginning
  useEffect(() => {
    viewport.current?.scrollTo({ top: 0 })
  }, [order])
  return (
    <section
      ref={viewport}
      className={classes.viewport}
      style={{ maxHeight: height }}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={label}
    >
      <table
        className={classes.table}
        style={{ minWidth: columns.reduce((sum, { width }) => sum + width, 0) }}
        aria-label={label}
        aria-rowcount={totalCount === null ? -1 : totalCount + 1}
      >
        <colgroup>
          {columns.map(({ key, width }) => (
            <col key={key} style={{ width }} />
          ))}
        </colgroup>
        <thead className={classes.head}>
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <HeadCell key={column.key} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          <Gap height={items[0]?.start ?? 0} columns={columns.length} />
          {items.map(({ index }) => (
            <tr key={index} aria-rowindex={index + 2} className={classes.row}>
              {columns.map(({ key, isNumber }, at) => (
                <td key={key} className={isNumber ? classes.number : undefined}>
                  {cell(index, at)}
                </td>
              ))}
            </tr>
          ))}
          <Gap height={rows.getTotalSize() - (last?.end ?? 0)} columns={columns.length} />
        </tbody>
      </table>
    </section>
  )
}

/** As high as the rows that aren't there. */
function Gap({ height, columns }: { height: number; columns: number }) {
  return (
    height > 0 && (
      <tr aria-hidden className={classes.gap}>
        <td colSpan={columns} style={{ height }} />
      </tr>
    )
  )
}

interface HeadCellProps {
  readonly column: VirtualColumn
  readonly sort: Sort | null
  readonly onSort: ((column: string) => void) | undefined
}

function HeadCell({ column: { key, label, description, isNumber, isFixed }, sort, onSort }: HeadCellProps) {
  const isSorted = sort?.column === key
  const Arrow = sort?.descending ? IconArrowDown : IconArrowUp
  return (
    <th
      scope="col"
      aria-sort={isSorted ? (sort.descending ? 'descending' : 'ascending') : undefined}
      className={isNumber ? classes.number : undefined}
    >
      <Tooltip label={description || label} multiline maw={320}>
        {onSort && !isFixed ? (
          <UnstyledButton className={classes.sort} fz="sm" onClick={() => onSort(key)}>
            <span className={classes.name}>{label}</span>
            {isSorted && <Arrow size={14} aria-hidden style={{ flexShrink: 0 }} />}
          </UnstyledButton>
        ) : (
          <span>{label}</span>
        )}
      </Tooltip>
    </th>
  )
}
