import { z } from 'zod'
import { runKind } from '#src/runs/run.ts'
import { Ask, RawAsk } from '#src/warehouse/ask.ts'

export const exportFormats = ['csv', 'parquet', 'ndjson'] as const
export type ExportFormat = (typeof exportFormats)[number]

const common = { format: z.enum(exportFormats), name: z.string().nullable() }
// What asks take is read anew when they are answered; what an older version wrote must still be listed.
const data = z.object({ ...common, query: Ask.optional(), raw: RawAsk.optional() })
export type ExportData = z.output<typeof data>

const facts = { data, timeoutSeconds: 6 * 3600, personal: true } as const

/** Metrics by dimensions, written to a file. */
export const exportQueryRun = runKind({ ...facts, name: 'export-query', permission: 'warehouse:read' })
/** Raw rows, written to a file. */
export const exportRawRun = runKind({ ...facts, name: 'export-raw', permission: 'warehouse:raw' })

export const exportRuns = [exportQueryRun, exportRawRun] as const
