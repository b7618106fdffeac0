import { isImportedTable } from '#src/imports/imported-tables.ts'
import { checkSchedule } from '#src/schedule/check-schedule.ts'
import type { Schedule } from '#src/schedule/shape.ts'
import type { Catalogue, Dimension, RawField } from '#src/warehouse/catalogue.ts'
import { bucketExpression } from './buckets.ts'
import { type CompiledMetric, checkFormulas, compileMetric } from './compile-metric.ts'
import { type Compiling, nothing } from './compiling.ts'
import { type CheckedExpression, ExpressionFault, type ExpressionReader } from './expression.ts'
import type { DimensionFile, ModelFile, TableSource } from './model-file.ts'
import type { ModelFault, Path, ReadModel } from './read-model.ts'
import type { Recipe, RecipeDimension, RecipeExpression, RecipeKey, RecipeRaw, RecipeTable } from './recipe.ts'
import type { RefreshType } from './store.ts'

export interface CompiledModel {
  readonly name: string
  readonly file: string
  readonly catalogue: Catalogue
  readonly recipe: Recipe
  /** What a refresh does unless asked for the other. */
  readonly refreshType: RefreshType
  /** An incremental refresh is a full one when the last full one is older; null: never. */
  readonly fullEveryMs: number | null
  /** When it is refreshed by the clock; null: it is not. */
  readonly schedule: Schedule | null
  /** Models whose refresh brings on one of this model. */
  readonly after: readonly string[]
  /** Data older than this is stale; null: never. */
  readonly freshWithinMs: number | null
  /** Who is told of stale data; null: administrators. */
  readonly notify: readonly string[] | null
}

/** Columns that are ours: the day of a fact, and the parts of a spread one. */
const ownColumns = { day: ['day'], spread: ['day', 'start_day', 'end_day', 'span_seconds'] }

/** Turns a model file into what the planner and the builder work with; all that is wrong is told at once. */
export async function compileModel(
  model: ReadModel,
  reader: ExpressionReader,
  defaults: { readonly timeZone: string },
): Promise<{ compiled: CompiledModel } | { faults: ModelFault[] }> {
  const { content } = model
  const faults: ModelFault[] = []
  const rules = { facts: content.facts, relations: content.relationships.map((one) => one.name), periods: false }
  const compiling: Compiling = {
    model,
    content,
    reader,
    rules,
    faults,
    wrong(path, message) {
      faults.push(model.fault(path, message))
      return null
    },
    async expression(path, text, extra) {
      try {
        return await reader.read(text, { ...rules, ...extra })
      } catch (error) {
        if (error instanceof ExpressionFault) return compiling.wrong(path, `${path.at(-1)}: ${error.message}`)
        throw error
      }
    },
  }
  checkNames(compiling)
  const timeZone = content.time?.zone ?? defaults.timeZone
  if (!isTimeZone(timeZone))
    compiling.wrong(['time', 'zone'], `${timeZone} is not a time zone; write one such as Europe/Zurich`)
  const tables = await compileTables(compiling)
  const dimensions = await Promise.all(
    content.dimensions.map((dimension, i) => compileDimension(compiling, dimension, i)),
  )
  const metrics: CompiledMetric[] = []
  for (const [i, metric] of content.metrics.entries()) metrics.push(await compileMetric(compiling, metric, i))
  checkFormulas(compiling, metrics)
  const own = new Set(content.time ? ('spread' in content.time ? ownColumns.spread : ownColumns.day) : [])
  const factColumns = [...new Set(metrics.flatMap((metric) => metric.columns))]
    .filter((column) => !own.has(column))
    .sort()
  const raw = await compileRaw(compiling, factColumns)
  checkAccess(compiling)
  if (faults.length > 0) return { faults: faults.sort((a, b) => a.line - b.line) }

  const recipe: Recipe = {
    model: content.name,
    timeZone,
    tables,
    facts: content.facts,
    relationships: content.relationships.map((one) => ({
      name: one.name,
      from: one.from === content.facts ? 'f' : one.from,
      to: one.to,
      fromColumns: one.from_columns,
      toColumns: one.to_columns,
    })),
    time: content.time ? ('spread' in content.time ? content.time.spread : { column: content.time.column }) : null,
    factColumns,
    dimensions: dimensions.map((dimension) => dimension.recipe),
    capacities: metrics.flatMap((metric) => metric.capacity ?? []),
    raw: raw?.recipe ?? null,
    optionSets: content.option_sets.map((set) => ({
      name: set.name,
      table: set.table,
      id: set.id,
      label: set.label_column ?? set.id,
      filterBy: set.filter_by ?? null,
      order: set.order,
      mayBeEmpty: set.may_be_empty,
    })),
    key: keyOf(compiling),
    guards: { minRows: content.refresh.guards.min_rows, maxLoss: content.refresh.guards.max_loss },
  }
  const catalogue: Catalogue = {
    model: content.name,
    label: content.label,
    description: content.description,
    realm: content.realm ?? null,
    timeZone,
    timed: content.time !== undefined,
    spread: content.time !== undefined && 'spread' in content.time,
    dimensions: dimensions.map((dimension) => dimension.catalogue),
    metrics: metrics.flatMap((metric) => metric.catalogue ?? []),
    raw: raw && { table: raw.recipe.table, fields: raw.fields },
    optionSets: content.option_sets.map(({ name, label, description, filter_by }) => ({
      name,
      label,
      description,
      filterBy: filter_by ?? null,
    })),
    access: {
      query: content.access.query,
      raw: content.access.raw,
      rowFilters: content.access.row_filter.map((filter) => ({
        dimension: filter.dimension,
        equals: filter.equals,
        unlessRole: filter.unless_role ?? null,
      })),
    },
  }
  const can = tables.some((table) => table.kind === 'query' && table.incremental !== null)
  if (content.refresh.full_every !== undefined && !can)
    compiling.wrong(['refresh', 'full_every'], 'every refresh is a full one; leave it out')
  if (content.refresh.mode === 'incremental' && !can)
    compiling.wrong(['refresh', 'mode'], 'no table says how; add incremental to one with a query')
  const schedule = compileSchedule(compiling, defaults.timeZone)
  if (content.refresh.notify && content.refresh.fresh_within === undefined)
    compiling.wrong(['refresh', 'notify'], 'there is nothing to tell without fresh_within; add it')
  if (content.refresh.after.includes(content.name))
    compiling.wrong(['refresh', 'after'], 'a model cannot be refreshed after itself')
  if (faults.length > 0) return { faults: faults.sort((a, b) => a.line - b.line) }
  return {
    compiled: {
      name: content.name,
      file: model.file,
      catalogue,
      recipe,
      refreshType: content.refresh.mode ?? (can ? 'incremental' : 'full'),
      fullEveryMs: content.refresh.full_every === undefined ? null : seconds(content.refresh.full_every) * 1000,
      schedule,
      after: content.refresh.after,
      freshWithinMs: freshWithin(content),
      notify: content.refresh.notify ?? null,
    },
  }
}

const unitSeconds = { s: 1, m: 60, h: 3600, d: 86_400 }

const seconds = (duration: string): number =>
  Number(duration.slice(0, -1)) * unitSeconds[duration.at(-1) as keyof typeof unitSeconds]

const freshWithin = ({ refresh }: ModelFile): number | null =>
  refresh.fresh_within === undefined ? null : seconds(refresh.fresh_within) * 1000

function compileSchedule({ content, wrong }: Compiling, timeZone: string): Schedule | null {
  const written = content.refresh.schedule
  if (!written) return null
  const path = ['refresh', 'schedule']
  const frequency = written.frequency ?? (written.cron === undefined ? undefined : 'cron')
  if (frequency === undefined) return wrong([...path, 'frequency'], 'frequency is missing; add it')
  const schedule = { ...written, frequency, time_zone: written.time_zone ?? timeZone }
  for (const issue of checkSchedule(schedule)) wrong([...path, ...issue.path], `${issue.path.at(-1)} ${issue.detail}`)
  return schedule
}

/** What rows are told apart by: what the file says, or what must be a key for another reason. */
function keyOf({ content: { refresh, facts, tables, metrics, option_sets } }: Compiling): RecipeKey | null {
  if (refresh.key) return { table: facts, columns: refresh.key, ofOptions: false }
  const table = tables.find((one) => one.name === facts)
  if (table && 'incremental' in table && table.incremental)
    return { table: facts, columns: table.incremental.key, ofOptions: false }
  const set = metrics.length === 0 ? option_sets[0] : undefined
  if (!set) return null
  const columns = [set.id, ...(set.filter_by === undefined ? [] : [set.filter_by])]
  return { table: set.table, columns, ofOptions: true }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** Everything is called by its name, so names are unique and what they point to exists. */
function checkNames({ content, wrong }: Compiling): void {
  const unique = (list: readonly { name: string }[], where: string, taken = new Set<string>()) => {
    list.forEach(({ name }, i) => {
      if (taken.has(name)) wrong([where, i, 'name'], `${name} is used twice; give one of them another name`)
      taken.add(name)
    })
    return taken
  }
  const tables = unique(content.tables, 'tables')
  unique(content.relationships, 'relationships', new Set([content.facts, 'f']))
  // Answers have a column per metric and two per dimension, beside `period`.
  const columns = new Set(['period', ...content.dimensions.map((dimension) => `${dimension.name}_id`)])
  unique(content.metrics, 'metrics', unique(content.dimensions, 'dimensions', columns))
  if (content.raw) unique(content.raw.fields, 'raw.fields')
  const known = (name: string, path: Path) => {
    if (!tables.has(name)) wrong(path, `there is no table ${name}; tables are ${[...tables].join(', ')}`)
  }
  known(content.facts, ['facts'])
  unique(content.option_sets, 'option_sets')
  content.option_sets.forEach((set, i) => {
    known(set.table, ['option_sets', i, 'table'])
  })
  content.relationships.forEach((one, i) => {
    known(one.to, ['relationships', i, 'to'])
    const earlier = content.relationships.slice(0, i).map((other) => other.name)
    if (one.from !== content.facts && !earlier.includes(one.from))
      wrong(['relationships', i, 'from'], `${one.from} is neither the facts table nor a relationship above this one`)
    if (one.from_columns.length !== one.to_columns.length)
      wrong(['relationships', i, 'to_columns'], 'from_columns and to_columns must be equally many')
  })
}

function compileTables(compiling: Compiling): Promise<RecipeTable[]> {
  return Promise.all(compiling.content.tables.map((table, i) => compileTable(compiling, table, i)))
}

async function compileTable(
  { content, reader, wrong }: Compiling,
  table: TableSource,
  i: number,
): Promise<RecipeTable> {
  const checks = {
    name: table.name,
    unique: table.unique,
    notNull: table.not_null,
    requiredColumns: table.required_columns,
  }
  if ('import' in table) {
    if (!isImportedTable(table.import)) wrong(['tables', i, 'import'], `there is no imported table ${table.import}`)
    return { ...checks, kind: 'import', import: table.import }
  }
  if ('sql' in table) {
    const needs = await reader.tablesOf(table.sql).catch((error: unknown) => {
      if (!(error instanceof ExpressionFault)) throw error
      wrong(['tables', i, 'sql'], `sql: ${error.message}`)
      return []
    })
    const above = content.tables.slice(0, i).map((other) => other.name)
    for (const name of needs.filter((name) => !above.includes(name)))
      wrong(['tables', i, 'sql'], `sql reads ${name}, which is not a table above this one`)
    return { ...checks, kind: 'sql', sql: table.sql, needs }
  }
  if ('query' in table) {
    return {
      ...checks,
      kind: 'query',
      connection: table.connection,
      // What ends a statement elsewhere would end it in the middle here.
      query: table.query.replace(/[\s;]+$/, ''),
      timeoutSeconds: seconds(table.timeout),
      incremental: table.incremental
        ? {
            watermark: table.incremental.watermark,
            key: table.incremental.key,
            overlapSeconds: table.incremental.overlap === undefined ? 0 : seconds(table.incremental.overlap),
          }
        : null,
    }
  }
  if ('model' in table) {
    if (table.model === content.name) wrong(['tables', i, 'model'], 'a model cannot read itself')
    if (table.rows && table.option_set) wrong(['tables', i, 'option_set'], 'write rows or option_set, not both')
    return {
      ...checks,
      kind: 'model',
      model: table.model,
      rows: table.option_set ? { optionSet: table.option_set } : (table.rows ?? null),
    }
  }
  if ('dataset' in table)
    return { ...checks, kind: 'dataset', dataset: table.dataset, file: table.file, restricted: table.restricted }
  if ('report' in table) return { ...checks, kind: 'report', report: table.report, block: table.block }
  const files = 'url' in table ? [new URL(table.url).pathname] : oneOrMore(table.files)
  const ending = /\.(csv|tsv|parquet|json|ndjson|jsonl)(\.gz|\.zst)?$/.exec(files[0] ?? '')?.[1]
  const format = table.format ?? formats[ending as keyof typeof formats]
  if (format === undefined)
    wrong(
      ['tables', i, 'url' in table ? 'url' : 'files'],
      'the ending tells no format; add format: csv, parquet or json',
    )
  const form = {
    format: format ?? ('csv' as const),
    columns: table.columns ?? null,
    delimiter: table.delimiter ?? null,
    header: table.header ?? null,
  }
  if (!('url' in table)) return { ...checks, ...form, kind: 'files', files }
  if (new URL(table.url).username !== '')
    wrong(['tables', i, 'url'], 'an address in a model file may hold no user name and no password')
  return {
    ...checks,
    ...form,
    kind: 'url',
    url: table.url,
    maxBytes: table.max_megabytes * 1e6,
    timeoutSeconds: seconds(table.timeout),
  }
}

const oneOrMore = <T>(items: T | T[]): T[] => (Array.isArray(items) ? items : [items])

const formats = { csv: 'csv', tsv: 'csv', parquet: 'parquet', json: 'json', ndjson: 'json', jsonl: 'json' } as const

const bare = ({ sql, relations }: CheckedExpression): RecipeExpression => ({ sql, relations })

async function compileDimension(
  compiling: Compiling,
  file: DimensionFile,
  i: number,
): Promise<{ catalogue: Dimension; recipe: RecipeDimension }> {
  const path = ['dimensions', i]
  const value = (await compiling.expression([...path, 'expr'], file.expr)) ?? nothing
  const label = file.value_label && (await compiling.expression([...path, 'value_label'], file.value_label))
  const orderBy = file.order_by && (await compiling.expression([...path, 'order_by'], file.order_by))
  const bucketed = file.buckets !== undefined
  if (bucketed && (file.value_label ?? file.order_by ?? file.order))
    compiling.wrong(
      [...path, 'buckets'],
      'buckets bring their labels and order; leave out value_label, order and order_by',
    )
  const type = bucketed ? 'integer' : file.type
  const order = bucketed || orderBy ? 'rank' : (file.order ?? (type === 'integer' ? 'id' : 'label'))
  const id = file.buckets
    ? bucketExpression(value, file.buckets, (j, message) => compiling.wrong([...path, 'buckets', j], message))
    : bare(value)
  return {
    catalogue: {
      name: file.name,
      label: file.label,
      description: file.description,
      type,
      order,
      bucketed,
      who: file.access,
      hidden: file.hidden,
    },
    recipe: {
      name: file.name,
      type,
      id,
      label: label ? bare(label) : null,
      buckets: file.buckets?.map((bucket, j) => ({ id: bucket.id ?? j + 1, label: bucket.label })) ?? null,
      orderBy: orderBy ? bare(orderBy) : null,
      order,
      unknown: file.unknown,
    },
  }
}

async function compileRaw(
  compiling: Compiling,
  factColumns: readonly string[],
): Promise<{ recipe: RecipeRaw; fields: RawField[] } | null> {
  const { content } = compiling
  if (!content.raw) return null
  const { time } = content
  const usual = time ? ('spread' in time ? time.spread.end : time.column) : null
  const dayColumn = content.raw.time ?? usual
  if (!time && content.raw.time) compiling.wrong(['raw', 'time'], 'raw.time needs a model with time; add time')
  // One table can serve both when a fact is a row and both go by the same day.
  const table = time && ('spread' in time || dayColumn !== usual) ? 'rows' : 'facts'
  const fields: { recipe: RecipeRaw['fields'][number] | null; catalogue: RawField }[] = []
  for (const [i, field] of content.raw.fields.entries()) {
    const text = field.expr ?? `"${field.name}"`
    const value = (await compiling.expression(['raw', 'fields', i, field.expr ? 'expr' : 'name'], text)) ?? nothing
    if (field.deidentify && field.type !== 'string')
      compiling.wrong(['raw', 'fields', i, 'deidentify'], 'only strings can be deidentified; set type: string')
    const { name, label, description, type, deidentify } = field
    const [only] = value.columns
    const stored =
      table === 'facts' &&
      !deidentify &&
      castOnReading.has(type) &&
      only !== undefined &&
      factColumns.includes(only) &&
      isBareColumn(value, only)
    const column = stored ? only : `r_${name}`
    fields.push({
      // What metrics read is stored anyway, and need not be stored twice.
      recipe: stored ? null : { column, type, value: bare(value), deidentify },
      catalogue: { name, label, description, type, deidentified: deidentify, column },
    })
  }
  return {
    recipe: {
      table,
      time: dayColumn,
      orderBy: content.raw.order_by,
      fields: fields.flatMap((field) => field.recipe ?? []),
    },
    fields: fields.map((field) => field.catalogue),
  }
}

/** Raw fields of these types are cast when they are read, whatever the column's type. */
const castOnReading: ReadonlySet<string> = new Set(['string', 'integer', 'number'])

const isBareColumn = ({ sql }: CheckedExpression, column: string): boolean =>
  sql === `f.${column}` || sql === `f."${column.replaceAll('"', '""')}"`

function checkAccess({ content, wrong }: Compiling): void {
  content.access.row_filter.forEach(({ dimension }, i) => {
    if (!content.dimensions.some((one) => one.name === dimension))
      wrong(['access', 'row_filter', i, 'dimension'], `there is no dimension ${dimension}`)
  })
}
