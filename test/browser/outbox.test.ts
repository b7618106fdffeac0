import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, test } from 'node:test'
import type { Download, Page } from 'playwright-core'
import { asAdmin } from '#test/as-admin.ts'
import { noBrowser, type TestPortal, testPortal } from './browser.ts'
import { usageReport } from './usage-report.ts'
import { settled } from './watch-page.ts'

/** What could be done to whoever reads a mail; none of it may happen. */
const nasty = '<script>parent.ran = 1</script><img src="/v1/instance?seen" onerror="parent.ran = 1"> {{report}}'

describe('the outbox', { skip: noBrowser }, () => {
  let portal: TestPortal
  let ask: Awaited<ReturnType<typeof asAdmin>>
  const asked = async (at: string, body?: object) => {
    const reply = await ask(at, body)
    assert.ok(reply.ok, `${at}: ${await reply.clone().text()}`)
    return await reply.json()
  }
  before(async () => {
    portal = await testPortal()
    ask = await asAdmin(portal)
    await asked('/v1/reports', usageReport)
    await asked('/v1/subscriptions', {
      id: 'posted',
      name: 'Posted',
      report: 'usage',
      recipients: [{ address: 'ada@example.org', name: 'Ada' }, { address: 'bob@example.org' }],
      formats: ['csv', 'pdf'],
      subject: 'For {{recipient}}: {{report}}',
      body: nasty,
    })
    const { id } = await asked('/v1/subscriptions/posted/runs', {})
    for (let state = 'queued'; state === 'queued' || state === 'running'; ) ({ state } = await asked(`/v1/runs/${id}`))
  })
  after(() => portal[Symbol.asyncDispose]())

  const saved = async (page: Page, click: () => Promise<void>): Promise<{ file: Download; text: string }> => {
    const [file] = await Promise.all([page.waitForEvent('download'), click()])
    return { file, text: await readFile(await file.path(), 'latin1') }
  }

  test('an administrator finds a mail, sees it as its recipient would, and takes it and its files away', async (t) => {
    const page = await portal.page(t, { as: 'admin', width: 1440 })
    await page.goto('/admin/outbox')
    await page.getByRole('row', { name: /For bob@example\.org: Usage/ }).waitFor()
    await page.getByLabel('Search').fill('ada@')
    await page.waitForURL(/search=ada/)
    await page.getByRole('link', { name: 'For Ada: Usage' }).click()
    const mail = page.getByRole('article', { name: 'For Ada: Usage' })
    const frame = page.frameLocator('iframe[title="The mail as its recipient sees it"]')
    await frame.getByText('By queue').first().waitFor()
    const { rows } = await asked('/v1/query?model=jobs&metrics=job_count')
    await frame
      .getByText(Number(rows[0].at(-1)).toLocaleString('en'))
      .first()
      .waitFor()
    const pdf = await saved(page, () => mail.getByRole('link', { name: /\.pdf/ }).click())
    assert.match(pdf.file.suggestedFilename(), /\.pdf$/)
    assert.ok(pdf.text.startsWith('%PDF-'))
    const csv = await saved(page, () => mail.getByRole('link', { name: /\.csv/ }).click())
    assert.match(csv.text, /queue/i)
    const eml = await saved(page, () => mail.getByRole('link', { name: '.eml' }).click())
    assert.match(eml.text, /^To: .*ada@example\.org/im)
    await mail.getByRole('tab', { name: 'As text' }).click()
    await mail.getByText('Usage').first().waitFor()
    await mail.getByRole('tab', { name: 'Headers' }).click()
    await mail.getByRole('row', { name: /^List-Unsubscribe /i }).waitFor()
    await mail.getByRole('link', { name: 'Close' }).click()
    await page.getByRole('row', { name: /For Ada/ }).waitFor()
  })

  test('what stands in a mail runs nothing and fetches nothing: it is shown as the text that it is', async (t) => {
    const page = await portal.page(t, { as: 'admin' })
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await page.goto('/admin/outbox?search=bob')
    await page.getByRole('link', { name: /For bob/ }).click()
    const frame = page.frameLocator('iframe[title="The mail as its recipient sees it"]')
    await frame.getByText('<script>parent.ran = 1</script>').waitFor()
    await settled(page)
    assert.equal(await page.evaluate(() => 'ran' in window), false)
    assert.deepEqual(
      asked.filter((url) => url.includes('?seen')),
      [],
    )
    const sandbox = await page.locator('iframe').getAttribute('sandbox')
    assert.ok(sandbox !== null && !/scripts|same-origin|forms|top-navigation/.test(sandbox), 'the frame has no rights')
  })

  test('who may not read the settings has no outbox', async (t) => {
    const page = await portal.page(t, { as: 'manager' })
    await page.goto('/admin/outbox')
    await page.getByText('settings:read').waitFor()
  })
})
