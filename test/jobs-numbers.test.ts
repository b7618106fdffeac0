import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ImportBench, importBench, sacctLine } from './imports.ts'
import { openJobsModel } from './jobs-model.ts'

const anvil = `
organizations: [{ abbreviation: tdc, name: Test Data Center }]
resources:
  - code: anvil
    name: Anvil
    organization: tdc
    specifications: [{ valid_from: 2026-01-01, nodes: 10, cores: 40 }]
`

/** Three jobs of which one spans two days and one waits over midnight. */
async function threeJobs(): Promise<ImportBench> {
  const bench = await importBench()
  await bench.resources(anvil)
  const lines = [
    sacctLine(),
    sacctLine({
      jobid: '102',
      user: 'bo',
      ncpus: '10',
      nnodes: '2',
      alloctres: 'cpu=10,gres/gpu=2',
      submit: '2026-03-02T00:30:00',
      start: '2026-03-02T01:30:00',
      end: '2026-03-02T03:30:00',
    }),
    sacctLine({
      jobid: '103',
      ncpus: '1',
      submit: '2026-03-02T23:50:00',
      start: '2026-03-03T00:10:00',
      end: '2026-03-03T00:10:00',
    }),
  ]
  await bench.slurm('anvil', await bench.write('three.log', lines.join('\n')))
  return bench
}

/** What each of three days, the days together and the month should say. */
const expected: Record<string, readonly [number, number, number, number, number]> = {
  job_count: [0, 2, 1, 3, 3],
  started_job_count: [1, 1, 1, 3, 3],
  submitted_job_count: [1, 1, 0, 2, 3],
  running_job_count: [1, 2, 1, 3, 3],
  total_cpu_hours: [8, 44, 0, 52, 52],
  avg_cpu_hours: [8, 22, 0, 52 / 3, 52 / 3],
  total_wallduration_hours: [2, 8, 0, 10, 10],
  total_waitduration_hours: [2, 1, 1 / 3, 10 / 3, 10 / 3],
  avg_waitduration_hours: [2, 1, 1 / 3, 10 / 9, 10 / 9],
  total_node_hours: [2, 10, 0, 12, 12],
  total_gpu_hours: [0, 4, 0, 4, 4],
  avg_processors: [4, 7, 1, 5, 5],
  max_processors: [4, 10, 1, 10, 10],
  min_processors: [4, 4, 1, 1, 1],
  avg_job_size_weighted_by_cpu_hours: [4, 296 / 44, 0, 328 / 52, 328 / 52],
  expansion_factor: [1.25, 1.35, 0, 16 / 12, 16 / 12],
  active_person_count: [1, 2, 1, 2, 2],
}

function near(actual: unknown, wanted: number, what: string): void {
  assert.ok(typeof actual === 'number' && Math.abs(actual - wanted) <= 1e-9, `${what}: ${actual} instead of ${wanted}`)
}

test('jobs over several days are counted and split as HPC portals do', async () => {
  await using bench = await threeJobs()
  await using model = await openJobsModel(bench)
  const period = { start: '2026-03-01', end: '2026-03-03' }
  for (const [metric, [...wanted]] of Object.entries(expected)) {
    const days = await model.ask({ metrics: [metric], period, unit: 'day', series: true })
    const byDay = await model.ask({ metrics: [metric], period, unit: 'day' })
    const byMonth = await model.ask({ metrics: [metric], period, unit: 'month' })
    const month = await model.ask({ metrics: [metric], period, unit: 'month', series: true })
    const actual = [...days.rows.map((row) => row[1]), byDay.rows[0]?.[0], byMonth.rows[0]?.[0]]
    assert.deepEqual(
      days.rows.map((row) => row[0]),
      ['2026-03-01', '2026-03-02', '2026-03-03'],
    )
    for (const [at, value] of actual.entries()) near(value, wanted[at] as number, `${metric}[${at}]`)
    near(month.rows[0]?.[1], wanted[4] as number, `${metric} month`)
  }
})

test('a range that begins in the middle of a job counts it once', async () => {
  await using bench = await threeJobs()
  await using model = await openJobsModel(bench)
  const metrics = ['running_job_count', 'started_job_count', 'job_count', 'total_cpu_hours', 'avg_cpu_hours']
  const answer = await model.ask({ metrics, period: { start: '2026-03-02', end: '2026-03-03' }, unit: 'day' })
  const wanted = [3, 2, 3, 44, 44 / 3]
  for (const [at, metric] of metrics.entries()) near(answer.rows[0]?.[at], wanted[at] as number, metric)
})

test('days are cut in the time zone of the portal', async () => {
  await using bench = await threeJobs()
  await using model = await openJobsModel(bench, 'America/New_York')
  const answer = await model.ask({
    metrics: ['job_count', 'total_wallduration_hours'],
    period: { start: '2026-03-01', end: '2026-03-03' },
    unit: 'day',
    series: true,
  })
  // Midnight in New York is 05:00 UTC: job 101 ends an hour into the second day, 102 lies wholly in the first.
  assert.deepEqual(answer.rows, [
    ['2026-03-01', 1, 9],
    ['2026-03-02', 2, 1],
  ])
})

test('a job on the day the clocks change lasts as long as it lasts', async () => {
  await using bench = await importBench()
  await bench.resources(anvil)
  const line = sacctLine({ start: '2026-03-08T05:00:00', submit: '2026-03-08T05:00:00', end: '2026-03-09T04:00:00' })
  await bench.slurm('anvil', await bench.write('dst.log', line))
  await using model = await openJobsModel(bench, 'America/New_York')
  const period = { start: '2026-03-08', end: '2026-03-09' }
  const answer = await model.ask({
    metrics: ['total_wallduration_hours', 'utilization'],
    period,
    unit: 'day',
    series: true,
  })
  assert.deepEqual(
    answer.rows.map((row) => [row[0], row[1]]),
    [
      ['2026-03-08', 23],
      ['2026-03-09', 0],
    ],
  )
  near(answer.rows[0]?.[2], 10, 'four of forty cores, all day long')
})
