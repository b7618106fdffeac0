import { ActionIcon, Tooltip } from '@mantine/core'
import { IconListDetails } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { type Sort, type VirtualColumn, VirtualTable } from '#portal/kit/VirtualTable.tsx'
import { writeRowsQuestion } from './explore-search.ts'
import { formatPercent, formatValue, titleOf } from './numbers.ts'
import { periodName } from './periods.ts'
import type { Answer, Cell, Model, Question, Unit } from './question.ts'
import { rowsBehind, sortRows, type TableColumn, tableOf } from './table-rows.ts'

interface AnswerTableProps {
  readonly answer: Answer
  readonly before: Answer | null
  readonly model: Model
  readonly question: Question
}

/** The answer in text; each row leads to the raw rows behind it for those who may read them. */
export function AnswerTable({ answer, before, model, question }: AnswerTableProps) {
  const [sort, setSort] = useState<Sort | null>(null)
  const { columns, rows } = useMemo(() => tableOf(answer, before, model), [answer, before, model])
  const sorted = useMemo(() => {
    const place = columns.findIndex(({ key }) => key === sort?.column)
    return sort === null || place < 0 ? rows : sortRows(rows, place, sort.descending)
  }, [columns, rows, sort])
  const shown: VirtualColumn[] = columns.map(({ key, label, kind, metric }) => ({
    key,
    label: kind === 'value' && metric ? titleOf(metric) : label,
    description: metric?.description ?? '',
    isNumber: kind !== 'period' && kind !== 'label',
    width: kind === 'label' ? 170 : kind === 'period' ? 110 : 120,
  }))
  return (
    <VirtualTable
      label={`Answer of ${model.label}`}
      columns={model.may.raw ? [...shown, { key: 'rows', label: 'Rows', width: 70, isFixed: true }] : shown}
      rowCount={sorted.length}
      totalCount={sorted.length}
      sort={sort}
      onSort={(column) => setSort(sortedBy(sort, column, columns))}
      cell={(i, j) => {
        const row = sorted[i]
        const column = columns[j]
        if (!row) return null
        if (column) return formatCell(row.cells[j] ?? null, column, answer.unit)
        const behind = rowsBehind(question, row)
        return (
          behind && (
            <Tooltip label="Raw rows behind this">
              <ActionIcon
                variant="subtle"
                aria-label={`Raw rows behind ${row.cells.filter((cell) => typeof cell === 'string').join(', ') || 'this'}`}
                renderRoot={(props) => (
                  <Link
                    {...props}
                    to="/explore/$model/rows"
                    params={{ model: model.name }}
                    search={writeRowsQuestion({ ...behind, fields: null })}
                    preload={false}
                  />
                )}
              >
                <IconListDetails size={16} aria-hidden />
              </ActionIcon>
            </Tooltip>
          )
        )
      }}
    />
  )
}

function formatCell(cell: Cell, { kind, metric }: TableColumn, unit: Unit): string {
  if (kind === 'period') return periodName(String(cell), unit)
  if (kind === 'label') return cell === null ? '–' : String(cell)
  if (kind === 'percent') return formatPercent(cell as number | null)
  return formatValue(cell, metric ?? { decimals: null })
}

/** First the way that is wanted most, then the other, then the answer's own order. */
function sortedBy(sort: Sort | null, column: string, columns: readonly TableColumn[]): Sort | null {
  const isNumber = !['period', 'label'].includes(columns.find(({ key }) => key === column)?.kind ?? '')
  if (sort?.column !== column) return { column, descending: isNumber }
  return sort.descending === isNumber ? { column, descending: !isNumber } : null
}
