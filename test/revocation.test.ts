import assert from 'node:assert/strict'
import { test } from 'node:test'
import { proveRevocation } from './revocation/prove.ts'

test('no process accepts a token after its revocation has returned, not even one that was stopped or cut off', async (t) => {
  const proof = await proveRevocation({
    revocations: 300,
    troubles: 1,
    troubleMs: 2000,
    print: (line) => t.diagnostic(line),
  })
  assert.equal(proof.outlived, 0)
  assert.equal(proof.revocations, 300)
  // The proof proves something only if tokens were accepted before, and refused after.
  assert.ok(proof.accepted > 300 && proof.refused > 300, JSON.stringify(proof))
})
