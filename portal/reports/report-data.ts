import type { Args, Reply } from '#portal/kit/contracts.ts'

/** A report as it is read: its blocks with their rows, and what was filled in. */
export type ReportData = Reply<'POST /v1/reports/:report/data'>
export type BlockData = ReportData['blocks'][number]
export type DataOf<T extends BlockData['type']> = Extract<BlockData, { type: T }>
export type TableData = DataOf<'table'>
export type DataColumn = TableData['columns'][number]
export type InputState = TableData['inputs'][number]
export type TableRow = TableData['rows'][number]
export type InputCell = TableRow['inputs'][number]
export type RowKey = NonNullable<TableRow['key']>
export type Choice = NonNullable<InputCell['choices']>[number]
export type InputValue = Args<'PATCH /v1/reports/:report/inputs'>['body']['cells'][number]['value']
export type Cell = TableRow['cells'][number]
export type ParameterValues = NonNullable<NonNullable<Args<'POST /v1/reports/:report/data'>['body']>['parameters']>
export type ParameterValue = ParameterValues[string]

/** A row's key as one text, whatever the order of its members. */
export const rowId = (key: RowKey): string => JSON.stringify(Object.entries(key).sort(([a], [b]) => (a < b ? -1 : 1)))
