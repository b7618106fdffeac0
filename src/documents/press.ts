import type { Readable } from 'node:stream'
import { openChildren } from './children.ts'
import { csv } from './csv.ts'
import { cutDocument } from './cut-document.ts'
import type { ChartBlock, Document } from './document.ts'
import type { PressOrder, PressResult } from './press-child.ts'
import { renderTooLong } from './problems.ts'
import { workbook } from './xlsx/workbook.ts'

/** A file that is there as a whole. */
export interface Printed {
  readonly mediaType: string
  /** Without a dot. */
  readonly extension: string
  readonly bytes: Uint8Array
  /** What had to be left out, in sentences; the same stand in the file. */
  readonly cuts: readonly string[]
}

/** A file that comes in pieces; reading slowly makes it be written slowly. What is left out is known before it begins. */
export interface PrintedStream {
  readonly mediaType: string
  readonly extension: string
  readonly stream: Readable
  readonly cuts: readonly string[]
}

export interface PrintedMail {
  readonly html: string
  /** The same for those who read mails without pictures and colours. */
  readonly text: string
  /** To be attached under these ids, to which the HTML refers (`cid:…`). */
  readonly images: readonly { readonly cid: string; readonly filename: string; readonly png: Uint8Array }[]
  readonly cuts: readonly string[]
}

export interface MailOptions {
  /** Stands above the report, in the same subset of Markdown as text blocks. */
  readonly message?: string
  /** Where the report (or this run of it) is found in the portal; without one the document's own link. */
  readonly link?: string
  readonly linkLabel?: string
  /** Sentences at the end: why this mail came, what is attached. */
  readonly footer?: readonly string[]
  /** How to get no more of them. */
  readonly unsubscribeLink?: string
  /** Rows of each table that a mail shows; 50 where nothing is said. */
  readonly rows?: number
  /** Whether charts come as pictures, or as the table of their values only. */
  readonly pictures?: boolean
}

/**
 * Makes files of documents. Typesetting, charts and pictures are made in processes of their own: the event loop stays
 * free, and neither a crash nor a hang there touches us.
 */
export interface Press {
  pdf(document: Document, signal?: AbortSignal): Promise<Printed>
  xlsx(document: Document): PrintedStream
  /** All tables and charts one after the other, each under its title; one alone comes without. */
  csv(document: Document, options?: { readonly spreadsheet?: boolean }): PrintedStream
  svg(block: ChartBlock, signal?: AbortSignal): Promise<Printed>
  png(block: ChartBlock, signal?: AbortSignal): Promise<Printed>
  mail(document: Document, options?: MailOptions, signal?: AbortSignal): Promise<PrintedMail>
  close(): Promise<void>
}

export interface PressNeeds {
  /** The name of the house, in the head of every page. */
  readonly organization: string
  readonly limits?: Partial<PressLimits>
}

export interface PressLimits {
  /** Processes at work at once. */
  readonly processes: number
  /** Documents that may wait for one. */
  readonly waiting: number
  readonly milliseconds: number
  /** Of a PDF; what is beyond is left out and told. */
  readonly pages: number
  readonly rowsPerTable: number
  readonly charactersPerCell: number
  readonly columns: number
  /** Of a finished PDF or picture. */
  readonly bytes: number
}

export const pressLimits: PressLimits = {
  processes: 2,
  waiting: 200,
  milliseconds: 60_000,
  pages: 200,
  rowsPerTable: 5000,
  charactersPerCell: 1000,
  columns: 200,
  bytes: 25_000_000,
}

export function openPress(needs: PressNeeds): Press {
  const { organization } = needs
  const limits = { ...pressLimits, ...needs.limits }
  const { pages, bytes, rowsPerTable, charactersPerCell, columns } = limits
  const most = { rowsPerTable, charactersPerCell, columns }
  const children = openChildren<PressOrder, PressResult>({
    ...limits,
    file: new URL('./press-child.ts', import.meta.url),
  })
  const make = async <Result extends PressResult>(
    order: PressOrder,
    signal: AbortSignal | undefined,
  ): Promise<Result> => (await children.run(order, { ...order, careful: true }, tooLong, signal)) as Result
  const picture = async (
    format: 'svg' | 'png',
    block: ChartBlock,
    signal: AbortSignal | undefined,
  ): Promise<Printed> => {
    const made = await make<Made>({ make: format, block, careful: false }, signal)
    return { mediaType: mediaTypes[format], extension: format, ...made }
  }
  return {
    async pdf(whole, signal) {
      // Cut here already, so that what nobody will see doesn't travel.
      const { document, cuts } = cutDocument(whole, most)
      const within = { ...most, pages, bytes }
      const made = await make<Made>(
        { make: 'pdf', document, organization, cuts, limits: within, careful: false },
        signal,
      )
      return { mediaType: mediaTypes.pdf, extension: 'pdf', ...made }
    },
    xlsx: (document) => ({ mediaType: mediaTypes.xlsx, extension: 'xlsx', ...workbook(document, organization) }),
    csv: (document, { spreadsheet = false } = {}) => ({
      mediaType: mediaTypes.csv,
      extension: 'csv',
      stream: csv(document, spreadsheet),
      cuts: [],
    }),
    svg: (block, signal) => picture('svg', block, signal),
    png: (block, signal) => picture('png', block, signal),
    async mail(whole, options = {}, signal) {
      const { document, cuts } = cutDocument(whole, { ...most, rowsPerTable: options.rows ?? most.rowsPerTable })
      return await make<PrintedMail>({ make: 'mail', document, organization, options, cuts, careful: false }, signal)
    },
    close: () => children.close(),
  }
}

type Made = Pick<Printed, 'bytes' | 'cuts'>

const mediaTypes = {
  pdf: 'application/pdf',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
} as const

const tooLong = (complaint: string): Error =>
  renderTooLong({ detail: 'Even with no row of its tables it would be too big.', cause: new Error(complaint) })
