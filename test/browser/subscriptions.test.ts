import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { noBrowser, type TestPortal, testPortal } from './browser.ts'
import { askApi, usageReport } from './usage-report.ts'
import { allow, settled } from './watch-page.ts'

const button = (page: Pick<Page, 'getByRole'>, name: string | RegExp) => page.getByRole('button', { name })
const exactButton = (page: Pick<Page, 'getByRole'>, name: string) => page.getByRole('button', { name, exact: true })
const next = (page: Page, step: string) => button(page, `Next: ${step}`).click()
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name })
/** On a busy machine a report takes its time. */
const patience = { timeout: 60_000 }
const delivered = (page: Page) => page.getByText('The report is delivered').waitFor(patience)

describe('subscriptions', { skip: noBrowser }, () => {
  let portal: TestPortal
  before(async () => {
    portal = await testPortal({ data: 'small' })
    const context = await portal.browser.newContext()
    await askApi(context, portal.url, 'POST', '/v1/session', {
      user_name: portal.admin.userName,
      password: portal.admin.password,
    })
    await askApi(context, portal.url, 'POST', '/v1/reports', usageReport)
    await context.close()
  })
  after(() => portal[Symbol.asyncDispose]())

  const make = (page: Page, id: string, more: object = {}) =>
    askApi<{ version: number }>(page, portal.url, 'POST', '/v1/subscriptions', {
      id,
      name: `The ${id}`,
      report: 'usage',
      recipients: [{ address: `${id}@example.org` }],
      formats: ['csv'],
      ...more,
    })
  const inMail = (page: Page, text: string) =>
    page.frameLocator('iframe[title="The mail as it would look"]').getByText(text).first().waitFor(patience)
  /** By key: for a moment after a frame has come, Chromium gives it clicks that are meant for what stands below it. */
  const press = (page: Page, name: string) => exactButton(page, name).press('Enter')
  const choose = async (page: Page, label: string, typed: string, option: RegExp) => {
    await page.getByRole('combobox', { name: label }).fill(typed)
    await page.getByRole('option', { name: option }).click()
  }

  test('a manager makes one in four steps, whose choices outlive a reload; runs it, and its reader finds the report', async (t) => {
    const reader = await portal.person('viewer', 'rita')
    const page = await portal.page(t, { as: 'manager', width: 1440 })
    await page.goto('/subscriptions')
    await page.getByRole('heading', { name: 'No subscriptions yet' }).waitFor()
    await page.getByRole('link', { name: 'New subscription' }).click()
    await heading(page, 'New subscription').waitFor()
    assert.ok(await button(page, 'Next: Frequency').isDisabled())
    await page.getByRole('combobox', { name: 'Report', exact: true }).click()
    await page.getByRole('option', { name: 'Usage (usage)' }).click()
    assert.equal(await page.getByLabel('Name of the subscription').inputValue(), 'Usage')
    await page.getByLabel('Name of the subscription').fill('Usage to the team')
    assert.equal(await page.getByLabel('Its name in addresses').inputValue(), 'usage-to-the-team')
    await next(page, 'Frequency')

    await page.waitForURL(/step=frequency/)
    await page.getByLabel('Weekly').check()
    await page.getByLabel('Thursday').check()
    await page.getByLabel(/^At\b/).fill('07:30')
    await choose(page, 'Time zone', 'Zurich', /Europe\/Zurich/)
    await page.getByText('Every Monday and Thursday at 07:30 (Europe/Zurich)').waitFor()
    const times = page.getByRole('list', { name: 'The next times' }).getByRole('listitem')
    assert.equal(await times.count(), 5)
    assert.match(
      await times.first().innerText(),
      /^(Mon|Thu), .* 07:30 \(Europe\/Zurich\) · .* 0[56]:30 for you \(UTC\)$/,
    )
    await page.reload()
    await page.getByText('This is what you had begun').waitFor()
    assert.equal(await page.getByLabel(/^At\b/).inputValue(), '07:30', 'the draft is kept')
    await next(page, 'Destinations')

    await button(page, 'Next: Review').isDisabled()
    await choose(page, 'Add a recipient', 'rita', /rita/)
    await choose(page, 'Add a recipient', 'team@example.org', /The address team@example.org/)
    await page.getByText('2 recipients').waitFor()
    await page.getByLabel('CSV', { exact: true }).check()
    await page.getByRole('textbox', { name: 'Subject' }).fill('News: ')
    await button(page, 'Insert into the subject').click()
    await page.getByRole('menuitem', { name: /\{\{report\}\}/ }).click()
    assert.equal(await page.getByRole('textbox', { name: 'Subject' }).inputValue(), 'News: {{report}}')
    await next(page, 'Review')

    const who = page.getByRole('table', { name: 'Who gets what' })
    await who.getByRole('row', { name: /team@example\.org mail All/ }).waitFor(patience)
    await who.getByRole('row', { name: /rita .*inbox.* All/ }).waitFor()
    await page.getByText('News: Usage').waitFor()
    await inMail(page, 'By queue')
    await press(page, 'Save')
    await heading(page, 'Usage to the team').waitFor()
    await page.getByText('Every Monday and Thursday at 07:30 (Europe/Zurich)').waitFor()

    await button(page, 'Run now').click()
    await delivered(page)
    const deliveries = page.getByRole('table', { name: 'Deliveries' })
    await deliveries.getByRole('row', { name: /team@example\.org Mail Delivered/ }).waitFor()
    await deliveries.getByRole('row', { name: /rita Inbox Delivered/ }).waitFor()
    await page.getByRole('row', { name: /Succeeded manager .* 2 delivered/ }).waitFor()

    const theirs = await portal.page(t, { as: reader })
    await theirs.goto('/')
    await theirs.getByRole('link', { name: 'Inbox, 1 unread' }).click()
    await button(theirs, /News: Usage/).click()
    const open = theirs.getByRole('article', { name: 'News: Usage' })
    const [file] = await Promise.all([
      theirs.waitForEvent('download'),
      open.getByRole('link', { name: /\.csv/ }).click(),
    ])
    assert.match(file.suggestedFilename(), /\.csv$/)
    await theirs.getByRole('link', { name: 'Inbox', exact: true }).waitFor()
    await theirs.reload()
    await settled(theirs)
    assert.equal(await theirs.getByText('New', { exact: true }).count(), 0, 'what was opened is read')
  })

  test('a test goes to oneself only; paused, it cannot be run; resumed, edited and deleted it is', async (t) => {
    const page = await portal.page(t, { as: await portal.person('manager', 'mia'), width: 1440 })
    await make(page, 'steady')
    await page.goto('/subscriptions/steady')
    await button(page, 'Send a test to me').click()
    await delivered(page)
    await page.getByRole('row', { name: /mia Inbox Delivered/ }).waitFor()
    assert.equal(await page.getByRole('row', { name: /steady@example\.org/ }).count(), 0)
    await page.getByRole('link', { name: 'All subscriptions' }).click()
    await button(page, 'Pause The steady').click()
    await page.getByText('The steady is paused.').waitFor()
    await page.getByRole('row', { name: /The steady of mia Paused/ }).waitFor()
    assert.equal(await button(page, 'Run now: The steady').count(), 0)
    await page.getByRole('link', { name: 'The steady' }).click()
    await page.getByText('Its schedule rests and nobody can run it').waitFor()
    assert.ok(await button(page, 'Run now').isDisabled())
    await button(page, 'More acts').click()
    await page.getByRole('menuitem', { name: 'Resume' }).click()
    await page.getByText('The steady goes on.').waitFor()

    await page.getByRole('link', { name: 'Edit' }).click()
    await page.getByLabel('Name of the subscription').fill('The steadier')
    await page
      .getByRole('navigation', { name: 'Steps' })
      .getByRole('link', { name: /Review/ })
      .click()
    await press(page, 'Save')
    await heading(page, 'The steadier').waitFor()
    await button(page, 'More acts').click()
    await page.getByRole('menuitem', { name: 'Delete…' }).click()
    await button(page.getByRole('dialog'), 'Delete subscription').click()
    await page.waitForURL(/\/subscriptions$/)
    await page.getByText('The steadier is deleted.').waitFor()
  })

  test('the secret of a webhook is shown once; what is refused stands at its field; the next one keeps the report', async (t) => {
    const page = await portal.page(t, { as: 'admin', width: 1440 })
    allow(page, /^(400|409|422) POST \/v1\/subscriptions/, /^(400|422) POST \/v1\/schedules\/preview/)
    await page.goto('/subscriptions/new?report=usage')
    await page.getByLabel('Name of the subscription').fill('Hooked')
    await next(page, 'Frequency')
    await page.getByLabel('By a cron expression').check()
    await page.getByRole('textbox', { name: 'Cron expression' }).fill('61 7 * * *')
    await page.getByText('This schedule does not work yet').waitFor()
    await page.getByLabel('Only when asked').check()
    await next(page, 'Destinations')
    await button(page, 'Paste a list').click()
    const paste = page.getByRole('dialog', { name: 'Paste a list of recipients' })
    await paste.getByLabel('Recipients', { exact: true }).fill('e-mail,name\nada@example.org,Ada\nnobody\n')
    await paste.getByText('Line 3: nobody').waitFor()
    await button(paste, 'Add 1 recipient').click()
    await page.getByRole('row', { name: /Ada ada@example\.org/ }).waitFor()
    await button(page, 'Add a webhook').click()
    await page.getByLabel('Address', { exact: true }).fill('https://hooks.example.org/in')
    await next(page, 'Review')
    await page.getByText('besides: webhook:webhook').waitFor(patience)
    await inMail(page, 'By queue')
    await press(page, 'Save and add another')
    const shown = page.getByRole('dialog', { name: 'Secrets of the webhooks' })
    const secret = (await shown.getByRole('region', { name: 'secret of webhook' }).innerText()).trim()
    assert.match(secret, /^whsec_/)
    await page.keyboard.press('Escape')
    assert.ok(await shown.isVisible(), 'it can’t be dismissed by accident')
    await button(shown, 'I have copied it').click()
    await page.waitForURL(/\/subscriptions\/new\?step=frequency$/)
    await page
      .getByRole('navigation', { name: 'Steps' })
      .getByRole('link', { name: /Report/ })
      .click()
    assert.equal(await page.getByRole('combobox', { name: 'Report', exact: true }).inputValue(), 'Usage (usage)')
    assert.equal(await page.getByLabel('Name of the subscription').inputValue(), '')
    assert.equal(await page.evaluate((text) => JSON.stringify(sessionStorage).includes(text), secret), false)
    assert.ok(!(await page.content()).includes(secret))

    await page.getByLabel('Name of the subscription').fill('Hooked')
    await page
      .getByRole('navigation', { name: 'Steps' })
      .getByRole('link', { name: /Destinations/ })
      .click()
    await choose(page, 'Add a recipient', 'eve@example.org', /The address/)
    await next(page, 'Review')
    await page.getByRole('table', { name: 'Who gets what' }).waitFor(patience)
    await press(page, 'Save')
    await page
      .getByRole('alert')
      .getByText(/hooked/)
      .first()
      .waitFor()
  })

  test('another application starts it with a token made for nothing else, by the lines that its page shows', async (t) => {
    const page = await portal.page(t, { as: await portal.person('manager', 'cal'), width: 1440 })
    await make(page, 'called')
    await page.goto('/subscriptions/called?tab=call')
    await button(page, 'Make a token for this').click()
    const dialog = page.getByRole('dialog', { name: 'Your new API token' })
    const secret = await dialog.getByLabel('API token').inputValue()
    await button(dialog, 'Copy API Token to Clipboard').click()
    await button(dialog, 'Close').click()
    await page.getByText('Or use one of yours that may do it already').waitFor()
    await page.getByRole('listitem').filter({ hasText: 'Start called' }).waitFor()
    const curl = await page
      .getByRole('region', { name: / lines$/ })
      .first()
      .innerText()
    assert.match(curl, new RegExp(`${portal.url}/v1/subscriptions/called/runs`))
    const call = (path: string) =>
      fetch(portal.url + path, { method: 'POST', headers: { authorization: `Bearer ${secret}` } })
    assert.equal((await call('/v1/subscriptions/called/runs')).status, 202)
    assert.equal((await call('/v1/models/jobs/refreshes')).status, 403)
    await page.getByRole('tab', { name: 'Postman' }).click()
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download the Postman collection' }).click(),
    ])
    assert.match(file.suggestedFilename(), /\.json$/)
    await page.getByRole('tab', { name: 'History' }).click()
    await page.getByRole('row', { name: /Succeeded cal, with an API token/ }).waitFor(patience)
  })

  test('who leaves by the link in a mail is told so, gets nothing more, and is shown as gone', async (t) => {
    const page = await portal.page(t, { as: 'admin', width: 1440 })
    await make(page, 'leaving', {
      recipients: [{ address: 'leaving@example.org' }, { address: 'staying@example.org' }],
    })
    await page.goto('/subscriptions/leaving')
    await button(page, 'Run now').click()
    await delivered(page)
    const { mails } = await askApi<{ mails: { id: string }[] }>(page, portal.url, 'GET', '/v1/outbox?search=leaving')
    const mail = await askApi<{ text: string }>(page, portal.url, 'GET', `/v1/outbox/${mails[0]?.id}`)
    const link = /https?:\/\/\S+\/unsubscribe\/\S+/.exec(mail.text)?.[0]
    assert.ok(link, 'the mail has a way out')
    const theirs = await portal.page(t)
    await theirs.goto(link.replace(/[.)>]+$/, ''))
    await button(theirs, /unsubscribe/i).click()
    await theirs
      .getByText(/no longer|unsubscribed/i)
      .first()
      .waitFor()
    await page.getByRole('tab', { name: /Recipients/ }).click()
    await page.reload()
    await page.waitForTimeout(2000)
    await page.getByRole('row', { name: /leaving@example\.org Has unsubscribed/ }).waitFor()
    await button(page, 'Run now').click()
    await page.getByRole('tab', { name: 'History' }).click()
    await page.getByRole('row', { name: /leaving@example\.org Mail Had unsubscribed/ }).waitFor(patience)
  })

  test('a viewer has no subscriptions to make, and is told so; a visitor is asked to sign in', async (t) => {
    const page = await portal.page(t, { as: 'viewer' })
    await page.goto('/subscriptions')
    await page.getByText('What others send to you stands in your inbox').waitFor()
    await page.goto('/subscriptions/new')
    await page.getByRole('heading', { name: 'You may not make subscriptions' }).waitFor()
    const visitor = await portal.page(t)
    await visitor.goto('/inbox')
    await visitor.locator('main').getByRole('button', { name: 'Sign In' }).waitFor()
  })
})
