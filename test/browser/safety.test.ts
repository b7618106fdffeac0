import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { noBrowser, type Person, type TestPortal, testPortal } from './browser.ts'
import { allow, settled } from './watch-page.ts'

describe('what a hostile neighbour, link or name cannot do', { skip: noBrowser }, () => {
  let portal: TestPortal
  before(async () => {
    portal = await testPortal()
  })
  after(() => portal[Symbol.asyncDispose]())

  const signedInAs = (page: Page, name: string) => page.getByText(`Hello, ${name}`).first().waitFor()
  const tokensOf = async (t: Parameters<TestPortal['page']>[0], as: Person): Promise<number> => {
    const page = await portal.page(t, { as })
    return (await (await page.request.get('/v1/tokens')).json()).total
  }
  /** In the tongue of scripts: what runs if any of it is ever read as HTML. */
  const hostile = (where: string): string => `<img src=/nothing-${where} onerror="window.ran=1">`

  test('where somebody else has signed in in another window, the page of the one before does nothing in their name', async (t) => {
    const [first, second] = [await portal.person('member', 'left-it-open'), await portal.person('member', 'sits-down')]
    const page = await portal.page(t, { as: first })
    allow(page, /^401 /)
    await page.goto('/profile/token')
    await page.getByRole('button', { name: 'Generate API Token' }).waitFor()
    await settled(page)
    await portal.signIn(page, second)
    await page.getByRole('button', { name: 'Generate API Token' }).click()
    await signedInAs(page, second.userName)
    assert.equal(await page.getByText('Your new API token').count(), 0)
    assert.deepEqual([await tokensOf(t, first), await tokensOf(t, second)], [0, 0])
  })

  test('who goes on without signing in again leaves nothing of theirs on a page that visitors may open', async (t) => {
    const person = await portal.person('manager', 'walked-away')
    const page = await portal.page(t, { as: person })
    allow(page, /^401 /, /^404 GET \/v1\/models\/jobs$/, /There is no model called jobs/)
    await page.goto('/models/jobs')
    await page.getByRole('heading', { level: 1, name: 'Jobs' }).waitFor()
    await settled(page)
    const other = await portal.page(t, { as: person })
    assert.equal((await other.request.delete('/v1/sessions', { headers: { origin: portal.url } })).status(), 200)
    await page.getByRole('button', { name: 'Refresh now' }).click()
    const again = page.getByRole('dialog', { name: 'Your session has ended' })
    await again.getByRole('button', { name: /without signing in/ }).click()
    await page.getByRole('button', { name: 'Sign In' }).first().waitFor()
    await settled(page)
    assert.doesNotMatch(await page.locator('body').innerText(), new RegExp(`${person.userName}|Number of Jobs`))
    assert.equal(await page.getByRole('heading', { level: 1, name: 'Jobs' }).count(), 0)
  })

  test('the secret of a link leaves the address each time that it is opened there', async (t) => {
    const page = await portal.page(t)
    allow(page, /^404 POST \/v1\/password-links\/current$/)
    for (const at of ['#a-secret-of-a-link', '#a-secret-of-a-link', '#another-secret'])
      await t.test(at, async () => {
        await (page.url().includes('/set-password')
          ? page.evaluate((hash) => window.location.assign(hash), at)
          : page.goto(`/set-password${at}`))
        await page.getByText('This link does not work any more').waitFor()
        await settled(page)
        assert.equal(page.url(), `${portal.url}/set-password`)
      })
  })

  test('names, descriptions and clients are text on every page that shows them', async (t) => {
    const page = await portal.page(t, { as: 'admin' })
    const post = async (at: string, data: object) => {
      const reply = await page.request.post(at, { data, headers: { origin: portal.url } })
      assert.ok(reply.ok(), await reply.text())
      return await reply.json()
    }
    const account = await post('/v1/accounts', { user_name: 'robert', display_name: hostile('person') })
    const token = await post('/v1/tokens', {
      name: hostile('token').slice(0, 80),
      description: hostile('description'),
      permissions: ['warehouse:read'],
    })
    const used = await fetch(`${portal.url}/v1/query?model=jobs&metrics=job_count`, {
      headers: { authorization: `Bearer ${token.secret}`, 'user-agent': hostile('client') },
    })
    assert.equal(used.status, 200)
    await post(`/v1/models/jobs/refreshes`, { reason: hostile('reason') })
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    for (const [at, shown] of [
      ['/profile/token', 'token'],
      ['/admin/tokens', 'token'],
      [`/admin/tokens/${token.id}`, 'client'],
      ['/admin/audit', 'token'],
      [`/admin/accounts/${account.id}`, ''],
      [`/explore/jobs?metrics=job_count&${hostile('word')}=1&filter=${encodeURIComponent(hostile('filter'))}`, 'word'],
    ] as const) {
      await page.goto(at)
      await settled(page)
      if (shown) await page.getByText(`/nothing-${shown}`).first().waitFor()
      const ran = await page.evaluate(() => [
        'ran' in window,
        document.querySelectorAll('[onerror], img[src^="/nothing"]').length,
      ])
      assert.deepEqual(ran, [false, 0], at)
    }
    assert.deepEqual(
      asked.filter((address) => new URL(address).pathname.startsWith('/nothing')),
      [],
    )
  })
})
