/**
 * A report with its answers in it, ready to be set: what a person would read, and nothing of where it came from.
 * Every way out (PDF, XLSX, CSV, pictures, mail) is a pure function of one of these.
 */
export interface Document {
  readonly title: string
  readonly subtitle?: string
  readonly language: 'en'
  /** An IANA name; every time in the document is told in it. */
  readonly timeZone: string
  readonly generatedAt: Date
  /** Up to when the data are, an ISO time or day; null where that is unknown. */
  readonly dataAsOf: string | null
  /** Parameters, for whom it is: what a reader must know to read the numbers rightly. */
  readonly facts: readonly { readonly label: string; readonly value: string }[]
  readonly blocks: readonly DocumentBlock[]
  /**
   * What else is missing, in sentences. Rows that a table or chart lacks belong into its `cut`: the press tells of these,
   * and of what it has to leave out itself.
   */
  readonly notes: readonly string[]
  /** Where the report stands in the portal, an `http(s)` address. */
  readonly link?: string
}

export type DocumentBlock = TextBlock | NumberBlock | TableBlock | ChartBlock

export interface TextBlock {
  readonly kind: 'text'
  /** A subset of CommonMark. HTML in it is shown as it is written; links lead to `http(s)` and `mailto` only. */
  readonly markdown: string
}

export interface NumberBlock {
  readonly kind: 'number'
  readonly title: string
  readonly value: number | null
  readonly unit: string
  /** Digits after the point; null: as many as it is worth, two at most. */
  readonly decimals: number | null
  /** Against something before, in per cent. */
  readonly change?: { readonly value: number; readonly label: string }
}

export interface TableBlock {
  readonly kind: 'table'
  readonly title: string
  readonly columns: readonly DocumentColumn[]
  readonly rows: readonly (readonly Cell[])[]
  /** One cell for each column; a null is left empty. */
  readonly totals?: readonly Cell[] | null
  /** What had to be left out before it came here. */
  readonly cut?: Cut
  /** How many of the first columns name the row, as in a pivot: equal neighbours in them are written once. */
  readonly rowHeaders?: number
  /** A row above the heads that holds several together; their spans add up to the number of columns. */
  readonly spans?: readonly { readonly label: string; readonly columns: number }[]
}

export interface ChartBlock {
  readonly kind: 'chart'
  readonly title: string
  readonly chart: ChartSpec
  readonly cut?: Cut
}

export interface Cut {
  readonly shown: number
  /** How many there are; null where nobody counted. */
  readonly of: number | null
}

/** Several choices of an input column come as a list of what they are called. */
export type Cell = string | number | boolean | null | readonly string[]

export interface DocumentColumn {
  readonly name: string
  readonly label: string
  /** Dates come as `2026-11-29`, timestamps as ISO times with their offset or `Z`; per cents as 12.5 for 12.5 %. */
  readonly type: 'text' | 'integer' | 'number' | 'percent' | 'boolean' | 'date' | 'timestamp'
  readonly decimals?: number | null
  readonly unit?: string
  /** People fill it in: marked as such, and open to typing in a spreadsheet. */
  readonly input?: boolean
  /** What may be chosen; cells hold the labels. A real drop-down in a spreadsheet, unless several may be chosen. */
  readonly options?: readonly { readonly id: string; readonly label: string }[]
  readonly multiple?: boolean
  /** The first that applies to a cell colours it. */
  readonly formats?: readonly ConditionalFormat[]
}

export type ConditionalFormat = ColourRule | ScaleRule

export interface ColourRule {
  readonly when: '<' | '<=' | '=' | '>' | '>=' | 'between' | 'empty'
  /** Not needed by `empty`. */
  readonly value?: number | string | boolean
  /** The other end of `between`; both ends belong to it. */
  readonly value2?: number | string
  readonly colour: 'red' | 'amber' | 'green' | 'blue' | 'grey'
  readonly bold?: boolean
}

export interface ScaleRule {
  readonly scale: 'data_bar' | 'colour_scale'
}

export interface ChartSpec {
  readonly type: 'bar' | 'stacked_bar' | 'line' | 'area' | 'pie'
  /** What stands along the axis, or what the pieces of a pie are called. */
  readonly categories: readonly string[]
  readonly series: readonly ChartSeries[]
  readonly unit: string
  readonly decimals?: number | null
  /** Lying bars, as for groups with long names; where nothing is said it hangs on the names. */
  readonly horizontal?: boolean
}

export interface ChartSeries {
  readonly name: string
  /** One for each category; null: nothing was counted. */
  readonly values: readonly (number | null)[]
  /** Whether it gathers what has no series of its own: grey. */
  readonly others?: boolean
  /** The past that the series named here is compared with: in its colour, dashed or pale. */
  readonly before?: string
}
