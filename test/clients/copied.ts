import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { TestContext } from 'node:test'
import { promisify } from 'node:util'
import { type Copy, copyQuestion, copyRows } from '#portal/warehouse/copy-as.ts'
import { type Answer, askOf, type Cell, type Model, type Question } from '#portal/warehouse/question.ts'
import { copiedQuestions } from '#test/copied-questions.ts'
import type { Portal } from './portal.ts'

const run = promisify(execFile)

/** Runs what the portal copies as Python, unmodified, and compares its numbers with the API's own. */
export async function checkCopied(t: TestContext, python: string, portal: Portal): Promise<void> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'tessera-copied-'))
  t.after(() => rm(directory, { recursive: true, force: true }))
  const ask = async <T>(at: string, body?: object): Promise<T> => {
    const headers = { authorization: `Bearer ${portal.token}`, 'content-type': 'application/json' }
    const how = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers }
    const reply = await fetch(portal.address + at, how)
    assert.ok(reply.ok, `${at}: ${reply.status}`)
    return (await reply.json()) as T
  }
  const told = async (copies: readonly Copy[], name: string, more: string): Promise<unknown> => {
    const copy = copies.find((one) => one.name === name)
    assert.ok(copy, name)
    const file = path.join(directory, 'copied.py')
    await writeFile(file, `${copy.code}\n${more}`)
    const env = { PATH: process.env.PATH, LANG: 'C.UTF-8', [copy.variable]: portal.token }
    const { stdout } = await run(python, ['-B', '-W', 'ignore', file], { env, maxBuffer: 1e8 })
    return JSON.parse(stdout.split('TOLD')[1] ?? '')
  }
  for (const name of ['jobs', 'flights']) {
    const model = await ask<Model>(`/v1/models/${name}`)
    const { values } = await ask<{ values: { id: string }[] }>(
      `/v1/models/${name}/dimensions/${model.dimensions[0]?.name}/values?limit=5`,
    )
    const questions = copiedQuestions(
      model,
      values.map(({ id }) => id),
    )
    for (const [form, question] of Object.entries(questions))
      await t.test(`${name}: ${form}`, async () => {
        const answer = await ask<Answer>('/v1/query', askOf(name, question))
        const copies = copyQuestion({ site: portal.address, model, days: answer.period }, question)
        const frame = (await told(copies, 'Python (pandas)', tellFrame)) as { columns: string[]; rows: Cell[][] }
        assert.deepEqual(
          frame.columns,
          answer.columns.map((column) => column.name),
        )
        assert.deepEqual(frame.rows.map(written), answer.rows.map(written))
        if (question.dimensions.length > 1 || question.filters.some(({ exclude }) => exclude))
          return assert.ok(!copies.some((copy) => copy.name.includes('xdmod')), 'its package can’t ask that')
        // An id that isn't there is refused by the package itself.
        if (question.filters.some((filter) => filter.values.some((id) => id.includes('$')))) return
        const frames = (await told(copies, 'Python (xdmod-data)', tellFrames)) as Frames
        compare(frames, answer, question, model)
      })
  }
  await t.test('jobs: raw rows', async () => {
    const model = await ask<Model>('/v1/models/jobs')
    const fields = model.raw_fields.slice(0, 4).map((field) => field.name)
    const period = { start: '2025-09-01', end: '2025-12-31' }
    const copies = copyRows({ site: portal.address, model, days: null }, { fields, period, filters: [] })
    const rows = (await told(copies, 'Python (requests)', 'print("TOLD" + json.dumps(rows))')) as object[]
    assert.ok(rows.length > 100, `${rows.length} rows`)
    assert.deepEqual(Object.keys(rows[0] ?? {}), fields)
    const more = 'import json\nprint("TOLD" + json.dumps(list(data.shape)))'
    assert.deepEqual(await told(copies, 'Python (xdmod-data)', more), [rows.length, fields.length])
  })
}

const tellFrame = `
import json
print("TOLD" + data.to_json(orient="split", double_precision=15).replace('"data":', '"rows":'))`

/** By metric, by column, by index. */
type Frames = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, number | null>>>>>>
const tellFrames = `
import json
def table(frame):
    frame = frame if hasattr(frame, "columns") else frame.to_frame("value")
    return {str(c): {str(i)[:10] if hasattr(i, "year") else str(i): None if v != v else v for i, v in frame[c].items()} for c in frame.columns}
print("TOLD" + json.dumps({m: table(f) for m, f in (data.items() if isinstance(data, dict) else [("", data)])}))`

/** Numbers to nine digits, as CSV and JSON may differ in the last ones; texts as they are. */
const written = (row: readonly Cell[]): string[] =>
  row.map((cell) => (cell === null ? '' : Number.isNaN(Number(cell)) ? String(cell) : Number(cell).toPrecision(9)))

function compare(frames: Frames, answer: Answer, question: Question, model: Model): void {
  let compared = 0
  const at = (name: string): number => answer.columns.findIndex((column) => column.name === name)
  for (const name of question.metrics) {
    const { label, decimals } = model.metrics.find((metric) => metric.name === name)!
    const frame = frames[question.metrics.length === 1 ? '' : label] ?? {}
    for (const row of answer.rows) {
      const group = question.dimensions.length === 0 ? label : String(row[at(question.dimensions[0]!)])
      const told = question.series ? frame[group]?.[String(row[at('period')])] : frame.value?.[group]
      const value = Number(row[at(name)])
      // XDMoD's files have the metric's digits behind the point.
      const isNear = typeof told === 'number' && Math.abs(told - value) <= 0.51 * 10 ** -(decimals ?? 4)
      assert.ok(isNear, `${label}, ${row.join(' ')}: ${told}`)
      compared++
    }
  }
  assert.ok(compared > 0)
}
