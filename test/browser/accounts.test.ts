import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { noBrowser, type TestPortal, testPortal } from './browser.ts'
import { allow, eventually, faultsOf, settled } from './watch-page.ts'

const password = 'forty quiet lanterns over the bay'

describe('accounts in the admin console', { skip: noBrowser }, () => {
  let portal: TestPortal
  before(async () => {
    portal = await testPortal({ data: 'none' })
  })
  after(() => portal[Symbol.asyncDispose]())

  const create = async (
    page: Page,
    userName: string,
    fill: (dialog: ReturnType<Page['getByRole']>) => Promise<void>,
  ) => {
    await page.goto('/admin/accounts')
    await page.getByRole('button', { name: 'Create account' }).click()
    const dialog = page.getByRole('dialog', { name: 'Create account' })
    await dialog.getByLabel('User name').fill(userName)
    await fill(dialog)
    await dialog.getByRole('button', { name: 'Create account' }).click()
  }
  const choose = async (page: Page, name: string, option: string) => {
    await page.getByRole('combobox', { name }).click()
    await page.getByRole('option', { name: option, exact: true }).click()
  }

  test('a person is invited by a link shown once, sets a password, gets another role, and is kept out', async (t) => {
    const page = await portal.page(t, { as: 'admin' })
    await create(page, 'grace', async (dialog) => {
      await dialog.getByLabel('Display name').fill('Grace Hopper')
      await dialog.getByLabel('E-mail').fill('grace@example.org')
    })
    const invitation = page.getByRole('dialog', { name: 'Invitation for grace' })
    const link = (await invitation.getByRole('region', { name: 'one-time link' }).innerText()).trim()
    assert.ok(link.startsWith(`${portal.url}/set-password#`), link)
    await page.keyboard.press('Escape')
    assert.ok(await invitation.isVisible(), 'it can’t be dismissed by accident')
    await invitation.getByRole('button', { name: 'Copy one-time link' }).click()
    await eventually(() => page.evaluate(() => navigator.clipboard.readText()), link)
    await invitation.getByRole('button', { name: 'I have passed it on' }).click()
    await page.getByRole('heading', { level: 1, name: 'grace' }).waitFor()
    await page.getByText('No password yet', { exact: true }).waitFor()
    assert.ok(!(await page.content()).includes(link.split('#')[1] as string), 'the link is shown nowhere any more')

    const theirs = await portal.page(t)
    await theirs.goto(link)
    await theirs.getByRole('textbox', { name: 'New password', exact: true }).fill(password)
    await theirs.getByRole('textbox', { name: 'New password, once more' }).fill(password)
    await theirs.getByRole('button', { name: /set.*password/i }).click()
    await theirs.getByText('Your password is set').waitFor()
    const main = theirs.locator('main')
    await main.getByRole('textbox', { name: 'Password', exact: true }).fill(password)
    await main.getByRole('button', { name: 'Sign In' }).click()
    await theirs.waitForURL(`${portal.url}/`)
    await theirs.goto('/profile')
    await settled(theirs)

    await page.reload()
    await page.getByText('Active', { exact: true }).waitFor()
    await choose(page, 'Role', 'Manager')
    await page.getByText('From then on they may also refresh models').waitFor()
    await page.getByRole('button', { name: 'Make Manager' }).click()
    await page.getByText('grace has the role Manager now.').waitFor()
    await page.getByLabel('First name').fill('Grace')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('The details of grace are saved.').waitFor()
    await page.getByText('Done to it').click()
    await page.getByRole('cell', { name: /role/i }).first().waitFor()

    await page.getByRole('button', { name: 'Disable' }).click()
    const asked = page.getByRole('dialog', { name: 'Disable grace?' })
    await asked.getByText('API tokens stop at once').waitFor()
    await asked.getByRole('button', { name: 'Disable' }).click()
    await page.getByText('grace is disabled.').waitFor()
    const kept = await theirs.request.get(`${portal.url}/v1/instance`)
    assert.equal(((await kept.json()) as { you: unknown }).you, null, 'their session has ended')
    await page.getByRole('button', { name: 'Enable' }).click()
    await page.getByText('grace is enabled.').waitFor()
    await page.getByText('Active', { exact: true }).waitFor()
  })

  test('a service account has an owner and no password; what is refused stands at its field', async (t) => {
    await portal.person('member', 'ada')
    const page = await portal.page(t, { as: 'admin' })
    allow(page, /^409 POST \/v1\/accounts$/, /^400 POST \/v1\/accounts$/, /^422 POST \/v1\/accounts$/)
    await create(page, 'not a name', async () => undefined)
    await page.getByText('must be 1 to 64 letters').waitFor()
    assert.deepEqual(faultsOf(page), [])

    await create(page, 'nightly-export', async (dialog) => {
      await dialog.getByLabel(/^A service/).check()
      assert.equal(await dialog.getByLabel('E-mail').count(), 0)
      const owner = dialog.getByRole('combobox', { name: 'Owner' })
      await owner.fill('ada')
      await page.getByRole('option', { name: 'ada' }).click()
    })
    await page.getByRole('heading', { level: 1, name: 'nightly-export' }).waitFor()
    await page.getByRole('definition').getByRole('link', { name: 'ada' }).waitFor()
    assert.equal(await page.getByRole('button', { name: /password link|invitation/i }).count(), 0)

    await create(page, 'NIGHTLY-export', async () => undefined)
    await page.getByText('is taken').waitFor()
  })

  test('the list is searched and narrowed in the address, so that it can be passed on', async (t) => {
    await portal.person('viewer', 'vera')
    const page = await portal.page(t, { as: 'admin' })
    await page.goto('/admin/accounts')
    await page.getByLabel('Search').fill('VER')
    await page.waitForURL('**/admin/accounts?search=VER')
    await page.getByRole('link', { name: 'vera' }).waitFor()
    await choose(page, 'Role', 'Viewer')
    await page.waitForURL('**/admin/accounts?search=VER&role=viewer')
    await page.reload()
    await page.getByRole('link', { name: 'vera' }).waitFor()
    await eventually(() => page.getByRole('row').count(), 2)
    await choose(page, 'State', 'Disabled')
    await page.getByText('No account matches').waitFor()
    await page.getByRole('button', { name: 'Show all' }).click()
    await page.getByRole('link', { name: 'admin', exact: true }).waitFor()
    assert.equal(new URL(page.url()).search, '')
  })
})
