import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { noBrowser, screenshots, type TestPortal, testPortal } from './browser.ts'
import { everyPage, idsOf } from './every-page.ts'
import { allow, faultsOf, settled } from './watch-page.ts'

const looks = [
  { width: 1440, height: 900, scheme: 'light' },
  { width: 390, height: 844, scheme: 'light' },
  { width: 390, height: 844, scheme: 'dark' },
  { width: 1440, height: 900, scheme: 'dark' },
] as const
type Look = (typeof looks)[number]

const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** Whose eyes: an administrator sees most and looks in all four ways; the others at what differs for them. */
const walks = [
  { who: 'a visitor', as: null, looks: [looks[0], looks[2]] },
  { who: 'a viewer', as: 'viewer', looks: [looks[0], looks[2]] },
  { who: 'an administrator', as: 'admin', looks },
] as const

/** Where the others get to see one and the same thing, a form to sign in or a refusal: it is looked at once. */
const closedTo = { visitor: /^\/(?:profile|admin)\/./, viewer: /^\/admin\/(?!tokens$)/ } as const

/** Pages that only lead on to another. */
const leadsTo: Readonly<Record<string, string>> = { '/admin': '/admin/tokens' }

describe('every page', { skip: noBrowser }, () => {
  let portal: TestPortal
  let directory: string
  before(async () => {
    portal = await testPortal({ data: 'demo' })
    directory = path.join(screenshots, 'every-page')
    await mkdir(directory, { recursive: true })
  })
  after(() => portal[Symbol.asyncDispose]())

  for (const { who, as, looks } of walks)
    test(`is whole, calm and accessible for ${who}, in both themes, on phone and desk`, async (t) => {
      const pages = everyPage(await idsOf(portal, await portal.page(t)))
      const page = await portal.page(t, as ? { as } : {})
      // What isn't theirs isn't there for them; the page says so, and learns it by asking.
      if (as !== 'admin') allow(page, /^404 GET \/v1\/(?:models\/jobs|runs\/|subscriptions\/)/)
      const titles = new Map<string, string>()
      for (const { at, address } of pages)
        await t.test(at, async () => {
          const faults: string[] = []
          await page.emulateMedia({ colorScheme: looks[0].scheme })
          await page.setViewportSize(looks[0])
          const reply = await page.goto(address)
          if (reply?.status() !== 200) faults.push(`answered with ${reply?.status()}`)
          await settled(page)
          if (leadsTo[at]) return assert.equal(new URL(page.url()).pathname, leadsTo[at])
          const title = await page.title()
          // Who is signed in and comes to sign in is led on: that page is looked at under its own address.
          const isHere = new URL(page.url()).pathname === address
          if (as === 'admin' && isHere && titles.has(title))
            faults.push(`its window title is that of ${titles.get(title)}: ${title}`)
          if (isHere) titles.set(title, at)
          const seen = as === 'admin' || !closedTo[as ?? 'visitor'].test(at) ? looks : []
          for (const look of seen) faults.push(...(await faultsSeen(page, look, as ?? 'visitor')))
          faults.push(...faultsOf(page))
          assert.deepEqual(faults, [], `${address} for ${who}`)
        })
    })

  async function faultsSeen(page: Page, look: Look, who: string): Promise<string[]> {
    const { width, scheme } = look
    await page.setViewportSize(look)
    await page.emulateMedia({ colorScheme: scheme })
    await settled(page)
    const name = `${new URL(page.url()).pathname.replace(/[^a-z0-9]+/gi, '_')}-${who}-${width}-${scheme}.png`
    await page.screenshot({ path: path.join(directory, name), fullPage: true })
    const beside = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    const headings = await page.locator('h1').count()
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).withTags(standards).analyze()
    const seen = [
      ...(beside > 0 ? [`scrolls ${beside} px sideways`] : []),
      ...(headings === 1 ? [] : [`has ${headings} first headings`]),
      ...violations.map(
        ({ id, help, nodes }) =>
          `${id}: ${help}: ${nodes
            .slice(0, 3)
            .map(({ target, failureSummary = '' }) => `${target.join(' ')} (${failureSummary.replace(/\s+/g, ' ')})`)
            .join('; ')}`,
      ),
    ]
    return seen.map((fault) => `at ${width} px, ${scheme}: ${fault}`)
  }
})
