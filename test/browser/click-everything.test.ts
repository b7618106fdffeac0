import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { noBrowser, type TestPortal, testPortal } from './browser.ts'
import { everyPage, idsOf } from './every-page.ts'
import { allow, faultsOf, settled } from './watch-page.ts'

/** What would end the walk or the things it walks over; each has a test of its own. */
const leftAlone =
  /sign out|end (all|sessions|the session)|^end$|delete|revoke|recreate|disable|cancel run|restore|refresh now|verify|^make (viewer|member|manager|admin)/i
const clickable =
  'button, [role="tab"], [role="radio"], [role="switch"], summary, input[type="checkbox"], input[type="radio"]'
/** Lists repeat themselves: so many of one kind are enough. */
const mostOfAKind = 2
const mostOnAPage = 40

interface Target {
  readonly name: string
  readonly at: number
}

describe('click everything', { skip: noBrowser }, () => {
  let portal: TestPortal
  before(async () => {
    portal = await testPortal()
  })
  after(() => portal[Symbol.asyncDispose]())

  test('nothing on any page complains, breaks or fails when it is used', async (t) => {
    const page = await portal.page(t)
    const pages = everyPage(await idsOf(portal, page))
    // A form that is sent empty is refused, and says so at its fields.
    allow(page, /^(400|422) (POST|PUT|PATCH) /)
    let clicked = 0
    page.context().on('page', (other) => void (other !== page && other.close()))
    for (const { at, address } of pages)
      await t.test(at, async () => {
        const faults: string[] = []
        await page.goto(address)
        await settled(page)
        const home = page.url()
        const targets = await targetsOn(page, at === '/')
        clicked += targets.length
        for (const target of targets) {
          const wrong = await clickAndClose(page, home, target)
          faults.push(...[...wrong, ...faultsOf(page)].map((fault) => `“${target.name}”: ${fault}`))
        }
        assert.deepEqual(faults, [], address)
      })
    t.diagnostic(`${clicked} clicks`)
    assert.ok(clicked > 60, 'there was something to click')
  })

  test('every link leads to a page', async (t) => {
    const page = await portal.page(t)
    const pages = everyPage(await idsOf(portal, page))
    const links = new Map<string, string>()
    for (const { address } of pages) {
      await page.goto(address)
      await settled(page)
      for (const { href, leaves } of await page.locator('a[href]').evaluateAll((all) =>
        (all as HTMLAnchorElement[]).map(({ href, target, rel }) => ({
          href,
          // What people have deposited leads to other sites: in a tab of its own, and without telling them from where.
          leaves: target === '_blank' && rel === 'noreferrer',
        })),
      ))
        if (!leaves || href.startsWith(portal.url)) links.set(href.split('#')[0] as string, address)
    }
    const dead: string[] = []
    for (const [href, from] of links) {
      if (!href.startsWith(portal.url)) {
        if (!href.startsWith('blob:') && !href.startsWith('data:')) dead.push(`${href} on ${from} leads elsewhere`)
        continue
      }
      const reply = await page.context().request.get(href, { headers: { accept: 'text/html,*/*' } })
      if (!reply.ok()) dead.push(`${href} on ${from}: ${reply.status()}`)
    }
    assert.deepEqual(dead, [])
    assert.ok(links.size > 15, 'links were found')
  })

  /** What can be clicked in the page's own part; the head is the same everywhere, so once is enough. */
  async function targetsOn(page: Page, withHead: boolean): Promise<Target[]> {
    const scope = withHead ? 'body' : 'main'
    const found = await page.locator(`${scope} :is(${clickable})`).evaluateAll((all) =>
      all.map((one) => ({
        name: (
          one.getAttribute('aria-label') ??
          (one.textContent || (one as HTMLInputElement).labels?.[0]?.textContent) ??
          ''
        ).trim(),
        usable: one.checkVisibility() && !(one as HTMLButtonElement).disabled && !one.closest('[aria-hidden="true"]'),
      })),
    )
    const seen = new Map<string, number>()
    return found
      .map(({ name, usable }, at) => ({ name, usable, at }))
      .filter(({ name, usable }) => {
        const kind = name.replace(/[\d“”'"].*/, '')
        const count = seen.get(kind) ?? 0
        if (!usable || leftAlone.test(name) || count >= mostOfAKind) return false
        seen.set(kind, count + 1)
        return true
      })
      .slice(0, mostOnAPage)
  }

  /** Clicks it, closes what opened, and goes back where it led away. */
  async function clickAndClose(page: Page, home: string, { name, at }: Target): Promise<string[]> {
    const scope = new URL(home).pathname === '/' ? 'body' : 'main'
    // Held fast: a locator would look again for each step, and find another one where the page has changed since.
    const [element] = (await page.locator(`${scope} :is(${clickable})`).elementHandles()).slice(at)
    // A button that has done what it was there for may have gone, and all after it have moved up.
    if (!element || !(await element.evaluate((one) => (one as Element).checkVisibility()))) return []
    const now = ((await element.getAttribute('aria-label')) ?? (await element.textContent())) || ''
    // What stood there has gone with an earlier click.
    if (now.trim() !== name && name !== '' && now.trim() !== '') return []
    try {
      // Choices of a group are hidden inputs under their words: those are clicked as their labels would.
      if (await element.evaluate((one) => one instanceof HTMLInputElement)) await element.dispatchEvent('click')
      else await element.click({ timeout: 5000, force: true })
      await settled(page)
      for (let tries = 0; tries < 3 && (await page.locator('[role="dialog"]:visible').count()) > 0; tries++) {
        await page.keyboard.press('Escape')
        await page.waitForTimeout(60)
      }
      const stuck = (await page.locator('[role="dialog"]:visible').count()) > 0
      if (stuck || page.url().split('#')[0] !== home.split('#')[0]) {
        await page.goto(home)
        await settled(page)
      }
      return []
    } catch (error) {
      await page.goto(home)
      await settled(page)
      return [String((error as Error).message).split('\n')[0] ?? '']
    }
  }
})
