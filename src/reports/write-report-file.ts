import { Readable } from 'node:stream'
import type { Caller } from '#src/access/caller.ts'
import type { Document, DocumentBlock } from '#src/documents/document.ts'
import type { Press } from '#src/documents/press.ts'
import { noSuch } from '#src/warehouse/no-such.ts'
import { type FileFormat, fileMedia } from './contract.ts'
import type { Definition, ParameterValue } from './definition.ts'
import { type EvaluateNeeds, withReport } from './evaluate-report.ts'
import { blockUnclear } from './problems.ts'
import { readAddressParameters } from './resolve-parameters.ts'

export interface FileNeeds extends EvaluateNeeds {
  readonly press: Press
}

export interface FileAsk {
  readonly report: string
  readonly format: FileFormat
  /** `name:value`. */
  readonly parameters: readonly string[]
  /** Only this block. */
  readonly block?: string | undefined
  /** Of CSV: for people's spreadsheets, or whole for machines. */
  readonly spreadsheet: boolean
}

export interface ReportFile {
  readonly etag: string
  /** Null: whoever asks has it already. */
  readonly content: { readonly body: Uint8Array | Readable; readonly type: string; readonly name: string } | null
}

/** A report with its data as a file, made for this caller. */
export async function writeReportFile(
  needs: FileNeeds,
  caller: Caller,
  ask: FileAsk,
  isKnown: (etag: string) => boolean,
  signal: AbortSignal,
): Promise<ReportFile> {
  const parametersOf = (definition: Definition): Record<string, ParameterValue> =>
    readAddressParameters(definition, ask.parameters)
  return withReport(needs, caller, { report: ask.report, parametersOf }, async (open, evaluate) => {
    const { definition } = open
    const place = ask.block === undefined ? null : placeOf(definition, ask.block)
    const etag = `${open.etag}-${[ask.format, ask.block ?? '', ask.spreadsheet].join('-')}`
    if (isKnown(etag)) return { etag, content: null }
    const { document } = await evaluate(signal)
    const only = place === null ? document : { ...document, blocks: document.blocks.slice(place, place + 1) }
    const { body, type } = await print(needs.press, only, ask, signal)
    const name = `${ask.report}${ask.block === undefined ? '' : `-${ask.block}`}.${ask.format}`
    return { etag, content: { body, type, name } }
  })
}

/** Every block of a report is one of its document. */
function placeOf({ blocks }: Definition, id: string): number {
  const place = blocks.findIndex((block) => block.id === id)
  if (place >= 0) return place
  const detail = noSuch(
    'block',
    id,
    blocks.map((block) => ({ name: block.id })),
  )
  throw blockUnclear({ detail, errors: [{ pointer: 'block', detail }] })
}

async function print(
  press: Press,
  document: Document,
  { format, spreadsheet }: FileAsk,
  signal: AbortSignal,
): Promise<{ body: Uint8Array | Readable; type: string }> {
  const type = format === 'csv' || format === 'html' ? `${fileMedia[format]}; charset=utf-8` : fileMedia[format]
  switch (format) {
    case 'pdf':
      return { body: (await press.pdf(document, signal)).bytes, type }
    case 'xlsx':
      return { body: press.xlsx(document).stream, type }
    case 'csv':
      return { body: press.csv(document, { spreadsheet }).stream, type }
    case 'png':
    case 'svg':
      return { body: (await press[format](chartIn(document), signal)).bytes, type }
    case 'html': {
      const { html, images } = await press.mail(document, { rows: 1000 }, signal)
      const inline = images.reduce(
        (text, { cid, png }) =>
          text.replaceAll(`cid:${cid}`, `data:image/png;base64,${Buffer.from(png).toString('base64')}`),
        html,
      )
      return { body: Readable.from([inline], { objectMode: false }), type }
    }
  }
}

/** Pictures are made of charts. */
function chartIn({ blocks }: Document): Extract<DocumentBlock, { kind: 'chart' }> {
  const charts = blocks.filter((block) => block.kind === 'chart')
  const [chart] = charts
  if (chart && charts.length === 1) return chart
  const detail = charts.length === 0 ? 'There is no chart to make a picture of.' : 'There are several charts: name one.'
  throw blockUnclear({ detail, errors: [{ pointer: 'block', detail }] })
}
