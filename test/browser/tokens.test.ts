import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import type { Locator, Page } from 'playwright-core'
import { noBrowser, type TestPortal, testPortal } from './browser.ts'
import { eventually, settled } from './watch-page.ts'

const run = promisify(execFile)
const button = (at: Page | Locator, name: string | RegExp): Locator => at.getByRole('button', { name, exact: true })
const card = (page: Page, name: string): Locator => page.getByRole('article', { name, exact: true })
const dialogOf = (page: Page): Locator => page.getByRole('dialog')

/** Copies the token that the dialog shows, by its button, and closes the dialog. */
async function takeToken(page: Page): Promise<string> {
  const dialog = page.getByRole('dialog', { name: 'Your new API token' })
  await button(dialog, 'Copy API Token to Clipboard').click()
  await dialog.getByText('Copied. Paste it').waitFor()
  const secret = await page.evaluate(() => navigator.clipboard.readText())
  await button(dialog, 'Close').click()
  await dialog.waitFor({ state: 'detached' })
  assert.match(secret, /^tsr_[0-9A-Za-z]{12}_/)
  return secret
}

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
const longDay = (day: string): string =>
  new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(day))

/** Presses Tab until the focus is on what has this name. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let pressed = 0; pressed < 60; pressed++) {
    const focused = page.locator(':focus')
    if ((await focused.count()) > 0) {
      const says = await focused.evaluate((element) => {
        const labels = 'labels' in element ? [...((element.labels as NodeListOf<HTMLElement> | null) ?? [])] : []
        const named = element.getAttribute('aria-label') ?? labels.map((label) => label.innerText).join(' ')
        return named || (element as HTMLElement).innerText
      })
      if (name.test(says.trim())) return
    }
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab never came to ${name}`)
}

describe('API tokens', { skip: noBrowser }, () => {
  let portal: TestPortal
  before(async () => {
    portal = await testPortal()
  })
  after(() => portal[Symbol.asyncDispose]())

  const status = async (secret: string, at: string, init: RequestInit = {}): Promise<number> => {
    const reply = await fetch(portal.url + at, {
      ...init,
      headers: { authorization: `Bearer ${secret}`, 'user-agent': 'browser-test/1.0' },
    })
    await reply.body?.cancel()
    return reply.status
  }

  test('a person signs in, generates a token, pastes the line shown, sees the use counted, deletes it, is refused', async (t) => {
    const { userName, password } = await portal.person('member', 'grace')
    const page = await portal.page(t)
    await page.goto('/sign-in')
    await page.getByLabel('User name').fill(userName)
    await page.getByRole('textbox', { name: 'Password' }).fill(password)
    await button(page.getByRole('main'), 'Sign In').click()
    await page.getByRole('link', { name: 'My Profile' }).click()
    await page.getByRole('link', { name: 'API Token' }).click()
    await page.getByText('You have no API token').waitFor()
    await button(page, 'Generate API Token').dblclick()

    const dialog = page.getByRole('dialog', { name: 'Your new API token' })
    await dialog.waitFor()
    await page.keyboard.press('Escape')
    await page.mouse.click(5, 5)
    await page.evaluate(() => history.back())
    await dialog.getByText('You have not copied the token').waitFor()
    await button(dialog, 'Back to the token').click()
    await button(dialog, 'Close').click()
    await dialog.getByText('You have not copied the token').waitFor()
    await button(dialog, 'Back to the token').click()
    assert.equal(
      new URL(page.url()).pathname,
      '/profile/token',
      'neither Escape, nor a click beside it, nor the way back',
    )
    const curl = dialog.getByRole('region', { name: 'curl command' })
    await curl.getByText('/v1/query').waitFor()
    const line = await curl.innerText()
    await dialog.getByRole('tab', { name: 'Python' }).click()
    const python = await dialog.getByRole('region', { name: /^Python/ }).innerText()
    await dialog.getByRole('tab', { name: '.env' }).click()
    const env = await dialog.getByRole('region', { name: '.env lines' }).innerText()
    const secret = await takeToken(page)
    for (const lines of [line, python, env]) assert.ok(lines.includes(secret), 'the lines are ready to run')

    const kept = await page.evaluate(() => [
      document.documentElement.outerHTML,
      location.href,
      JSON.stringify({ ...localStorage }),
      JSON.stringify({ ...sessionStorage }),
      JSON.stringify(history.state),
    ])
    for (const place of kept) assert.ok(!place.includes(secret.split('_')[2]!), 'the secret is nowhere in the page')

    const { stdout } = await run('sh', ['-c', `${line.replace('curl ', 'curl -s ')}`])
    assert.match(stdout, /^[a-z_]+(,[a-z_]+)*\r?\n.+/, 'the line that is shown brings data')
    await page.waitForTimeout(1100)
    await page.reload()
    const own = card(page, 'API Token')
    await own.getByText('1 use in 30 days').waitFor()
    await eventually(() => page.getByRole('article').count(), 1, 'a double click makes one token')
    await own.getByText(/Last used just now from 127\.0\.0\.1 with curl/).waitFor()
    await own.getByRole('heading', { name: /^Expires in 6 months, / }).waitFor()
    const saved = page.waitForEvent('download')
    await own.getByRole('link', { name: 'Add to calendar' }).click()
    assert.match(await readFile(await (await saved).path(), 'utf8'), /SUMMARY:API token “API Token” of grace expires/)

    await button(own, 'Delete Token').click()
    await dialogOf(page).getByText(secret.split('_')[1]!).waitFor()
    await button(dialogOf(page), 'Delete Token').click()
    await page.getByText('You have no API token').waitFor()
    const refused = await run('sh', ['-c', `${line.replace('curl ', 'curl -s -o /dev/null -w "%{http_code}" ')}`])
    assert.equal(refused.stdout, '401')
    await page.getByLabel('Show ended tokens').check()
    await own.getByRole('heading', { name: /^Revoked just now/ }).waitFor()
  })

  test('a token made by the form holds what was ticked and no more; it is narrowed, rotated with an overlap, recreated', async (t) => {
    const page = await portal.page(t, { as: await portal.person('manager', 'mary') })
    await page.goto('/profile/token')
    await button(page, 'Create Token…').click()
    const form = page.getByRole('dialog', { name: 'Create Token' })
    await form.getByLabel('Token name').fill('nightly report')
    await form.getByLabel('Description').fill('on the cluster')
    await form.getByLabel('Custom date').check()
    await form.getByLabel('Last day').fill(inDays(12))
    await page.keyboard.press('Tab')
    await form.getByText(`It will expire on ${longDay(inDays(12))}.`).waitFor()
    await form.getByLabel('Read aggregates from the data warehouse', { exact: true }).check()
    await form.getByLabel('Refresh a semantic data input model', { exact: true }).check()
    await form.getByRole('combobox', { name: 'Refresh a semantic data input model: only on these models' }).click()
    await page.getByRole('option', { name: 'Jobs (jobs)' }).click()
    await button(form, 'Create Token').click()
    const secret = await takeToken(page)
    const query = '/v1/query?model=jobs&metrics=job_count'
    const refresh = ['/v1/models/jobs/refreshes', { method: 'POST' }] as const
    assert.deepEqual(
      [
        await status(secret, query),
        await status(secret, '/v1/models/jobs/raw?limit=1'),
        await status(secret, '/v1/tokens'),
        await status(secret, '/v1/models/flights/refreshes', { method: 'POST' }),
        await status(secret, ...refresh),
      ],
      [200, 403, 403, 403, 202],
    )
    const own = card(page, 'nightly report')
    // Its last day counts whole, so in the morning it is nearer to thirteen.
    await own.getByRole('heading', { name: new RegExp(`^Expires in 1[23] days, ${longDay(inDays(12))}`) }).waitFor()
    await own.getByText('Refresh a semantic data input model: jobs').waitFor()

    await button(own, 'Narrow…').click()
    await dialogOf(page).getByText('This can’t be undone').waitFor()
    await dialogOf(page).getByLabel('Refresh a semantic data input model', { exact: true }).uncheck()
    await button(dialogOf(page), 'Narrow Token').click()
    await dialogOf(page).waitFor({ state: 'detached' })
    assert.deepEqual([await status(secret, query), await status(secret, ...refresh)], [200, 403])

    await button(own, 'Rename…').click()
    await dialogOf(page).getByLabel('Token name').fill('weekly report')
    await page.keyboard.press('Enter')
    const renamed = card(page, 'weekly report')
    await renamed.waitFor()
    await button(renamed, 'Rotate…').click()
    await dialogOf(page).getByLabel('7 days').check()
    await button(dialogOf(page), 'Rotate Token').click()
    const successor = await takeToken(page)
    assert.deepEqual([await status(secret, query), await status(successor, query)], [200, 200])
    const old = renamed.filter({ hasText: 'Being replaced' })
    await old.getByRole('heading', { name: /^Stops in 7 days/ }).waitFor()
    await old.getByText(`Its successor is ${successor.split('_')[1]}`).waitFor()
    const now = renamed.filter({ hasText: `Took the place of ${secret.split('_')[1]}` })
    await button(now, 'Recreate Token').click()
    await dialogOf(page).getByText('stops at once').waitFor()
    await button(dialogOf(page), 'Recreate Token').click()
    const third = await takeToken(page)
    assert.deepEqual([await status(successor, query), await status(third, query)], [401, 200])
  })

  test('the whole of it by keyboard alone, in a browser without a clipboard', async (t) => {
    const page = await portal.page(t, { as: await portal.person('member', 'kay'), width: 390, height: 844 })
    await page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }))
    await page.goto('/profile/token')
    await settled(page)
    const press = async (name: RegExp, key = 'Enter') => {
      await tabTo(page, name)
      await page.keyboard.press(key)
    }
    await press(/^Create Token…$/)
    await dialogOf(page).waitFor()
    await tabTo(page, /^Token name/)
    await page.keyboard.type('by hand')
    await press(/^30 days$/, 'ArrowRight')
    await press(/^Read raw rows from the data warehouse$/, 'Space')
    await press(/^Create Token$/)
    const shown = page.getByRole('dialog', { name: 'Your new API token' })
    await shown.waitFor()
    const secret = await shown.getByLabel('API token').inputValue()
    await press(/^Copy API Token to Clipboard$/)
    await shown.getByText('Copied. Paste it').waitFor()
    await press(/^Close$/)
    await shown.waitFor({ state: 'detached' })
    assert.equal(await status(secret, '/v1/models/jobs/raw?limit=1'), 200)
    await card(page, 'by hand')
      .getByRole('heading', { name: /^Expires in (60 days|2 months), / })
      .waitFor()

    await press(/^Rename…$/)
    await dialogOf(page).waitFor()
    await settled(page)
    await page.keyboard.press('Control+A')
    await page.keyboard.press('Control+V')
    assert.equal(await dialogOf(page).getByLabel('Token name').inputValue(), secret, 'it was on the clipboard')
    await page.keyboard.press('Escape')
    await dialogOf(page).waitFor({ state: 'detached' })
    await eventually(() => page.locator(':focus').innerText(), 'Rename…', 'the focus is where it was')
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    assert.ok(wide <= 0, 'the page does not move sideways on a phone')

    await page.keyboard.press('Shift+Tab')
    await page.evaluate(() => document.querySelector<HTMLElement>('[data-tokens-home]')?.focus())
    await press(/^Delete Token$/)
    await dialogOf(page).waitFor()
    await press(/^Delete Token$/)
    await page.getByText('You have no API token').waitFor()
    assert.equal(await status(secret, '/v1/models/jobs/raw?limit=1'), 401)
  })

  test('a token that has expired stays in sight, says so, and is made anew in place', async (t) => {
    const page = await portal.page(t, { as: await portal.person('viewer', 'vera') })
    const made = await page.request.post('/v1/tokens', {
      data: {
        name: 'old notebook',
        permissions: ['warehouse:read:jobs'],
        expires_at: new Date(Date.now() + 1500).toISOString(),
      },
      headers: { origin: portal.url },
    })
    assert.equal(made.status(), 201)
    await page.waitForTimeout(1600)
    await page.goto('/profile/token')
    const own = card(page, 'old notebook')
    await own.getByRole('heading', { name: /^Expired just now, / }).waitFor()
    await own.getByText('It does not work any more. Recreate it, or delete it.').waitFor()
    await button(own, 'Recreate Token').click()
    await button(dialogOf(page), 'Recreate Token').click()
    const successor = (await takeToken(page)).split('_')[1]!
    const listed = await (await page.request.get(`/v1/tokens/${successor}`)).json()
    assert.equal(listed.predecessor, (await made.json()).id)
    assert.deepEqual(listed.permissions, ['warehouse:read:jobs'])
  })

  test('the calendar of all one’s tokens has an address that is shown once', async (t) => {
    const page = await portal.page(t, { as: await portal.person('viewer', 'cal') })
    await page.goto('/profile/token')
    await button(page, 'Generate API Token').click()
    await takeToken(page)
    await button(page, 'Get a calendar address').click()
    const address = (await page.getByRole('region', { name: 'calendar address' }).innerText()).trim()
    assert.match(await (await fetch(address)).text(), /SUMMARY:API token “API Token” of cal expires/)
    await button(page, 'I have copied it').click()
    await page.getByText('The address was made').waitFor()
    assert.ok(!(await page.content()).includes(address))
    await button(page, 'Stop the calendar').click()
    await button(dialogOf(page), 'Stop the calendar').click()
    await button(page, 'Get a calendar address').waitFor()
    assert.equal((await fetch(address)).status, 404)
  })

  test('an administrator makes an integration token and finds out who used it', async (t) => {
    const page = await portal.page(t, { as: 'admin', width: 1440 })
    await page.goto('/admin/tokens')
    await button(page, 'Create API Token').click()
    const form = page.getByRole('dialog', { name: 'Create API Token' })
    await form.getByLabel('Token name').fill('Postman')
    await form.getByLabel('90 days').check()
    await form.getByLabel('Execute a new subscription', { exact: true }).check()
    await form.getByLabel('Refresh a semantic data input model', { exact: true }).check()
    assert.equal(await form.getByLabel('Read the audit log', { exact: true }).isVisible(), false)
    await form.getByLabel('A new service account').check()
    await form.getByLabel('User name of the service account').fill('postman')
    await button(form, 'Generate').click()
    const secret = await takeToken(page)
    const made = await fetch(`${portal.url}/v1/models/jobs/refreshes`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'user-agent': 'PostmanRuntime/7.39.0' },
    })
    assert.equal(made.status, 202, 'it refreshes a model')
    assert.equal(await status(secret, '/v1/query?model=jobs&metrics=job_count'), 403, 'and does nothing else')
    await page.waitForTimeout(1100)

    await page.getByLabel('Search', { exact: true }).fill('Postman')
    await page.waitForURL(/search=Postman/)
    await page.getByRole('link', { name: 'Postman', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: 'Postman' }).waitFor()
    await page.getByText(/^postman: 2 uses from .*127\.0\.0\.1 \(PostmanRuntime\/7\.39\.0\)/).waitFor()
    const sources = page.getByRole('table', { name: 'Uses by day, address and client' })
    await sources.getByRole('row', { name: /^Today 127\.0\.0\.1 PostmanRuntime\/7\.39\.0 1 / }).waitFor()
    const reach = page.getByRole('table', { name: 'Models that the token reaches' })
    await reach.getByRole('row', { name: /^Jobs no no yes all$/ }).waitFor()
    await page.getByRole('row', { name: /An API token was made .*admin.* token \w{12}/ }).waitFor()
    await page.getByText('Done with it').click()
    await page
      .getByRole('row', { name: /A refresh of a model was asked for .*postman with the API token .* model jobs/ })
      .waitFor()
  })

  test('many tokens are revoked at once, after a count that changes nothing, by selection and by filter', async (t) => {
    const page = await portal.page(t, { as: 'admin', width: 1440 })
    const post = async (body: object) => {
      const reply = await page.request.post('/v1/tokens', { data: body, headers: { origin: portal.url } })
      return ((await reply.json()) as { secret: string }).secret
    }
    const secrets: string[] = []
    for (const name of ['bulk 1', 'bulk 2', 'bulk 3', 'kept'])
      secrets.push(await post({ name, permissions: ['warehouse:read'] }))
    const works = () => Promise.all(secrets.map((secret) => status(secret, '/v1/tokens/current')))
    const before = await works()
    await page.goto('/admin/tokens?search=bulk&sort=name')
    await page.getByRole('status').filter({ hasText: '3 tokens' }).first().waitFor()
    await page.getByLabel('Select bulk 1 of admin').check()
    await button(page, 'Revoke selected…').click()
    await dialogOf(page).getByText('1 token would be revoked').waitFor()
    await settled(page)
    await page.keyboard.press('Escape')
    await dialogOf(page).waitFor({ state: 'detached' })
    assert.deepEqual(await works(), before, 'the count has changed nothing')
    await page.getByLabel('Select bulk 1 of admin').uncheck()
    await button(page, 'Revoke all 3 that match…').click()
    await dialogOf(page).getByText('3 tokens would be revoked').waitFor()
    assert.ok(await button(dialogOf(page), 'Revoke 3 tokens').isDisabled(), 'not without a reason')
    await dialogOf(page).getByLabel('Reason').fill('spring cleaning')
    await button(dialogOf(page), 'Revoke 3 tokens').click()
    await page.getByText('No token matches').waitFor()
    assert.deepEqual(await works(), [401, 401, 401, before[3]])
    await page.getByRole('combobox', { name: 'State' }).click()
    await page.getByRole('option', { name: 'Revoked' }).click()
    await page.waitForURL(/state=revoked/)
    await page.getByRole('link', { name: 'bulk 2' }).click()
    await page.getByText('spring cleaning').first().waitFor()
  })
})

describe('API tokens where the instance', { skip: noBrowser }, () => {
  test('has terms of use: they are read and accepted before the first token, once', async (t) => {
    const directory = await mkdtemp(path.join(tmpdir(), 'tessera-terms-'))
    t.after(() => rm(directory, { recursive: true, force: true }))
    const file = path.join(directory, 'terms.md')
    await writeFile(file, 'Be kind to the <b>data</b>.\n')
    await using portal = await testPortal({ data: 'none', settings: { TESSERA_API_TOKEN__TERMS_FILE: file } })
    await t.test('walk', async (walk) => {
      const page = await portal.page(walk, { as: 'member' })
      await page.goto('/profile/token')
      await button(page, 'Generate API Token').click()
      const terms = page.getByRole('dialog', { name: 'Terms of use of API tokens' })
      await terms.getByText('Be kind to the <b>data</b>.').waitFor()
      assert.ok(await button(terms, 'Accept and go on').isDisabled())
      await button(terms, 'Cancel').click()
      await terms.waitFor({ state: 'detached' })
      await page.getByText('You have no API token').waitFor()
      await button(page, 'Generate API Token').click()
      await terms.getByLabel('I have read these terms and accept them').check()
      await button(terms, 'Accept and go on').click()
      await takeToken(page)
      await button(page, 'Generate API Token').click()
      await takeToken(page)
      await card(page, 'API Token 2').waitFor()
    })
  })

  test('has switched tokens off: My Profile has no such tab', async (t) => {
    await using portal = await testPortal({ data: 'none', settings: { TESSERA_API_TOKEN__EXPIRATION_INTERVAL: '' } })
    await t.test('walk', async (walk) => {
      const page = await portal.page(walk, { as: 'member' })
      await page.goto('/profile')
      await page.getByRole('link', { name: 'Sessions' }).waitFor()
      assert.equal(await page.getByRole('link', { name: 'API Token' }).count(), 0)
      await page.goto('/profile/token')
      await page.getByText('Nobody makes tokens for themselves here').waitFor()
      assert.equal(await button(page, /Generate|Create/).count(), 0)
    })
  })
})
