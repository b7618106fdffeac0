import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { noBrowser, type TestPortal, testPortal } from './browser.ts'
import { caller, metadata } from './dataset-data.ts'
import { allow, eventually, settled } from './watch-page.ts'

describe('thousands of files dropped at once', { skip: noBrowser }, () => {
  let portal: TestPortal
  before(async () => {
    portal = await testPortal({ data: 'none', settings: { TESSERA_FILES__LARGEST_FILE: '1 MB' } })
  })
  after(() => portal[Symbol.asyncDispose]())

  /** Drops so many files of a line each, and before them some that are too large for this portal. */
  async function drop(page: Page, few: { small: number; tooLarge: number; called: string }): Promise<void> {
    const data = await page.evaluateHandle(({ small, tooLarge, called }) => {
      const transfer = new DataTransfer()
      const large = new Uint8Array(1_200_000)
      for (let at = 0; at < tooLarge; at++) transfer.items.add(new File([large], `${called} large ${at}.bin`))
      for (let at = 0; at < small; at++)
        transfer.items.add(new File([`${called} ${at}\n`], `${called} ${String(at).padStart(5, '0')}.txt`))
      return transfer
    }, few)
    await page.getByRole('group', { name: 'Upload files' }).dispatchEvent('drop', { dataTransfer: data })
  }

  /** Notes from now on how much later than asked for a timer of the page comes: so long nobody could have typed. */
  const watchStalls = (page: Page) =>
    page.evaluate(() => {
      const delays: number[] = []
      Object.assign(window, { delays })
      let before = performance.now()
      setInterval(() => {
        const now = performance.now()
        delays.push(now - before - 20)
        before = now
      }, 20)
    })
  const stallsOf = (page: Page) =>
    page.evaluate(() => {
      const { delays } = window as unknown as { delays: number[] }
      const stalls = delays.filter((ms) => ms > 50)
      const all = delays.reduce((sum, ms) => sum + ms + 20, 0)
      return { longest: Math.max(0, ...delays), share: stalls.reduce((sum, ms) => sum + ms, 0) / all }
    })

  test('they go in while the page is used, what is refused is told above the rest, and the others can wait or be left out', async (t) => {
    const page = await portal.page(t, { as: await portal.person('member', 'dora') })
    // Three are too large, on purpose.
    allow(page, /^413 POST \/v1\/datasets\/\d+\/uploads/)
    const call = caller(portal, page)
    const { id } = await call<{ id: number }>('/v1/collections/root/datasets', { body: { metadata } })
    const total = async (): Promise<number> =>
      (await call<{ total: number }>(`/v1/datasets/${id}/versions/latest/files?limit=1`)).total
    await page.goto(`/deposit/${id}?tab=files`)
    await settled(page)
    const uploads = page.getByRole('region', { name: 'Uploads' })
    const summary = uploads.getByText(/^[\d,]+ (of [\d,]+ )?files? uploaded/)
    const counted = async (pattern: RegExp): Promise<number> =>
      Number((pattern.exec((await summary.textContent()) ?? '')?.[1] ?? '0').replace(',', ''))
    const done = () => counted(/^([\d,]+) of 2,003 files uploaded/)
    const button = (name: string | RegExp) => uploads.getByRole('button', { name, exact: true })

    await watchStalls(page)
    await drop(page, { small: 2000, tooLarge: 3, called: 'shore' })
    await summary.filter({ hasText: /of 2,003 files/ }).waitFor()
    await summary.filter({ hasText: /· 3 refused/ }).waitFor()
    const rows = uploads.getByRole('listitem')
    for (let at = 0; at < 3; at++)
      await rows
        .nth(at)
        .getByText(/shore large .*/)
        .waitFor()
    await rows
      .first()
      .getByText(/refused: It would have 1200000 bytes; a file may have 1000000\./)
      .waitFor()
    assert.equal(await rows.count(), 50, 'no more rows than somebody reads')
    await button('Show more').click()
    await eventually(() => rows.count(), 100)

    const search = page.getByRole('textbox', { name: 'Find a file' })
    await eventually(async () => (await done()) >= 50, true, 'files come in', 30_000)
    await search.fill('shore 00001')
    await page.getByRole('row', { name: /shore 00001\.txt/ }).waitFor()
    await search.fill('')
    await eventually(async () => (await done()) >= 200, true, 'files go on coming in', 60_000)
    const { longest, share } = await stallsOf(page)
    t.diagnostic(`longest stall ${Math.round(longest)} ms, ${Math.round(100 * share)} % of the time in stalls`)
    assert.ok(longest < 2000, `the page stood still for ${Math.round(longest)} ms`)
    assert.ok(share < 0.5, `the page stood still ${Math.round(100 * share)} % of the time`)

    await button('Pause all').click()
    await summary.filter({ hasText: /· [\d,]+ paused · 3 refused/ }).waitFor()
    // What had been sent already becomes part of the dataset.
    await eventually(async () => (await done()) + (await counted(/· ([\d,]+) paused/)), 2000, 'none is lost', 30_000)
    const before = await done()
    assert.equal(await total(), before, 'as many are in as the page says')
    await button('Try refused ones again').click()
    await summary.filter({ hasText: /· 3 refused/ }).waitFor()
    await button(/^Leave [\d,]+ out$/).click()
    await uploads.getByText(`${before.toLocaleString('en')} files uploaded`, { exact: true }).waitFor()
    await button('Clear the list').click()
    await uploads.waitFor({ state: 'detached' })

    await drop(page, { small: 120, tooLarge: 0, called: 'dune' })
    await uploads.getByText('120 files uploaded', { exact: true }).waitFor({ timeout: 60_000 })
    await eventually(total, before + 120)
    await page.getByRole('row', { name: /dune 00000\.txt/ }).waitFor()
    await settled(page)
  })
})
