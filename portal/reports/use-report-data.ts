import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { askRaw } from '#portal/kit/ask.ts'
import { queryClient } from '#portal/kit/queries.ts'
import { type InputCell, type ParameterValues, type ReportData, type RowKey, rowId } from './report-data.ts'

interface Read {
  readonly data: ReportData
  readonly etag: string
}

/** How often an open report asks whether anything has changed; a hidden tab asks nothing. */
const lookEveryMs = 3000

const keyOf = (report: string, parameters: ParameterValues) =>
  ['POST /v1/reports/:report/data', report, parameters] as const

/**
 * A report's data, kept up to date while it is open: the server is asked with the tag of what is there, and has nothing
 * to say as long as that holds. What has arrived stays when an answer fails, and it is asked again.
 */
export function useReportData(report: string, parameters: ParameterValues) {
  const query = useQuery({
    queryKey: keyOf(report, parameters),
    queryFn: async ({ signal }): Promise<Read> => {
      const before = queryClient.getQueryData<Read>(keyOf(report, parameters))
      const reply = await askRaw('POST /v1/reports/:report/data', {
        params: { report },
        body: { parameters },
        headers: before ? { 'if-none-match': before.etag } : {},
        signal,
      })
      if (reply.status === 304 && before) return queryClient.getQueryData<Read>(keyOf(report, parameters)) ?? before
      return { data: (await reply.json()) as ReportData, etag: reply.headers.get('etag') ?? '' }
    },
    placeholderData: keepPreviousData,
    staleTime: 1000,
    refetchInterval: ({ state: { data, status } }) => (status === 'error' && !data ? false : lookEveryMs),
  })
  return { ...query, data: query.data?.data }
}

/** What was just saved, shown at once and not only when the report is read again. */
export function putCells(
  report: string,
  parameters: ParameterValues,
  cells: readonly { readonly row: RowKey; readonly column: string; readonly cell: InputCell }[],
): void {
  const changed = new Map(cells.map(({ row, column, cell }) => [`${rowId(row)} ${column}`, cell]))
  queryClient.setQueryData<Read>(
    keyOf(report, parameters),
    (before) => before && { ...before, data: withCells(before.data, changed) },
  )
}

const withCells = (data: ReportData, changed: ReadonlyMap<string, InputCell>): ReportData => ({
  ...data,
  blocks: data.blocks.map((block) =>
    block.type !== 'table' || block.inputs.length === 0
      ? block
      : {
          ...block,
          rows: block.rows.map((row) => {
            if (row.key === null) return row
            const id = rowId(row.key)
            const inputs = row.inputs.map((cell, i) => {
              const own = changed.get(`${id} ${block.inputs[i]?.id}`)
              return own && own.version >= cell.version ? own : cell
            })
            return inputs.some((cell, i) => cell !== row.inputs[i]) ? { ...row, inputs } : row
          }),
        },
  ),
})
