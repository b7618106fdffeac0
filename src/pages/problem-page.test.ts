import assert from 'node:assert/strict'
import { globSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { allProblems } from './problem-page.ts'

test('every problem that a room can raise stands on the page that its type leads to', async () => {
  const source = path.resolve(import.meta.dirname, '..')
  const files = globSync('**/problems.ts', { cwd: source })
  assert.ok(files.length > 8, 'the rooms were found')
  const rooms = await Promise.all(files.map((file) => import(path.join(source, file)) as Promise<object>))
  const codes = rooms.flatMap((room) =>
    Object.values(room).flatMap((value: unknown) =>
      typeof value === 'function' && 'code' in value ? [value.code] : [],
    ),
  )
  assert.deepEqual(allProblems.map(({ code }) => code).sort(), codes.sort())
  assert.equal(new Set(codes).size, codes.length, 'no code stands for two problems')
})
