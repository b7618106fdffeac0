import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { localCaller } from '#src/access/caller.ts'
import { openRawQuestion, readRaw } from '#src/warehouse/stream-rows.ts'
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

test('the model speaks the words of the house', async () => {
  await using bench = await threeJobs()
  await using model = await openJobsModel(bench)
  const { metrics, dimensions, raw } = model.compiled.catalogue
  const label = (list: readonly { name: string; label: string }[] | undefined, name: string): string | undefined =>
    list?.find((one) => one.name === name)?.label
  assert.equal(label(metrics, 'utilization'), 'Test Data Center CPU Utilization (%)')
  assert.equal(label(dimensions, 'fieldofscience'), 'PI Group')
  assert.equal(label(raw?.fields, 'hierarchy_top'), 'Decanal Unit')
})

test('raw rows are the jobs that ended, in the order of their days and then of their import', async () => {
  await using bench = await importBench()
  await bench.resources(anvil)
  const line = (jobid: string, end: string, more: Parameters<typeof sacctLine>[0] = {}): string =>
    sacctLine({ jobid, start: '2026-03-01T00:00:00', submit: '2026-02-28T23:00:00', end, ...more })
  const log = [
    line('3', '2026-03-02T09:00:00'),
    line('2', '2026-03-01T23:00:00', { timelimit: 'UNLIMITED', eligible: 'Unknown' }),
    line('1_[7-8]', '2026-03-02T08:00:00', { state: 'CANCELLED by 7001', alloctres: 'gres/gpu=2' }),
    line('4', '2026-03-03T00:00:00'),
  ]
  await bench.slurm('anvil', await bench.write('raw.log', log.join('\n')))
  await using model = await openJobsModel(bench)
  const question = openRawQuestion(model.needs, localCaller('system', 'test'), {
    model: 'jobs',
    period: { start: '2026-03-01', end: '2026-03-02' },
  })
  const rows = await readRaw(model.needs, question, { limit: 100 })
  question.release()
  const column = (label: string): unknown[] => {
    const at = question.fields.findIndex((field) => field.label === label)
    assert.ok(at >= 0, label)
    return rows.map((row) => row[at])
  }
  assert.deepEqual(column('Local Job Id'), ['2', '3', '1[7]', '1[8]'])
  assert.deepEqual(column('Exit State'), ['COMPLETED', 'COMPLETED', 'CANCELLED by 7001', 'CANCELLED by 7001'])
  assert.deepEqual(column('Requested Wall Time'), [null, '86400', '86400', '86400'])
  assert.equal(column('Eligible Time')[0], null)
  assert.equal(column('Start Time')[0], '1772323200')
  assert.equal(column('Wall Time')[0], '82800')
  assert.equal(column('Wait Time')[0], '3600')
  assert.equal(column('Core Time')[0], '331200')
  assert.equal(column('GPU Time')[2], String(2 * 32 * 3600))
  assert.equal(column('Memory Used')[0], '-1')
  assert.equal(column('Resource')[0], 'Anvil')
  assert.equal(column('Service Provider')[0], 'tdc - Test Data Center')
  assert.equal(column('System Username')[0], createHash('sha1').update('adasalt').digest('hex'))
  assert.equal(column('User')[0], 'ada')
  assert.equal(column('PI Institution')[0], 'Unknown')
  assert.equal(column('PI Group')[0], 'Unknown')
  assert.deepEqual(
    question.fields.map((field) => field.label),
    [
      'Local Job Id',
      'Resource',
      'Service Provider',
      'Timezone',
      'System Username',
      'User',
      'User Institution',
      'Principal Investigator',
      'PI Institution',
      'Quality of Service',
      'Submit Time',
      'Start Time',
      'End Time',
      'Eligible Time',
      'Nodes',
      'Cores',
      'GPUs',
      'Memory Used',
      'Wall Time',
      'Wait Time',
      'Core Time',
      'GPU Time',
      'Exit Code',
      'Exit State',
      'Requested Cores',
      'Requested memory',
      'Requested Wall Time',
      'Queue',
      'Decanal Unit',
      'Department',
      'PI Group',
    ],
  )
})

test('every range of sizes and times has its jobs', async () => {
  await using bench = await importBench()
  await bench.resources(anvil)
  const sizes = [
    1, 2, 3, 4, 5, 8, 9, 16, 17, 32, 33, 64, 65, 128, 129, 256, 257, 512, 513, 1024, 1025, 2048, 2049, 4096, 4097,
  ]
  const start = Date.parse('2026-03-10T00:00:00Z')
  const waits = [0, 1, 29, 30, 1799, 1800, 3599, 3600, 17_999, 18_000, 35_999, 36_000, 64_799, 64_800, 900_000]
  const log = [
    ...sizes.map((size, i) =>
      sacctLine({ jobid: `${i}`, ncpus: `${size}`, alloctres: `gres/gpu=${i < 10 ? i : size}` }),
    ),
    ...waits.map((wait, i) =>
      sacctLine({
        jobid: `${100 + i}`,
        ncpus: '1',
        submit: new Date(start - wait * 1000).toISOString().slice(0, 19),
        start: '2026-03-10T00:00:00',
        end: '2026-03-10T00:00:00',
      }),
    ),
  ]
  await bench.slurm('anvil', await bench.write('sizes.log', log.join('\n')))
  await using model = await openJobsModel(bench)
  const count = async (dimension: string, start: string): Promise<[unknown, unknown][]> => {
    const period = { start, end: start }
    const { rows } = await model.ask({
      metrics: ['started_job_count'],
      dimensions: [dimension],
      period,
      unit: 'day',
      order: [{ by: dimension }],
    })
    return rows.map((row) => [row[1], row[2]])
  }
  assert.deepEqual(await count('jobsize', '2026-03-01'), [
    ['1', 1],
    ['2', 1],
    ['3 - 4', 2],
    ['5 - 8', 2],
    ['9 - 16', 2],
    ['17 - 32', 2],
    ['33 - 64', 2],
    ['65 - 128', 2],
    ['129 - 256', 2],
    ['257 - 512', 2],
    ['513 - 1024', 2],
    ['1k - 2k', 2],
    ['2k - 4k', 2],
    ['> 4k', 1],
  ])
  assert.deepEqual(await count('gpucount', '2026-03-01'), [
    ['0', 1],
    ['1', 1],
    ['2', 1],
    ['3', 1],
    ['4', 1],
    ['5', 1],
    ['6', 1],
    ['7', 1],
    ['8', 1],
    ['9 - 16', 1],
    ['33 - 64', 2],
    ['65 - 128', 2],
    ['129 - 256', 2],
    ['257 - 512', 2],
    ['513 - 1024', 2],
    ['1k - 2k', 2],
    ['2k - 4k', 2],
    ['> 4k', 1],
  ])
  assert.deepEqual(await count('jobwaittime', '2026-03-10'), [
    ['0 - 1s', 1],
    ['1 - 30s', 2],
    ['30s - 30min', 2],
    ['30 - 60min', 2],
    ['1 - 5hr', 2],
    ['5 - 10hr', 2],
    ['10 - 18hr', 2],
    ['18+hr', 2],
  ])
})
