import assert from 'node:assert/strict'
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { productDirectory } from '#src/base.ts'
import { asAdmin } from '#test/as-admin.ts'
import { noBrowser, type TestPortal, testPortal } from './browser.ts'
import { eventually, settled } from './watch-page.ts'

const typed = (values: readonly string[]) => ({
  values: values.map((label) => ({ id: label.toLowerCase().replaceAll(' ', '_'), label })),
})
const centers = { model: 'cost_centers', option_set: 'cost_centers' }

/** A table by queue with a column of every type to be filled in. */
const definition = (prefix: string) => ({
  parameters: [{ name: 'queue', label: 'Queue', type: 'choice', model: 'jobs', dimension: 'queue', multiple: true }],
  blocks: [
    { type: 'text', id: 'intro', markdown: 'About **{{queue}}**. <img src=/nothing onerror="window.ran=1">' },
    { type: 'number', id: 'jobs', title: 'All jobs', query: { model: 'jobs', metrics: ['job_count'] } },
    {
      type: 'table',
      id: 'usage',
      title: 'Usage by queue',
      query: {
        model: 'jobs',
        metrics: ['job_count'],
        dimensions: ['queue'],
        filters: [{ dimension: 'queue', values: { parameter: 'queue' } }],
        order: [{ by: 'queue' }],
        totals: true,
      },
      inputs: [
        { type: 'text', id: `${prefix}_comment`, label: 'Comment' },
        { type: 'number', id: `${prefix}_budget`, label: 'Budget', required: true, min: 0 },
        { type: 'checkbox', id: `${prefix}_checked`, label: 'Checked' },
        { type: 'date', id: `${prefix}_due`, label: 'Due' },
        { type: 'person', id: `${prefix}_who`, label: 'Responsible' },
        { type: 'single_select', id: `${prefix}_center`, label: 'Cost center', options: centers },
        { type: 'multi_select', id: `${prefix}_topics`, label: 'Topics', options: typed(['Physics', 'Life science']) },
        { type: 'text', id: `${prefix}_closed`, label: 'Closed', locked_after: '2026-01-01' },
        { type: 'text', id: `${prefix}_own`, label: 'For the owner', entry: 'owner' },
      ],
    },
  ],
})

describe('reports', { skip: noBrowser }, () => {
  let portal: TestPortal
  let directory: string
  let ask: Awaited<ReturnType<typeof asAdmin>>
  const asked = async (at: string, body?: object) => {
    const reply = await ask(at, body)
    assert.ok(reply.ok, `${at}: ${await reply.clone().text()}`)
    return await reply.json()
  }
  before(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'tessera-reports-'))
    await mkdir(path.join(directory, 'data'))
    for (const file of ['jobs.yml', 'cost-centers.yml', 'data/cost-centers.csv'])
      await cp(path.join(productDirectory, 'models', file), path.join(directory, file))
    portal = await testPortal({ settings: { TESSERA_MODELS__DIRECTORY: directory } })
    ask = await asAdmin(portal)
    await refreshed('cost_centers')
  })
  after(async () => {
    await portal[Symbol.asyncDispose]()
    await rm(directory, { recursive: true, force: true })
  })

  const refreshed = async (model: string): Promise<void> => {
    const { id } = await asked(`/v1/models/${model}/refreshes`, {})
    await eventually(async () => (await asked(`/v1/runs/${id}`)).state, 'succeeded', model, 30_000)
  }
  const madeReport = async (title: string, more: object = {}): Promise<string> => {
    const prefix = title.toLowerCase().replaceAll(/[^a-z]+/g, '_')
    const report = { title, shared_with: 'viewer', definition: definition(prefix), ...more }
    return (await asked('/v1/reports', report)).id
  }
  const cell = (page: Page, row: string, column: string) =>
    page.getByRole('row', { name: new RegExp(`^${row}\\b`) }).locator(`[data-cell$=" ${columns.indexOf(column)}"]`)
  const columns = ['Queue', 'Jobs', 'Comment', 'Budget', 'Checked', 'Due', 'Responsible', 'Cost center', 'Topics']
  const allSaved = (page: Page) => page.getByText('All saved').waitFor()
  const kept = async (report: string): Promise<Record<string, unknown>> => {
    const { columns: heads, rows } = await asked(`/v1/reports/${report}/inputs`)
    return Object.fromEntries(
      rows.flatMap(({ key, cells }: { key: { queue: string }; cells: { value: unknown; version: number }[] }) =>
        cells.flatMap(({ value, version }, at) =>
          version === 0 ? [] : [[`${key.queue} ${heads[at].label}`, value] as const],
        ),
      ),
    )
  }

  test('cells of every type are filled in in place, saved as one leaves them, and tell who wrote what', async (t) => {
    const report = await madeReport('Every type')
    const member = await portal.person('member', 'ada')
    const page = await portal.page(t, { as: member, width: 1700 })
    await page.goto(`/reports/${report}`)
    await settled(page)
    assert.equal(await page.evaluate(() => 'ran' in window), false)
    await page.getByText('<img src=/nothing').waitFor()

    await cell(page, 'debug', 'Comment').click()
    await page.keyboard.type('=1+1, as it is')
    await page.keyboard.press('Enter')
    await cell(page, 'debug', 'Budget').click()
    await page.keyboard.type('1,234.5')
    await page.keyboard.press('Tab')
    // Tab has led on to the box to tick.
    await page.keyboard.press('Space')
    await page.keyboard.press('Tab')
    await page.keyboard.type('29.11.2026')
    await page.keyboard.press('Tab')
    await page.keyboard.type('ada')
    await page.getByRole('option', { name: /ada/ }).waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.type('teach')
    await page.getByRole('option', { name: 'Teaching' }).waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.type('life')
    await page.getByRole('option', { name: 'Life science' }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('option', { name: 'Physics' }).click()
    await page.keyboard.press('Tab')
    await allSaved(page)
    assert.deepEqual(await kept(report), {
      'debug Comment': '=1+1, as it is',
      'debug Budget': 1234.5,
      'debug Checked': true,
      'debug Due': '2026-11-29',
      'debug Responsible': 'ada',
      'debug Cost center': '1100',
      'debug Topics': ['life_science', 'physics'],
    })
    await page.reload()
    await settled(page)
    const row = await page.getByRole('row', { name: /^debug\b/ }).innerText()
    for (const text of ['=1+1, as it is', '1,234.5', '2026-11-29', 'ada', 'Teaching', 'Life science', 'Physics'])
      assert.ok(row.includes(text), `${text} in ${row}`)

    await cell(page, 'debug', 'Cost center').focus()
    const bar = page.getByRole('group', { name: 'The cell' })
    await bar.getByText(/Filled in by ada, just now/).waitFor()
    await bar.getByRole('button', { name: 'History' }).click()
    const history = page.getByRole('dialog', { name: /^History: Cost center · debug$/ })
    await history.getByText('Teaching').waitFor()
    await history.getByText('1 change').waitFor()
  })
})
