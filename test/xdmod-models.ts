import type { TestModel } from './xdmod-portal.ts'

const at = (text: string): number => Date.parse(`${text}Z`) / 1000

/** Two resources, five users; names that protocols stumble over. */
const jobs: readonly (readonly (string | number)[])[] = [
  ['101', 'ada', 1, 'anvil', 'short', 4, at('2026-03-01T20:00:00'), at('2026-03-01T22:00:00'), at('2026-03-02T06:00:00')],
  ['102', 'bo', 1, 'anvil', 'a,b 50%', 10, at('2026-03-02T00:30:00'), at('2026-03-02T01:30:00'), at('2026-03-02T03:30:00')],
  ['103', 'ada', 1, 'anvil', 'short', 1, at('2026-03-02T23:50:00'), at('2026-03-03T00:10:00'), at('2026-03-03T00:10:00')],
  ['104', 'Müller, Bö', 4, 'big iron', 'x]y &lt; "z"', 2, at('2026-03-02T10:00:00'), at('2026-03-02T10:00:00'), at('2026-03-02T11:37:30')],
  ['105', '', 4, 'big iron', 'short', 300, at('2026-04-30T10:00:00'), at('2026-04-30T10:00:00'), at('2026-05-01T10:00:00')],
] // biome-ignore format: a table

const cell = (value: string | number): string => `"${String(value).replaceAll('"', '""')}"`
const csv = [
  'id,person,resource_id,resource,queue,cores,submit_time,start_time,end_time',
  ...jobs.map((job) => job.map(cell).join(',')),
].join('\n')

/** The jobs realm in small: everything that the protocol shows, nothing else. */
export const jobsModel: TestModel = {
  csv,
  yaml: `
version: 1
name: jobs
label: Jobs
realm: Jobs
facts: jobs
tables:
  - name: jobs
    files: jobs.csv
    delimiter: ","
    header: true
    columns: { id: VARCHAR, person: VARCHAR, resource_id: INTEGER, resource: VARCHAR, queue: VARCHAR, cores: INTEGER, submit_time: BIGINT, start_time: BIGINT, end_time: BIGINT }
time:
  spread: { start: start_time, end: end_time }
dimensions:
  - { name: resource, label: Resource, description: The cluster., type: integer, expr: resource_id, value_label: resource, order: label }
  - { name: queue, label: Queue, expr: queue }
  - { name: username, label: System Username, expr: "nullif(person, '')", access: viewer }
  - { name: secret, label: A Secret, expr: person, access: admin }
  - { name: inner, label: Inner, expr: person, hidden: true }
  - name: jobsize
    label: Job Size
    type: integer
    expr: cores
    buckets: [{ label: 1 - 4, max: 4 }, { label: 5 - 8, max: 8 }, { label: "> 8" }]
metrics:
  - { name: total_cpu_hours, label: "CPU Hours: Total", description: Core time., agg: sum, expr: cores * span_seconds / 3600.0, decimals: 4 }
  - { name: job_count, label: Number of Jobs Ended, agg: count, filter: day = end_day, decimals: 0 }
  - { name: avg_cpu_hours, label: "CPU Hours: Per Job", expr: total_cpu_hours / running, decimals: 8, standard_error: sem }
  - { name: running, label: Number of Jobs Running, agg: count, once: answer, decimals: 0 }
  - { name: sem, label: Error, hidden: true, expr: running / 2 }
raw:
  order_by: [id]
  fields:
    - { name: id, label: Local Job Id, description: The scheduler's id. }
    - { name: person, label: User, expr: "nullif(person, '')" }
    - { name: account, label: System Username, expr: person, deidentify: true }
    - { name: start, label: Start Time, type: timestamp, expr: start_time }
    - { name: cores, label: Cores, type: integer }
    - { name: queue, label: Queue }
access: { query: viewer, raw: member }
`,
}

const birds = { csv: 'day,kind\n2026-03-01,owl\n2026-03-02,jay\n' }
const birdsYaml = (name: string, realm: string, access: string) => `
version: 1
name: ${name}
label: ${realm} seen
${realm === '' ? '' : `realm: ${realm}`}
facts: birds
tables: [{ name: birds, files: birds.csv, columns: { day: DATE, kind: VARCHAR } }]
time: { column: day }
dimensions:
  - { name: kind, label: Kind, expr: kind }
  - { name: ring, label: Ring, expr: kind, access: member }
metrics: [{ name: birds, label: Birds, agg: count, decimals: 0 }]
access: ${access}
`

/** A realm for everybody and without raw rows, one for managers, and a model that is no realm. */
export const otherModels: Readonly<Record<string, TestModel>> = {
  birds: { ...birds, yaml: birdsYaml('birds', 'Birds', '{ query: public }') },
  bats: { ...birds, yaml: birdsYaml('bats', 'Bats', '{ query: manager }') },
  bees: { ...birds, yaml: birdsYaml('bees', '', '{ query: public }') },
}
