import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { importBench, oneCluster, sacctLine } from '#test/imports.ts'
import { listImports } from './list-imports.ts'

const lines = (...all: string[]): string => all.map((line) => `${line}\n`).join('')

test('a log becomes jobs in the order of its lines, with names as ids', async () => {
  await using bench = await importBench()
  await bench.resources(oneCluster)
  const log = await bench.write(
    'a.log',
    lines(
      sacctLine(),
      sacctLine({ jobid: '102', user: 'bo', group: 'ada', ncpus: '10', nnodes: '2', alloctres: 'gres/gpu=2' }),
      sacctLine({ jobid: '103_4', user: 'ADA' }),
    ),
  )
  const summary = await bench.slurm('anvil', log)
  assert.deepEqual(summary, { lines: 3, jobs: 3, bad: 0, skipped: {}, added: 3, duplicates: 0 })
  const jobs = await bench.jobs()
  assert.deepEqual(
    jobs.map((job) => [job.job_number, job.local_job_id, job.username, job.cores, job.gpus]),
    [
      [1, '101', 'ada', 4, 0],
      [2, '102', 'bo', 10, 2],
      [3, '103[4]', 'ADA', 4, 0],
    ],
  )
  assert.equal(jobs[0]?.person_id, jobs[1]?.pi_id, 'a user and a group of the same name are one person')
  assert.equal(jobs[0]?.person_id, jobs[2]?.person_id, 'case does not make another person')
  assert.notEqual(jobs[0]?.person_id, jobs[1]?.person_id)
  assert.deepEqual(
    bench.notes.map((note) => [note.verb, note.subjectId, note.detail?.jobs]),
    [
      ['resource.changed', 'anvil', undefined],
      ['import.committed', 'anvil', 3],
    ],
  )
})

test('a bad line is reported with its file, number and reason, and the rest goes in', async () => {
  await using bench = await importBench()
  await bench.resources(oneCluster)
  const log = await bench.write(
    'bad.log',
    `${sacctLine()}\n\nnonsense\r\n${sacctLine({ jobid: '102', nnodes: 'x' })}\n${sacctLine({ jobid: '103', state: 'ODD' })}\n` +
      `${sacctLine({ jobid: '104', state: 'ODD' })}\n${sacctLine({ jobid: '105.1' })}\n${sacctLine({ jobid: '106' })}`,
  )
  const summary = await bench.slurm('anvil', log)
  assert.deepEqual(bench.bad, [
    { file: log, line: 3, reason: 'has 1 fields instead of 26' },
    { file: log, line: 4, reason: 'number of nodes "x" is no whole number' },
  ])
  assert.deepEqual(summary, {
    lines: 7,
    jobs: 2,
    bad: 2,
    skipped: { 'unknown state': 2, 'job step': 1 },
    added: 2,
    duplicates: 0,
  })
  assert.equal(bench.warnings.length, 1, 'one warning for each unknown state')
  assert.match(bench.warnings[0] ?? '', /bad\.log:5: unknown job state "ODD"/)
})

test('an array becomes one job for each element', async () => {
  await using bench = await importBench()
  await bench.resources(oneCluster)
  const log = await bench.write('array.log', lines(sacctLine({ jobid: '123_[1-3,7]' })))
  assert.equal((await bench.slurm('anvil', log)).added, 4)
  assert.deepEqual(
    (await bench.jobs()).map((job) => [job.job_id, job.array_index, job.local_job_id]),
    [1, 2, 3, 7].map((index) => [123, index, `123[${index}]`]),
  )
})

test('the same log twice changes nothing, not even beside new lines, in another file or compressed', async () => {
  await using bench = await importBench()
  await bench.resources(oneCluster)
  const first = lines(sacctLine(), sacctLine({ jobid: '102' }), sacctLine({ jobid: '103_[1-2]' }))
  const log = await bench.write('first.log', first)
  await bench.slurm('anvil', log)
  const before = await bench.jobs()
  const noted = bench.notes.length

  const again = await bench.slurm('anvil', log)
  assert.deepEqual([again.added, again.duplicates], [0, 4])
  assert.deepEqual(await bench.jobs(), before)
  assert.equal(bench.notes.length, noted)

  const more = await bench.write('more.log.gz', gzipSync(first + lines(sacctLine({ jobid: '104' }))))
  const summary = await bench.slurm('anvil', more, log)
  assert.deepEqual([summary.added, summary.duplicates], [1, 8])
  assert.deepEqual((await bench.jobs()).slice(0, 4), before)
  assert.deepEqual(
    (await bench.jobs()).map((job) => job.job_number),
    [1, 2, 3, 4, 5],
  )
})

test('five things make a job: of two lines that agree on them the first stays, others are jobs of their own', async () => {
  await using bench = await importBench()
  await bench.resources(`${oneCluster}${oneCluster.slice(oneCluster.indexOf('  - code')).replace('anvil', 'forge')}`)
  const log = await bench.write(
    'twice.log',
    lines(
      sacctLine({ ncpus: '4' }),
      sacctLine({ ncpus: '8', start: '2026-03-01T22:30:00' }),
      sacctLine({ submit: '2026-03-01T20:00:01' }),
      sacctLine({ end: '2026-03-02T06:00:01' }),
      sacctLine({ jobid: '101_1' }),
    ),
  )
  const summary = await bench.slurm('anvil', log)
  assert.deepEqual([summary.added, summary.duplicates], [4, 1])
  assert.equal((await bench.jobs())[0]?.cores, 4)
  assert.equal((await bench.slurm('forge', log)).added, 4, 'another resource has jobs of its own')
})

test('ids stay when more is imported', async () => {
  await using bench = await importBench()
  await bench.resources(oneCluster)
  await bench.slurm(
    'anvil',
    await bench.write('1.log', lines(sacctLine({ user: 'zoe' }), sacctLine({ jobid: '2', user: 'bo' }))),
  )
  const before = await bench.jobs()
  await bench.resources(oneCluster.replace('Anvil', 'The Anvil'))
  await bench.slurm(
    'anvil',
    await bench.write(
      '2.log',
      lines(sacctLine({ jobid: '3', user: 'ada', qos: 'high' }), sacctLine({ jobid: '4', user: 'zoe' })),
    ),
  )
  const after = await bench.jobs()
  assert.deepEqual(after.slice(0, 2), before)
  assert.equal(after[3]?.person_id, before[0]?.person_id)
  assert.equal(new Set(after.map((job) => job.resource_id)).size, 1)
})

test('jobs without user, PI, quality of service or queue are kept as unknown', async () => {
  await using bench = await importBench()
  await bench.resources(oneCluster)
  await bench.slurm(
    'anvil',
    await bench.write('a.log', lines(sacctLine({ user: '', group: '', qos: '', partition: '' }))),
  )
  const [job] = await bench.jobs()
  assert.deepEqual(
    [job?.person_id, job?.pi_id, job?.qos_id, job?.username, job?.queue],
    [-1, -1, -1, 'Unknown', 'Unknown'],
  )
})

test('missing cores follow from the specification that is valid on the day of the start', async () => {
  await using bench = await importBench()
  await bench.resources(`
organizations: [{ abbreviation: tdc, name: Test Data Center }]
resources:
  - code: anvil
    name: Anvil
    organization: tdc
    pi_column: account
    host_filter: ^n
    specifications:
      - { valid_from: 2026-01-01, valid_to: 2026-03-01, nodes: 10, cores: 80 }
      - { valid_from: 2026-03-02, nodes: 10, cores: 160 }
`)
  const log = await bench.write(
    'cores.log',
    lines(
      sacctLine({ ncpus: '0', nnodes: '2' }),
      sacctLine({ jobid: '2', ncpus: '', start: '2026-03-02T00:00:00' }),
      sacctLine({ jobid: '3', ncpus: '0', start: '2025-01-01T00:00:00' }),
      sacctLine({ jobid: '4', nodelist: 'gpu[1-2]' }),
    ),
  )
  const summary = await bench.slurm('anvil', log)
  assert.deepEqual(
    (await bench.jobs()).map((job) => job.cores),
    [16, 16],
  )
  assert.deepEqual(
    bench.bad.map(({ line }) => line),
    [3],
  )
  assert.deepEqual(summary.skipped, { 'host filtered out': 1 })
})

test('an import that fails leaves nothing', async () => {
  await using bench = await importBench()
  await bench.resources(oneCluster)
  const cut = await bench.write(
    'cut.log.gz',
    gzipSync(lines(...Array.from({ length: 5000 }, (_, i) => sacctLine({ jobid: `${i}` })))).subarray(0, 2000),
  )
  await assert.rejects(bench.slurm('anvil', cut), { code: 'unreadable-import' })
  await assert.rejects(bench.slurm('anvil', join(bench.directory, 'absent.log')), { code: 'unreadable-import' })
  await assert.rejects(bench.slurm('forge', cut), { code: 'unknown-resource' })
  assert.deepEqual(await bench.jobs(), [])
  assert.deepEqual(await readdir(join(bench.importsDirectory, 'staging')), [])
})

test('imports at the same time neither lose nor double a job', async () => {
  await using bench = await importBench()
  await bench.resources(oneCluster)
  const files = await Promise.all(
    [0, 1, 2, 3].map((nr) =>
      bench.write(`${nr}.log`, lines(...Array.from({ length: 30 }, (_, i) => sacctLine({ jobid: `${nr * 10 + i}` })))),
    ),
  )
  await Promise.all(files.map((file) => bench.slurm('anvil', file)))
  const jobs = await bench.jobs()
  assert.deepEqual(
    jobs.map((job) => job.job_id).sort((a, b) => Number(a) - Number(b)),
    Array.from({ length: 60 }, (_, i) => i),
  )
  assert.deepEqual(
    jobs.map((job) => job.job_number),
    Array.from({ length: 60 }, (_, i) => i + 1),
  )
  assert.equal(
    (await listImports(bench)).reduce((sum, batch) => sum + batch.jobs, 0),
    60,
  )
})
