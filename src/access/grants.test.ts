import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Grants, parseGrant } from './grants.ts'
import { isPermission, type Permission, permissionNames, permissions, permissionsOf, roles } from './permissions.ts'

const narrowable = permissionNames.filter((name) => permissions[name].resource !== null)
const grantText = fc.oneof(
  fc.constantFrom(...permissionNames),
  fc
    .tuple(fc.constantFrom(...narrowable), fc.constantFrom('jobs', 'flights', 'weekly-usage'))
    .map((pair) => pair.join(':')),
)
const grantTexts = fc.array(grantText, { maxLength: 8 })
const question = fc.tuple(fc.constantFrom(...permissionNames), fc.constantFrom(undefined, 'jobs', 'flights', 'other'))
const allows = (grants: Grants, [permission, resource]: [Permission, string | undefined]) =>
  grants.allows(permission, resource)

test('a grant on one resource allows that resource only', () => {
  const grants = Grants.of(['models:refresh:jobs'])
  assert.equal(grants.allows('models:refresh', 'jobs'), true)
  assert.equal(grants.allows('models:refresh', 'flights'), false)
  assert.equal(grants.allows('models:refresh'), false)
  assert.equal(grants.allowsSome('models:refresh'), true)
})

test('texts that name no permission, or a resource where none is possible, grant nothing', () => {
  for (const text of [
    '',
    ':',
    'models',
    'models:fly',
    'audit:read:all',
    'models:refresh:',
    'models:refresh:../x',
    '__proto__:x',
    'warehouse:read:*',
  ])
    assert.equal(parseGrant(text), null, text)
  assert.equal(isPermission('toString'), false)
  assert.deepEqual(Grants.of(['audit:read:all', 'models:fly']).toTexts(), [])
})

test('a higher role holds everything that a lower role holds', () => {
  for (const [rank, role] of roles.entries())
    for (const lower of roles.slice(0, rank))
      assert.ok(Grants.ofRole(role).covers(Grants.ofRole(lower)), `${role} ≥ ${lower}`)
  assert.deepEqual(permissionsOf('admin'), permissionNames)
})

test('the meeting of two sets allows exactly what both allow', () => {
  fc.assert(
    fc.property(grantTexts, grantTexts, question, (left, right, asked) => {
      const a = Grants.of(left)
      const b = Grants.of(right)
      assert.equal(allows(a.and(b), asked), allows(a, asked) && allows(b, asked))
    }),
  )
})

test('a set covers another exactly when the other allows nothing more', () => {
  const everyQuestion = permissionNames.flatMap((name) =>
    [undefined, 'jobs', 'flights', 'weekly-usage', 'other'].map((on): [Permission, string | undefined] => [name, on]),
  )
  fc.assert(
    fc.property(grantTexts, grantTexts, (left, right) => {
      const a = Grants.of(left)
      const b = Grants.of(right)
      assert.equal(
        a.covers(b),
        everyQuestion.every((asked) => !allows(b, asked) || allows(a, asked)),
      )
    }),
  )
})

test('writing a set as texts and reading it again changes nothing', () => {
  fc.assert(
    fc.property(grantTexts, question, (texts, asked) => {
      const grants = Grants.of(texts)
      assert.equal(allows(Grants.of(grants.toTexts()), asked), allows(grants, asked))
    }),
  )
})
