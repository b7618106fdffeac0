import type { Model } from './question.ts'

type Field = Model['metrics'][number]
const metric = (name: string, label: string, unit: string, additive: boolean): Field => ({
  name,
  label,
  description: '',
  unit,
  decimals: additive ? 0 : 2,
  kind: additive ? 'aggregate' : 'derived',
  additive,
  standard_error: null,
})
const dimension = (name: string, label: string, bucketed = false): Model['dimensions'][number] => ({
  name,
  label,
  description: '',
  type: 'string',
  order: 'label',
  bucketed,
})

/** A model as the server shows it, for tests of what is made of one. */
export const sampleModel: Model = {
  name: 'jobs',
  label: 'Jobs',
  description: '',
  realm: 'Jobs',
  access: { query: 'public', raw: 'member' },
  may: { query: true, raw: true, options: false, refresh: false },
  freshness: {
    version: 1,
    refreshed_at: '2026-03-21T00:00:00Z',
    age_seconds: 0,
    fresh_within_seconds: null,
    stale: false,
    outdated: false,
    source_time: null,
    rows: 10,
    first_day: '2026-01-15',
    last_day: '2026-03-20',
  },
  time_zone: 'UTC',
  timed: true,
  dimensions: [dimension('queue', 'Queue'), dimension('user', 'User'), dimension('size', 'Size', true)],
  metrics: [
    metric('jobs', 'Jobs', 'Jobs', true),
    metric('wait', 'Wait', 'Hours', false),
    metric('share', 'Share', '%', false),
  ],
  option_sets: [],
  refreshing: { type: 'full', incremental: false, schedule: null, after: [], notify: false },
  raw_fields: [
    { name: 'id', label: 'Id', description: '', type: 'integer', deidentified: false },
    { name: 'queue', label: 'Queue', description: '', type: 'string', deidentified: false },
  ],
}
