import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ConsoleMessage, Page, Request } from 'playwright-core'

interface Watch {
  readonly faults: string[]
  readonly allowed: RegExp[]
  readonly underWay: Set<Request>
}

const watches = new WeakMap<Page, Watch>()

/** Listens to everything that a well-behaved page doesn't do: complain, fail, be refused, ask elsewhere. */
export function watchPage(page: Page, origin: string): void {
  const faults: string[] = []
  const underWay = new Set<Request>()
  watches.set(page, { faults, allowed: [], underWay })
  page.on('console', (message) => {
    if (isComplaint(message)) faults.push(`console ${message.type()}: ${message.text()}`)
  })
  page.on('pageerror', (error) => faults.push(`page error: ${error.stack ?? error.message}`))
  page.on('request', (request) => {
    underWay.add(request)
    const { protocol, origin: asked } = new URL(request.url())
    if (protocol.startsWith('http') && asked !== origin) faults.push(`request to another origin: ${request.url()}`)
  })
  page.on('requestfinished', (request) => underWay.delete(request))
  page.on('requestfailed', (request) => {
    underWay.delete(request)
    const reason = request.failure()?.errorText ?? ''
    // What the page itself called off, or left behind when it was left.
    if (reason !== 'net::ERR_ABORTED') faults.push(`failed: ${request.method()} ${request.url()} ${reason}`)
  })
  page.on('response', (response) => {
    const { pathname, search } = new URL(response.url())
    if (response.status() >= 400)
      faults.push(`${response.status()} ${response.request().method()} ${pathname}${search}`)
  })
}

/** What was answered with 4xx or 5xx stands among the responses already, with its method and address. */
const isComplaint = (message: ConsoleMessage): boolean =>
  (message.type() === 'error' || message.type() === 'warning') && !message.text().startsWith('Failed to load resource')

/** Says that the page may do this: matched against lines such as `401 POST /v1/session` or `console error: …`. */
export const allow = (page: Page, ...lines: RegExp[]): void => {
  watches.get(page)?.allowed.push(...lines)
}

/** What the page did that it shouldn't have, since it was opened or last asked. */
export function faultsOf(page: Page): string[] {
  const { faults, allowed } = watches.get(page) ?? { faults: [], allowed: [] }
  return faults.splice(0).filter((line) => !allowed.some((pattern) => pattern.test(line)))
}

/** Holds that the page has behaved since it was opened or last asked. Pages of `portal.page(t)` are asked when their test ends. */
export function expectCalm(page: Page): void {
  assert.deepEqual(faultsOf(page), [], `the page at ${page.url()} behaved`)
}

/** Holds that something comes to be so, within the time that a busy machine may take over it. */
export async function eventually<T>(
  read: () => Promise<T>,
  expected: T,
  message?: string,
  within = 10_000,
): Promise<void> {
  for (const until = Date.now() + within; ; await sleep(40)) {
    const seen = await read()
    if (seen === expected) return
    if (Date.now() > until) assert.equal(seen, expected, message)
  }
}

/** Waits until a page stands: it has its heading, nothing is marked as loading, and nothing has been asked for a moment. */
export async function settled(page: Page, within = 30_000): Promise<void> {
  await page.locator('h1').first().waitFor({ timeout: within })
  const until = Date.now() + within
  const underWay = watches.get(page)?.underWay
  for (let quiet = 0; quiet < 3; ) {
    await sleep(40)
    await idle(page)
    const busy = (underWay?.size ?? 0) > 0 || (await page.locator('[aria-busy="true"]').count()) > 0
    quiet = busy ? 0 : quiet + 1
    if (Date.now() > until) {
      const asked = [...(underWay ?? [])].map((request) => request.url()).join(', ')
      throw new Error(`${page.url()} still loads after ${within} ms: ${asked || 'something is marked as busy'}`)
    }
  }
}

/** Waits until the page has done what a click or an answer gave it to do: on a busy machine it may ask only after that. */
const idle = (page: Page): Promise<void> =>
  page
    .evaluate<void>('new Promise((done) => requestIdleCallback(() => done(), { timeout: 200 }))')
    // The page has gone elsewhere meanwhile.
    .catch(() => {})
