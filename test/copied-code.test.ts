import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { parse } from 'csv-parse/sync'
import { type Copy, copyQuestion, copyRows } from '#portal/warehouse/copy-as.ts'
import { type Answer, askOf, type Model } from '#portal/warehouse/question.ts'
import { asAdmin } from './as-admin.ts'
import { fillPortal } from './browser/portal-data.ts'
import { copiedQuestions } from './copied-questions.ts'
import { type TestProduct, testProduct } from './product.ts'

const run = promisify(execFile)
let product: TestProduct
let directory: string
let model: Model
let token: string
let ask: Awaited<ReturnType<typeof asAdmin>>

before(async () => {
  product = await testProduct({ TESSERA_DATAWAREHOUSE__REST_RAW_ROW_LIMIT: '400' })
  await fillPortal(product, 'small')
  directory = await mkdtemp(path.join(tmpdir(), 'tessera-copied-'))
  ask = await asAdmin(product)
  model = (await (await ask('/v1/models/jobs')).json()) as Model
  const issued = await ask('/v1/tokens', { name: 'copied', permissions: ['warehouse:read', 'warehouse:raw'] })
  token = ((await issued.json()) as { secret: string }).secret
})
after(async () => {
  await product?.[Symbol.asyncDispose]()
  if (directory) await rm(directory, { recursive: true, force: true })
})

/** What a program prints that was copied and is run where the environment has a token. */
async function runs(copies: readonly Copy[], name: string, more = ''): Promise<string> {
  const copy = copies.find((one) => one.name === name)
  assert.ok(copy, name)
  assert.ok(!copy.code.includes(token))
  const file = path.join(directory, name === 'curl' ? 'copied.sh' : 'copied.ts')
  await writeFile(file, `${copy.code}\n${more}`)
  const env = { PATH: process.env.PATH, LANG: 'C.UTF-8', [copy.variable]: token }
  const program = name === 'curl' ? 'sh' : process.execPath
  return (await run(program, [file], { env, cwd: directory, maxBuffer: 1e8 })).stdout
}

const values = async (dimension: string): Promise<string[]> => {
  const reply = await ask(`/v1/models/jobs/dimensions/${dimension}/values`)
  return ((await reply.json()) as { values: { id: string }[] }).values.map(({ id }) => id)
}

/** Texts as CSV has them. */
const inText = (rows: Answer['rows']): string[][] =>
  rows.map((row) => row.map((cell) => (cell === null ? '' : String(cell))))
const asked = { site: '', days: null }

test('a copied question runs in a shell and in TypeScript, and answers what the page shows', async () => {
  const questions = copiedQuestions(model, await values(model.dimensions[0]!.name))
  for (const [form, question] of Object.entries(questions)) {
    const answer = (await (await ask('/v1/query', askOf('jobs', question))).json()) as Answer
    assert.ok(answer.rows.length > 0, form)
    const copies = copyQuestion({ ...asked, site: product.url, model }, question)
    const csv = parse(await runs(copies, 'curl')) as string[][]
    assert.deepEqual(csv, [answer.columns.map(({ name }) => name), ...inText(answer.rows)], form)
    const told = await runs(copies, 'TypeScript', `console.log('ROWS' + JSON.stringify(rows))`)
    const expected = answer.rows.map((row) => Object.fromEntries(answer.columns.map(({ name }, i) => [name, row[i]])))
    assert.deepEqual(JSON.parse(told.split('ROWS')[1] ?? ''), expected, form)
  }
})

test('copied raw rows run too, and follow the pages to the last', async () => {
  const fields = model.raw_fields.slice(0, 3).map(({ name }) => name)
  const scope = { filters: [], period: null, fields }
  const copies = copyRows({ ...asked, site: product.url, model }, scope)
  const page = parse(await runs(copies, 'curl')) as string[][]
  assert.deepEqual([page[0], page.length], [fields, 401])
  const told = await runs(copies, 'TypeScript', `console.log('ROWS' + JSON.stringify(rows))`)
  const rows = JSON.parse(told.split('ROWS')[1] ?? '') as Record<string, unknown>[]
  assert.ok(rows.length > 800, `${rows.length} rows`)
  assert.match(told, new RegExp(`^${rows.length} rows`))
  assert.deepEqual(Object.keys(rows[0] ?? {}), fields)
})
