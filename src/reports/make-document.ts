import type { Cell, Document, DocumentBlock, DocumentColumn } from '#src/documents/document.ts'
import type { Column, Data, DataOf } from './block-data.ts'
import type { Format } from './definition.ts'
import { rangeName } from './periods.ts'
import type { ShownReport } from './read-report-data.ts'

export interface DocumentNeeds {
  readonly clock: { now(): Date }
  /** In which times are told. */
  readonly timeZone: string
  /** Without closing slash; null: nobody knows under which address we are found. */
  readonly siteAddress: string | null
}

/** A report with its data as a document; what had to be left out is told in it, and here. */
export function makeDocument(
  { clock, timeZone, siteAddress }: DocumentNeeds,
  data: ShownReport,
): { document: Document; cuts: string[] } {
  const cuts: string[] = []
  // Rows that a block lacks are told by whoever makes a file of it, from the block itself.
  const untold: string[] = []
  const blocks = data.blocks.flatMap((block) => blocksOf(block, cuts, untold))
  const failed = data.blocks.flatMap((block) =>
    block.type === 'failed' ? [`${block.title} could not be answered.`] : [],
  )
  return {
    cuts,
    document: {
      title: data.title,
      ...(data.description !== '' && { subtitle: data.description }),
      language: 'en',
      timeZone,
      generatedAt: clock.now(),
      dataAsOf: data.data_as_of,
      facts: data.parameters.map(({ label, shown }) => ({ label, value: shown })),
      blocks,
      notes: [...untold, ...failed],
      ...(siteAddress !== null && data.report !== null && { link: `${siteAddress}/reports/${data.report}` }),
    },
  }
}

function blocksOf(block: Data, cuts: string[], untold: string[]): DocumentBlock[] {
  const cutOf = (title: string, cut: { shown: number; of: number | null } | null, what: string) => {
    if (cut) {
      const sentence = `${title}: ${cut.shown} ${what} of ${cut.of === null ? 'more' : cut.of}.`
      cuts.push(sentence)
      if (what === 'columns' || what === 'series') untold.push(sentence)
    }
    return cut ? { cut } : {}
  }
  switch (block.type) {
    case 'text':
      return [{ kind: 'text', markdown: block.markdown }]
    case 'failed':
      return [
        { kind: 'text', markdown: `**${plain(block.title)}** could not be answered: ${plain(block.problem.detail)}` },
      ]
    case 'number':
      return [numberBlock(block)]
    case 'table':
      return [{ ...tableBlock(block), ...cutOf(block.title, block.cut, 'rows') }]
    case 'pivot':
      cutOf(block.title, block.columns_cut, 'columns')
      return [{ ...pivotBlock(block), ...cutOf(block.title, block.cut, 'rows') }]
    case 'chart':
      cutOf(block.title, block.series_cut, 'series')
      return [{ ...chartBlock(block), ...cutOf(block.title, block.cut, 'groups') }]
  }
}

/** Text that means nothing to Markdown. */
const plain = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll(/[!-/:-@[-`{-~]/g, '\\$&')

const titleOf = ({ title, period }: { title: string; period: { start: string; end: string } | null }): string =>
  period === null ? title : `${title} (${rangeName(period)})`

function numberBlock(block: DataOf<'number'>): DocumentBlock {
  const { comparison } = block
  const percent = comparison?.change_percent
  return {
    kind: 'number',
    title: titleOf(block),
    value: block.value,
    unit: block.metric.unit,
    decimals: block.metric.decimals,
    ...(comparison && percent != null && { change: { value: percent, label: `against ${comparison.label}` } }),
  }
}

const formatsOf = (formats: readonly Format[]): Pick<DocumentColumn, 'formats'> =>
  formats.length === 0 ? {} : { formats: formats as NonNullable<DocumentColumn['formats']> }

const columnOf = ({ name, label, role, unit, decimals, formats }: Column): DocumentColumn => ({
  name,
  label,
  type: role === 'metric' ? (decimals === 0 ? 'integer' : 'number') : 'text',
  decimals,
  ...(unit !== '' && { unit }),
  ...formatsOf(formats),
})

function tableBlock(block: DataOf<'table'>): Extract<DocumentBlock, { kind: 'table' }> {
  return {
    kind: 'table',
    title: titleOf(block),
    columns: [...block.columns.map(columnOf), ...block.inputs.map(inputColumn)],
    rows: block.rows.map(({ cells, inputs }) => [
      ...cells,
      ...block.inputs.map(({ type }, i) => cellOf(inputs[i], type)),
    ]),
    totals: block.totals && [...block.totals, ...block.inputs.map(() => null)],
  }
}

type Input = DataOf<'table'>['inputs'][number]
const typeOf = { number: 'number', checkbox: 'boolean', date: 'date' } as const

function inputColumn(input: Input): DocumentColumn {
  const { options, type, unit } = input
  // A sheet's drop-down has one list for all rows, so it may only hold what every row may have.
  const whole = options !== null && !options.by_row && options.problem === null && options.items.length >= options.total
  return {
    name: input.id,
    label: input.label,
    type: type in typeOf ? typeOf[type as keyof typeof typeOf] : 'text',
    decimals: input.decimals,
    ...(unit !== null && { unit }),
    input: true,
    ...(whole && { options: options.items.map(({ id, label }) => ({ id, label })) }),
    ...(type === 'multi_select' && { multiple: true }),
    ...formatsOf(input.formats),
  }
}

function cellOf(cell: DataOf<'table'>['rows'][number]['inputs'][number] | undefined, type: Input['type']): Cell {
  if (!cell || cell.value === null) return null
  if (cell.choices) {
    const labels = cell.choices.map(({ label, retired }) => (retired ? `${label} (retired)` : label))
    return type === 'multi_select' ? labels : (labels[0] ?? null)
  }
  return cell.value
}

/** Heads of two rows: the values of the column dimension, and below each the metrics. */
function pivotBlock(block: DataOf<'pivot'>): Extract<DocumentBlock, { kind: 'table' }> {
  const { row_columns: sides, column_keys: keys, metrics } = block
  const several = metrics.length > 1
  const sums = block.rows.some(({ totals }) => totals !== null)
  const heads = [...keys.map(({ label }) => label), ...(sums ? ['Total'] : [])]
  return {
    kind: 'table',
    title: titleOf(block),
    rowHeaders: sides.length,
    columns: [
      ...sides.map(columnOf),
      ...heads.flatMap((head, i) =>
        metrics.map((metric) => ({
          ...columnOf(metric),
          name: `${metric.name}_${i}`,
          label: several ? metric.label : head,
        })),
      ),
    ],
    ...(several && {
      spans: [{ label: '', columns: sides.length }, ...heads.map((label) => ({ label, columns: metrics.length }))],
    }),
    rows: block.rows.map(({ labels, cells, totals }) => [...labels, ...cells.flat(), ...(totals ?? [])]),
    totals: block.totals && [
      ...sides.map((_, i) => (i === 0 ? 'Total' : null)),
      ...block.totals.cells.flat(),
      ...block.totals.totals,
    ],
  }
}

function chartBlock(block: DataOf<'chart'>): Extract<DocumentBlock, { kind: 'chart' }> {
  return {
    kind: 'chart',
    title: titleOf(block),
    chart: {
      type: block.chart,
      categories: block.categories.map(({ label }) => label),
      series: block.series.map(({ name, values, others }) => ({ name, values, ...(others && { others }) })),
      unit: block.value_unit,
      decimals: block.decimals,
    },
  }
}
