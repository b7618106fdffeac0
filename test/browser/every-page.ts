import type { Page } from 'playwright-core'
import { pagePaths } from '#portal/paths.ts'
import type { TestPortal } from './browser.ts'
import { depositDataset } from './dataset-data.ts'

type Ids = Readonly<Record<string, string>>

const made = new WeakMap<TestPortal, Promise<Ids>>()

/** Real things to fill the addresses of pages with, made once for a portal; leaves the page signed in as an administrator. */
export async function idsOf(portal: TestPortal, page: Page): Promise<Ids> {
  await portal.signIn(page, 'admin')
  const ids = made.get(portal) ?? makeThings(portal, page)
  made.set(portal, ids)
  return ids
}

async function makeThings(portal: TestPortal, page: Page): Promise<Ids> {
  const ask = async (path: string, body?: object): Promise<unknown> => {
    const reply = await page.context().request.fetch(portal.url + path, {
      ...(body && { method: 'POST', data: body }),
      headers: { origin: portal.url },
    })
    if (!reply.ok()) throw new Error(`${path}: ${await reply.text()}`)
    return await reply.json()
  }
  const token = (await ask('/v1/tokens', { name: 'notebook', permissions: ['warehouse:read'] })) as { id: string }
  const { accounts } = (await ask('/v1/accounts')) as { accounts: { id: string }[] }
  const report = (await ask('/v1/reports', everyBlock)) as { id: string }
  const subscription = (await ask('/v1/subscriptions', everyDestination(report.id, accounts[0]?.id ?? ''))) as {
    id: string
  }
  const { id: run } = (await ask(`/v1/subscriptions/${subscription.id}/runs`, {})) as { id: string }
  for (let state = 'queued'; state === 'queued' || state === 'running'; )
    ({ state } = (await ask(`/v1/runs/${run}`)) as { state: string })
  return {
    model: 'jobs',
    token: token.id,
    run,
    account: accounts[0]?.id ?? '',
    report: report.id,
    subscription: subscription.id,
    ...(await depositDataset(portal, page)),
  }
}

/** Who gets a report in every way that there is, once a week. */
const everyDestination = (report: string, account: string) => ({
  id: 'everywhere',
  name: 'Everywhere',
  report,
  schedule: { frequency: 'weekly', at: '07:00', weekdays: ['mon'], time_zone: 'Europe/Zurich' },
  recipients: [{ account }, { address: 'ada@example.org', name: 'Ada' }],
  destinations: [{ type: 'mail' }, { type: 'folder', path: 'sweep' }],
  formats: ['csv'],
})

const scope = { model: 'jobs', period: { parameter: 'period' } }
const usage = { ...scope, metrics: ['job_count', 'total_cpu_hours'], dimensions: ['queue'], totals: true }
const choices = {
  values: ['red', 'amber', 'green', 'blue', 'grey'].map((colour) => ({ id: colour, label: colour, colour })),
}
const rules = [
  { when: '>', value: 100, colour: 'red', bold: true },
  { when: 'between', value: 30, value2: 100, colour: 'amber' },
  { when: '<', value: 30, colour: 'green' },
]

/** A report that shows everything that one can show, to everybody. */
const everyBlock = {
  title: 'Every block',
  description: 'One of each, as the sweep wants it.',
  shared_with: 'viewer',
  definition: {
    parameters: [{ name: 'period', label: 'Period', type: 'period', default: 'last_30_days' }],
    blocks: [
      {
        type: 'text',
        id: 'intro',
        markdown: '# What was used\n\nIn **{{period}}**, see [Explore](/explore/jobs).\n\n- one\n- two',
      },
      {
        type: 'number',
        id: 'jobs',
        title: 'Jobs',
        query: { ...scope, metrics: ['job_count'] },
        compare: 'previous_period',
      },
      {
        type: 'number',
        id: 'hours',
        title: 'CPU hours',
        query: { ...scope, metrics: ['total_cpu_hours'] },
        decimals: 0,
      },
      {
        type: 'chart',
        id: 'by_day',
        title: 'Jobs by day',
        chart: 'stacked_bar',
        query: { ...usage, metrics: ['job_count'], series: true },
      },
      {
        type: 'chart',
        id: 'by_queue',
        title: 'Jobs by queue',
        chart: 'pie',
        query: { ...usage, metrics: ['job_count'] },
      },
      {
        type: 'table',
        id: 'usage',
        title: 'Usage by queue',
        query: usage,
        columns: [
          { name: 'job_count', formats: rules },
          { name: 'total_cpu_hours', decimals: 0, formats: [{ scale: 'data_bar' }] },
        ],
        inputs: [
          { type: 'single_select', id: 'state', label: 'State', required: true, options: choices },
          { type: 'text', id: 'comment', label: 'Comment' },
          { type: 'checkbox', id: 'seen', label: 'Seen' },
          { type: 'date', id: 'due', label: 'Due', locked_after: '2026-01-01' },
        ],
      },
      { type: 'table', id: 'people', title: 'Who used most', query: { ...usage, dimensions: ['person'], limit: 40 } },
      {
        type: 'pivot',
        id: 'pivot',
        title: 'Jobs by queue and month',
        query: { ...scope, metrics: ['job_count'], unit: 'month', totals: true },
        rows: ['queue'],
        columns: 'period',
      },
    ],
  },
}

/** Every page of the portal, at its address in the router's form and at a real one. */
export const everyPage = (ids: Ids): { at: string; address: string }[] =>
  pagePaths.map((at) => ({
    at,
    address: at.replace(/\$(\w*)/g, (_, name: string) => {
      // Only the address of a dataset ends in a `$` alone.
      const id = ids[name || 'pid']
      if (!id) throw new Error(`${at}: the sweep has no ${name} to fill in; add one to idsOf`)
      return id
    }),
  }))
