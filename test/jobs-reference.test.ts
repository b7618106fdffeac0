import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { importGroupToHierarchy } from '#src/imports/import-group-to-hierarchy.ts'
import { importHierarchy } from '#src/imports/import-hierarchy.ts'
import { importNames } from '#src/imports/import-names.ts'
import type { Unit } from '#src/warehouse/ask.ts'
import { type ImportBench, importBench } from './imports.ts'
import { type JobsModel, openJobsModel } from './jobs-model.ts'
import { type OracleJob, type OraclePeriod, oracleJobs, oracleMetrics, oraclePeriods, ranIn } from './jobs-oracle.ts'

/** Real logs whose numbers a portal of another make has shown; they lie beside the checkout where there are any. */
const reference = join(import.meta.dirname, '../../shared/data/xdmod-reference')
const skip = existsSync(join(reference, 'phillips.log')) ? false : 'the reference logs are not beside this checkout'

const resources = `
organizations:
  - { abbreviation: screw, name: Screwdriver }
  - { abbreviation: wrench, name: Wrench }
resources:
  - code: phillips
    name: Phillips
    organization: screw
    specifications: [{ valid_from: 2016-12-22, nodes: 400, cores: 4000 }]
  - code: pozidriv
    name: Posidriv
    organization: wrench
    specifications: [{ valid_from: 2016-12-21, nodes: 400, cores: 4000 }]
`

let bench: ImportBench
let model: JobsModel
let jobs: OracleJob[]
let labels: Labels

before(async () => {
  if (skip) return
  const text = (name: string): Promise<string> => readFile(join(reference, name), 'utf8')
  bench = await importBench()
  await bench.resources(resources)
  await bench.change(bench.actor, async (change) => {
    const warn = (warning: string) => bench.warnings.push(warning)
    await importNames(change, join(reference, 'names.csv'), warn)
    await importHierarchy(change, join(reference, 'hierarchy.csv'), warn)
    await importGroupToHierarchy(change, join(reference, 'group-to-hierarchy.csv'), warn)
  })
  await bench.slurm('phillips', join(reference, 'phillips.log'))
  await bench.slurm('pozidriv', join(reference, 'pozidriv.log'))
  model = await openJobsModel(bench)
  const at = (day: string): number => Date.parse(`${day}T00:00:00Z`) / 1000
  jobs = oracleJobs([
    {
      code: 'phillips',
      log: await text('phillips.log'),
      cores: 4000,
      organization: 'screw',
      validFrom: at('2016-12-22'),
    },
    {
      code: 'pozidriv',
      log: await text('pozidriv.log'),
      cores: 4000,
      organization: 'wrench',
      validFrom: at('2016-12-21'),
    },
  ])
  labels = await oracleLabels(text)
})

after(async () => {
  await model?.[Symbol.asyncDispose]()
  await bench?.[Symbol.asyncDispose]()
})

type Labels = Record<string, (job: OracleJob) => string>

/** What each dimension shows for a job, read from the reference files. */
async function oracleLabels(text: (name: string) => Promise<string>): Promise<Labels> {
  const cells = (csv: string): string[][] =>
    csv
      .trim()
      .split('\n')
      .map((line) => (line.match(/(?<=^|,)("[^"]*"|[^,]*)/g) ?? []).map((cell) => cell.replaceAll('"', '')))
  const names = new Map(cells(await text('names.csv')).map(([name, ...rest]) => [name, rest]))
  const items = new Map(
    cells(await text('hierarchy.csv')).map(([item, description, parent]) => [item, { description, parent }]),
  )
  const bottoms = new Map(cells(await text('group-to-hierarchy.csv')).map(([group, item]) => [group, item]))
  const organizations = new Map([
    ['screw', 'screw - Screwdriver'],
    ['wrench', 'wrench - Wrench'],
  ])
  const nameOf = (username: string): string => {
    const [first, last] = names.get(username) ?? []
    return last === undefined ? username : first ? `${last}, ${first}` : last
  }
  const levelOf = (group: string, above: number): string => {
    let item = bottoms.get(group)
    for (let level = 0; level < above; level++) item = items.get(item ?? '')?.parent
    return items.get(item ?? '')?.description ?? 'Unknown'
  }
  const bucket = (steps: readonly (readonly [number, string])[]) => (value: number) =>
    steps.find(([below]) => value < below)?.[1] ?? ''
  const sizes = [
    [2, '1'],
    [3, '2'],
    [5, '3 - 4'],
    [9, '5 - 8'],
    [17, '9 - 16'],
    [33, '17 - 32'],
    [65, '33 - 64'],
    [129, '65 - 128'],
    [257, '129 - 256'],
    [513, '257 - 512'],
    [1025, '513 - 1024'],
    [2049, '1k - 2k'],
    [4097, '2k - 4k'],
    [Number.POSITIVE_INFINITY, '> 4k'],
  ] as const
  const durations = bucket([
    [1, '0 - 1s'],
    [30, '1 - 30s'],
    [1800, '30s - 30min'],
    [3600, '30 - 60min'],
    [18_000, '1 - 5hr'],
    [36_000, '5 - 10hr'],
    [64_800, '10 - 18hr'],
    [Number.POSITIVE_INFINITY, '18+hr'],
  ])
  const coreSize = bucket(sizes)
  return {
    nsfdirectorate: (job) => levelOf(job.group, 2),
    parentscience: (job) => levelOf(job.group, 1),
    fieldofscience: (job) => levelOf(job.group, 0),
    gpucount: (job) => (job.gpus <= 8 ? String(job.gpus) : coreSize(job.gpus)),
    jobsize: (job) => coreSize(job.cores),
    jobwaittime: (job) => durations(job.start - job.submit),
    jobwalltime: (job) => durations(job.end - job.start),
    nodecount: (job) => String(job.nodes),
    pi: (job) => nameOf(job.group),
    pi_institution: (job) => organizations.get(names.get(job.group)?.[2] ?? '') ?? 'Unknown',
    qos: (job) => job.qos,
    queue: (job) => job.queue,
    resource: (job) => job.resource.code,
    resource_type: () => 'High-performance computing',
    provider: (job) => job.resource.organization,
    username: (job) => job.user,
    person: (job) => nameOf(job.user),
    institution: (job) => organizations.get(names.get(job.user)?.[2] ?? '') ?? 'Unknown',
  }
}

const units: readonly Unit[] = ['day', 'month', 'quarter', 'year']
const ranges = [
  { start: '2016-12-22', end: '2017-01-01' },
  { start: '2016-12-30', end: '2016-12-31' },
]

/** All dimensions where there is most to see, some elsewhere. */
const dimensionsOf = (unit: Unit, range: (typeof ranges)[number]): (string | null)[] =>
  unit === 'day' && range === ranges[0]
    ? [null, ...Object.keys(labels)]
    : [null, 'resource', 'fieldofscience', 'jobwalltime']

/** The value, give or take a millionth. */
const agree = (actual: unknown, wanted: number): boolean =>
  typeof actual === 'number' && Math.abs(actual - wanted) <= 1e-6 * Math.max(1, Math.abs(wanted))

const dayText = (period: OraclePeriod): string => new Date(period.from * 1000).toISOString().slice(0, 10)

function groupsBy(label: (job: OracleJob) => string): Map<string, OracleJob[]> {
  const groups = new Map<string, OracleJob[]>()
  for (const job of jobs) {
    const group = groups.get(label(job))
    if (group) group.push(job)
    else groups.set(label(job), [job])
  }
  return groups
}

function compare(
  actual: readonly unknown[],
  wanted: Record<string, number>,
  metrics: readonly string[],
  where: string,
): number {
  for (const [at, metric] of metrics.entries()) {
    assert.ok(
      agree(actual[at], wanted[metric] as number),
      `${metric} of ${where}: ${actual[at]} instead of ${wanted[metric]}`,
    )
  }
  return metrics.length
}

test('the reference logs give the jobs that they hold', { skip }, async () => {
  assert.deepEqual(bench.bad, [])
  const answer = await model.ask({ metrics: ['job_count'], dimensions: ['resource'], order: [{ by: 'resource' }] })
  assert.deepEqual(
    answer.rows.map((row) => row.slice(1)),
    [
      ['phillips', 4046],
      ['pozidriv', 11_285],
    ],
  )
})

for (const unit of units) {
  test(`every metric by every dimension is what a plain computation gives, by ${unit}`, { skip }, async () => {
    const metrics = Object.keys(oracleMetrics([], [], undefined))
    assert.deepEqual(
      metrics.toSorted(),
      model.compiled.catalogue.metrics.flatMap(({ name, hidden }) => (hidden ? [] : [name])).sort(),
    )
    let compared = 0
    for (const range of ranges) {
      const periods = oraclePeriods(range.start, range.end, unit)
      const first = periods.find((period) => jobs.some((job) => ranIn(job, period)))
      for (const dimension of dimensionsOf(unit, range)) {
        const dimensions = dimension === null ? [] : [dimension]
        const groups =
          dimension === null ? new Map([['all', jobs]]) : groupsBy(labels[dimension] as (job: OracleJob) => string)
        const key = (row: readonly unknown[], at: number): string => (dimension === null ? 'all' : String(row[at + 1]))

        const aggregate = await model.ask({ metrics, dimensions, period: range, unit })
        const present = [...groups].filter(([, some]) =>
          some.some((job) => periods.some((period) => ranIn(job, period))),
        )
        assert.deepEqual(
          aggregate.rows.map((row) => key(row, 0)).sort(),
          present.map(([label]) => label).sort(),
          dimension ?? 'none',
        )
        for (const row of aggregate.rows) {
          const label = key(row, 0)
          const wanted = oracleMetrics(groups.get(label) ?? [], periods, first)
          compared += compare(row.slice(dimensions.length * 2), wanted, metrics, `${dimension} ${label}`)
        }

        const series = await model.ask({ metrics, dimensions, period: range, unit, series: true })
        const rows = new Map(
          series.rows.map((row) => [`${row[0]} ${key(row, 1)}`, row.slice(1 + dimensions.length * 2)]),
        )
        for (const period of periods) {
          for (const [label, some] of groups) {
            const where = `${dayText(period)} ${label}`
            const row = rows.get(where)
            const ran = some.filter((job) => ranIn(job, period))
            assert.equal(row !== undefined, ran.length > 0, `${dimension} ${where}`)
            if (row) compared += compare(row, oracleMetrics(ran, [period], period), metrics, `${dimension} ${where}`)
          }
        }
      }
    }
    assert.ok(compared > 2000, `only ${compared} numbers were compared`)
  })
}
