import { writeSearch } from '#portal/kit/search.ts'
import { type RowsQuestion, writeQuestion, writeRowsQuestion } from './explore-search.ts'
import { type DayRange, type Model, periodLabels, type Question, type Scope, unitLabels } from './question.ts'

/** A question in a language, to be pasted where the environment has a token. */
export interface Copy {
  readonly name: string
  /** The environment variable that has the token. */
  readonly variable: 'TESSERA_TOKEN' | 'XDMOD_API_TOKEN'
  readonly code: string
}

interface CopyAsk {
  /** `https://data.example.org` */
  readonly site: string
  readonly model: Pick<Model, 'name' | 'realm' | 'metrics' | 'dimensions' | 'raw_fields'>
  /** The days that there are, where the question names none. */
  readonly days: DayRange | null
}

type Words = readonly (readonly [string, string])[]

/** A question about metrics, in every language. */
export function copyQuestion(ask: CopyAsk, question: Question): Copy[] {
  const { view: _, log: __, compare: ___, limit, others, ...words } = writeQuestion(question)
  const groups = question.dimensions.length === 0 ? {} : { ...(limit && { limit }), ...(others && { others }) }
  const at = `${ask.site}/v1/query`
  const all = wordsOf({ model: ask.model.name, ...words, ...groups })
  const xdmod = xdmodQuestion(ask, question)
  return [
    { name: 'curl', variable: 'TESSERA_TOKEN', code: curl(at, [...all, ['format', 'csv']]) },
    ...(xdmod === null ? [] : [{ name: 'Python (xdmod-data)', variable: 'XDMOD_API_TOKEN' as const, code: xdmod }]),
    { name: 'Python (pandas)', variable: 'TESSERA_TOKEN', code: pandas(addressOf(at, [...all, ['format', 'csv']])) },
    { name: 'R', variable: 'TESSERA_TOKEN', code: r(addressOf(at, [...all, ['format', 'csv']])) },
    { name: 'TypeScript', variable: 'TESSERA_TOKEN', code: typescript(addressOf(at, all)) },
  ]
}

/** A question for raw rows, in every language; those that can count follow the pages to the last. */
export function copyRows(ask: CopyAsk, question: RowsQuestion): Copy[] {
  const at = `${ask.site}/v1/models/${encodeURIComponent(ask.model.name)}/raw`
  const all = wordsOf(writeRowsQuestion(question))
  const xdmod = xdmodRows(ask, question)
  return [
    { name: 'curl', variable: 'TESSERA_TOKEN', code: curl(at, [...all, ['format', 'csv']]) },
    ...(xdmod === null ? [] : [{ name: 'Python (xdmod-data)', variable: 'XDMOD_API_TOKEN' as const, code: xdmod }]),
    {
      name: 'Python (requests)',
      variable: 'TESSERA_TOKEN',
      code: requests(addressOf(at, [...all, ['format', 'ndjson']])),
    },
    { name: 'R', variable: 'TESSERA_TOKEN', code: r(addressOf(at, [...all, ['format', 'csv']])) },
    {
      name: 'TypeScript',
      variable: 'TESSERA_TOKEN',
      code: typescriptRows(addressOf(at, [...all, ['format', 'ndjson']])),
    },
  ]
}

const wordsOf = (search: Record<string, string | string[]>): Words =>
  Object.entries(search).flatMap(([key, value]) => [value].flat().map((one) => [key, one] as const))

/** Percent-encoded throughout, so that it can stand between quotes in any language. */
const addressOf = (at: string, words: Words): string => {
  const search: Record<string, string[]> = {}
  for (const [key, value] of words) search[key] = [...(search[key] ?? []), value]
  return `${at}${writeSearch(search).replaceAll("'", '%27')}`
}

/**
 * For the body of a `curl -G`. Signs that do something to a terminal when they are pasted, whatever quotes stand around,
 * are written out: a value may come from somebody else's link.
 */
const inBody = (key: string, value: string): string =>
  /\p{Cc}/u.test(value)
    ? `--data ${inShell(`${key}=${encodeURIComponent(value)}`)}`
    : `--data-urlencode ${inShell(`${key}=${value}`)}`

const inShell = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

const curl = (at: string, words: Words): string =>
  [
    `curl -sS --fail-with-body -G ${inShell(at)}`,
    '  -H "Authorization: Bearer $TESSERA_TOKEN"',
    ...words.map(([key, value]) => `  ${inBody(key, value)}`),
  ].join(' \\\n')

const pandas = (address: string): string => `import os
import pandas

data = pandas.read_csv(
    ${inPython(address)},
    storage_options={"Authorization": f"Bearer {os.environ['TESSERA_TOKEN']}"},
    keep_default_na=False,
    na_values=[""],
)
print(data)`

const requests = (address: string): string => `import json
import os
from urllib.parse import urljoin

import requests

rows = []
address = ${inPython(address)}
with requests.Session() as session:
    session.headers["Authorization"] = f"Bearer {os.environ['TESSERA_TOKEN']}"
    while address:  # page by page; break off where it is enough
        page = session.get(address)
        page.raise_for_status()
        rows += [json.loads(line) for line in page.iter_lines()]
        following = page.links.get("next", {}).get("url")
        address = following and urljoin(page.url, following)
print(len(rows), "rows")`

const r = (address: string): string => `token <- Sys.getenv("TESSERA_TOKEN")
reply <- url(
  ${JSON.stringify(address)},
  headers = c(Authorization = paste("Bearer", token))
)
data <- read.csv(reply, na.strings = "", encoding = "UTF-8", check.names = FALSE)
print(data)`

const typescript = (address: string): string => `const reply = await fetch(
  ${JSON.stringify(address)},
  { headers: { authorization: \`Bearer \${process.env.TESSERA_TOKEN}\` } },
)
if (!reply.ok) throw new Error(await reply.text())
type Cell = string | number | boolean | null
const answer = (await reply.json()) as { columns: { name: string }[]; rows: Cell[][] }
const rows = answer.rows.map((row) =>
  Object.fromEntries(answer.columns.map(({ name }, i) => [name, row[i] ?? null])),
)
console.table(rows)`

const typescriptRows = (address: string): string => `type Row = Record<string, string | number | boolean | null>
const rows: Row[] = []
const headers = { authorization: \`Bearer \${process.env.TESSERA_TOKEN}\` }
let address: string | undefined = ${JSON.stringify(address)}
while (address) {
  // Page by page; break off where it is enough.
  const page: Response = await fetch(address, { headers })
  if (!page.ok) throw new Error(await page.text())
  for (const line of (await page.text()).split('\\n')) if (line !== '') rows.push(JSON.parse(line))
  const following: string | undefined = /<([^>]+)>;\\s*rel="next"/.exec(page.headers.get('link') ?? '')?.[1]
  address = following && new URL(following, page.url).href
}
console.log(rows.length, 'rows')`

/** JSON's strings are Python's as well; signs for the terminal that JSON leaves as they are, are written out. */
const inPython = (value: string | readonly string[]): string =>
  typeof value === 'string'
    ? JSON.stringify(value).replace(/\p{Cc}/gu, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`)
    : `(${value.map((one) => `${inPython(one)},`).join(' ')})`

/** As XDMoD's users know it; null where its package can't ask such a thing: several dimensions, or values left out. */
function xdmodQuestion({ site, model, days }: CopyAsk, question: Question): string | null {
  const scope = xdmodScope(model, question, days)
  if (model.realm === null || scope === null || question.dimensions.length > 1) return null
  const labelOf = (fields: readonly { name: string; label: string }[], name: string | undefined) =>
    fields.find((field) => field.name === name)?.label ?? null
  const dimension = labelOf(model.dimensions, question.dimensions[0]) ?? 'None'
  const metrics = question.metrics.flatMap((name) => labelOf(model.metrics, name) ?? [])
  const [only, another] = metrics
  const call = (metric: string, indent: string): string =>
    [
      'dw.get_data(',
      `    duration=${scope.duration},`,
      `    realm=${inPython(model.realm as string)},`,
      `    metric=${metric},`,
      `    dimension=${inPython(dimension)},`,
      ...(scope.filters === null ? [] : [`    filters=${scope.filters},`]),
      `    dataset_type="${question.series ? 'timeseries' : 'aggregate'}",`,
      `    aggregation_unit="${unitLabels[question.unit]}",`,
      ')',
    ].join(`\n${indent}`)
  const asked =
    another === undefined
      ? `    data = ${call(inPython(only ?? ''), '    ')}`
      : `    data = {\n        metric: ${call('metric', '        ')}\n        for metric in ${inPython(metrics)}\n    }`
  return `# pip install xdmod-data; the token is read from XDMOD_API_TOKEN
from xdmod_data.warehouse import DataWarehouse

with DataWarehouse(${inPython(site)}) as dw:
${asked}${question.limit === null || question.dimensions.length === 0 ? '' : '  # all groups'}
print(data)`
}

function xdmodRows({ site, model, days }: CopyAsk, question: RowsQuestion): string | null {
  const scope = xdmodScope(model, question, days)
  // The package knows raw fields by their labels only.
  const fields = question.fields?.map((name) => model.raw_fields.find((field) => field.name === name)?.label ?? name)
  if (model.realm === null || scope === null) return null
  return `# pip install xdmod-data; the token is read from XDMOD_API_TOKEN
from xdmod_data.warehouse import DataWarehouse

with DataWarehouse(${inPython(site)}) as dw:
    data = dw.get_raw_data(
        duration=${scope.duration},
        realm=${inPython(model.realm)},${fields === undefined ? '' : `\n        fields=${inPython(fields)},`}${scope.filters === null ? '' : `\n        filters=${scope.filters},`}
    )
print(data)`
}

/** Duration and filters in the package's form. */
function xdmodScope({ dimensions }: CopyAsk['model'], { filters, period }: Scope, days: DayRange | null) {
  const range = period ?? days
  const named = filters.map(({ dimension }) => dimension)
  if (range === null || filters.some(({ exclude }) => exclude) || new Set(named).size < named.length) return null
  const label = (name: string): string => dimensions.find((dimension) => dimension.name === name)?.label ?? name
  return {
    duration:
      typeof range === 'string' ? inPython(periodLabels[range]) : `(${inPython(range.start)}, ${inPython(range.end)})`,
    filters:
      filters.length === 0
        ? null
        : `{${filters.map(({ dimension, values }) => `${inPython(label(dimension))}: ${inPython(values)}`).join(', ')}}`,
  }
}
