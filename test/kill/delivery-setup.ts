import type { Http } from './http.ts'
import { nobody } from './post-office.ts'
import { parts } from './sources.ts'

/** The report: what the reader asks of a model, in blocks that must all have read the same snapshot. */
export const reportModel = 'numbers_a'
export const reportId = 'numbers'
/** Who is told of what went wrong. */
export const owner = 'owner@kill.test'

export const measures = ['rows', 'least', 'most', 'total'] as const

const blocks = measures.map((metric) => ({
  type: 'number',
  id: metric,
  title: `The ${metric}`,
  query: { model: reportModel, metrics: [metric] },
}))

const address = (name: string): { address: string } => ({ address: `${name}@kill.test` })

const shared = {
  report: reportId,
  formats: [] as string[],
  in_body: true,
  failure_addresses: [owner],
}

const crowd = (name: string, count: number) => Array.from({ length: count }, (_, i) => address(`${name}-${i}`))

/** Several, so that runs don't wait for each other: crowds, bursts in which each gets other rows, one with a refused recipient. */
export const subscriptions: readonly object[] = [
  ...['a', 'b', 'c'].map((name) => ({
    ...shared,
    id: `crowd-${name}`,
    name: `Crowd ${name}`,
    recipients: crowd(`crowd-${name}`, 20),
  })),
  ...['a', 'b'].map((name) => ({
    ...shared,
    id: `burst-${name}`,
    name: `Burst ${name}`,
    burst: {
      by: 'part',
      recipients: Array.from({ length: parts * 4 }, (_, i) => ({
        recipient: address(`burst-${name}-${i}`),
        values: [String(i % parts)],
      })),
    },
  })),
  {
    ...shared,
    id: 'files',
    name: 'With files',
    recipients: crowd('files', 8),
    formats: ['csv', 'xlsx'],
  },
  {
    ...shared,
    id: 'refused',
    name: 'With a refused one',
    recipients: [...crowd('refused', 4), { address: nobody }],
  },
]

/** One whose only run is the clock's, at a full minute that comes soon and surely not before it is saved. */
export function plannedOnce(id: string): object {
  const [on = '', at = ''] = new Date(Date.now() + 90_000).toISOString().split('T')
  const schedule = { frequency: 'once', on, at: at.slice(0, 5), time_zone: 'UTC' }
  return { ...shared, id, name: `Planned ${id}`, recipients: crowd(id, 20), schedule }
}

/** Makes the report and its subscriptions. */
export async function setUpDeliveries(ask: Http['ask'], token: string): Promise<void> {
  const made = async (path: string, body: object): Promise<void> => {
    const { status, body: told } = await ask('POST', path, { token, body })
    if (status !== 201) throw new Error(`POST ${path} is answered with ${status}: ${JSON.stringify(told)}`)
  }
  await made('/v1/reports', {
    id: reportId,
    title: 'Numbers',
    shared_with: 'viewer',
    definition: { blocks },
  })
  for (const subscription of subscriptions) await made('/v1/subscriptions', subscription)
}
