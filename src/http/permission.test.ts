import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anonymous } from '#src/access/caller.ts'
import { Problem } from '#src/problem/problem.ts'
import { requirePermission } from './permission.ts'

const challengeFor = (resource: string): string | undefined => {
  try {
    requirePermission({ ...anonymous, via: 'token' }, 'models:refresh', resource)
  } catch (error) {
    assert.ok(error instanceof Problem)
    return error.details.headers?.['www-authenticate']
  }
  return assert.fail('nothing was refused')
}

test('a 403 names the missing permission on the named resource', () => {
  assert.match(challengeFor('jobs') ?? '', /scope="models:refresh:jobs"$/)
})

test('what a caller calls a resource does not write our headers', () => {
  for (const name of ['a"', 'a", realm="x', 'a\r\nset-cookie: b', 'é', '€', 'a b', 'a\0', ''])
    assert.match(challengeFor(name) ?? '', /scope="models:refresh"$/, JSON.stringify(name))
})
