import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { z } from 'zod'
import { isPermission } from '#src/access/permissions.ts'
import { acceptedMedia } from '#src/http/bodies.ts'
import { anyMedia, bodySchemaOf, endpoint, isStreamed } from '#src/http/endpoint.ts'
import * as tokens from '#src/tokens/contract.ts'
import { declaredEndpoints as contracts } from './declared-endpoints.ts'
import { faultsOf, sweepOf } from './sweep-endpoints.ts'

/**
 * POSTs that make something and take no Idempotency-Key: their reply is nothing but a secret, so there is nothing that a
 * repetition could be given. This list may only shrink.
 */
const unrepeatable = new Set(['renew-token-feed', 'make-password-link'])

const securityHeaders = [
  'x-content-type-options',
  'content-security-policy',
  'referrer-policy',
  'x-request-id',
  'cache-control',
]

describe('every endpoint', () => {
  const { sweeps, close } = sweepOf(contracts)
  after(close)
  const ours = sweeps.filter(({ contract }) => !contract.dialect)

  test('is swept: the rooms’ contracts were found', () => {
    assert.ok(contracts.length > 50, `only ${contracts.length} contracts were found`)
    const ids = contracts.map(({ id }) => id)
    assert.deepEqual(
      ids.filter((id, at) => ids.indexOf(id) !== at),
      [],
    )
    const addresses = contracts.map(({ method, path }) => `${method} ${path.replace(/([:*])\w+/g, '$1')}`)
    assert.deepEqual(
      addresses.filter((address, at) => addresses.indexOf(address) !== at),
      [],
    )
  })

  for (const { contract } of sweeps)
    test(`${contract.id} promises what it should`, () => assert.deepEqual(faultsOf(contract, { unrepeatable }), []))

  for (const { contract, ask, body } of ours) {
    const { id, access } = contract
    const known = access !== 'public' && access !== 'optional'
    if (known)
      test(`${id} refuses who shows nothing, or a bad token`, async () => {
        const nothing = await ask({ body })
        assert.equal(nothing.statusCode, 401)
        assert.equal(nothing.headers['www-authenticate'], 'Bearer realm="tessera"')
        const bad = await ask({ body, headers: { authorization: 'Bearer bad', cookie: '' } })
        assert.equal(bad.statusCode, contract.shown === 'session' ? 403 : 401)
      })
    if (isPermission(access))
      test(`${id} refuses who lacks ${access}, and names it`, async () => {
        const reply = await ask({ as: 'powerless', body })
        assert.equal(reply.statusCode, 403, reply.body)
        assert.equal(reply.json().code, 'permission-missing')
        assert.ok(reply.json().missing_permissions[0].startsWith(access))
      })
    test(`${id} refuses what it does not know`, async () => {
      const query = await ask({ as: 'everything', body, query: '?zz_unknown=1' })
      assert.equal(query.statusCode, 400, query.body)
      assert.ok(query.json().errors.some((error: { pointer: string }) => error.pointer === 'zz_unknown'))
      if (contract.method === 'GET' || isStreamed(contract)) return
      const more = await ask({ as: 'everything', body: { ...(body as object), zz_unknown: 1 } })
      assert.equal(more.statusCode, 400, more.body)
      assert.ok(
        more.json().errors.some((error: { pointer: string }) => error.pointer === '#/zz_unknown'),
        more.body,
      )
    })
    if (bodySchemaOf(contract) && !acceptedMedia(contract).includes(anyMedia))
      test(`${id} takes its body in its own media type only`, async () => {
        const reply = await ask({ as: 'everything', body, headers: { 'content-type': 'text/plain' } })
        assert.equal(reply.statusCode, 415)
      })
  }

  for (const { contract, ask } of sweeps)
    test(`${contract.id} carries the security headers when refusing, and 405 names the methods`, async () => {
      const served = contracts.filter(
        ({ path }) => path.replace(/([:*])\w+/g, '$1') === contract.path.replace(/([:*])\w+/g, '$1'),
      )
      const other = ['PATCH', 'PUT', 'DELETE', 'POST', 'GET'].find((method) =>
        served.every((one) => one.method !== method),
      )
      const refused = await ask({ method: other ?? 'GET' })
      if (other) {
        assert.equal(refused.statusCode, 405)
        assert.ok(String(refused.headers.allow).includes(contract.method))
      }
      for (const name of securityHeaders) assert.ok(refused.headers[name], name)
    })
})

test('the sweep sees what is wrong with a contract', () => {
  const wrong = endpoint({
    id: 'Wrong',
    method: 'POST',
    path: '/api/wrongThings',
    summary: 'Make a thing',
    access: 'signed_in',
    resource: 'thing',
    body: z.object({ inner: z.object({ camelCase: z.string() }) }),
    reply: z.object({}),
    status: 201,
  })
  assert.equal(faultsOf(wrong, { unrepeatable }).length, 9)
  const fine = endpoint({ ...tokens.listTokens, id: 'fine' })
  assert.deepEqual(faultsOf(fine, { unrepeatable }), [])
})
