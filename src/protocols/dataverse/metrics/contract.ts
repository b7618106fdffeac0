import { z } from 'zod'
import { openDataverseEndpoint } from '../endpoint.ts'
import { envelope } from '../envelope.ts'
import { parameter } from '../parameters.ts'

const kind = z.enum(['dataverses', 'datasets', 'files', 'downloads'])
const Count = envelope(z.object({ count: z.int() }))
const base = '/api/info/metrics/:kind'
const shared = { method: 'GET', perMinute: 120 } as const
const month = z.string().meta({ description: '`2026-11`' })

export const countAll = openDataverseEndpoint({
  ...shared,
  id: 'dataverse-metrics',
  path: base,
  summary: 'Dataverse: how much has been published',
  params: z.object({ kind }),
  query: z.looseObject({ dataLocation: parameter('`local`, `remote` or `all`: nothing here is remote.') }),
  reply: Count,
})

export const countToMonth = openDataverseEndpoint({
  ...shared,
  id: 'dataverse-metrics-to-month',
  path: `${base}/toMonth/:month`,
  summary: 'Dataverse: how much had been published at the end of a month',
  params: z.object({ kind, month }),
  reply: Count,
})

export const countPastDays = openDataverseEndpoint({
  ...shared,
  id: 'dataverse-metrics-past-days',
  path: `${base}/pastDays/:days`,
  summary: 'Dataverse: how much was published in the past days',
  params: z.object({ kind, days: z.string() }),
  reply: Count,
})

const BySubject = envelope(z.array(z.object({ subject: z.string(), count: z.int() })))

export const bySubject = openDataverseEndpoint({
  ...shared,
  id: 'dataverse-metrics-by-subject',
  path: `${base}/bySubject`,
  summary: 'Dataverse: published datasets by subject',
  params: z.object({ kind: z.enum(['dataverses', 'datasets']) }),
  reply: BySubject,
})

export const bySubjectToMonth = openDataverseEndpoint({
  ...shared,
  id: 'dataverse-metrics-by-subject-to-month',
  path: `${base}/bySubject/toMonth/:month`,
  summary: 'Dataverse: datasets by subject that had been published at the end of a month',
  params: z.object({ kind: z.literal('datasets'), month }),
  reply: BySubject,
})

export const byCategory = openDataverseEndpoint({
  ...shared,
  id: 'dataverse-metrics-by-category',
  path: `${base}/byCategory`,
  summary: 'Dataverse: published collections by category',
  params: z.object({ kind: z.literal('dataverses') }),
  reply: envelope(z.array(z.object({ category: z.string(), count: z.int() }))),
})
