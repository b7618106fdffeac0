import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { type TestPortal, testPortal } from '#test/browser/browser.ts'
import { depositDataset } from '#test/browser/dataset-data.ts'
import { type BenchRow, median } from './row.ts'

const rounds = 5
const firstLoadBar = 200_000
const drawBarMs = 1000

/** What a browser that has never been here fetches, and how long until a page stands, its answers included. */
export async function run(): Promise<BenchRow[]> {
  await using portal = await testPortal({ data: 'demo' })
  await using bare = await barePage()
  const baseline = await drawTimes(portal.browser, bare.url, null)
  const rows: BenchRow[] = []
  for (const [path, who] of [
    ['/', null],
    ['/sign-in', null],
    ['/', 'admin'],
  ] as const) {
    const bytes = await scriptBytes(portal, path, who)
    rows.push({
      name: `first load of \`${path}\`, ${who ?? 'as a visitor'}: script`,
      ours: `${(bytes / 1000).toFixed(0)} kB gzipped`,
      baseline: 'a page without a portal: 0 kB',
      ratio: null,
      bar: '≤ 200 kB',
      met: bytes <= firstLoadBar,
    })
  }
  const dataset = await depositedDataset(portal)
  rows.push(await pageData(portal, dataset))
  for (const path of [...pages, '/datasets', dataset]) {
    const cold = await drawTimes(portal.browser, `${portal.url}${path}`, portal)
    rows.push({
      name: `\`${path.replace(/\?.*/, '')}\` drawn, nothing cached`,
      ours: `${Math.round(median(cold))} ms`,
      baseline: `a bare page of the same size of window: ${Math.round(median(baseline))} ms`,
      ratio: median(cold) / median(baseline),
      bar: '≤ 1 s',
      met: median(cold) <= drawBarMs,
      note: `slowest of ${rounds}: ${Math.round(Math.max(...cold))} ms`,
    })
  }
  return rows
}

const pages = [
  '/',
  '/profile/token',
  '/explore/jobs?metrics=job_count&dimensions=queue&period=last_90_days&series=true',
  '/explore/flights?metrics=flights&dimensions=origin&limit=10&others=true',
  '/models/jobs',
  '/admin/tokens',
  '/admin/audit',
  '/docs',
]

/** Where a dataset of files of many kinds has its page. */
async function depositedDataset(portal: TestPortal): Promise<string> {
  const context = await signedIn(portal.browser, portal)
  const { pid } = await depositDataset(portal, await context.newPage())
  await context.close()
  return `/datasets/${pid}`
}

const dataBarMs = 20
const dataRounds = 40

/** How long the server takes over everything that the page of a dataset asks it, all at once as the page does. */
async function pageData(portal: TestPortal, path: string): Promise<BenchRow> {
  const context = await signedIn(portal.browser, portal)
  const page = await context.newPage()
  const asked = new Set<string>()
  page.on('request', (request) => {
    if (request.resourceType() === 'fetch') asked.add(request.url())
  })
  await page.goto(portal.url + path)
  await drawn(page)
  await page.waitForLoadState('networkidle')
  const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
  await context.close()
  const fetched = async (url: string): Promise<void> => {
    const reply = await fetch(url, { headers: { cookie } })
    await reply.arrayBuffer()
    if (!reply.ok) throw new Error(`${url}: ${reply.status}`)
  }
  const times: number[] = []
  for (let round = 0; round < dataRounds; round++) {
    const started = performance.now()
    await Promise.all([...asked].map(fetched))
    times.push(performance.now() - started)
  }
  return {
    name: "everything that a dataset's page asks the server, signed in",
    ours: `${median(times).toFixed(1)} ms`,
    baseline: 'none',
    ratio: null,
    bar: '≤ 20 ms',
    met: median(times) <= dataBarMs,
    note: `median of ${dataRounds}; ${asked.size} requests at once, client and server on the same two cores: ${[...asked].map((url) => new URL(url).pathname.replace(/perma:.*?(?=\/|$)/, '…')).join(', ')}`,
  }
}

/** Milliseconds from the start of the navigation until the heading stands and nothing says any more that it is loading. */
async function drawTimes(browser: Browser, url: string, portal: TestPortal | null): Promise<number[]> {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const context = await signedIn(browser, portal)
    const page = await context.newPage()
    await page.goto(url)
    times.push(await drawn(page))
    await context.close()
  }
  return times
}

async function signedIn(browser: Browser, portal: TestPortal | null): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
    ...(portal && { baseURL: portal.url }),
  })
  if (portal)
    await context.request.post('/v1/session', {
      data: { user_name: portal.admin.userName, password: portal.admin.password },
      headers: { origin: portal.url },
    })
  return context
}

/** What of a browser's globals is needed; the server's types know none of them. */
interface Window {
  readonly document: { querySelector(selector: string): unknown }
  readonly performance: {
    now(): number
    getEntriesByType(type: 'resource'): { readonly name: string; readonly encodedBodySize: number }[]
  }
}

const drawn = (page: Page): Promise<number> =>
  page
    .waitForFunction(
      () => {
        const { document, performance } = globalThis as unknown as Window
        const waits = document.querySelector('[aria-busy="true"], .mantine-Skeleton-root')
        return document.querySelector('h1') && !waits && performance.now()
      },
      undefined,
      { polling: 'raf' },
    )
    .then((handle) => handle.jsonValue() as Promise<number>)

/** As they travelled: Chromium takes gzip over plain HTTP. */
async function scriptBytes(portal: TestPortal, path: string, who: 'admin' | null): Promise<number> {
  const context = await signedIn(portal.browser, who && portal)
  const page = await context.newPage()
  await page.goto(`${portal.url}${path}`)
  await drawn(page)
  await page.waitForLoadState('networkidle')
  const bytes = await page.evaluate(() =>
    (globalThis as unknown as Window).performance
      .getEntriesByType('resource')
      .filter(({ name }) => name.endsWith('.js'))
      .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
  )
  await context.close()
  return bytes
}

async function barePage() {
  const server = createServer((_, reply) => {
    reply.setHeader('content-type', 'text/html; charset=utf-8').end('<!doctype html><title>Bare</title><h1>Bare</h1>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
