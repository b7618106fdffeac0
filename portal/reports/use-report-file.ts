import { useMutation } from '@tanstack/react-query'
import { askRaw } from '#portal/kit/ask.ts'
import type { Args } from '#portal/kit/contracts.ts'
import { notifyProblem } from '#portal/kit/notify.ts'
import { saveFile } from '#portal/kit/save-file.ts'
import type { Report } from './definition.ts'
import { writeParameters } from './parameter-words.ts'
import type { ParameterValues } from './report-data.ts'

type FileQuery = NonNullable<Args<'GET /v1/reports/:report/file'>['query']>
export type FileFormat = Extract<FileQuery['format'], string>

export const reportFormats = [
  ['pdf', 'PDF'],
  ['xlsx', 'Excel (XLSX)'],
  ['csv', 'CSV'],
  ['html', 'HTML'],
] as const satisfies readonly (readonly [FileFormat, string])[]

/** A file of the report, or of one of its blocks. */
export interface FileWanted {
  readonly format: FileFormat
  readonly block?: string
}

/** Takes a report away as a file, made by the server for who asks. What goes wrong is told, not saved as a file. */
export function useReportFile(report: Report, values: ParameterValues) {
  return useMutation({
    mutationFn: async ({ format, block }: FileWanted) => {
      const reply = await askRaw('GET /v1/reports/:report/file', {
        params: { report: report.id },
        query: {
          format,
          ...(block !== undefined && { block }),
          ...(writeParameters(values, report.definition.parameters) as object),
        },
      })
      saveFile(`${report.id}${block === undefined ? '' : `-${block}`}.${format}`, await reply.blob())
    },
    onError: notifyProblem,
  })
}
