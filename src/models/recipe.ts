/**
 * What the builder needs to make a snapshot of a model: plain data, so that it can travel into another process and
 * be compared with that of the snapshot before. `sql` members come from the expression reader.
 */
export interface Recipe {
  readonly model: string
  readonly timeZone: string
  readonly tables: readonly RecipeTable[]
  /** Name of the table with one row per fact. */
  readonly facts: string
  readonly relationships: readonly RecipeRelationship[]
  readonly time: { readonly column: string } | { readonly start: string; readonly end: string } | null
  /** Columns of the facts table that metrics read. */
  readonly factColumns: readonly string[]
  readonly dimensions: readonly RecipeDimension[]
  readonly capacities: readonly RecipeCapacity[]
  readonly raw: RecipeRaw | null
  readonly optionSets: readonly RecipeOptionSet[]
  /** What rows are told apart by when one snapshot is compared with the next; null: they are not. */
  readonly key: RecipeKey | null
  readonly guards: { readonly minRows: number; readonly maxLoss: number }
}

/** Row-level SQL over facts `f` and the relationships it uses. */
export interface RecipeExpression {
  readonly sql: string
  readonly relations: readonly string[]
}

interface TableChecks {
  readonly name: string
  readonly unique: readonly (readonly string[])[]
  readonly notNull: readonly string[]
  readonly requiredColumns: readonly string[]
}

/** As the model file says it. */
export type RecipeTable = TableChecks &
  (FileTable | SqlTable | ImportTable | UrlTable | QueryTable | ModelTable | ReportTable | DatasetTable)

/** As the builder gets it: everything that others must be asked for lies ready, but for what databases hold. */
export type BuildTable = TableChecks & (FileTable | SqlTable | AskedTable | SnapshotTable)

/** What builder and model file have in common. */
export type BuildRecipe = Omit<Recipe, 'tables'> & { readonly tables: readonly BuildTable[] }

export interface FileTable extends FileForm {
  readonly kind: 'files'
  /** Before a refresh: globs as written. In the builder: absolute paths, none of which may be missing. */
  readonly files: readonly string[]
}

export interface SqlTable {
  readonly kind: 'sql'
  readonly sql: string
  readonly needs: readonly string[]
}

export interface ImportTable {
  readonly kind: 'import'
  readonly import: string
}

interface FileForm {
  readonly format: 'csv' | 'parquet' | 'json'
  readonly columns: Readonly<Record<string, string>> | null
  readonly delimiter: string | null
  readonly header: boolean | null
}

/** One file behind an address. */
export interface UrlTable extends FileForm {
  readonly kind: 'url'
  readonly url: string
  readonly maxBytes: number
  readonly timeoutSeconds: number
}

/** What a query of another database answers. */
export interface QueryTable {
  readonly kind: 'query'
  /** Its name in the settings, [sources]. */
  readonly connection: string
  readonly query: string
  readonly timeoutSeconds: number
  readonly incremental: Incremental | null
}

/** Rows at or above the highest watermark seen are asked for and take the place of those with the same key. */
export interface Incremental {
  readonly watermark: string
  readonly key: readonly string[]
  /** How far below the highest watermark rows are asked for again. */
  readonly overlapSeconds: number
}

/** What another model holds. */
export interface ModelTable {
  readonly kind: 'model'
  readonly model: string
  /** Its raw rows, its facts, or the options of a set; null: raw rows where it has any, else facts. */
  readonly rows: 'raw' | 'facts' | { readonly optionSet: string } | null
}

/** What people filled into a report. */
export interface ReportTable {
  readonly kind: 'report'
  readonly report: string
  readonly block: string
}

/** A file of the latest published version of a dataset. */
export interface DatasetTable {
  readonly kind: 'dataset'
  readonly dataset: string
  readonly file: string
  /** Whether it is read even where it is restricted. */
  readonly restricted: boolean
}

/** A query with the address to send it to, and what was kept of its rows. */
export interface AskedTable extends Omit<QueryTable, 'connection'> {
  readonly connection: string
  readonly address: string
  /** The highest watermark of the rows that the snapshot before keeps; null: all rows are asked for. */
  readonly since: string | null
}

/** A SELECT over another snapshot, which is attached under a name. */
export interface SnapshotTable {
  readonly kind: 'snapshot'
  readonly file: string
  readonly alias: string
  readonly select: string
}

export interface RecipeKey {
  readonly table: string
  readonly columns: readonly string[]
  /** The option set that it comes from looks after it. */
  readonly ofOptions: boolean
}

export interface RecipeRelationship {
  readonly name: string
  /** `f`, or another relationship. */
  readonly from: string
  readonly to: string
  readonly fromColumns: readonly string[]
  readonly toColumns: readonly string[]
}

export interface RecipeDimension {
  readonly name: string
  readonly type: 'string' | 'integer'
  readonly id: RecipeExpression
  /** Null: the id. */
  readonly label: RecipeExpression | null
  /** Labels by bucket id; then there is no other label. */
  readonly buckets: readonly { readonly id: number; readonly label: string }[] | null
  readonly orderBy: RecipeExpression | null
  readonly order: 'label' | 'id' | 'rank'
  readonly unknown: string
}

export interface RecipeCapacity {
  readonly table: string
  readonly source: string
  readonly key: string
  readonly from: string
  readonly until: string
  readonly amount: string
}

export interface RecipeRaw {
  readonly table: 'facts' | 'rows'
  readonly time: string | null
  readonly orderBy: readonly string[]
  readonly fields: readonly {
    readonly column: string
    readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date' | 'timestamp'
    readonly value: RecipeExpression
    readonly deidentify: boolean
  }[]
}

export interface RecipeOptionSet {
  readonly name: string
  readonly table: string
  readonly id: string
  readonly label: string
  readonly filterBy: string | null
  readonly order: 'label' | 'id' | 'source'
  readonly mayBeEmpty: boolean
}
