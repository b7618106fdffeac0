import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Problem } from '#src/problem/problem.ts'
import { makeGate } from './gate.ts'

const busy = (error: unknown) => error instanceof Problem && error.code === 'warehouse-busy'
const soon = <T>(entering: Promise<T>): Promise<T | 'waits'> =>
  Promise.race([entering, new Promise<'waits'>((resolve) => setImmediate(() => resolve('waits')))])

test('so many are let in at once, the others in turn', async () => {
  const gate = makeGate(2, { waiting: 2, waitMs: 10_000 })
  const [first] = [await gate.enter(), await gate.enter()]
  const third = gate.enter()
  const fourth = gate.enter()
  await assert.rejects(gate.enter(), busy)
  assert.equal(await soon(third), 'waits')
  first?.()
  first?.()
  const leave = await third
  assert.equal(await soon(fourth), 'waits', 'who leaves twice gives back one place')
  leave()
  await fourth
})

test('one asker never takes all places: who reads slowly leaves one to others', async () => {
  const gate = makeGate(3, { waiting: 10, waitMs: 10_000 })
  const leave = [await gate.enter(undefined, 'public'), await gate.enter(undefined, 'public')]
  const greedy = gate.enter(undefined, 'public')
  assert.equal(await soon(greedy), 'waits')
  const other = await soon(gate.enter(undefined, 'ada'))
  assert.notEqual(other, 'waits')
  const late = gate.enter(undefined, 'ada')
  assert.equal(await soon(late), 'waits')
  ;(other as () => void)()
  assert.notEqual(await soon(late), 'waits', 'a place that the first in the queue may not take goes to the next')
  leave[0]?.()
  assert.notEqual(await soon(greedy), 'waits')
})

test('one asker never fills the queue', async () => {
  const gate = makeGate(1, { waiting: 4, waitMs: 10_000 })
  const leave = await gate.enter(undefined, 'public')
  const waiting = [gate.enter(undefined, 'public'), gate.enter(undefined, 'public')]
  await assert.rejects(gate.enter(undefined, 'public'), busy)
  const other = gate.enter(undefined, 'ada')
  leave()
  for (const entering of [...waiting, other]) (await entering)()
})

test('who goes away, or waits for too long, frees the place in the queue', async () => {
  const gate = makeGate(1, { waiting: 1, waitMs: 20 })
  const leave = await gate.enter()
  const gone = new AbortController()
  const waiting = gate.enter(gone.signal)
  gone.abort()
  await assert.rejects(waiting, { name: 'AbortError' })
  await assert.rejects(gate.enter(), busy)
  leave()
  await gate.enter()
})
