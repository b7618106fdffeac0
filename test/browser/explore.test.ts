import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { asAdmin } from '#test/as-admin.ts'
import { noBrowser, type TestPortal, testPortal } from './browser.ts'
import { eventually, settled } from './watch-page.ts'

const run = promisify(execFile)
const words = (page: Page) => new URL(page.url()).searchParams
const answer = (page: Page) => page.getByRole('region', { name: 'Answer', exact: true })
const chartOf = (page: Page) => answer(page).getByRole('img', { name: /^Jobs: / })
/** The answer to the question has arrived: its size is told to those who don't see it. */
const answered = async (page: Page): Promise<void> => {
  await page.waitForTimeout(350)
  await settled(page)
}
const saved = async (page: Page, item: string): Promise<{ name: string; content: Buffer }> => {
  await page.getByRole('button', { name: 'Download' }).click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: item, exact: true }).click(),
  ])
  return { name: download.suggestedFilename(), content: await readFile(await download.path()) }
}
const choose = async (page: Page, field: string, option: string): Promise<void> => {
  await page.getByRole('combobox', { name: field, exact: true }).fill(option)
  await page.getByRole('option', { name: option }).first().click()
  await page.keyboard.press('Escape')
}

describe('Explore', { skip: noBrowser }, () => {
  let portal: TestPortal
  let ask: Awaited<ReturnType<typeof asAdmin>>
  before(async () => {
    portal = await testPortal()
    ask = await asAdmin(portal)
  })
  after(() => portal[Symbol.asyncDispose]())

  test('a question is put together, its address holds the whole of it, and going back takes a step back', async (t) => {
    const page = await portal.page(t, { as: 'admin' })
    await page.goto('/explore')
    await page.getByRole('link', { name: 'Explore Jobs' }).click()
    await answered(page)
    await chartOf(page).locator('path[stroke="#0072b2"]').first().waitFor({ state: 'attached' })

    await page.getByRole('combobox', { name: 'Group by', exact: true }).fill('resour')
    for (const _ of ['takes what was found', 'takes no second one']) await page.keyboard.press('Enter')
    await page.keyboard.press('Escape')
    await answered(page)
    assert.equal(words(page).get('dimensions'), 'resource')
    assert.deepEqual(
      [words(page).get('limit'), words(page).get('others')],
      ['10', 'true'],
      'groups are limited at first',
    )
    await page.getByRole('combobox', { name: 'Aggregation unit' }).selectOption('month')
    await page.getByRole('button', { name: 'Add a filter' }).click()
    await page.getByRole('menuitem', { name: 'Queue', exact: true }).click()
    const filter = page.getByRole('combobox', { name: 'Values of Queue' })
    await filter.fill('deb')
    await page.getByRole('option', { name: 'debug', exact: true }).click()
    await page.keyboard.press('Escape')
    await page.getByText('Leave out', { exact: true }).click()
    await answered(page)
    assert.equal(words(page).get('filter'), 'queue!:debug')
    assert.ok(page.url().includes('unit=month&series=true&limit=10&others=true&view=line'), page.url())

    const before = page.url()
    await page.getByText('Stacked', { exact: true }).click()
    await answered(page)
    assert.equal(words(page).get('view'), 'stacked')
    await page.goBack()
    await answered(page)
    assert.equal(page.url(), before)
    assert.ok(await page.getByRole('radio', { name: 'Line' }).isChecked())

    const told = await answer(page).innerText()
    await page.reload()
    await answered(page)
    const again = await answer(page).innerText()
    const facts = (text: string): string => text.replace(/\d+ ms|as of .*/g, '')
    assert.equal(facts(again), facts(told))
    assert.ok(await page.getByText('debug', { exact: true }).isVisible(), 'a filter’s value is called by its label')

    // Pointing at the chart shows numbers; the page's policy has nothing to complain of.
    const chart = await chartOf(page).boundingBox()
    assert.ok(chart)
    await page.mouse.move(chart.x + chart.width / 2, chart.y + chart.height / 3)
    await page.mouse.move(chart.x + chart.width / 2 + 4, chart.y + chart.height / 3)
    await chartOf(page).locator('strong').filter({ hasText: '20' }).waitFor()

    await page.goto('/explore/jobs?metrics=nonsense&view=table&color=red')
    await page.getByText('Part of the address was left out').waitFor()
    await page.getByText(/color=red, metrics=nonsense/).waitFor()
    await answered(page)
  })

  test('the table has the API’s numbers, and the difference to the period before', async (t) => {
    const page = await portal.page(t, { as: 'viewer' })
    const [start, end] = [daysAgo(20), daysAgo(11)]
    const query = { model: 'jobs', metrics: ['job_count'], dimensions: ['queue'] }
    const numbers = async (from: string, to: string): Promise<Map<string, number>> => {
      const reply = await ask('/v1/query', { ...query, period: { start: from, end: to } })
      const { rows } = (await reply.json()) as { rows: [string, string, number][] }
      return new Map(rows.map(([, label, count]) => [label, count]))
    }
    const [now, then] = [await numbers(start, end), await numbers(daysAgo(30), daysAgo(21))]
    await page.goto(`/explore/jobs?metrics=job_count&dimensions=queue&start=${start}&end=${end}&view=table`)
    await answered(page)
    await page.getByText('Compare with the period before').click()
    await answered(page)
    await page.getByRole('columnheader', { name: 'Before' }).waitFor()
    const rows = await page.getByRole('table').locator('tbody tr').all()
    assert.equal(rows.length, now.size)
    for (const row of rows) {
      const [label = '', ...cells] = await row.locator('td').allInnerTexts()
      const [count, before, difference] = cells.map((text) => Number(text.replaceAll(',', '')))
      assert.deepEqual([count, before ?? 0], [now.get(label), then.get(label) ?? 0], label)
      assert.equal(difference, (count ?? 0) - (before ?? 0))
    }
    const first = async (): Promise<string> => await page.locator('tbody td').first().innerText()
    const largest = await first()
    await page.getByRole('button', { name: 'Queue', exact: true }).click()
    assert.equal(await first(), [...now.keys()].sort()[0])
    await page.getByRole('button', { name: 'Queue', exact: true }).click()
    await page.getByRole('button', { name: 'Queue', exact: true }).click()
    assert.equal(await first(), largest)
    assert.equal(await page.getByRole('link', { name: /Raw rows/ }).count(), 0, 'a viewer is led to no raw rows')
  })

  test('an answer leaves as a file of the right content, a question as code that runs', async (t) => {
    const page = await portal.page(t, { as: 'admin' })
    await page.goto('/explore/jobs?metrics=job_count&dimensions=queue&series=true&unit=month&view=stacked')
    await answered(page)
    const asked = { model: 'jobs', metrics: ['job_count'], dimensions: ['queue'], series: true, unit: 'month' }
    const { rows } = (await (await ask('/v1/query', asked)).json()) as { rows: (string | number)[][] }

    const csv = await saved(page, 'CSV')
    assert.equal(csv.name, 'jobs-job_count.csv')
    const lines = csv.content.toString().trim().split('\n')
    assert.deepEqual(lines, ['period,queue_id,queue,job_count', ...rows.map((row) => row.join(','))])
    const sheet = (await saved(page, 'CSV for Excel')).content.toString()
    assert.ok(sheet.startsWith('\uFEFFPeriod,'))
    assert.equal(sheet.trim().split('\r\n').length, rows.length + 1)
    assert.equal((await saved(page, 'Parquet')).content.subarray(0, 4).toString(), 'PAR1')
    const svg = (await saved(page, 'SVG')).content.toString()
    for (const text of ['Number of Jobs Ended by Queue', 'Source: Jobs', new URL(portal.url).host, '<path'])
      assert.ok(svg.includes(text), text)
    const png = (await saved(page, 'PNG')).content
    assert.deepEqual([png.subarray(1, 4).toString(), png.readUInt32BE(16)], ['PNG', 2400])

    await page.getByRole('button', { name: 'Copy as' }).click()
    await page.getByRole('button', { name: 'Copy curl' }).click()
    const copied = await page.evaluate(() => navigator.clipboard.readText())
    const issued = await ask('/v1/tokens', { name: 'explore', permissions: ['warehouse:read'] })
    const { secret } = (await issued.json()) as { secret: string }
    const { stdout } = await run('sh', ['-c', copied], { env: { PATH: process.env.PATH, TESSERA_TOKEN: secret } })
    assert.equal(stdout, csv.content.toString())
    for (const language of ['Python (xdmod-data)', 'Python (pandas)', 'R', 'TypeScript']) {
      await page.getByRole('tab', { name: language, exact: true }).click()
      await page.getByRole('region', { name: language, exact: true }).waitFor()
    }
  })

  test('what is too much to wait for is exported: a file that is made in the background, with its checksum', async (t) => {
    const page = await portal.page(t, { as: 'member' })
    await page.goto('/explore/jobs?metrics=job_count&dimensions=queue&view=table')
    await answered(page)
    const csv = await saved(page, 'CSV')
    await page.getByRole('button', { name: 'Download' }).click()
    await page.getByRole('menuitem', { name: 'Export in the background…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Export all rows' })
    await dialog.getByLabel('Name of the file').fill('by queue')
    await dialog.getByRole('button', { name: 'Export', exact: true }).click()
    const link = dialog.getByRole('link', { name: 'by queue.csv' })
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
    const content = await readFile(await download.path())
    assert.deepEqual(content.toString().trim().split('\n').sort(), csv.content.toString().trim().split('\n').sort())
    await dialog.getByText(createHash('sha256').update(content).digest('hex')).waitFor()
    await dialog.getByRole('button', { name: 'Close' }).last().click()

    await page.goto('/explore/jobs/rows?fields=queue&filter=queue:debug')
    await settled(page)
    await page.getByRole('button', { name: 'Download' }).click()
    await page.getByRole('menuitem', { name: 'Export all rows…' }).click()
    await dialog.getByLabel('Format').selectOption('ndjson')
    await dialog.getByRole('button', { name: 'Export', exact: true }).click()
    const [rows] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('link', { name: /\.ndjson$/ }).click(),
    ])
    assert.match(await readFile(await rows.path(), 'utf8'), /^\{"queue":"debug"\}\n/)
  })

  test('raw rows come page by page as one scrolls; a row of the table leads to those behind it', async (t) => {
    const page = await portal.page(t, { as: 'admin' })
    await page.goto('/explore/jobs?metrics=job_count&dimensions=queue&view=table')
    await answered(page)
    await page.getByRole('link', { name: 'Raw rows behind debug' }).click()
    await page.waitForURL(/\/rows\?filter=queue:debug&start=/)
    await settled(page)
    const queue = await columnOf(page, 'Queue')
    const shown = await page.locator(`tbody td:nth-child(${queue})`).allInnerTexts()
    assert.deepEqual([...new Set(shown.filter((text) => text !== ''))], ['debug'])

    await page.goto('/explore/jobs/rows')
    await settled(page)
    const status = page.getByText(/^The first .* rows; scroll on for more$/)
    assert.match(await status.innerText(), /The first 500 rows/)
    const table = page
      .locator('section')
      .filter({ has: page.locator('table') })
      .last()
    await table.evaluate((element) => element.scrollTo(0, element.scrollHeight))
    await page.getByText('The first 1,000 rows; scroll on for more').waitFor()
    const inPage = await page.locator('tbody tr').count()
    assert.ok(inPage < 60, `${inPage} of 1,000 rows are in the page`)
    await choose(page, 'Fields', 'Queue')
    await settled(page)
    assert.equal(words(page).get('fields'), 'queue')
    await eventually(() => page.getByRole('columnheader').count(), 1)
    assert.match((await saved(page, 'CSV')).content.toString(), /^queue\n/)
  })

  test('who may not read is told why, and what to do', async (t) => {
    const visitor = await portal.page(t)
    await visitor.goto('/explore')
    await visitor.getByText('No data yet: it was never refreshed.').waitFor()
    await visitor.getByText('Those who sign in may find more here.').waitFor()
    assert.equal(await visitor.getByRole('article').count(), 1, 'only what is public is shown')
    const viewer = await portal.page(t, { as: 'viewer', width: 390 })
    await viewer.goto('/explore/jobs/rows')
    await viewer.getByRole('heading', { name: 'You may not read raw rows of Jobs' }).waitFor()
    await viewer.goto('/explore/jobs')
    await answered(viewer)
    assert.ok(
      !(await viewer.getByRole('combobox', { name: 'Metrics' }).isVisible()),
      'on a phone the question is folded away',
    )
    await viewer.getByRole('button', { name: 'Change the question' }).click()
    await viewer.getByRole('combobox', { name: 'Metrics' }).waitFor()
    const over = await viewer.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    assert.ok(over <= 0, 'the page does not move sideways')
  })
})

const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)

const columnOf = async (page: Page, label: string): Promise<number> =>
  (await page.getByRole('columnheader').allInnerTexts()).findIndex((text) => text.trim() === label) + 1
