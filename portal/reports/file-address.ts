import type { Parameter } from './definition.ts'
import { writeParameters } from './parameter-words.ts'
import type { ParameterValues } from './report-data.ts'

export const fileLabels = {
  pdf: 'PDF',
  xlsx: 'Excel (XLSX)',
  csv: 'CSV',
  png: 'Picture (PNG)',
} as const
export type FileFormat = keyof typeof fileLabels

/** Where the server gives a report as a file, with what it is asked for; the session goes along as with any link. */
export function fileAddress(
  report: string,
  format: FileFormat,
  values: ParameterValues,
  parameters: readonly Parameter[],
): string {
  const words = new URLSearchParams({ format })
  for (const word of [writeParameters(values, parameters).parameter ?? []].flat()) words.append('parameter', word)
  return `/v1/reports/${encodeURIComponent(report)}/file?${words.toString()}`
}
