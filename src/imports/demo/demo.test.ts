import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { importBench } from '#test/imports.ts'
import { loadDemo } from '../load-demo.ts'
import { submissionRate } from './simulate-cluster.ts'
import { writeDemo } from './write-demo.ts'

const now = new Date('2026-03-04T12:00:00Z')

test('the same seed and moment give the same files, another seed gives others', async () => {
  await using bench = await importBench()
  const logOf = async (name: string, seed: number): Promise<string> => {
    const { logs } = await writeDemo({ directory: join(bench.directory, name), now, seed, jobs: 2000 })
    return (await Promise.all(logs.map(({ file }) => readFile(file, 'utf8')))).join('')
  }
  const first = await logOf('a', 1)
  assert.equal(await logOf('b', 1), first)
  assert.notEqual(await logOf('c', 2), first)
})

test('the demo goes in through the ordinary imports without a complaint', async () => {
  await using bench = await importBench()
  const { jobs } = await loadDemo(bench, bench.actor, { now, jobs: 5000 })
  assert.ok(jobs > 4900 && jobs <= 5000, `${jobs} jobs`)
  const rows = await bench.jobs()
  const latest = Math.max(...rows.map((row) => Number(row.end_time)))
  assert.ok(latest <= now.getTime() / 1000 && latest > now.getTime() / 1000 - 2 * 86_400, 'it reaches up to the moment')
  assert.ok(rows.some((row) => Number(row.gpus) > 0))
  assert.ok(rows.some((row) => Number(row.array_index) > 0))
  assert.ok(rows.some((row) => Number(row.nodes) > 1))
  assert.ok(
    rows.some((row) => Number(row.end_time) - Number(row.start_time) > 86_400),
    'some jobs last for days',
  )
  assert.ok(new Set(rows.map((row) => row.pi_id)).size > 15)
})

test('people submit more by day than by night and more on working days', () => {
  const rate = (moment: string): number => submissionRate(Date.parse(moment) / 1000)
  assert.ok(rate('2026-03-04T14:00:00Z') > 2 * rate('2026-03-04T03:00:00Z'))
  assert.ok(rate('2026-03-04T14:00:00Z') > 2 * rate('2026-03-08T14:00:00Z'))
})
