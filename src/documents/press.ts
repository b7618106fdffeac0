import type { Readable } from 'node:stream'
import type { ChartBlock, Document } from './document.ts'

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
  bytes: 25_000_000,
}
