import { DuckDBInstance, type DuckDBPreparedStatement } from '@duckdb/node-api'
import { periodColumn } from '#src/warehouse/plan-metrics.ts'

/** Functions that a model's expressions may call: they look at their arguments only. */
const functions = new Set(
  `+ - * / // % ** ^ || & | << >> ~~ !~~ ~~* !~~* not
  abs ceil ceiling floor round trunc sign sqrt cbrt ln log log2 log10 exp power pow mod greatest least nullif ifnull
  lower upper trim ltrim rtrim length strlen substring substr left right replace concat concat_ws contains starts_with
  ends_with prefix suffix split_part regexp_matches regexp_full_match regexp_replace regexp_extract lpad rpad reverse
  strip_accents format printf md5 sha1 sha256 chr ascii
  date_part datepart year month day hour minute second quarter week weekofyear dayofweek weekday isodow dayofyear isoyear
  dayname monthname date_trunc datetrunc date_diff datediff date_add date_sub epoch epoch_ms to_timestamp strftime strptime
  try_strptime make_date make_timestamp last_day timezone to_days to_seconds to_minutes to_hours`.split(/\s+/),
)
const plainNodes = new Set(['CONSTANT', 'OPERATOR', 'COMPARISON', 'CONJUNCTION', 'CASE', 'CAST', 'BETWEEN'])

export interface CheckedExpression {
  /** Written back by the engine's own parser, with every column qualified: the facts are `f`. */
  readonly sql: string
  /** Columns of the facts that it reads. */
  readonly columns: readonly string[]
  /** Relationships that it reads from. */
  readonly relations: readonly string[]
}

export interface ExpressionRules {
  /** Names that may stand before a column, besides the facts' own. */
  readonly relations: readonly string[]
  /** The name of the facts table, which may also stand before a column. */
  readonly facts: string
  /** Whether `period(column)` may be used: in metrics only, which are computed when asked. */
  readonly periods: boolean
  /** Functions besides the usual ones. */
  readonly functions?: readonly string[]
}

/** Says what is wrong with an expression, for whoever wrote it. */
export class ExpressionFault extends Error {}

type Node = { [key: string]: unknown }

export interface ExpressionReader {
  /** Parses and checks one expression: known names, listed functions, no subqueries. Throws an `ExpressionFault`. */
  read(text: string, rules: ExpressionRules): Promise<CheckedExpression>
  /** Which tables one SELECT reads; refuses table functions, files and everything that is not a SELECT. */
  tablesOf(select: string): Promise<string[]>
  close(): void
}

/** Reads expressions with DuckDB's own parser, in a database that holds nothing and can open nothing. */
export async function openExpressionReader(): Promise<ExpressionReader> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '1',
    memory_limit: '64MB',
    enable_external_access: 'false',
  })
  const connection = await instance.connect()

  // Prepared once: a model asks some hundred times, and every start of a server waits for all of them.
  const toTree = await connection.prepare('select json_serialize_sql($1::varchar)')
  const toSql = await connection.prepare('select json_deserialize_sql($1::json)')
  let turn: Promise<unknown> = Promise.resolve()
  // One after the other, as a statement holds one value and expressions are read side by side.
  const one = (statement: DuckDBPreparedStatement, text: string): Promise<string> => {
    const answer = turn.then(async () => {
      statement.bindVarchar(1, text)
      return String((await statement.runAndReadAll()).getRows()[0]?.[0])
    })
    turn = answer.catch(() => undefined)
    return answer
  }

  async function parse(statement: string): Promise<Node> {
    const parsed = JSON.parse(await one(toTree, statement)) as {
      error: boolean
      error_message?: string
      statements?: { node: Node }[]
    }
    if (parsed.error) throw new ExpressionFault(parsed.error_message ?? 'this is not SQL')
    if (parsed.statements?.length !== 1) throw new ExpressionFault('only one statement may stand here')
    return parsed.statements[0]!.node
  }

  return {
    async read(text, rules) {
      const statement = await parse(`select (${text}\n) as e from t`)
      const [item, ...more] = (statement.select_list ?? []) as Node[]
      const from = statement.from_table as Node | undefined
      const plain =
        from?.type === 'BASE_TABLE' &&
        from.table_name === 't' &&
        !statement.where_clause &&
        !statement.having &&
        (statement.group_expressions as unknown[]).length === 0 &&
        (statement.modifiers as unknown[]).length === 0
      if (!item || more.length > 0 || !plain) throw new ExpressionFault('only one expression may stand here')
      const columns = new Set<string>()
      const relations = new Set<string>()
      const checked = checkNode(item, rules, columns, relations)
      const tree = {
        error: false,
        statements: [{ node: { ...statement, select_list: [checked] }, named_param_map: [] }],
      }
      const written = await one(toSql, JSON.stringify(tree))
      const sql = /^SELECT (.*) AS e FROM t$/s.exec(written)?.[1]
      if (sql === undefined) throw new ExpressionFault('this expression cannot be written back')
      return { sql, columns: [...columns], relations: [...relations] }
    },
    async tablesOf(select) {
      const names = new Set<string>()
      collectTables(await parse(select), names, new Set())
      return [...names]
    },
    close() {
      for (const statement of [toTree, toSql]) statement.destroySync()
      connection.disconnectSync()
      instance.closeSync()
    },
  }
}

/** A copy of the node with columns qualified; throws at the first thing that has no place in an expression. */
function checkNode(node: Node, rules: ExpressionRules, columns: Set<string>, relations: Set<string>): Node {
  const kind = String(node.class)
  if (kind === 'COLUMN_REF') return checkColumn(node, rules, columns, relations)
  if (kind === 'FUNCTION') {
    const name = String(node.function_name).toLowerCase()
    if (name === 'period' && rules.periods) return checkPeriod(node, rules, columns, relations)
    const known = functions.has(name) || rules.functions?.includes(name)
    const builtIn = [undefined, '', 'main', 'pg_catalog'].includes(node.schema as string | undefined)
    if (!known || !builtIn) throw new ExpressionFault(`the function ${name} cannot be used here${hintFor(name)}`)
    if (node.distinct || node.filter) throw new ExpressionFault('aggregates belong into agg, not into an expression')
  } else if (
    kind === 'CONSTANT' &&
    Math.abs(Number((node.value as Node | undefined)?.value)) > Number.MAX_SAFE_INTEGER
  ) {
    throw new ExpressionFault('numbers beyond 2^53 cannot be used')
  } else if (!plainNodes.has(kind)) {
    throw new ExpressionFault(`${kind.toLowerCase().replaceAll('_', ' ')}s cannot be used in an expression`)
  }
  const copy: Node = {}
  for (const [key, value] of Object.entries(node)) copy[key] = checkValue(value, rules, columns, relations)
  // "Nowhere" is 2⁶⁴ − 1, which JavaScript cannot hold.
  return { ...copy, query_location: 0 }
}

/** Children may be nodes, lists of nodes, or objects that hold nodes (the branches of a CASE). */
function checkValue(value: unknown, rules: ExpressionRules, columns: Set<string>, relations: Set<string>): unknown {
  if (Array.isArray(value)) return value.map((item) => checkValue(item, rules, columns, relations))
  if (typeof value !== 'object' || value === null) return value
  const node = value as Node
  if ('class' in node) return checkNode(node, rules, columns, relations)
  return Object.fromEntries(
    Object.entries(node).map(([key, item]) => [key, checkValue(item, rules, columns, relations)]),
  )
}

function checkColumn(node: Node, rules: ExpressionRules, columns: Set<string>, relations: Set<string>): Node {
  const path = node.column_names as string[]
  const [first = '', second] = path
  if (path.length === 1 || (path.length === 2 && first === rules.facts)) {
    const column = second ?? first
    columns.add(column)
    return { ...node, column_names: ['f', column] }
  }
  if (path.length !== 2 || !rules.relations.includes(first)) {
    const known =
      rules.relations.length === 0
        ? 'this model has no relationships'
        : `relationships are ${rules.relations.join(', ')}`
    throw new ExpressionFault(`${path.join('.')} is not a column: write column, or relationship.column (${known})`)
  }
  relations.add(first)
  return node
}

function checkPeriod(node: Node, rules: ExpressionRules, columns: Set<string>, relations: Set<string>): Node {
  const [argument, ...more] = node.children as Node[]
  if (argument?.class !== 'COLUMN_REF' || more.length > 0)
    throw new ExpressionFault('period takes one column, which is a day')
  const column = (checkColumn(argument, rules, columns, relations).column_names as string[])[1] ?? ''
  if (relations.size > 0 || !/^\w+$/.test(column)) throw new ExpressionFault('period takes a column of the facts')
  return { ...argument, column_names: ['f', periodColumn(column)] }
}

const aggregateNames = new Set(['sum', 'count', 'count_star', 'avg', 'min', 'max', 'median', 'any_value', 'string_agg'])

const hintFor = (name: string): string => {
  if (aggregateNames.has(name)) return ': say which aggregate with agg'
  if (name === 'local_day') return ': compute the day in a table with sql'
  if (name === 'period') return ': it has a meaning in metrics only'
  return ''
}

const rowMakers = new Set(['unnest', 'range', 'generate_series'])

/** Names of tables in any clause, without those that the statement defines itself (WITH). */
function collectTables(value: unknown, names: Set<string>, own: ReadonlySet<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) collectTables(item, names, own)
    return
  }
  if (typeof value !== 'object' || value === null) return
  const node = value as Node
  const ctes = (node.cte_map as { map?: { key: string }[] } | undefined)?.map ?? []
  const known = ctes.length === 0 ? own : new Set([...own, ...ctes.map((cte) => cte.key)])
  if (node.type === 'BASE_TABLE') {
    const name = String(node.table_name)
    if (node.schema_name || node.catalog_name) throw new ExpressionFault('tables are named without a schema')
    if (!known.has(name)) names.add(name)
  } else if (node.type === 'TABLE_FUNCTION') {
    const name = String((node.function as Node | undefined)?.function_name)
    if (!rowMakers.has(name))
      throw new ExpressionFault(`the table function ${name} cannot be used; declare a table with files instead`)
  } else if (node.type === 'SHOW_REF') {
    throw new ExpressionFault('SHOW and DESCRIBE cannot be used')
  } else if (
    node.class === 'FUNCTION' &&
    /^(getenv|current_setting|query|query_table|read_\w+|glob)$/.test(String(node.function_name))
  ) {
    throw new ExpressionFault(`the function ${String(node.function_name)} cannot be used`)
  }
  for (const item of Object.values(node)) collectTables(item, names, known)
}
