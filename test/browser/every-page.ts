import type { Page } from 'playwright-core'
import { pagePaths } from '#portal/paths.ts'
import type { TestPortal } from './browser.ts'

/** Real things to fill the addresses of pages with. */
export async function idsOf(portal: TestPortal, page: Page): Promise<Readonly<Record<string, string>>> {
  await portal.signIn(page, 'admin')
  const ask = async (path: string, body?: object): Promise<unknown> => {
    const reply = await page.context().request.fetch(portal.url + path, {
      ...(body && { method: 'POST', data: body }),
      headers: { origin: portal.url },
    })
    if (!reply.ok()) throw new Error(`${path}: ${await reply.text()}`)
    return await reply.json()
  }
  const token = (await ask('/v1/tokens', { name: 'notebook', permissions: ['warehouse:read'] })) as { id: string }
  const { runs } = (await ask('/v1/runs')) as { runs: { id: string }[] }
  const { accounts } = (await ask('/v1/accounts')) as { accounts: { id: string }[] }
  return { model: 'jobs', token: token.id, run: runs[0]?.id ?? '', account: accounts[0]?.id ?? '' }
}

/** Every page of the portal, at its address in the router's form and at a real one. */
export const everyPage = (ids: Readonly<Record<string, string>>): { at: string; address: string }[] =>
  pagePaths.map((at) => ({
    at,
    address: at.replace(/\$(\w+)/g, (_, name: string) => {
      const id = ids[name]
      if (!id) throw new Error(`${at}: the sweep has no ${name} to fill in; add one to idsOf`)
      return id
    }),
  }))
