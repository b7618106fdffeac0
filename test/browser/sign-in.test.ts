import assert from 'node:assert/strict'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { builtPortal } from '#src/pages/build-portal.ts'
import { noBrowser, type Person, type TestPortal, testPortal } from './browser.ts'
import { allow, eventually, settled } from './watch-page.ts'

describe('signing in and one’s own account', { skip: noBrowser }, () => {
  let portal: TestPortal
  before(async () => {
    portal = await testPortal()
  })
  after(() => portal[Symbol.asyncDispose]())

  const dialog = (page: Page, name: string): Locator => page.getByRole('dialog', { name })
  const signedInAs = (page: Page, name: string) => page.getByText(`Hello, ${name}`).first().waitFor()
  /** What is typed goes where the focus is. */
  const typeSignIn = async (page: Page, { userName, password }: Person): Promise<void> => {
    await page.keyboard.type(userName)
    await page.keyboard.press('Tab')
    await page.keyboard.type(password)
    await page.keyboard.press('Enter')
  }
  const focused = (page: Page): Promise<string> =>
    page.evaluate(() => {
      const { activeElement: at } = document
      return `${at?.tagName.toLowerCase()} ${at?.getAttribute('name') ?? at?.textContent?.slice(0, 40)}`.trim()
    })
  /** From another browser of the same person, as they would do it themselves. */
  const endOtherSessions = async (t: Parameters<TestPortal['page']>[0], as: Person): Promise<void> => {
    const other = await portal.page(t, { as })
    const reply = await other.request.delete('/v1/sessions', { headers: { origin: portal.url } })
    assert.equal(reply.status(), 200)
  }

  test('the page to sign in works by keyboard alone, explains refusals, and leads on within this site only', async (t) => {
    const member = await portal.person('member')
    const page = await portal.page(t, { width: 390 })
    allow(page, /^401 POST \/v1\/session$/, /^429 POST \/v1\/session$/)
    await page.goto('/sign-in?to=/profile/sessions')
    await settled(page)
    await eventually(() => focused(page), 'input username')
    await typeSignIn(page, { ...member, password: 'not this one, surely' })
    await page.getByRole('alert').getByText('The user name or the password is wrong').waitFor()
    await eventually(() => focused(page), 'input password', 'one can type the password anew at once')
    await page.keyboard.type(member.password)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Sessions' }).waitFor()
    assert.equal(new URL(page.url()).pathname, '/profile/sessions')
    assert.ok(await page.getByRole('button', { name: 'Sign Out' }).isVisible(), 'in the head of a phone too')
    assert.ok(
      await page.getByRole('link', { name: 'My Profile', exact: true }).isVisible(),
      'in the head of a phone too',
    )

    for (const evil of ['//evil.example/', '/\\evil.example', 'https://evil.example/', '/.//evil.example']) {
      await page.goto(`/sign-in?to=${encodeURIComponent(evil)}`)
      await page.getByRole('heading', { name: 'Start' }).waitFor()
      assert.equal(page.url(), `${portal.url}/`, evil)
    }

    const stranger = await portal.page(t)
    allow(stranger, /^401 POST \/v1\/session$/, /^429 POST \/v1\/session$/)
    await stranger.goto('/sign-in')
    const guess = { userName: 'nobody-like-this', password: 'a guess that is wrong' }
    for (let attempt = 0; attempt < 40; attempt++) {
      const reply = await stranger.request.post('/v1/session', {
        data: { user_name: guess.userName, password: guess.password },
        headers: { origin: portal.url },
      })
      if (reply.status() === 429) break
    }
    await typeSignIn(stranger, guess)
    await stranger.getByText(/the next one has to wait \d+ s/).waitFor()
  })

  test('signing in by the dialog stays on the page; signing out leaves nothing of the person in the window', async (t) => {
    const viewer = await portal.person('viewer')
    const page = await portal.page(t)
    await page.goto('/models')
    await page.getByRole('heading', { name: 'Flights' }).waitFor()
    await settled(page)
    await page.keyboard.press('Tab')
    await eventually(() => focused(page), 'a To the content')
    await page.keyboard.press('Enter')
    await eventually(() => page.evaluate(() => document.activeElement?.id), 'main')
    assert.equal(page.url(), `${portal.url}/models`)
    await page.keyboard.press('Shift+Tab')
    while ((await focused(page)) !== 'a To the content') await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await eventually(() => focused(page), 'button Sign In')
    await page.keyboard.press('Enter')
    await dialog(page, 'Sign In').waitFor()
    await settled(page)
    await page.keyboard.press('Escape')
    await dialog(page, 'Sign In').waitFor({ state: 'hidden' })
    await eventually(() => focused(page), 'button Sign In', 'the focus is back where it was')
    await page.keyboard.press('Enter')
    await dialog(page, 'Sign In').waitFor()
    await settled(page)
    await typeSignIn(page, viewer)
    await signedInAs(page, viewer.userName)
    await page.getByRole('heading', { name: 'Jobs' }).waitFor()
    assert.equal(new URL(page.url()).pathname, '/models', 'one is where one was')
    assert.equal(await page.getByText('Admin console').count(), 0)

    await page.getByRole('link', { name: 'My Profile' }).click()
    await page.getByLabel('Display name').waitFor()
    await page.getByRole('button', { name: 'Sign Out' }).click()
    await page.getByRole('button', { name: 'Sign In' }).waitFor()
    assert.equal((await page.request.get('/v1/session')).status(), 401)
    await page.goBack()
    await page.getByRole('button', { name: 'Sign In' }).waitFor()
    await settled(page)
    assert.doesNotMatch(await page.content(), new RegExp(`Hello, ${viewer.userName}|Jobs that ran`))
    await page.goto('/profile')
    await page.getByText('This page is for people who are signed in.').waitFor()
    assert.equal(await dialog(page, 'Your session has ended').count(), 0, 'who never was signed in is not asked again')
  })

  test('a visitor who finds nothing may sign in right there, and then sees it', async (t) => {
    const page = await portal.page(t)
    allow(page, /^404 GET \/v1\/models\/jobs$/)
    await page.goto('/models/jobs')
    await page.getByRole('alert').waitFor()
    await page.getByRole('main').getByRole('button', { name: 'Sign In' }).click()
    await page.waitForFunction(() => document.activeElement?.matches('[role="dialog"] input'))
    await typeSignIn(page, await portal.person('viewer'))
    await page.getByRole('heading', { level: 1, name: 'Jobs' }).waitFor()
  })

  test('a session that ends mid-work keeps what was typed, and goes on after signing in', async (t) => {
    const person = await portal.person('manager', 'mid-work')
    const page = await portal.page(t, { as: person })
    allow(page, /^401 /)
    await page.goto('/profile')
    await page.getByLabel('Display name').fill('Ada, Countess of Lovelace')
    await endOtherSessions(t, person)
    await page.getByRole('button', { name: 'Save' }).click()
    const again = dialog(page, 'Your session has ended')
    await again.waitFor()
    await page.keyboard.press('Escape')
    await settled(page)
    assert.ok(await again.isVisible(), 'no key closes it by accident')
    assert.equal(await again.getByLabel('User name').inputValue(), person.userName)
    await eventually(() => focused(page), 'input password')
    await page.keyboard.type(person.password)
    await page.keyboard.press('Enter')
    await page.getByText('Your details are saved.').first().waitFor()
    await again.waitFor({ state: 'hidden' })
    await eventually(() => page.getByLabel('Display name').inputValue(), 'Ada, Countess of Lovelace')
    await signedInAs(page, 'Ada, Countess of Lovelace')

    // Several calls at once: one dialog for all, and all go on.
    await endOtherSessions(t, person)
    await page.getByRole('link', { name: /start page/ }).click()
    await again.waitFor()
    assert.equal(await again.count(), 1)
    await page.keyboard.type(person.password)
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'Make your first API token' }).waitFor()
    await again.waitFor({ state: 'hidden' })

    // Whoever would rather not is a visitor from here on.
    await endOtherSessions(t, person)
    await page.getByRole('link', { name: 'My Profile' }).click()
    await page.getByRole('link', { name: 'Sessions' }).click()
    await again.waitFor()
    await again.getByRole('button', { name: /without signing in/ }).click()
    await page.getByText('This page is for people who are signed in.').waitFor()
    assert.equal(await page.getByText('Hello,').count(), 0)
  })

  test('somebody else who signs in where a session has ended begins anew, and sends nothing of the one before', async (t) => {
    const [first, second] = [await portal.person('member', 'went-home'), await portal.person('member', 'came-after')]
    const page = await portal.page(t, { as: first })
    allow(page, /^401 /)
    await page.goto('/profile')
    await page.getByLabel('Display name').fill('Typed by the first')
    await endOtherSessions(t, first)
    await page.getByRole('button', { name: 'Save' }).click()
    const again = dialog(page, 'Your session has ended')
    await again.getByLabel('User name').fill(second.userName)
    await again.locator('input[name=password]').fill(second.password)
    await page.keyboard.press('Enter')
    await signedInAs(page, second.userName)
    await eventually(() => page.getByLabel('Display name').inputValue(), second.userName)
    const { account } = await (await page.request.get('/v1/session')).json()
    assert.equal(account.display_name, second.userName, 'what the first had typed was not saved for the second')
  })

  test('a note on what was done gives way to what has the focus', async (t) => {
    const person = await portal.person('member', 'notes')
    await portal.page(t, { as: person })
    const page = await portal.page(t, { as: person })
    await page.setViewportSize({ width: 390, height: 420 })
    await page.goto('/profile/sessions')
    const list = page.getByRole('list', { name: 'Sessions' }).getByRole('listitem')
    await list.nth(1).getByRole('button', { name: /^End/ }).click()
    await dialog(page, 'End this session?').getByRole('button', { name: 'End session' }).click()
    const note = page.getByText(/^The session of .* has ended\.$/)
    await note.waitFor()
    await dialog(page, 'End this session?').waitFor({ state: 'detached' })
    // Something to press is brought to stand right where the note lies.
    const link = page.getByRole('link', { name: 'Password' })
    const place = (await note.boundingBox())!
    await link.evaluate((one, { x, y }) => {
      ;(one as HTMLElement).style.cssText = `position: fixed; left: ${x}px; top: ${y}px`
      ;(one as HTMLElement).focus({ preventScroll: true })
    }, place)
    const isSeen = () =>
      link.evaluate((one) => {
        const { x, y, width, height } = one.getBoundingClientRect()
        return one.contains(document.elementFromPoint(x + width / 2, y + height / 2))
      })
    await eventually(isSeen, true, 'the focus is seen', 2000)
    assert.equal(await note.isVisible(), true, 'and so is the note')
  })

  test('the link of an invitation sets a password once, and its secret stays in no address and no storage', async (t) => {
    const admin = await portal.page(t, { as: 'admin' })
    const post = async (at: string, data?: object) =>
      (await admin.request.post(at, { data, headers: { origin: portal.url } })).json()
    const account = await post('/v1/accounts', { user_name: 'grace', display_name: 'Grace Hopper' })
    const { url } = await post(`/v1/accounts/${account.id}/password-link`)
    const secret = new URL(url).hash.slice(1)
    const page = await portal.page(t)
    allow(page, /^422 PUT \/v1\/password-links\/current\/password$/, /^404 POST \/v1\/password-links\/current$/)
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await page.goto(url)
    await page.getByText('Welcome, Grace Hopper.').waitFor()
    assert.equal(page.url(), `${portal.url}/set-password`)
    const kept = await page.evaluate(() =>
      JSON.stringify([localStorage, sessionStorage, history.state, document.cookie]),
    )
    assert.ok(
      !kept.includes(secret) && !asked.some((address) => address.includes(secret)),
      'it is nowhere but in memory',
    )

    const password = page.getByLabel('New password', { exact: false }).first()
    await password.fill('grace hopper')
    await page.getByLabel('New password, once more').fill('grace hoppers')
    await page.getByRole('button', { name: 'Set password' }).click()
    await page.getByText('The two are not the same.').waitFor()
    await page.getByLabel('New password, once more').fill('grace hopper')
    await page.getByRole('button', { name: 'Set password' }).click()
    await page.getByText(/made of what guessers try first/).waitFor()
    await password.fill('moths in the relay, again')
    await page.getByLabel('New password, once more').fill('moths in the relay, again')
    await page.keyboard.press('Enter')
    await page.getByText('Your password is set').waitFor()
    await eventually(() => focused(page), 'input password')
    await page.keyboard.type('moths in the relay, again')
    await page.keyboard.press('Enter')
    await signedInAs(page, 'Grace Hopper')
    assert.equal(new URL(page.url()).pathname, '/')

    await page.goto(url)
    await page.getByText('This link does not work any more').waitFor()
    await page.goto('/set-password')
    await page.getByText('Open the link that you were given once more').waitFor()
  })

  test('My Profile shows and ends sessions, and changes the password', async (t) => {
    const person = await portal.person('member', 'many-browsers')
    const [phone, library, page] = [
      await portal.page(t, { as: person }),
      await portal.page(t, { as: person }),
      await portal.page(t, { as: person }),
    ]
    allow(page, /^422 PUT \/v1\/accounts\/current\/password$/)
    const live = async (of: Page): Promise<boolean> => (await of.request.get('/v1/session')).ok()
    await page.goto('/profile/sessions')
    const list = page.getByRole('list', { name: 'Sessions' }).getByRole('listitem')
    await list.first().waitFor()
    assert.equal(await list.count(), 3)
    assert.match(await list.first().innerText(), /Chrome on Linux[\s\S]*This session/i)
    await list.nth(1).getByRole('button', { name: /^End/ }).click()
    await dialog(page, 'End this session?').getByRole('button', { name: 'End session' }).click()
    await page.getByText('The session of Chrome on Linux has ended.').waitFor()
    await list.nth(2).waitFor({ state: 'hidden' })
    assert.equal([await live(phone), await live(library)].filter(Boolean).length, 1)
    await page.getByRole('button', { name: 'End all others' }).click()
    await dialog(page, 'End all other sessions?').getByRole('button', { name: 'End all others' }).click()
    await page.getByText('One other session has ended.').waitFor()
    assert.deepEqual([await live(phone), await live(library), await live(page)], [false, false, true])

    await portal.signIn(phone, person)
    await page.getByRole('link', { name: 'Password' }).click()
    await page.getByLabel('Current password').fill('not mine at all')
    await page.getByLabel('New password', { exact: false }).first().fill('seven herons on the jetty')
    await page.getByLabel('New password, once more').fill('seven herons on the jetty')
    await page.keyboard.press('Enter')
    await page.getByText('is not your password').waitFor()
    await page.getByLabel('Current password').fill(person.password)
    await page.keyboard.press('Enter')
    await page.getByText('Your password is changed.').waitFor()
    assert.deepEqual([await live(phone), await live(page)], [false, true])
    await page.getByRole('link', { name: 'Details' }).click()
    await page.getByText('Read raw rows from the data warehouse').waitFor()
    assert.equal(await page.getByText('Manage accounts and roles').count(), 0, 'only what one may do is listed')
  })

  test('the command palette goes anywhere by keyboard, and the focus follows', async (t) => {
    const page = await portal.page(t, { as: 'admin' })
    await portal.person('viewer', 'katherine')
    await page.goto('/')
    await settled(page)
    const box = page.getByLabel('Where to go or what to do')
    const go = async (words: string, first: RegExp): Promise<void> => {
      await page.keyboard.press('Control+k')
      await box.waitFor()
      await page.waitForFunction(() => document.activeElement?.matches('[role="dialog"] input'))
      await page.keyboard.type(words)
      await page.locator('[data-action][data-selected]').filter({ hasText: first }).waitFor()
      await page.keyboard.press('Enter')
      await box.waitFor({ state: 'hidden' })
    }
    await go('models', /^Models/)
    await page.waitForURL('**/models')
    await page.waitForFunction(() => document.activeElement?.textContent === 'Models')
    await page
      .getByRole('status')
      .filter({ hasText: /^Models · / })
      .waitFor({ state: 'attached' })
    await go('explore jobs', /^Explore Jobs/)
    await page.waitForURL('**/explore/jobs**')
    await go('kather', /katherine/)
    await page.waitForURL(/\/admin\/accounts\/[0-9a-f-]{36}/)
    await go('sessions', /^Sessions/)
    await page.waitForURL('**/profile/sessions')
    await go('dark', /^Colours: Dark/)
    await page.waitForFunction(() => document.documentElement.dataset.mantineColorScheme === 'dark')
    await page.reload()
    await page.waitForFunction(() => document.documentElement.dataset.mantineColorScheme === 'dark')
    await settled(page)
    await go('sign out', /^Sign Out/)
    await page.getByRole('button', { name: 'Sign In' }).waitFor()
  })

  test('a phone has all sections in its menu; the console is closed to those who do not administer', async (t) => {
    const page = await portal.page(t, { as: await portal.person('manager', 'on-a-phone'), width: 390, height: 844 })
    await page.goto('/')
    await page.getByRole('button', { name: 'Menu' }).click()
    const menu = page.getByRole('dialog')
    for (const name of ['Explore', 'Models', 'API docs', 'Sessions', 'API Token'])
      await menu.getByRole('link', { name, exact: true }).waitFor()
    assert.equal(await menu.getByText('Audit log').count(), 0)
    await menu.getByRole('link', { name: 'Models' }).click()
    await page.getByRole('heading', { level: 1, name: 'Models' }).waitFor()
    await menu.waitFor({ state: 'hidden' })
    await page.goto('/admin/audit')
    await page.getByText('This part takes the permission audit:read').waitFor()
  })

  test('the first load brings at most 200 kB of gzipped script', async (t) => {
    const page = await portal.page(t)
    for (const at of ['/', '/sign-in']) {
      await page.goto(at)
      await settled(page)
      const names = await page.evaluate(() =>
        performance.getEntriesByType('resource').flatMap(({ name }) => /\/assets\/[^/?]+\.js$/.exec(name)?.[0] ?? []),
      )
      const sizes = await Promise.all(
        [...new Set(names)].map(async (name) => (await stat(path.join(builtPortal, `${name}.gz`))).size),
      )
      const total = sizes.reduce((sum, size) => sum + size, 0)
      assert.ok(sizes.length > 0 && total <= 200_000, `${at}: ${total} bytes in ${sizes.length} files`)
      t.diagnostic(`${at}: ${Math.round(total / 1000)} kB`)
    }
  })
})

test('where tokens for people are switched off there is no tab for them', { skip: noBrowser }, async (t) => {
  await using portal = await testPortal({ data: 'none', settings: { TESSERA_API_TOKEN__EXPIRATION_INTERVAL: '' } })
  await t.test('the page', async (t) => {
    const page = await portal.page(t, { as: 'member' })
    await page.goto('/profile')
    await page.getByRole('link', { name: 'Sessions' }).waitFor()
    assert.equal(await page.getByText('API Token', { exact: true }).count(), 0)
    await page.goto('/profile/token')
    await page
      .getByText(/switched off/)
      .first()
      .waitFor()
  })
})
