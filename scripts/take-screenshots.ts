/**
 * `npm run screenshots`: takes the pictures of docs/images/ anew, from the real product with the demo's data.
 * Nothing on them is secret: the instance, its people and its tokens live only while the pictures are taken.
 */
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { actor, localCaller } from '#src/access/caller.ts'
import { clock } from '#src/needs.ts'
import { makeWeeklyUsage } from '#src/reports/demo/weekly-usage.ts'
import { type TestPortal, testPortal } from '#test/browser/browser.ts'

const directory = path.resolve(import.meta.dirname, '../docs/images')
const permissions = ['warehouse:read', 'warehouse:raw']

await using portal = await testPortal({ data: 'demo' })
await mkdir(directory, { recursive: true })
const ada = await portal.person('member', 'ada')
const adas = await signedIn(portal, ada)
const secret = await fill(adas, portal)
await report(portal)

await take(
  'explore',
  '/explore/jobs?metrics=total_cpu_hours&dimensions=queue&period=last_2_years&unit=month&series=true&view=stacked',
)
await take('explore-narrow-dark', '/explore/flights?metrics=average_delay&dimensions=weekday&view=bar', {
  width: 390,
  scheme: 'dark',
})
await take('report', '/reports/weekly-usage', { as: portal.admin })
await take('api-token', '/profile/token')
await take('admin-tokens', '/admin/tokens', { as: portal.admin })
await take('api-docs', '/docs#get-query')
console.log(`Taken; the token that they show (${secret.slice(0, 8)}…) is gone with the instance.`)

interface Shot {
  readonly as?: { userName: string; password: string }
  readonly width?: number
  readonly scheme?: 'light' | 'dark'
}

async function take(
  name: string,
  address: string,
  { as = ada, width = 1280, scheme = 'light' }: Shot = {},
): Promise<void> {
  const page = await signedIn(portal, as, width, scheme)
  await page.goto(address)
  await page.locator('h1').first().waitFor()
  // What is fetched may call for more to be fetched; and a chart unfolds.
  for (let round = 0; round < 3; round++) {
    await page.waitForLoadState('networkidle')
    await page.locator('[aria-busy="true"], .mantine-Skeleton-root').first().waitFor({ state: 'detached' })
    await page.waitForTimeout(500)
  }
  await page.screenshot({ path: path.join(directory, `${name}.png`) })
  await page.context().close()
}

async function signedIn(
  { browser, url }: TestPortal,
  { userName, password }: { userName: string; password: string },
  width = 1280,
  colorScheme: 'light' | 'dark' = 'light',
): Promise<Page> {
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width, height: 820 },
    colorScheme,
    reducedMotion: 'reduce',
    locale: 'en-GB',
  })
  await context.request.post('/v1/session', {
    data: { user_name: userName, password },
    headers: { origin: url },
  })
  return await context.newPage()
}

/** The demo's report, as a first start makes it. */
async function report({ base, models, url, admin }: TestPortal): Promise<void> {
  const { request } = await signedIn(portal, admin)
  const reply = await request.post('/v1/models/cost_centers/refreshes', {
    headers: { origin: url, prefer: 'wait=30' },
  })
  if (!reply.ok()) throw new Error(`the model of the options could not be refreshed: ${await reply.text()}`)
  await models.catchUp()
  await base.change(actor(localCaller('system', 'pictures')), (change) =>
    makeWeeklyUsage({ shelf: models, clock }, change),
  )
}

/** Some tokens that have been used, so that the lists have something to tell. */
async function fill({ request }: Pick<Page, 'request'>, { url }: TestPortal): Promise<string> {
  const make = async (name: string, days: number, uses: number): Promise<string> => {
    const reply = await request.post('/v1/tokens', {
      data: { name, permissions, expires_in_days: days },
      headers: { origin: url },
    })
    const token = ((await reply.json()) as { secret: string }).secret
    for (let use = 0; use < uses; use++)
      await fetch(`${url}/v1/tokens/current`, {
        headers: { authorization: `Bearer ${token}`, 'user-agent': 'python-requests/2.32' },
      })
    return token
  }
  await make('nightly figures', 12, 40)
  await make('notebook', 60, 9)
  return await make('dashboard of the group', 300, 120)
}
