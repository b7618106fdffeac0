import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { noBrowser, type TestPortal, testPortal } from './browser.ts'
import { allow, eventually, settled } from './watch-page.ts'

const button = (page: Pick<Page, 'getByRole'>, name: string | RegExp) => page.getByRole('button', { name })
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name })

/** One that is refreshed at once, and one that takes its time. */
const model = (name: string, rows: number) => `
version: 1
name: ${name}
label: ${name}
description: Made for tests.
facts: sold
tables:
  - { name: sales, files: sales.csv, header: true, delimiter: ",", columns: { day: DATE, shop: VARCHAR }, not_null: [day] }
  - { name: sold, sql: "select day, shop, unnest(range(${rows})) as n from sales" }
time: { column: day }
dimensions: [{ name: shop, label: Shop, description: Where., expr: shop }]
metrics: [{ name: rows, label: Number of Sales, description: Each receipt counts once., agg: count }]
access: { query: viewer, raw: member }
`
const sales = 'day,shop\n2026-01-01,north\n2026-01-02,south\n'

describe('runs of everyone', { skip: noBrowser }, () => {
  let portal: TestPortal
  let directory: string
  const write = (csv: string) => writeFile(path.join(directory, 'sales.csv'), csv)
  before(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'tessera-runs-'))
    await writeFile(path.join(directory, 'quick.yml'), model('quick', 3))
    await writeFile(path.join(directory, 'slow.yml'), model('slow', 8_000_000))
    await write(sales)
    portal = await testPortal({ data: 'none', settings: { TESSERA_MODELS__DIRECTORY: directory } })
  })
  after(async () => {
    await portal[Symbol.asyncDispose]()
    await rm(directory, { recursive: true, force: true })
  })

  const refresh = async (page: Page, of: string): Promise<string> => {
    const reply = await page.request.post(`/v1/models/${of}/refreshes`, {
      data: { cause: 'a test' },
      headers: { origin: portal.url, prefer: 'wait=30' },
    })
    const run = (await reply.json()) as { id: string; state: string }
    return run.id
  }
  const ended = (page: Page, run: string) =>
    eventually(
      async () => ((await (await page.request.get(`/v1/runs/${run}`)).json()) as { state: string }).state !== 'running',
      true,
    )

  test('an administrator finds a run by what it did and by how it ended, from counts and filters that stand in the address', async (t) => {
    const manager = await portal.page(t, { as: 'manager' })
    await refresh(manager, 'quick')
    await write('day,shop\n,nowhere\n')
    await ended(manager, await refresh(manager, 'quick'))
    await write(sales)
    const page = await portal.page(t, { as: 'admin', width: 1440 })
    await page.goto('/admin/runs')
    await heading(page, 'Runs of everyone').waitFor()
    const counts = page.getByRole('table', { name: 'How many runs' })
    await counts.getByRole('row', { name: /^Today 2 0 0 1 0 1 0 0 0$/ }).waitFor()
    await counts.getByRole('row', { name: /^7 days 2 / }).waitFor()
    await counts
      .getByRole('row', { name: /^Today/ })
      .getByRole('link')
      .nth(2)
      .click()
    await page.waitForURL(/[?&]state=failed/)
    const table = page.getByRole('table', { name: 'Runs', exact: true })
    await eventually(() => table.getByRole('row').count(), 2)
    await table.getByRole('row', { name: /Failed Refresh model quick manager a test/ }).waitFor()
    await page.reload()
    assert.equal(await page.getByLabel('State').inputValue(), 'failed')
    await button(page, 'Show all').click()
    await page.getByLabel('By', { exact: true }).fill('admin')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'No run is like that' }).waitFor()
    await page.getByLabel('By', { exact: true }).fill('manager')
    await page.keyboard.press('Enter')
    await eventually(() => table.getByRole('row').count(), 3)
    await page.getByLabel('Begun').selectOption('schedule')
    await page.getByRole('heading', { name: 'No run is like that' }).waitFor()
  })

  test('a run that is under way is stopped from the list, and can be done again from its page', async (t) => {
    const manager = await portal.page(t, { as: 'manager' })
    await manager.request.post('/v1/models/slow/refreshes', { headers: { origin: portal.url } })
    const page = await portal.page(t, { as: 'admin', width: 1440 })
    await page.goto('/admin/runs?subject=slow')
    await button(page, 'Cancel run: Refresh model slow').click()
    const dialog = page.getByRole('dialog', { name: 'Cancel “Refresh model slow”?' })
    await button(dialog, 'Cancel run').click()
    await page
      .getByRole('table', { name: 'Runs', exact: true })
      .getByRole('row', { name: /Cancelled/ })
      .waitFor()
    await page
      .getByRole('table', { name: 'Runs', exact: true })
      .getByRole('row')
      .nth(1)
      .getByRole('link')
      .first()
      .click()
    await heading(page, 'Refresh model slow').waitFor()
    const first = page.url()
    await page.getByText('127.0.0.1').waitFor()
    await button(page, 'Do it again').click()
    await page.waitForURL((url) => url.pathname.startsWith('/runs/') && url.href !== first)
    await page.getByRole('definition').getByRole('link', { name: 'an earlier run' }).waitFor()
    await button(page, 'Cancel run').click()
    await button(page.getByRole('dialog'), 'Cancel run').click()
    await page.getByText('Cancelled', { exact: true }).first().waitFor()
  })

  test('holiday calendars are made from days and from files, and say which line is no day', async (t) => {
    const page = await portal.page(t, { as: 'admin' })
    await page.goto('/admin/holiday-calendars')
    await page.getByRole('heading', { name: 'No holiday calendar yet' }).waitFor()
    await button(page, 'New calendar').click()
    const dialog = page.getByRole('dialog', { name: 'New holiday calendar' })
    await dialog.getByLabel('Label').fill('Zürich, schools')
    assert.equal(await dialog.getByLabel('Name in schedules').inputValue(), 'zurich-schools')
    await dialog.getByLabel('Days').fill('2026-12-25 Christmas\n2026-13-01 never')
    await dialog.getByText('Not a day: line 2').waitFor()
    assert.ok(await button(dialog, 'Save').isDisabled())
    await dialog.getByLabel('Days').fill('2026-12-25 Christmas\n2026-12-26')
    await button(dialog, 'Save').click()
    await page.getByText('Zürich, schools has 2 days.').waitFor()
    await page.getByRole('row', { name: /zurich-schools 2 days 2026-12-25 to 2026-12-26/ }).waitFor()

    await button(page, 'Edit Zürich, schools').click()
    const edit = page.getByRole('dialog', { name: 'Days of Zürich, schools' })
    const ics =
      'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;VALUE=DATE:20270101\r\nSUMMARY:New Year\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n'
    await edit
      .locator('input[type=file]')
      .setInputFiles({ name: 'days.ics', mimeType: 'text/calendar', buffer: Buffer.from(ics) })
    await edit.getByText('The days of days.ics will be taken.').waitFor()
    await button(edit, 'Save').click()
    await page.getByRole('row', { name: /zurich-schools 1 day 2027-01-01/ }).waitFor()

    await button(page, 'Delete Zürich, schools').click()
    await button(page.getByRole('dialog'), 'Delete calendar').click()
    await page.getByRole('heading', { name: 'No holiday calendar yet' }).waitFor()
  })

  test('who does not administer sees their own runs and no such part of the console', async (t) => {
    const page = await portal.page(t, { as: await portal.person('manager', 'other') })
    allow(page, /^40[34] GET/)
    await page.goto('/runs')
    await page.getByRole('heading', { name: 'No runs yet' }).waitFor()
    await page.goto('/admin/runs')
    await page.getByText('runs:admin').waitFor()
    await settled(page)
  })
})
