import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { noBrowser, type TestPortal, testPortal } from './browser.ts'
import { settled } from './watch-page.ts'

/** Long enough at work that people can watch it. */
const model = `
version: 1
name: sales
label: Sales
description: What the shops sold.
facts: sold
tables:
  - { name: sales, files: sales.csv, header: true, delimiter: ",", columns: { day: DATE, shop: VARCHAR }, not_null: [day] }
  - { name: sold, sql: "select day, shop, unnest(range(600000)) as n from sales" }
time: { column: day }
dimensions: [{ name: shop, label: Shop, description: Where the sale was made., expr: shop }]
metrics:
  - { name: rows, label: Number of Sales, description: Each receipt counts once., agg: count }
  - { name: shops, label: Number of Shops, description: Shops that sold anything., agg: count_distinct, expr: shop }
raw:
  order_by: [n]
  fields:
    - { name: n, label: Receipt, description: Number of the receipt., type: integer }
    - { name: shop, label: Shop, description: Name of the shop., type: string, expr: shop, deidentify: true }
refresh: { fresh_within: 2d }
access: { query: viewer, raw: member }
`
const sales = 'day,shop\n2026-01-01,north\n2026-01-02,south\n2026-01-03,north\n2026-01-31,east\n'

describe('models, their refreshes and runs', { skip: noBrowser }, () => {
  let portal: TestPortal
  let directory: string
  const write = (csv: string) => writeFile(path.join(directory, 'sales.csv'), csv)
  before(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'tessera-models-'))
    await writeFile(path.join(directory, 'sales.yml'), model)
    await write(sales)
    portal = await testPortal({ data: 'none', settings: { TESSERA_MODELS__DIRECTORY: directory } })
  })
  after(async () => {
    await portal[Symbol.asyncDispose]()
    await rm(directory, { recursive: true, force: true })
  })

  const fact = (page: Page, label: string) => page.locator('dl > div', { hasText: label }).locator('dd').first()
  const refreshNow = (page: Page) => page.getByRole('button', { name: 'Refresh now' }).click()
  const underWay = (page: Page) => page.getByRole('heading', { name: 'Refresh under way' })
  /** On a slow machine a refresh takes its time. */
  const patience = { timeout: 60_000 }
  const newData = (page: Page) => page.getByText('The new data are there').waitFor(patience)

  test('a manager refreshes a model; they and a colleague who comes by watch it live, and see the new data without reloading', async (t) => {
    const page = await portal.page(t, { as: 'manager' })
    const colleague = await portal.page(t, { as: await portal.person('manager', 'colleague') })
    await page.goto('/models')
    await page.getByText('Never refreshed').waitFor()
    await page.getByText('Refresh it to read its sources for the first time').waitFor()
    await page.getByRole('link', { name: 'Sales', exact: true }).click()
    await refreshNow(page)
    await Promise.all([underWay(page).waitFor(), colleague.goto('/models/sales')])
    await underWay(colleague).waitFor()
    await colleague.getByText('Asked for by manager').waitFor()
    assert.equal(await colleague.getByRole('button', { name: 'Cancel run' }).count(), 0, 'it is another’s')
    const progress = page.getByRole('progressbar')
    await page.waitForFunction(
      () => Number(document.querySelector('[role=progressbar]')?.getAttribute('aria-valuenow')) > 0,
      undefined,
      patience,
    )
    assert.match((await progress.getAttribute('aria-valuetext')) ?? '', /^\d+%$/)
    assert.match(
      await page.getByRole('region', { name: 'Refresh under way' }).innerText(),
      /reading|checking|storing|collecting|writing|build/,
    )
    await Promise.all([newData(page), newData(colleague)])
    for (const one of [page, colleague]) {
      await fact(one, 'Rows').getByText('2,400,000').waitFor()
      await one.getByText('Refreshed just now').waitFor()
      assert.equal(await fact(one, 'Days covered').textContent(), '1 Jan 2026 to 31 Jan 2026')
      assert.equal(await one.getByText('Fresh', { exact: true }).count(), 1)
    }
    await page.getByRole('tab', { name: 'Refreshes' }).click()
    await page.getByRole('row', { name: /Succeeded manager .* 2,400,000 rows/ }).waitFor()
    assert.match(page.url(), /\?tab=refreshes$/)
  })

  test('a refresh that fails says why and what to do, and what was there before stays; mended, it works again', async (t) => {
    const page = await portal.page(t, { as: 'manager' })
    await page.goto('/models/sales?tab=refreshes')
    await settled(page)
    const version = await fact(page, 'Version').textContent()
    await write('day,shop\n,nowhere\n')
    await refreshNow(page)
    const failure = page.getByRole('alert')
    await failure.getByText('Failed').waitFor(patience)
    const said = (await failure.textContent()) ?? ''
    assert.match(said, /day/, 'it names the column')
    assert.match(said, /What was there before is still read.*refresh again/)
    assert.equal(await fact(page, 'Version').textContent(), version)
    await page.getByRole('link', { name: 'All about this run' }).click()
    await page.getByRole('heading', { name: 'Refresh model sales' }).waitFor()
    await page.getByRole('alert').getByText('What was there before is still read').waitFor()
    await page.getByRole('link', { name: 'sales' }).click()

    await write(sales)
    await page.getByRole('button', { name: 'Refresh with a reason' }).click()
    await page.getByRole('textbox', { name: 'Reason' }).fill('the file was mended')
    await page.keyboard.press('Enter')
    await newData(page)
    await page.getByRole('tab', { name: 'Refreshes' }).click()
    await page.getByRole('row', { name: /Succeeded manager the file was mended/ }).waitFor()
    assert.equal(await fact(page, 'Version').textContent(), String(Number(version) + 1))
  })

  test('the history says what a refresh changed; one click and a confirmation go back to the data before', async (t) => {
    const page = await portal.page(t, { as: 'manager' })
    await page.goto('/models/sales')
    const version = Number(await fact(page, 'Version').textContent())
    await write(`${sales}2026-02-01,west\n`)
    await refreshNow(page)
    await newData(page)
    await fact(page, 'Rows').getByText('3,000,000').waitFor()
    await page.getByRole('tab', { name: 'History' }).click()
    const table = page.getByRole('table', { name: 'History of the data' })
    await table.getByRole('row', { name: new RegExp(`^${version + 1} Read now .* 3,000,000 \\+600,000`) }).waitFor()
    await page.getByRole('button', { name: `Go back to version ${version}` }).click()
    const dialog = page.getByRole('dialog', { name: `Go back to version ${version} of Sales?` })
    await dialog.getByText('2,400,000 rows').waitFor()
    await dialog.getByRole('button', { name: 'Go back' }).click()
    await fact(page, 'Rows').getByText('2,400,000').waitFor()
    await table.getByRole('row', { name: new RegExp(`^${version} Read now`) }).waitFor()
    await write(sales)
  })

  test('a run can be cancelled after being asked about, and is then found by its state', async (t) => {
    const page = await portal.page(t, { as: 'manager' })
    await page.goto('/models/sales')
    await refreshNow(page)
    await underWay(page).waitFor()
    await page.getByRole('button', { name: 'Cancel run' }).click()
    const dialog = page.getByRole('dialog', { name: 'Cancel “Refresh model sales”?' })
    await dialog.getByRole('button', { name: 'Cancel run' }).click()
    await page.getByText('The refresh was cancelled').waitFor(patience)
    await page.goto('/runs')
    await page.getByLabel('State').selectOption('cancelled')
    await page.getByText('1 run', { exact: true }).waitFor()
    assert.match(page.url(), /\/runs\?state=cancelled$/)
    await page.getByRole('row', { name: /Cancelled/ }).waitFor()
    await page.getByLabel('About').fill('nothing')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'No run is like that' }).waitFor()
    await page.getByRole('button', { name: 'Show all' }).click()
    await page
      .getByRole('row', { name: /Succeeded/ })
      .first()
      .waitFor()
  })

  test('a viewer reads about fields and freshness, and sees neither raw fields nor any way to refresh; a visitor is sent to sign in', async (t) => {
    const page = await portal.page(t, { as: 'viewer' })
    await page.goto('/models/sales')
    await page.getByRole('cell', { name: 'Each receipt counts once.', exact: true }).waitFor()
    await page.getByLabel('Find a field').fill('sold anything')
    await page.getByRole('tab', { name: 'Metrics (1)' }).waitFor()
    assert.match(page.url(), /find=sold\+anything/)
    assert.equal(await page.getByRole('row', { name: 'Number of Sales' }).count(), 0)
    for (const absent of [/Refresh/, /Raw rows/])
      assert.equal(
        await page
          .getByRole('button', { name: absent })
          .or(page.getByRole('link', { name: absent }))
          .count(),
        0,
      )
    assert.deepEqual(await page.getByRole('tab').allTextContents(), ['Metrics (1)', 'Dimensions (0)'])
    const visitor = await portal.page(t)
    await visitor.goto('/models')
    await visitor.getByRole('heading', { name: 'No model is public' }).waitFor()
  })
})
