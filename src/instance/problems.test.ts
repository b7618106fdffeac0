import assert from 'node:assert/strict'
import { globSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import type { z } from 'zod'
import type { ProblemDefinition } from '#src/problem/problem.ts'
import { openSample } from '#test/sample-api.ts'
import type { ProblemType } from './contract.ts'
import { problemRoutes } from './routes.ts'

test('every problem that a room can raise is listed for anybody, with what to do; who has the list is told so', async () => {
  const source = path.resolve(import.meta.dirname, '..')
  const files = globSync('**/problems.ts', { cwd: source })
  assert.ok(files.length > 8, 'the rooms were found')
  const rooms = await Promise.all(files.map((file) => import(path.join(source, file)) as Promise<object>))
  const declared = rooms.flatMap((room) =>
    Object.values(room).filter((value): value is ProblemDefinition => typeof value === 'function' && 'code' in value),
  )

  const { app } = openSample({ routes: problemRoutes() })
  const answer = await app.inject({ url: '/v1/problems' })
  assert.equal(answer.statusCode, 200)
  const { problems } = answer.json() as { problems: z.output<typeof ProblemType>[] }
  const codes = problems.map(({ code }) => code)
  assert.deepEqual(codes, declared.map(({ code }) => code).sort())
  assert.equal(new Set(codes).size, codes.length, 'no code stands for two problems')
  for (const { code, title, status, remedy } of problems) {
    assert.ok(title.length > 5 && status >= 400, code)
    assert.match(remedy, /^[A-Z`].*\.$/, `${code} says what to do next`)
    assert.equal(remedy.split('`').length % 2, 1, `${code} closes its backticks`)
  }
  assert.deepEqual(
    problems.find(({ code }) => code === 'rate-exceeded'),
    {
      code: 'rate-exceeded',
      status: 429,
      title: 'Too many requests',
      remedy: 'Wait as long as `Retry-After` says. Fewer, larger questions help; so do `ETag`s.',
    },
  )

  assert.match(String(answer.headers['cache-control']), /public/)
  const again = await app.inject({
    url: '/v1/problems',
    headers: { 'if-none-match': String(answer.headers.etag) },
  })
  assert.equal(again.statusCode, 304)
})
