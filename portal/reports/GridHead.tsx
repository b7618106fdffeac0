import { ActionIcon, Text, UnstyledButton, VisuallyHidden } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconInfoCircle, IconLock, IconPencil } from '@tabler/icons-react'
import type { Sort } from '#portal/kit/VirtualTable.tsx'
import { titleOf } from '#portal/warehouse/numbers.ts'
import { columnKey, type GridColumn, isNumber } from './grid-columns.ts'
import style from './ReportGrid.module.css'
import type { InputState } from './report-data.ts'

interface HeadCellProps {
  readonly column: GridColumn
  readonly isFirst: boolean
  readonly sort: Sort | null
  readonly onSort: (key: string) => void
  /** Shows all about a column that is filled in; null where nothing is. */
  readonly openColumn: ((column: InputState) => void) | null
}

/** What a column is called. What the model answers can be sorted by; what is filled in says what it is about. */
export function HeadCell({ column, isFirst, sort, onSort, openColumn }: HeadCellProps) {
  const key = columnKey(column)
  const isSorted = sort?.column === key
  const Arrow = sort?.descending ? IconArrowDown : IconArrowUp
  const classes = [isFirst && style.first, isNumber(column) && style.number, column.kind === 'input' && style.inputHead]
  return (
    <th
      scope="col"
      aria-sort={isSorted ? (sort.descending ? 'descending' : 'ascending') : undefined}
      className={classes.filter(Boolean).join(' ') || undefined}
    >
      {column.kind === 'data' ? (
        <UnstyledButton className={style.sort} fz="sm" onClick={() => onSort(key)}>
          {titleOf(column.data)}
          {isSorted && <Arrow size={14} aria-hidden style={{ flexShrink: 0 }} />}
        </UnstyledButton>
      ) : (
        <InputHead input={column.input} openColumn={openColumn} />
      )}
    </th>
  )
}

function InputHead({ input, openColumn }: { input: InputState } & Pick<HeadCellProps, 'openColumn'>) {
  const { label, required, may_input, unit } = input
  // Where it is only looked at, nobody is kept out.
  const isOpen = may_input || openColumn === null
  const Icon = isOpen ? IconPencil : IconLock
  return (
    <span className={style.content}>
      <Icon size={14} aria-hidden style={{ flexShrink: 0 }} />
      <Text span size="sm" fw={600}>
        {label}
        {unit ? ` (${unit})` : ''}
        {required && (
          <Text span c="var(--mantine-color-error)" aria-hidden>
            {' '}
            *
          </Text>
        )}
        <VisuallyHidden>
          {required && ', required'}
          {isOpen ? ', to be filled in' : ', locked'}
        </VisuallyHidden>
      </Text>
      {openColumn && (
        <ActionIcon variant="subtle" size="sm" aria-label={`About ${label}`} onClick={() => openColumn(input)}>
          <IconInfoCircle size={16} aria-hidden />
        </ActionIcon>
      )}
    </span>
  )
}
