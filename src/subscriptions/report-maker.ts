import type { z } from 'zod'
import type { Caller } from '#src/access/caller.ts'
import type { Database, Tx } from '#src/database/change.ts'
import type { Document } from '#src/documents/document.ts'
import type { ParameterValues } from '#src/reports/definition.ts'

export type Parameters = z.output<typeof ParameterValues>

/** What checking a subscription needs to know of its report. */
export interface ReportFacts {
  readonly title: string
  readonly parameters: readonly string[]
  /** Ids of its number blocks. */
  readonly numbers: readonly string[]
  readonly models: readonly string[]
  /** By which dimensions every block of it can be narrowed. */
  readonly dimensions: readonly string[]
}

/** One slice of a report, for one caller. */
export interface SliceOf {
  readonly caller: Caller
  /** Only rows with these values of a dimension, in all blocks. */
  readonly only: { readonly dimension: string; readonly values: readonly string[] } | null
}

/** A slice bound to the data that it will show; nothing has run yet. */
export interface OpenSlice {
  make(signal?: AbortSignal): Promise<MadeReport>
}

/** A report with its data, as one caller may see them. */
export interface MadeReport {
  readonly document: Document
  /** Of all its tables together. */
  readonly rows: number
  /** The same as long as nothing that it shows changes. */
  readonly etag: string
  /** Of number blocks, by id. */
  readonly values: Readonly<Record<string, number>>
  /** As a person reads them, by name. */
  readonly parameters: Readonly<Record<string, string>>
  /** The days that it covers, in words; empty where it has none. */
  readonly period: string
  /** What had to be left out, in sentences. */
  readonly notes: readonly string[]
}

/** What this room asks of reports. In a change with its transaction, so that nobody waits for a second connection holding one. */
export interface ReportMaker {
  /** Throws a problem when the caller may not read it, or there is none. */
  describe(db: Database | Tx, caller: Caller, report: string): Promise<ReportFacts>
  /** What is wrong with the values, by parameter. */
  checkParameters(
    db: Database | Tx,
    caller: Caller,
    report: string,
    parameters: Parameters,
  ): Promise<{ pointer: string; detail: string }[]>
  /**
   * Opens slices of a report over the same data: whatever is refreshed meanwhile, all of them show one state. `release` it.
   */
  open(
    report: string,
    parameters: Parameters,
    slices: readonly SliceOf[],
  ): Promise<{ readonly slices: readonly OpenSlice[]; release(): void }>
}
