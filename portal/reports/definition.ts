import type { Reply } from '#portal/kit/contracts.ts'

export type Report = Reply<'GET /v1/reports/:report'>
export type ReportSummary = Reply<'GET /v1/reports'>['items'][number]
export type Definition = Report['definition']
export type Block = Definition['blocks'][number]
export type BlockType = Block['type']
export type BlockOf<T extends BlockType> = Extract<Block, { type: T }>
export type Parameter = Definition['parameters'][number]
export type InputColumn = BlockOf<'table'>['inputs'][number]
export type InputType = InputColumn['type']
export type BlockQuery = BlockOf<'table'>['query']
export type BlockFilter = BlockQuery['filters'][number]
export type ColumnLook = BlockOf<'table'>['columns'][number]
export type Format = ColumnLook['formats'][number]
export type Choices = Extract<InputColumn, { type: 'single_select' }>['options']

export const blockLabels: Readonly<Record<BlockType, string>> = {
  text: 'Text',
  number: 'Number',
  table: 'Table',
  pivot: 'Pivot table',
  chart: 'Chart',
}

export const inputLabels: Readonly<Record<InputType, string>> = {
  text: 'Text',
  number: 'Number',
  checkbox: 'Checkbox',
  date: 'Date',
  person: 'Person',
  single_select: 'One of several options',
  multi_select: 'Several options',
}

export const parameterLabels: Readonly<Record<Parameter['type'], string>> = {
  text: 'Text',
  number: 'Number',
  date: 'Day',
  period: 'Period',
  choice: 'Values of a dimension',
}

export const chartLabels = {
  bar: 'Bars',
  stacked_bar: 'Stacked bars',
  line: 'Lines',
  area: 'Areas',
  pie: 'Pie',
} as const satisfies Record<BlockOf<'chart'>['chart'], string>

export const comparisonLabels = {
  previous_period: 'The period before',
  previous_year: 'The same period a year before',
} as const satisfies Record<NonNullable<BlockOf<'number'>['compare']>, string>
