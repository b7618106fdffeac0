import { Box, Table, Text } from '@mantine/core'
import { formatValue, titleOf } from '#portal/warehouse/numbers.ts'
import { periodName } from '#portal/warehouse/periods.ts'
import { spanOf } from './cell-look.ts'
import { Formatted } from './GridCells.tsx'
import style from './ReportGrid.module.css'
import { type Cell, type DataColumn, type DataOf, rowId } from './report-data.ts'

/** Dimensions down, the values of another across, and metrics where they meet. */
export function PivotTable({ pivot }: { pivot: DataOf<'pivot'> }) {
  const { title, row_columns, column_of, column_keys, metrics, rows, totals, unit } = pivot
  const hasMany = metrics.length > 1
  const hasTotals = totals !== null || rows.some((row) => row.totals !== null)
  const spans = metrics.map((_, m) => spanOf(rows.flatMap(({ cells }) => cells.map((cell) => cell[m] ?? null))))
  const nameOf = ({ id, label }: (typeof column_keys)[number]): string =>
    column_of.name === 'period' && id !== null ? periodName(id, unit) : label
  const numbers = (cells: readonly Cell[], key: string) =>
    metrics.map((metric, m) => (
      <td key={`${key} ${metric.name}`} className={style.number}>
        <Metric metric={metric} cell={cells[m] ?? null} span={spans[m] ?? null} />
      </td>
    ))
  const width = row_columns.length * 150 + (column_keys.length + Number(hasTotals)) * metrics.length * 110
  return (
    <Box className={style.viewport} mah={640} tabIndex={0} role="group" aria-label={title}>
      <table className={style.table} style={{ minWidth: width }} aria-label={title}>
        <thead className={style.head}>
          <tr>
            {row_columns.map(({ name, label }, at) => (
              <th key={name} scope="col" rowSpan={hasMany ? 2 : 1} className={at === 0 ? style.first : undefined}>
                {label}
              </th>
            ))}
            {column_keys.map((key) => (
              <th
                key={String(key.id)}
                scope="colgroup"
                colSpan={metrics.length}
                className={hasMany ? undefined : style.number}
              >
                {nameOf(key)}
              </th>
            ))}
            {hasTotals && (
              <th scope="colgroup" colSpan={metrics.length} className={hasMany ? undefined : style.number}>
                In all
              </th>
            )}
          </tr>
          {hasMany && (
            <tr>
              {[...column_keys.map(({ id }) => String(id)), ...(hasTotals ? ['in all'] : [])].flatMap((key) =>
                metrics.map((metric) => (
                  <th key={`${key} ${metric.name}`} scope="col" className={style.number}>
                    {titleOf(metric)}
                  </th>
                )),
              )}
            </tr>
          )}
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowId(row.key)} className={style.row}>
              {row.labels.map((label, at) => (
                <th
                  key={row_columns[at]?.name}
                  scope="row"
                  className={at === 0 ? style.first : undefined}
                  title={label ?? undefined}
                >
                  {label ?? '–'}
                </th>
              ))}
              {row.cells.flatMap((cells, at) => numbers(cells, String(column_keys[at]?.id)))}
              {hasTotals && numbers(row.totals ?? [], 'in all')}
            </tr>
          ))}
        </tbody>
        {totals && (
          <tfoot className={style.foot}>
            <tr>
              <th scope="row" colSpan={row_columns.length} className={style.first}>
                In all
              </th>
              {totals.cells.flatMap((cells, at) => numbers(cells, String(column_keys[at]?.id)))}
              {numbers(totals.totals, 'in all')}
            </tr>
          </tfoot>
        )}
      </table>
      {!hasMany && metrics[0] && (
        <Text size="sm" c="dimmed" p="xs">
          {titleOf(metrics[0])}
        </Text>
      )}
    </Box>
  )
}

function Metric({ metric, cell, span }: { metric: DataColumn; cell: Cell; span: ReturnType<typeof spanOf> }) {
  return (
    <Formatted cell={cell} formats={metric.formats} span={span}>
      {formatValue(cell, metric)}
    </Formatted>
  )
}

/** What a chart shows, in text. */
export function ChartTable({ chart }: { chart: DataOf<'chart'> }) {
  const { categories, series, decimals, unit } = chart
  return (
    <Table.ScrollContainer
      minWidth={160 + series.length * 110}
      maxHeight={480}
      type="native"
      tabIndex={0}
      role="group"
      aria-label={`${chart.title} as table`}
    >
      <Table aria-label={`${chart.title} as table`} stickyHeader>
        <Table.Thead>
          <Table.Tr>
            <Table.Td />
            {series.map(({ name }) => (
              <Table.Th key={name} ta="right">
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {categories.map(({ id, label }, at) => (
            <Table.Tr key={id ?? label}>
              <Table.Th scope="row">
                {id !== null && /^\d{4}-\d{2}-\d{2}$/.test(id) ? periodName(id, unit) : label}
              </Table.Th>
              {series.map(({ name, values }) => (
                <Table.Td key={name} ta="right" style={{ fontVariantNumeric: 'tabular-nums' }}>
                  {formatValue(values[at], { decimals })}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
