import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Children, openChildren } from './children.ts'

const open = (needs: { processes?: number; waiting?: number; milliseconds?: number; idleMilliseconds?: number } = {}) =>
  openChildren<string, string>({
    file: new URL('../../test/press-trouble-in-child.ts', import.meta.url),
    processes: 1,
    waiting: 10,
    milliseconds: 20_000,
    ...needs,
  })
const refused = (complaint: string): Error => new Error(`refused: ${complaint}`)

async function withChildren(
  needs: Parameters<typeof open>[0],
  body: (children: Children<string, string>) => Promise<void>,
) {
  const children = open(needs)
  try {
    await body(children)
  } finally {
    await children.close()
  }
}

const pidIn = (said: string): number => Number(said.split(' ').at(-1))

test('one process is kept for one thing after the other; two work side by side', () =>
  withChildren({ processes: 2 }, async ({ run }) => {
    const [a, b] = await Promise.all([run('a', '', refused), run('b', '', refused)])
    assert.notEqual(pidIn(a), pidIn(b))
    const again = await Promise.all([run('c', '', refused), run('d', '', refused), run('e', '', refused)])
    assert.ok(again.every((said) => [pidIn(a), pidIn(b)].includes(pidIn(said))))
  }))

for (const trouble of ['crash', 'hang', 'complain'])
  test(`after a ${trouble} the thing is tried once more, carefully; those that wait go on`, () =>
    withChildren({ milliseconds: trouble === 'hang' ? 1500 : 20_000 }, async ({ run }) => {
      const [first, waiting] = await Promise.all([run(trouble, 'carefully', refused), run('next', '', refused)])
      assert.match(first, /^carefully/)
      assert.match(waiting, /^next/)
      await assert.rejects(run(trouble, trouble, refused), { code: 'render-failed' })
      assert.match(await run('after', '', refused), /^after/)
    }))

test('what is hopeless is not tried again', () =>
  withChildren({}, async ({ run }) => {
    await assert.rejects(run('hopeless', 'never', refused), { message: 'refused: too big' })
  }))

test('more than may wait are refused, told when to come again', () =>
  withChildren({ waiting: 1 }, async ({ run }) => {
    const all = await Promise.allSettled(
      ['a', 'b', 'c'].map((name) => Promise.resolve().then(() => run(name, '', refused))),
    )
    assert.deepEqual(
      all.map(({ status }) => status),
      ['fulfilled', 'fulfilled', 'rejected'],
    )
    const [, , third] = all
    assert.ok(third?.status === 'rejected')
    assert.equal((third.reason as { code: string }).code, 'press-busy')
  }))

test('who gives up frees the process', () =>
  withChildren({}, async ({ run }) => {
    const stop = new AbortController()
    const hanging = run('hang', 'hang', refused, stop.signal)
    setTimeout(() => stop.abort(new Error('no longer wanted')), 300)
    await assert.rejects(hanging, /no longer wanted/)
    assert.match(await run('next', '', refused), /^next/)
  }))

test('a process that has grown fat, or has nothing to do, is let go', () =>
  withChildren({ idleMilliseconds: 100 }, async ({ run }) => {
    const fat = pidIn(await run('fat', '', refused))
    const next = pidIn(await run('next', '', refused))
    assert.notEqual(fat, next)
    for (let tries = 0; tries < 100 && isAlive(next); tries++) await sleep(50)
    assert.ok(!isAlive(next))
  }))

test('closing ends everything', async () => {
  const children = open()
  const hanging = children.run('hang', 'hang', refused)
  const waiting = children.run('b', '', refused)
  const ended = Promise.allSettled([hanging, waiting])
  await sleep(200)
  await children.close()
  assert.deepEqual(
    (await ended).map(({ status }) => status),
    ['rejected', 'rejected'],
  )
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
