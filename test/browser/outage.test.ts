import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { noBrowser, type TestPortal, testPortal } from './browser.ts'
import { allow } from './watch-page.ts'

describe('The portal while its server is away', { skip: noBrowser }, () => {
  let portal: TestPortal
  before(async () => {
    portal = await testPortal({ data: 'none' })
  })
  after(() => portal[Symbol.asyncDispose]())

  test('stands, says so at a page whose code it could not fetch, and goes there once it can', async (t) => {
    const page = await portal.page(t, { as: 'viewer' })
    allow(page, /ERR_CONNECTION_REFUSED/)
    await page.goto('/profile')
    await page.getByRole('heading', { name: 'My Profile' }).waitFor()
    await page.route('**/*', (route) => route.abort('connectionrefused'))
    await page.getByRole('link', { name: 'Models' }).first().click()
    const away = page.getByRole('heading', { name: 'The server cannot be reached' })
    await away.waitFor()
    const again = page.getByRole('button', { name: 'Try again' })
    await again.click()
    await page.waitForTimeout(500)
    assert.ok(await away.isVisible(), 'the portal is not given up for the browser’s own page')

    await page.unroute('**/*')
    await again.click()
    await page.getByRole('heading', { name: 'Models', level: 1 }).waitFor()
    assert.equal(new URL(page.url()).pathname, '/models')
  })
})
