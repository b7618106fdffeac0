import assert from 'node:assert/strict'
import { appendFile, cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { productDirectory } from '#src/base.ts'
import { asAdmin } from '#test/as-admin.ts'
import { noBrowser, type TestPortal, testPortal } from './browser.ts'
import { allow, eventually, settled } from './watch-page.ts'

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

  test('of two who write into one cell nobody loses: the second sees both values and decides', async (t) => {
    const report = await madeReport('Conflict')
    const [one, other] = [
      await portal.page(t, { as: await portal.person('member', 'ada') }),
      await portal.page(t, { as: await portal.person('member', 'grace') }),
    ]
    for (const page of [one, other]) {
      allow(page, /^409 PATCH /)
      await page.goto(`/reports/${report}`)
      await settled(page)
      await cell(page, 'debug', 'Comment').click()
    }
    // Both have begun to write before either has saved.
    await one.keyboard.type('from Ada')
    await other.keyboard.type('from Grace')
    await one.keyboard.press('Enter')
    await allSaved(one)
    await other.keyboard.press('Enter')
    await other.getByText('1 cell waits for you').waitFor()
    await other.getByRole('button', { name: 'Go there' }).click()
    const bar = other.getByRole('group', { name: 'The cell' })
    await bar.getByText('ada wrote “from Ada”').waitFor()
    await bar.getByText('you wrote “from Grace”').waitFor()
    assert.equal((await kept(report))['debug Comment'], 'from Ada')
    await bar.getByRole('button', { name: 'Keep mine' }).click()
    await allSaved(other)
    assert.equal((await kept(report))['debug Comment'], 'from Grace')
    // The first one's page shows it by itself.
    await cell(one, 'debug', 'Comment').getByText('from Grace').waitFor()
    assert.deepEqual(
      (await asked(`/v1/reports/${report}/inputs/history`)).items.map(({ value }: { value: string }) => value),
      ['from Grace', 'from Ada'],
    )
  })

  test('a new option can be chosen in the open report after a refresh by token, without reloading', async (t) => {
    const report = await madeReport('Options')
    const page = await portal.page(t, { as: 'admin' })
    await page.goto(`/reports/${report}`)
    await settled(page)
    await page.evaluate(() => Object.assign(window, { neverReloaded: true }))
    await cell(page, 'debug', 'Cost center').click()
    await page.keyboard.type('Observatory')
    await page.getByText('No option matches').waitFor()

    await appendFile(path.join(directory, 'data/cost-centers.csv'), '9900,Observatory,\n')
    const { secret } = await asked('/v1/tokens', { name: 'other application', permissions: ['models:refresh'] })
    const link = `${portal.url}/v1/reports/${report}/columns/options_center/options?semantic-refresh=true`
    const reply = await fetch(link, { method: 'POST', headers: { authorization: `Bearer ${secret}` } })
    assert.equal(reply.status, 202)
    await page.getByRole('option', { name: 'Observatory' }).click()
    await allSaved(page)
    await cell(page, 'debug', 'Cost center').getByText('Observatory').waitFor()
    assert.ok(await page.evaluate(() => 'neverReloaded' in window))
    assert.equal((await kept(report))['debug Cost center'], '9900')

    await page.getByRole('button', { name: 'About Cost center' }).click()
    const about = page.getByRole('dialog', { name: 'Cost center' })
    await about.getByText(/Last refreshed/).waitFor()
    await about.getByText(link, { exact: true }).waitFor()
    await about
      .getByRole('row', { name: /Succeeded/ })
      .first()
      .waitFor()
    await about.getByRole('button', { name: 'Refresh now' }).click()
    await about.getByText('The new data are there').waitFor({ timeout: 60_000 })
  })

  test('all of it can be done with the keyboard alone, and whole blocks are pasted from a spreadsheet', async (t) => {
    const report = await madeReport('Keyboard')
    const page = await portal.page(t, { as: await portal.person('member', 'ada'), width: 1700 })
    allow(page, /^422 PATCH /)
    await page.goto(`/reports/${report}`)
    await settled(page)
    await page.getByRole('button', { name: 'About For the owner' }).focus()
    await page.keyboard.press('Tab')
    const at = () => page.evaluate(() => document.activeElement?.getAttribute('data-cell'))
    assert.equal(await at(), '0 0', 'one Tab leads into the table')
    for (const key of ['ArrowDown', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key)
    await eventually(at, '1 2')
    await page.keyboard.type('first')
    await page.keyboard.press('Escape')
    await eventually(at, '1 2', 'Escape takes back')
    await page.keyboard.type('second')
    await page.keyboard.press('Enter')
    await eventually(at, '2 2')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('F2')
    await page.keyboard.type(' thought')
    await page.keyboard.press('Tab')
    await allSaved(page)
    assert.deepEqual(await kept(report), { 'gpu Comment': 'second thought' })

    // Two rows and seven columns, as a spreadsheet has them on the clipboard; the last is not theirs to fill in.
    const block = [
      ['"two\nlines"', '10', 'TRUE', '2026-12-01', 'ada', 'Teaching', 'Physics, Life science', 'closed'].join('\t'),
      ['plain', 'much', 'FALSE', '1 Dec 2026', 'nobody', '1000', '', 'closed'].join('\t'),
    ].join('\r\n')
    await page.evaluate((text) => navigator.clipboard.writeText(text), block)
    await page.keyboard.press('Escape')
    await page
      .getByRole('row', { name: /^debug\b/ })
      .locator('[data-cell$=" 2"]')
      .focus()
    await page.keyboard.press('Control+V')
    await page.getByText(/^Pasted into 14 cells; 2 could not be understood .*, 2 fell on cells/).waitFor()
    await page.getByText('2 cells wait for you').waitFor()
    // The page says what it could not take before the server has kept the rest.
    await eventually(async () => (await kept(report))['debug Comment'], 'two\nlines')
    const now = await kept(report)
    assert.equal(now['debug Budget'], 10)
    assert.equal(now['debug Checked'], true)
    assert.equal(now['debug Due'], '2026-12-01')
    assert.equal(now['debug Cost center'], '1100')
    assert.deepEqual(now['debug Topics'], ['physics', 'life_science'])
    const second = Object.keys(now)
      .find((key) => key.endsWith(' Comment') && now[key] === 'plain')
      ?.replace(' Comment', '')
    assert.equal(now[`${second} Due`], '2026-12-01')
    assert.equal(now[`${second} Cost center`], '1000')
    // What made no sense is kept as it was, and mended in place.
    await page.getByRole('button', { name: 'Go there' }).click()
    await page.getByRole('group', { name: 'The cell' }).getByText('“much” is no number').waitFor()
    await page.keyboard.type('20')
    await page.keyboard.press('Enter')
    await page.getByText('1 cell waits for you').waitFor()
    await page.getByRole('button', { name: 'Go there' }).click()
    await page.getByRole('button', { name: 'Let go of it' }).click()
    await allSaved(page)
    assert.equal((await kept(report))[`${second} Budget`], 20)
    // A required value can't be emptied, and says why.
    await page
      .getByRole('row', { name: /^debug\b/ })
      .locator('[data-cell$=" 3"]')
      .focus()
    await page.keyboard.press('Delete')
    await page.getByRole('group', { name: 'The cell' }).getByText('Not saved.').waitFor()
    await page.getByRole('button', { name: 'Let go of it' }).click()
    assert.equal((await kept(report))['debug Budget'], 10)
  })

  test('nothing written is lost when the server is away or the session has ended', async (t) => {
    const report = await madeReport('Outage')
    const person = await portal.person('member', 'ada')
    const page = await portal.page(t, { as: person })
    allow(page, /^401 /, /^failed: (PATCH|POST) .*ERR_FAILED/)
    await page.goto(`/reports/${report}`)
    await settled(page)
    await page.route('**/v1/reports/*/inputs', (route) => route.abort('failed'))
    await cell(page, 'debug', 'Comment').click()
    await page.keyboard.type('while the server was away')
    await page.keyboard.press('Enter')
    await page.getByText(/1 cell not saved yet/).waitFor()
    // Who would leave now is asked first.
    await page.getByRole('link', { name: 'Models' }).first().click()
    const guard = page.getByRole('dialog', { name: 'Leave what isn’t saved?' })
    await guard.getByRole('button', { name: 'Cancel' }).click()
    await page.unroute('**/v1/reports/*/inputs')
    await page.getByRole('button', { name: 'Try now' }).click()
    await allSaved(page)
    assert.equal((await kept(report))['debug Comment'], 'while the server was away')

    const other = await portal.page(t, { as: person })
    assert.equal((await other.request.delete('/v1/sessions', { headers: { origin: portal.url } })).status(), 200)
    await cell(page, 'debug', 'Comment').click()
    await page.keyboard.type(', and then')
    await page.keyboard.press('Enter')
    const again = page.getByRole('dialog', { name: 'Your session has ended' })
    await again.getByRole('textbox', { name: 'Password' }).fill(person.password)
    await again.getByRole('button', { name: 'Sign In' }).click()
    await eventually(async () => (await kept(report))['debug Comment'], 'while the server was away, and then')
  })

  test('who may not fill something in is told why; a viewer reads, and finds what it was asked for in the address', async (t) => {
    const report = await madeReport('Locked')
    const member = await portal.page(t, { as: await portal.person('member', 'ada'), width: 1900 })
    await member.goto(`/reports/${report}`)
    await settled(member)
    const own = (page: Page, place: number) =>
      page.getByRole('row', { name: /^debug\b/ }).locator(`[data-cell$=" ${place}"]`)
    await own(member, 9).click()
    await member.getByText('Locked: 2026-01-01 was the last day to fill this in.').first().waitFor()
    await own(member, 10).click()
    await member.getByText('Only the owner of the report may fill this in.').first().waitFor()
    const viewer = await portal.page(t, { as: 'viewer' })
    await viewer.goto(`/reports/${report}?parameter=queue:debug`)
    await settled(viewer)
    await viewer.getByText('About debug.').waitFor()
    await eventually(() => viewer.locator('tbody tr').count(), 1)
    assert.equal(await viewer.getByRole('link', { name: 'Edit' }).count(), 0)
    assert.equal(await viewer.getByRole('link', { name: 'Subscribe' }).count(), 0)
    await cell(viewer, 'debug', 'Comment').click()
    await viewer
      .getByText(/You may read this report, not fill it in/)
      .first()
      .waitFor()
    await viewer.getByRole('button', { name: 'As usual' }).click()
    await viewer.waitForURL((url) => url.search === '')
    await eventually(async () => (await viewer.locator('tbody tr').count()) > 1, true)
    await viewer.goto(`/reports/${report}?parameter=colour:red`)
    await viewer.getByText('Part of the address was left out').waitFor()
  })

  test('a report is built from nothing with its preview beside, and what is wrong stands at the block it is about', async (t) => {
    const page = await portal.page(t, { as: 'manager', width: 1440 })
    allow(page, /^(400|422) POST \/v1\/report/)
    await page.goto('/reports')
    await page.getByRole('link', { name: 'New report' }).click()
    await page.getByRole('heading', { level: 1, name: 'New report' }).waitFor()
    const preview = page.getByRole('region', { name: 'Preview' })
    await preview.getByRole('table').waitFor()
    await page.getByLabel('Title').first().fill('Built by hand')
    await page.getByLabel('Who sees it').selectOption('viewer')
    const add = async (type: string) => {
      await page.getByRole('button', { name: 'Add a block' }).click()
      await page.getByRole('menuitem', { name: type, exact: true }).click()
    }
    await add('Text')
    await page.getByLabel('Text', { exact: true }).fill('## Hello **there**')
    await preview.getByRole('heading', { name: 'Hello there' }).waitFor()
    const text = page.getByRole('button', { name: /^Hello there/ })
    await text.focus()
    await page.keyboard.press('Alt+ArrowUp')
    await eventually(() => preview.locator('h2, h3').nth(1).textContent(), 'Hello there')
    await add('Chart')
    await preview.getByRole('img', { name: /Show as table has the numbers/ }).waitFor()
    await add('Number')
    await page.getByRole('button', { name: 'Duplicate Number of Jobs Ended', exact: true }).last().click()
    await page.getByRole('button', { name: 'Remove Number of Jobs Ended', exact: true }).last().click()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('button', { name: 'Undo' }).click()

    // A column to fill in, from the option set of a model.
    await page
      .getByRole('button', { name: /^Number of Jobs Ended by/ })
      .first()
      .click()
    await page.getByRole('button', { name: 'Add a column to fill in' }).click()
    await page.getByRole('menuitem', { name: 'One of several options' }).click()
    await page.getByRole('radio', { name: 'From a model' }).check()
    await page.getByRole('button', { name: 'Add a rule to Number of Jobs Ended' }).waitFor({ state: 'detached' })
    await preview.getByRole('columnheader', { name: /Status/ }).waitFor()

    // A parameter that a filter needs, taken away: the block says so.
    await page.getByRole('button', { name: 'Let readers choose' }).click()
    await page.getByRole('menuitem', { name: 'Values of a dimension' }).click()
    await page.getByRole('button', { name: 'Filter by what readers choose' }).first().click()
    await preview.getByRole('region', { name: 'What the report is about' }).waitFor()
    await page.getByRole('button', { name: /^Remove parameter/ }).click()
    await page.getByText('something is wrong here').first().waitFor()
    await page
      .getByRole('alert')
      .getByText(/filters 1 values/)
      .first()
      .waitFor()
    await page.getByRole('button', { name: 'Make the report' }).click()
    await page
      .getByRole('alert')
      .getByText(/filters 1 values/)
      .first()
      .waitFor()
    await page.getByRole('button', { name: /^Remove the filter on/ }).click()
    await page.getByText('something is wrong here').first().waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Make the report' }).click()
    await page.waitForURL('**/reports/built-by-hand')
    await page.getByRole('heading', { name: 'Hello there' }).waitFor()
    await page.getByRole('columnheader', { name: /Status/ }).waitFor()
  })

  test('a question of Explore becomes a report; what is changed makes a version, and an old one is restored', async (t) => {
    const page = await portal.page(t, { as: 'manager', width: 1440 })
    await page.goto('/explore/jobs?metrics=job_count&dimensions=queue&view=bar')
    await settled(page)
    await page.getByRole('link', { name: 'Save as report…' }).click()
    await page.getByRole('heading', { level: 1, name: 'New report' }).waitFor()
    await page.getByRole('button', { name: 'Make the report' }).click()
    await page.waitForURL('**/reports/number-of-jobs-ended-by-queue')
    await page.getByRole('link', { name: 'Edit', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: 'Edit Number of Jobs Ended by Queue' }).waitFor()
    await page.getByLabel('Title').first().fill('Jobs by queue')
    // Who would leave now is asked first.
    await page.getByRole('link', { name: 'Back to the report' }).click()
    await page.getByRole('dialog', { name: 'Leave what isn’t saved?' }).getByRole('button', { name: 'Cancel' }).click()
    await page.getByLabel('What you changed').fill('a shorter title')
    await page.keyboard.press('Control+S')
    await page.getByRole('heading', { level: 1, name: 'Jobs by queue' }).waitFor()

    await page.getByRole('button', { name: 'More about this report' }).click()
    await page.getByRole('menuitem', { name: 'Versions' }).click()
    await page.getByRole('article', { name: 'Version 2' }).getByText('a shorter title').waitFor()
    await page.getByRole('button', { name: 'Show version 1' }).click()
    await page.getByRole('dialog', { name: 'Version 1' }).getByText('Number of Jobs Ended by Queue').first().waitFor()
    await settled(page)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Restore version 1' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click()
    await page.getByRole('heading', { level: 1, name: 'Versions of Number of Jobs Ended by Queue' }).waitFor()
    await page.getByRole('article', { name: 'Version 3' }).getByText('As it is now').waitFor()
  })

  test('of two who edit a report the second is told, and loses nothing', async (t) => {
    const report = await madeReport('Edited twice')
    const page = await portal.page(t, { as: 'admin', width: 1440 })
    allow(page, /^412 PUT /)
    await page.goto(`/reports/${report}/edit`)
    await page.getByLabel('Title').first().fill('Mine')
    const { title: _, ...theirs } = await asked(`/v1/reports/${report}`)
    const put = await page.request.put(`/v1/reports/${report}`, {
      data: { title: 'Theirs', definition: theirs.definition },
      headers: { origin: portal.url, 'if-match': '*' },
    })
    assert.equal(put.status(), 200)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Somebody else has changed the report meanwhile').waitFor()
    await page.getByRole('button', { name: 'Let mine go on top' }).click()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { level: 1, name: 'Mine' }).waitFor()
    const { items } = await asked(`/v1/reports/${report}/versions`)
    assert.deepEqual(
      items.map((version: { title: string }) => version.title),
      ['Mine', 'Theirs', 'Edited twice'],
    )
  })

  test('a report leaves as PDF, workbook and CSV, one chart of it as a picture; what goes wrong is told', async (t) => {
    const query = { model: 'jobs', metrics: ['job_count'], dimensions: ['queue'], order: [{ by: 'queue' }] }
    const report = await madeReport('Files', {
      definition: {
        parameters: [{ name: 'queue', label: 'Queue', type: 'choice', model: 'jobs', dimension: 'queue' }],
        blocks: [
          { type: 'chart', id: 'chart', title: 'Drawn', chart: 'bar', query },
          {
            type: 'table',
            id: 'table',
            title: 'Counted',
            query: { ...query, filters: [{ dimension: 'queue', values: { parameter: 'queue' } }] },
          },
        ],
      },
    })
    const page = await portal.page(t, { as: 'viewer' })
    await page.goto(`/reports/${report}?parameter=queue:debug`)
    await settled(page)
    const taken = async (button: string, item: string) => {
      await page.getByRole('button', { name: button }).click()
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: item, exact: true }).click(),
      ])
      return { name: download.suggestedFilename(), content: await readFile(await download.path()) }
    }
    const pdf = await taken('Download', 'PDF')
    assert.deepEqual([pdf.name, pdf.content.subarray(0, 5).toString()], [`${report}.pdf`, '%PDF-'])
    assert.equal((await taken('Download', 'Excel (XLSX)')).content.subarray(0, 2).toString(), 'PK')
    const csv = (await taken('More about Counted', 'Download as CSV')).content.toString()
    assert.match(csv, /\bdebug,\d+/)
    assert.ok(!csv.includes('parallel'), 'as it was asked for')
    const png = await taken('More about Drawn', 'Download as PNG')
    assert.deepEqual([png.name, png.content.subarray(1, 4).toString()], [`${report}-chart.png`, 'PNG'])

    allow(page, /^503 GET \/v1\/reports\/.*\/file/)
    await page.route('**/file?*', (route) =>
      route.fulfill({
        status: 503,
        contentType: 'application/problem+json',
        body: JSON.stringify({ title: 'The report could not be set', status: 503, hint: 'Try again.' }),
      }),
    )
    await page.getByRole('button', { name: 'Download' }).click()
    await page.getByRole('menuitem', { name: 'PDF', exact: true }).click()
    await page.getByRole('alert').getByText('The report could not be set').waitFor()
  })
})
