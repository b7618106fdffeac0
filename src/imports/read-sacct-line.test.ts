import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sacctLine } from '#test/imports.ts'
import { type Reading, type ReadingRules, readSacctLine, type SacctJob } from './read-sacct-line.ts'

const usual: ReadingRules = { piColumn: 'group', hostFilter: null, coresPerNode: () => 32 }

const read = (different: Parameters<typeof sacctLine>[0], rules: Partial<ReadingRules> = {}): Reading =>
  readSacctLine(sacctLine(different), { ...usual, ...rules })

function job(different: Parameters<typeof sacctLine>[0], rules: Partial<ReadingRules> = {}): SacctJob {
  const reading = read(different, rules)
  assert.equal(reading.kind, 'job', JSON.stringify(reading))
  return (reading as Extract<Reading, { kind: 'job' }>).job
}

const skipped = (different: Parameters<typeof sacctLine>[0], rules: Partial<ReadingRules> = {}): string => {
  const reading = read(different, rules)
  return reading.kind === 'skipped' ? reading.reason : `not skipped: ${JSON.stringify(reading)}`
}

const complaint = (different: Parameters<typeof sacctLine>[0], rules: Partial<ReadingRules> = {}): string => {
  const reading = read(different, rules)
  return reading.kind === 'bad' ? reading.reason : `no complaint: ${JSON.stringify(reading)}`
}

const at = (text: string): number => Date.parse(`${text}Z`) / 1000

test('a line tells of one job', () => {
  assert.deepEqual(job({}), {
    jobId: 101,
    elements: [-1],
    username: 'ada',
    pi: 'lab1',
    queue: 'short',
    qos: 'normal',
    submitTime: at('2026-03-01T20:00:00'),
    eligibleTime: at('2026-03-01T20:00:00'),
    startTime: at('2026-03-01T22:00:00'),
    endTime: at('2026-03-02T06:00:00'),
    nodes: 1,
    cores: 4,
    gpus: 0,
    requestedCores: 4,
    requestedMemory: '16000Mn',
    requestedWallTime: 86_400,
    exitCode: '0:0',
    exitState: 'COMPLETED',
  })
})

test('a line with fewer than 26 fields is bad', () => {
  assert.deepEqual(readSacctLine('101|101|anvil', usual), { kind: 'bad', reason: 'has 3 fields instead of 26' })
  assert.equal(readSacctLine('', usual).kind, 'bad')
})

test('a job name may contain the separator', () => {
  assert.equal(job({ jobname: 'a|b|c' }).jobId, 101)
})

test('steps, open jobs and jobs that never had nodes are passed over', () => {
  assert.equal(skipped({ jobid: '101.batch' }), 'job step')
  assert.equal(skipped({ jobid: '101.0' }), 'job step')
  assert.equal(skipped({ end: 'Unknown' }), 'end unknown')
  assert.equal(skipped({ nodelist: 'None assigned' }), 'no nodes assigned')
  assert.equal(skipped({ nnodes: '0' }), 'no nodes assigned')
  for (const state of ['PENDING', 'RUNNING', 'REQUEUED', 'RESIZING', 'SUSPENDED']) {
    assert.equal(skipped({ state }), 'not ended')
  }
})

test('every ended state counts, by its first word, and is kept in full', () => {
  const ended = [
    'BOOT_FAIL',
    'CANCELLED',
    'COMPLETED',
    'FAILED',
    'NODE_FAIL',
    'PREEMPTED',
    'TIMEOUT',
    'OUT_OF_MEMORY',
    'DEADLINE',
    'REVOKED',
  ]
  for (const state of [...ended, 'CANCELLED by 7001']) assert.equal(job({ state }).exitState, state)
})

test('an unknown state is named', () => {
  assert.deepEqual(read({ state: 'MELTED down' }), { kind: 'skipped', reason: 'unknown state', state: 'MELTED' })
})

test('a missing start or end is rebuilt from the other and the elapsed time', () => {
  for (const start of ['Unknown', '0', '', 'None']) assert.equal(job({ start }).startTime, at('2026-03-01T22:00:00'))
  for (const end of ['0', '', 'None']) assert.equal(job({ end }).endTime, at('2026-03-02T06:00:00'))
})

test('a start after the end is rebuilt from the end', () => {
  assert.equal(job({ start: '2026-03-03T00:00:00' }).startTime, at('2026-03-01T22:00:00'))
})

test('wall time is end minus start, whatever the elapsed time says', () => {
  const { startTime, endTime } = job({ elapsed: '00:00:01' })
  assert.equal(endTime - startTime, 8 * 3600)
})

test('nobody waits before submitting', () => {
  for (const submit of ['2026-03-01T23:00:00', '0', 'Unknown']) {
    assert.equal(job({ submit }).submitTime, at('2026-03-01T22:00:00'))
  }
  assert.equal(job({ start: 'Unknown', submit: 'Unknown' }).submitTime, at('2026-03-01T22:00:00'))
})

test('a job without any time, or whose times cannot be rebuilt, is bad', () => {
  assert.match(complaint({ start: 'Unknown', end: '0' }), /neither start "Unknown" nor end "0" is a time/)
  assert.match(complaint({ start: 'Unknown', elapsed: 'long' }), /cannot be rebuilt from elapsed time "long"/)
  assert.match(complaint({ start: '2026-03-03T00:00:00', elapsed: '' }), /cannot be rebuilt/)
})

test('missing cores follow from the nodes and the resource', () => {
  assert.equal(job({ ncpus: '0', nnodes: '3' }).cores, 96)
  assert.equal(job({ ncpus: '', nnodes: '3' }).cores, 96)
  assert.match(complaint({ ncpus: '0' }, { coresPerNode: () => null }), /has no specification/)
  assert.equal(job({ ncpus: '7' }, { coresPerNode: () => null }).cores, 7)
})

test('the PI is the group, or the account where the resource says so', () => {
  assert.equal(job({}).pi, 'lab1')
  assert.equal(job({}, { piColumn: 'account' }).pi, 'account1')
})

test('a host filter looks at the first node', () => {
  const hostFilter = /^n0[1-3]$/
  assert.equal(job({ nodelist: 'n[02-09]' }, { hostFilter }).jobId, 101)
  assert.equal(skipped({ nodelist: 'n[04-05],n01' }, { hostFilter }), 'host filtered out')
})

test('unlimited, partition and unreadable time limits are unknown', () => {
  for (const timelimit of ['UNLIMITED', 'Partition_Limit', '', 'x'])
    assert.equal(job({ timelimit }).requestedWallTime, null)
})

test('what is damaged is told with its value', () => {
  assert.equal(complaint({ nnodes: 'two' }), 'number of nodes "two" is no whole number')
  assert.equal(complaint({ ncpus: '-4' }), 'number of cores "-4" is no whole number')
  assert.equal(complaint({ jobid: '12a' }), 'job id "12a" is unreadable')
  assert.match(complaint({ alloctres: 'gres/gpu=x' }), /number of GPUs/)
  assert.match(complaint({ user: 'a\u0007da' }), /user "a\\u0007da" holds unprintable characters/)
  assert.match(complaint({ partition: 'a\ufffd' }), /partition .* holds unprintable characters/)
  assert.match(complaint({ reqmem: '\u001b[2J' }), /reqmem .* holds unprintable/)
  assert.equal(job({ jobname: 'tab\there' }).jobId, 101, 'a job name may hold anything')
})

test('no line makes the reader stumble', () => {
  const field = fc.oneof(
    fc.string(),
    fc.constantFrom(
      '0',
      'Unknown',
      'COMPLETED',
      '2026-03-01T22:00:00',
      '123_[1-3]',
      'gres/gpu=1',
      '00:00:10',
      '1',
      'n[01',
    ),
  )
  fc.assert(
    fc.property(fc.array(field, { maxLength: 28 }), (fields) => {
      const reading = readSacctLine(fields.join('|'), usual)
      assert.ok(['job', 'skipped', 'bad'].includes(reading.kind))
    }),
  )
})
