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

export type RecipeTable = TableChecks & (FileTable | SqlTable | ImportTable)

export interface FileTable {
  readonly kind: 'files'
  /** Before a refresh: globs as written. In the builder: absolute paths, none of which may be missing. */
  readonly files: readonly string[]
  readonly format: 'csv' | 'parquet' | 'json'
  readonly columns: Readonly<Record<string, string>> | null
  readonly delimiter: string | null
  readonly header: boolean | null
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
