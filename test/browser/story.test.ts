import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { productDirectory } from '#src/base.ts'
import { fillNewInstallation } from '#src/first-start.ts'
import { asAdmin } from '#test/as-admin.ts'
import { noBrowser, type TestPortal, testPortal } from './browser.ts'
import { askApi } from './usage-report.ts'
import { eventually, settled } from './watch-page.ts'

const run = promisify(execFile)
const button = (page: Pick<Page, 'getByRole'>, name: string | RegExp) => page.getByRole('button', { name })

interface PostmanItem {
  readonly name: string
  readonly request: {
    readonly method: string
    readonly url: { readonly raw: string }
    readonly header: readonly { readonly key: string; readonly value: string }[]
    readonly body?: { readonly raw: string }
  }
}

/** What another application got: the state, and the body. */
interface Answer {
  readonly status: number
  readonly location: string | undefined
  readonly body: Record<string, unknown>
}

const toTheTeam = {
  id: 'weekly-usage',
  name: 'Weekly usage to the team',
  report: 'weekly-usage',
  recipients: [{ address: 'team@example.org' }],
  formats: ['pdf', 'xlsx'],
}

/**
 * The whole way through the door, on a new installation with its demo: a token that may do one thing, another application
 * that holds it, a report that arrives, and a choice that comes to be there while somebody looks.
 */
describe('through the door', { skip: noBrowser }, () => {
  let portal: TestPortal
  let directory: string
  before(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'tessera-story-'))
    // A line will be added to one of the sources.
    await cp(path.join(productDirectory, 'models'), directory, { recursive: true })
    portal = await testPortal({ data: 'none', settings: { TESSERA_MODELS__DIRECTORY: directory } })
    const silent = { show: () => undefined, done: () => undefined }
    await fillNewInstallation(portal.base, portal, silent, new AbortController().signal)
    await portal.models.catchUp()
    const ask = await asAdmin(portal)
    if ((await ask('/v1/subscriptions/weekly-usage')).status === 404) await ask('/v1/subscriptions', toTheTeam)
  })
  after(async () => {
    await portal[Symbol.asyncDispose]()
    await rm(directory, { recursive: true, force: true })
  })

  /** As another application asks: by curl, with nothing but the address and the token. */
  const curl = async (secret: string, method: string, at: string, { header = [], body }: Partial<Sent> = {}) => {
    const url = at.startsWith('http') ? at : portal.url + at
    const { stdout } = await run('curl', [
      ...['-sS', '-i', '-X', method, url, '-H', `Authorization: Bearer ${secret}`],
      ...header.flatMap(({ key, value }) => ['-H', `${key}: ${value}`]),
      ...(body === undefined ? [] : ['--data-raw', body]),
    ])
    const [head, text] = splitOnce(stdout)
    return {
      status: Number(/^HTTP\/\S+ (\d+)/.exec(head)?.[1]),
      location: /^location: (.*)$/im.exec(head)?.[1]?.trim(),
      body: JSON.parse(text) as Record<string, unknown>,
    } satisfies Answer
  }
  const ended = async (secret: string, at: string): Promise<Record<string, unknown>> => {
    for (;;) {
      const { body } = await curl(secret, 'GET', at, { header: [{ key: 'Prefer', value: 'wait=20' }] })
      if (body.state !== 'queued' && body.state !== 'running') return body
    }
  }

  /** *Create API Token* in the admin console, with one permission. */
  const makeToken = async (page: Page, name: string, permission: string, on: readonly [string, string]) => {
    await page.goto('/admin/tokens')
    await button(page, 'Create API Token').click()
    const form = page.getByRole('dialog', { name: 'Create API Token' })
    await form.getByLabel('Token name').fill(name)
    await form.getByLabel('30 days').check()
    await form.getByLabel(permission, { exact: true }).check()
    const [resource, label] = on
    await form.getByRole('combobox', { name: `${permission}: only on these` }).fill(resource)
    await page.getByRole('option', { name: label }).click()
    await page.keyboard.press('Escape')
    await button(form, 'Generate').click()
    const shown = page.getByRole('dialog', { name: 'Your new API token' })
    const secret = await shown.getByLabel('API token').inputValue()
    await shown.getByLabel('I have copied it').check()
    await button(shown, 'Close').click()
    return secret
  }

  test('a token with one permission starts the subscription, is refused at the refresh, and a second one brings a new choice into the open report', async (t) => {
    const page = await portal.page(t, { as: 'admin', width: 1700 })
    const first = await makeToken(page, 'Month end', 'Execute a new subscription', ['weekly-usage', 'weekly-usage'])

    const { postman } = await askApi<{ postman: string }>(
      page,
      portal.url,
      'GET',
      '/v1/subscriptions/weekly-usage/calls',
    )
    const collection = await askApi<{ item: readonly PostmanItem[] }>(
      page,
      portal.url,
      'GET',
      postman.replace(portal.url, ''),
    )
    const start = collection.item.find(({ request }) => request.method === 'POST')?.request
    assert.ok(start, 'the collection starts it')
    const before = await askApi<{ total: number }>(page, portal.url, 'GET', '/v1/outbox')
    const started = await curl(first, start.method, start.url.raw.replace('{{base_url}}', portal.url), {
      header: start.header.map(({ key, value }) => ({ key, value: value.replace('{{$guid}}', 'month-end-1') })),
      ...(start.body && { body: start.body.raw }),
    })
    assert.equal(started.status, 202, JSON.stringify(started.body))
    const delivered = await ended(first, started.location ?? '')
    assert.equal(delivered.state, 'succeeded', JSON.stringify(delivered))

    await page.goto('/admin/outbox')
    const after = await askApi<{ total: number; mails: { id: string; subject: string }[] }>(
      page,
      portal.url,
      'GET',
      '/v1/outbox',
    )
    assert.ok(after.total > before.total, 'mail has gone out')
    await page.goto(`/admin/outbox?mail=${after.mails[0]?.id}`)
    const mail = page.frameLocator('iframe[title="The mail as its recipient sees it"]')
    const jobs = await jobsOfTheWeek(page)
    assert.ok(jobs > 0)
    await mail.getByText(jobs.toLocaleString('en'), { exact: true }).first().waitFor()

    const refused = await curl(first, 'POST', '/v1/models/cost_centers/refreshes')
    assert.equal(refused.status, 403)
    assert.match(JSON.stringify(refused.body), /models:refresh/, 'it says what is missing')

    const second = await makeToken(page, 'Cost centers', 'Refresh a semantic data input model', [
      'cost_centers',
      'cost_centers',
    ])
    await page.goto('/reports/weekly-usage')
    await settled(page)
    const cell = page.locator('[data-cell$=" 5"]').first()
    await cell.click()
    await page.getByRole('option', { name: 'Core funding' }).waitFor()
    assert.equal(await page.getByRole('option', { name: 'Quantum laboratory' }).count(), 0)
    await page.keyboard.press('Escape')
    await page.evaluate(() => Object.assign(window, { notReloaded: true }))

    await appendFile(path.join(directory, 'data/cost-centers.csv'), '9900,Quantum laboratory,\n')
    const refreshed = await curl(second, 'POST', '/v1/models/cost_centers/refreshes')
    assert.equal(refreshed.status, 202, JSON.stringify(refreshed.body))
    const done = await ended(second, refreshed.location ?? '')
    assert.equal(done.state, 'succeeded', JSON.stringify(done))
    // The page asks now and then whether there is something new.
    await eventually(
      async () => {
        await cell.click()
        await page.getByRole('option', { name: 'Core funding' }).waitFor()
        const found = await page.getByRole('option', { name: 'Quantum laboratory' }).count()
        if (found === 0) await page.keyboard.press('Escape')
        return found
      },
      1,
      'the new choice is there',
      60_000,
    )
    await page.getByRole('option', { name: 'Quantum laboratory' }).click()
    await page.getByText('All saved').waitFor()
    assert.match(await cell.innerText(), /Quantum laboratory/)
    assert.equal(await page.evaluate(() => 'notReloaded' in window), true, 'the page was not loaded anew')
  })

  /** Asked of the warehouse itself, not of the report. */
  const jobsOfTheWeek = async (page: Page): Promise<number> => {
    const { rows } = await askApi<{ rows: number[][] }>(
      page,
      portal.url,
      'GET',
      '/v1/query?model=jobs&metrics=job_count&period=last_7_days',
    )
    return Number(rows[0]?.[0])
  }
})

interface Sent {
  readonly header: readonly { readonly key: string; readonly value: string }[]
  readonly body: string
}

function splitOnce(reply: string): [string, string] {
  const at = /\r?\n\r?\n/.exec(reply)
  return at ? [reply.slice(0, at.index), reply.slice(at.index + at[0].length)] : [reply, '']
}
