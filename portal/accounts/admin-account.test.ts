import assert from 'node:assert/strict'
import { test } from 'node:test'
import { role } from '#src/accounts/contract.ts'
import { roleChangeWords, roleChoices } from './admin-account.ts'

const roles = role.options

test('what another role brings or takes is said in words, for every two roles', () => {
  assert.deepEqual(
    roleChoices.map(({ value }) => value),
    [...roles],
  )
  assert.match(roleChangeWords('viewer', 'manager'), /may also read raw rows.*; refresh models.*gain nothing/)
  assert.match(roleChangeWords('admin', 'member'), /no longer refresh models.*; see and manage.*lose the same at once/)
  for (const from of roles)
    for (const to of roles) assert.equal(roleChangeWords(from, to) === '', from === to, `${from} → ${to}`)
})
