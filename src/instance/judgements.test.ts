import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judgeTrail } from './check-audit.ts'
import { judgeDatabase } from './check-database.ts'
import { judgeDisks } from './check-disk.ts'
import { judgeMail } from './check-mail.ts'
import { judgeProcesses } from './check-processes.ts'
import { judgeQueue } from './check-queue.ts'
import { judgeSchedules } from './check-schedules.ts'
import type { Finding } from './finding.ts'

const told = ({ state, says }: Finding) => [state, says]
const gib = 2 ** 30
const now = new Date('2026-11-22T12:00:00Z')
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000)

test('a disk is warned of below a tenth or a GiB, and fails when hardly anything is left', () => {
  const disk = (freeBytes: number, totalBytes: number) =>
    judgeDisks([{ name: 'data', label: 'Data directory', directory: '/srv', freeBytes, totalBytes }], null, false)
  assert.deepEqual(told(disk(50 * gib, 100 * gib)), ['ok', '50.0 GiB of 100 GiB are free.'])
  assert.deepEqual(told(disk(9 * gib, 100 * gib)), [
    'degraded',
    'Data directory: Only 9.0 GiB of 100 GiB are free: make room, or move [general] data_directory to a larger disk.',
  ])
  assert.equal(disk(0.9 * gib, 2 * gib).state, 'degraded')
  assert.equal(disk(0.05 * gib, 2 * gib).state, 'failing')
})

test('a second disk that fills up is told although the first has room', () => {
  const first = { name: 'data', label: 'Data directory', directory: '/srv', freeBytes: 5 * gib, totalBytes: 9 * gib }
  const second = { name: 'postgres', label: 'PostgreSQL', directory: '/pg', freeBytes: 1e6, totalBytes: 9 * gib }
  const { state, says, parts } = judgeDisks([first, second], null, true)
  assert.equal(state, 'failing')
  assert.match(says, /^PostgreSQL: Only 977 KiB/)
  assert.deepEqual(
    parts?.map((part) => part.state),
    ['ok', 'failing'],
  )
})

test('a database that is slow or crowded is told with the remedy', () => {
  const facts = {
    version: '18.1',
    latencyMs: 2,
    bytes: 1e8,
    connections: { used: 20, limit: 97 },
    pool: { open: 3, limit: 10, waiting: 0 },
  }
  assert.deepEqual(told(judgeDatabase(facts, true)), ['ok', 'It answers at once.'])
  assert.match(judgeDatabase({ ...facts, latencyMs: 300 }, true).says, /^It takes 300 ms to answer/)
  const crowded = judgeDatabase({ ...facts, connections: { used: 90, limit: 97 } }, false)
  assert.equal(crowded.state, 'degraded')
  assert.match(crowded.says, /^90 of 97 connections are taken: raise its max_connections/)
})

test('a queue that nobody works on is told; one that is busy is not', () => {
  const queue = { name: 'mail', waiting: 3, later: 0, active: 0, failed: 0, oldestWaitingSeconds: 90, workers: 0 }
  assert.deepEqual(told(judgeQueue([queue])), [
    'degraded',
    'mail: 3 jobs wait and nobody takes them up: start a server, or `tessera work`.',
  ])
  assert.equal(judgeQueue([{ ...queue, active: 1 }]).state, 'ok')
  assert.equal(judgeQueue([{ ...queue, oldestWaitingSeconds: 5 }]).state, 'ok')
  assert.deepEqual(told(judgeQueue([])), ['ok', 'Jobs are taken up as they come.'])
})

test('mails that wait for their server are told', () => {
  const trouble = 'It does not answer (ECONNREFUSED): look whether it runs, and check [mailer] smtp_url.'
  const smtp = { via: 'smtp' as const, server: 'mail.example.org' }
  assert.equal(judgeMail({ ...smtp, trouble: null }, undefined).state, 'ok')
  assert.deepEqual(told(judgeMail({ ...smtp, trouble }, { waiting: 1, later: 2, failed: 0 })), [
    'degraded',
    `Mails wait for the mail server mail.example.org. ${trouble}`,
  ])
})

test('a process that lost its lease says so; one that is gone counts no more', () => {
  const processes = [
    { id: 'a', renewedMsAgo: 100, behind: 0 },
    { id: 'b', renewedMsAgo: 9_000, behind: 3 },
  ]
  const own = { held: true, seconds: 5, memoryBytes: 1e8 }
  const well = judgeProcesses(processes, own)
  assert.deepEqual(told(well), ['ok', '1 process runs and hears of every revocation at once.'])
  assert.deepEqual(
    well.parts?.map(({ name }) => name),
    ['a'],
  )
  assert.equal(judgeProcesses(processes, { ...own, held: false }).state, 'degraded')
})

test('an audit trail that was changed fails; one that is not noted in time is told', () => {
  const checkpoint = { id: 7, hash: 'ff', at: ago(60).toISOString() }
  const trail = { events: 9, lastEventAt: ago(5), checkpoint, unnotedSince: ago(20), whole: true }
  assert.deepEqual(told(judgeTrail(trail, now)), ['ok', '9 events; the end is noted beside the data every minute.'])
  assert.equal(judgeTrail({ ...trail, unnotedSince: ago(600) }, now).state, 'degraded')
  assert.equal(judgeTrail({ ...trail, unnotedSince: null }, now).state, 'ok')
  const changed = judgeTrail({ ...trail, whole: false }, now)
  assert.equal(changed.state, 'failing')
  assert.match(changed.says, /tessera audit verify/)
})

test('schedules that nobody takes up are told, and apart from them what cannot be started', () => {
  const figures = { active: 9, paused: 1, completed: 2, overdue: 0, failing: 0, oldestDue: null, next: now }
  assert.deepEqual(told(judgeSchedules(figures)), ['ok', 'What is due is started in time.'])
  assert.deepEqual(told(judgeSchedules({ ...figures, overdue: 2, oldestDue: ago(90) })), [
    'degraded',
    '2 schedules are due and nobody takes them up: start the server again.',
  ])
  assert.deepEqual(told(judgeSchedules({ ...figures, overdue: 1, failing: 1, oldestDue: ago(90) })), [
    'degraded',
    'What is due by 1 schedule cannot be started and is tried again; the log says why.',
  ])
})
