import { mkdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import type { TestContext } from 'node:test'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { chromiumWanted, findChromium } from '#scripts/find-chromium.ts'
import type { roles } from '#src/access/permissions.ts'
import { createAccount } from '#src/accounts/create-account.ts'
import { operator } from '#test/accounts.ts'
import { type TestProduct, testProduct } from '#test/product.ts'
import { bringPortal } from './built-portal.ts'
import { fillPortal, type PortalData } from './portal-data.ts'
import { expectCalm, watchPage } from './watch-page.ts'

type Role = (typeof roles)[number]

/** For `describe(…, { skip: noBrowser })`: why browser tests are left out, or false. */
export const noBrowser: string | false = process.env.TESSERA_NO_BROWSER
  ? 'TESSERA_NO_BROWSER is set: the portal was not tried in a browser'
  : false

export interface Person {
  readonly userName: string
  readonly password: string
}

interface PageOptions {
  /** Whom to sign in: a person, or somebody with that role. Nobody by default. */
  readonly as?: Person | Role
  readonly width?: number
  readonly height?: number
  readonly scheme?: 'light' | 'dark'
}

export interface TestPortal extends TestProduct {
  readonly browser: Browser
  /**
   * A page in a browser context of its own, with everything watched. When the test `t` ends the context closes; had the
   * test failed, a screenshot is kept; had it passed, the page must have been calm (see `expectCalm`, `allow`).
   */
  page(t: TestContext, options?: PageOptions): Promise<Page>
  /** Somebody with a role; the same one at every asking, unless another name is given. */
  person(role: Role, userName?: string): Promise<Person>
  /** Signs a page's browser context in, without the form. */
  signIn(page: Page, who: Person | Role): Promise<void>
}

interface PortalAsk {
  readonly data?: PortalData
  readonly settings?: Readonly<Record<string, string>>
}

/**
 * The whole product with its built portal, and a browser before it. What it can answer about:
 * `none` (no snapshot yet), `small` (a few hundred jobs of a made-up cluster), `demo` (two years of them, and real flights).
 */
export async function testPortal({ data = 'small', settings = {} }: PortalAsk = {}): Promise<TestPortal> {
  const executablePath = findChromium()
  if (executablePath === null) throw new Error(chromiumWanted)
  await using opening = new AsyncDisposableStack()
  await bringPortal()
  const port = await freePort()
  const product = opening.use(
    await testProduct({
      // What pages show to be pasted must lead here.
      TESSERA_GENERAL__SITE_ADDRESS: `http://127.0.0.1:${port}`,
      TESSERA_GENERAL__PORT: String(port),
      TESSERA_RATE_LIMIT__PER_ADDRESS: '0',
      TESSERA_RATE_LIMIT__PER_TOKEN: '0',
      ...settings,
    }),
  )
  const [browser] = await Promise.all([launch(executablePath), fillPortal(product, data)])
  opening.defer(() => browser.close())
  const people = peopleOf(product)
  const signIn = async (context: BrowserContext, who: Person | Role): Promise<void> => {
    const { userName, password } = typeof who === 'string' ? await people(who) : who
    const reply = await context.request.post(`${product.url}/v1/session`, {
      data: { user_name: userName, password },
      headers: { origin: product.url },
    })
    if (!reply.ok()) throw new Error(`${userName} could not sign in: ${await reply.text()}`)
  }
  const opened = opening.move()
  return {
    ...product,
    browser,
    person: people,
    signIn: (page, who) => signIn(page.context(), who),
    async page(t, { as, width = 1280, height = 900, scheme = 'light' } = {}) {
      const context = await browser.newContext({
        baseURL: product.url,
        viewport: { width, height },
        colorScheme: scheme,
        reducedMotion: 'reduce',
        locale: 'en-GB',
        timezoneId: 'UTC',
        permissions: ['clipboard-read', 'clipboard-write'],
      })
      // Generous: where all cores are busy with other tests, a page may take its time.
      context.setDefaultTimeout(30_000)
      if (as) await signIn(context, as)
      const page = await context.newPage()
      watchPage(page, product.url)
      t.after(async () => {
        try {
          if (!hasPassed(t)) await keepScreenshot(page, t.fullName)
          else expectCalm(page)
        } finally {
          await context.close()
        }
      })
      return page
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

/** Known to node; its types don't tell of it yet. */
const hasPassed = (t: TestContext): boolean => (t as TestContext & { readonly passed: boolean }).passed

async function launch(executablePath: string): Promise<Browser> {
  return await chromium.launch({
    executablePath,
    // A sandbox needs a user that isn't root.
    chromiumSandbox: process.getuid?.() !== 0,
    args: [
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

function peopleOf({ accounts, admin }: TestProduct): TestPortal['person'] {
  const made = new Map<string, Promise<Person>>([[admin.userName, Promise.resolve(admin)]])
  const make = async (role: Role, userName: string): Promise<Person> => {
    const password = 'walks over the harbour at dusk'
    const passwordHash = await accounts.passwords.hash(password)
    await accounts.change(operator, (change) =>
      createAccount(accounts, change, { userName, kind: 'person', role, passwordHash }),
    )
    return { userName, password }
  }
  return (role, userName = role === 'admin' ? admin.userName : role) => {
    const person = made.get(userName) ?? make(role, userName)
    made.set(userName, person)
    return person
  }
}

export const screenshots = path.resolve(import.meta.dirname, '../../tmp/screenshots')

async function keepScreenshot(page: Page, title: string): Promise<void> {
  await mkdir(screenshots, { recursive: true })
  const file = path.join(screenshots, `${title.replace(/[^a-z0-9]+/gi, '-').slice(0, 120)}.png`)
  await page.screenshot({ path: file, fullPage: true, timeout: 5000 }).then(
    () => console.error(`At ${page.url()}; screenshot: ${path.relative(process.cwd(), file)}`),
    (error: unknown) => console.error(`No screenshot of ${page.url()}: ${String(error)}`),
  )
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
      .once('error', reject)
      .listen(0, '127.0.0.1', () => {
        const address = server.address()
        server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
      })
  })
}
