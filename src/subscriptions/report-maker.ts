import type { z } from 'zod'
import type { Caller } from '#src/access/caller.ts'
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

export interface ReportAsk {
  readonly report: string
  readonly parameters: Parameters
  /** Only rows with these values of a dimension, in all blocks. */
  readonly only?: { readonly dimension: string; readonly values: readonly string[] }
  readonly signal?: AbortSignal
}

/** A report with its data, as one caller may see them. */
export interface MadeReport {
  readonly document: Document
  /** Of all its tables together. */
  readonly rows: number
  /** The same as long as nothing in it changes. */
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

/** What this room asks of reports. */
export interface ReportMaker {
  /** Throws a problem when the caller may not read it, or there is none. */
  describe(caller: Caller, report: string): Promise<ReportFacts>
  /** What is wrong with the values, by parameter. */
  checkParameters(
    caller: Caller,
    report: string,
    parameters: Parameters,
  ): Promise<{ pointer: string; detail: string }[]>
  make(caller: Caller, ask: ReportAsk): Promise<MadeReport>
}
