import type { Role } from '#src/access/permissions.ts'

/**
 * What a model compiles to: everything the planner may name. It travels with the snapshot that was built by it (as JSON),
 * so that a question is always planned against the tables it runs on. `sql` members are text that was checked, qualified
 * and written back by the compiler; nothing a caller sends ever becomes part of them.
 */
export interface Catalogue {
  readonly model: string
  readonly label: string
  readonly description: string
  /** The XDMoD protocol's id of this model; null: it isn't shown there. */
  readonly realm: string | null
  /** Days are cut in this zone. */
  readonly timeZone: string
  /** Whether facts have a day, so that periods and time series make sense. */
  readonly timed: boolean
  /** Whether one row of the source became one fact per local day that it touches. */
  readonly spread: boolean
  readonly dimensions: readonly Dimension[]
  readonly metrics: readonly Metric[]
  readonly raw: RawTable | null
  readonly optionSets: readonly OptionSet[]
  readonly access: Access
}

/** Choices for data-input columns of reports, in a table of the snapshot: place, id, label, only_for. */
export interface OptionSet {
  readonly name: string
  readonly label: string
  readonly description: string
  /** The column of the source that says for which rows an option is; null: all options are for every row. */
  readonly filterBy: string | null
}

/** Least role that may do it; `public` is everybody, with or without a token. */
export type Who = 'public' | Role

export interface Access {
  readonly query: Who
  readonly raw: Who
  readonly rowFilters: readonly RowFilter[]
}

/** Rows are those whose dimension has the caller's own value as its id. Who has none sees none. */
export interface RowFilter {
  readonly dimension: string
  readonly equals: 'account.name' | 'account.id' | 'account.role'
  /** This role and those above it see every row. */
  readonly unlessRole: Role | null
}

export interface Dimension {
  readonly name: string
  readonly label: string
  readonly description: string
  readonly type: 'string' | 'integer'
  /** How values follow each other: by label, by id, or by the rank that the model gives them (buckets). */
  readonly order: 'label' | 'id' | 'rank'
  /** Whether the values are ranges of a number, in a fixed order that charts and tables keep. */
  readonly bucketed: boolean
  /** Who may group and filter by it and list its values. */
  readonly who: Who
  /** Left out of catalogues, but may be asked for. */
  readonly hidden: boolean
}

interface MetricFacts {
  readonly name: string
  readonly label: string
  readonly description: string
  /** What is counted, in words ("CPU Hour"); empty when there is none. */
  readonly unit: string
  /** Digits behind the point worth showing; null: as they come. 0 makes whole numbers. */
  readonly decimals: number | null
  readonly hidden: boolean
  /** Name of the hidden metric with its standard error. */
  readonly standardError: string | null
}

export const aggregates = ['sum', 'count', 'count_distinct', 'min', 'max', 'avg', 'median'] as const
export type Aggregate = (typeof aggregates)[number]

/** Aggregated from facts. `once`: each source row counts once per period, and in an aggregate once per period or once in the answer. */
export interface AggregateMetric extends MetricFacts {
  readonly kind: 'aggregate'
  readonly aggregate: Aggregate
  /** Null for `count`. */
  readonly sql: string | null
  readonly filterSql: string | null
  readonly once: 'period' | 'answer' | null
}

/** What the things seen in a group could have given over the period: amount per second × seconds of validity. */
export interface CapacityMetric extends MetricFacts {
  readonly kind: 'capacity'
  /** Column of the facts that names the thing. */
  readonly of: string
  /** Table in the snapshot: key, valid_from, valid_until (Unix seconds), amount (per second). */
  readonly table: string
}

/** Computed from other metrics of the same group; a division by zero gives 0. */
export interface DerivedMetric extends MetricFacts {
  readonly kind: 'derived'
  readonly expr: Formula
}

export type Metric = AggregateMetric | CapacityMetric | DerivedMetric

export const formulaFunctions = [
  'abs',
  'ceil',
  'coalesce',
  'floor',
  'greatest',
  'least',
  'ln',
  'round',
  'sqrt',
] as const

export type Formula =
  | { readonly number: number }
  | { readonly metric: string }
  | { readonly op: '+' | '-' | '*' | '/'; readonly left: Formula; readonly right: Formula }
  | { readonly call: (typeof formulaFunctions)[number]; readonly args: readonly Formula[] }

export type RawType = 'string' | 'integer' | 'number' | 'boolean' | 'date' | 'timestamp'

export interface RawField {
  readonly name: string
  readonly label: string
  readonly description: string
  /** `timestamp` is a moment (UTC). */
  readonly type: RawType
  /** The value is a hash, made when the snapshot was built. */
  readonly deidentified: boolean
  /** Column in the table of raw rows. */
  readonly column: string
}

/** Source rows, one each, in the order day, then as the model says. */
export interface RawTable {
  readonly table: 'facts' | 'rows'
  readonly fields: readonly RawField[]
}

/**
 * Column in `facts` and `rows` of a dimension's key, and its table of values: key (their place in the dimension's order),
 * id, label, number (the id of an integer dimension).
 */
export const keyColumn = (dimension: string): string => `d_${dimension}`
export const valuesTable = (dimension: string): string => `v_${dimension}`

export const optionsTable = (set: string): string => `o_${set}`

/** Ids are text on the wire; a source row without a value belongs to this one. */
export const unknownId = 'unknown'

export const findDimension = (catalogue: Catalogue, name: string): Dimension | undefined =>
  catalogue.dimensions.find((dimension) => dimension.name === name)

export const findOptionSet = (catalogue: Catalogue, name: string): OptionSet | undefined =>
  catalogue.optionSets.find((set) => set.name === name)

export const findMetric = (catalogue: Catalogue, name: string): Metric | undefined =>
  catalogue.metrics.find((metric) => metric.name === name)
