import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { anonymous } from '#src/access/caller.ts'
import { notFound, rateExceeded, sessionRequired, tokenInvalid, tokenMissing } from '#src/http/problems.ts'
import type { Problem } from '#src/problem/problem.ts'
import { personalTokensOff, slotTaken } from '#src/tokens/problems.ts'
import { xdmodDialect, xdmodSessionDialect } from './dialect.ts'
import { xdmodSessionExpired, xdmodUnknownDimension } from './problems.ts'

const facts = { status: 400, requestId: 'r', method: 'GET', path: '/rest/x', site: null, caller: anonymous }
const render = (problem: Problem, status: number, dialect = xdmodDialect) => {
  const rendered = dialect.renderProblem(problem, { ...facts, status })
  return { ...rendered, body: rendered.body as Record<string, unknown> }
}

describe('a refusal in XDMoD’s words', () => {
  test('has every member that clients look at, in their order, and always a text', () => {
    const { body, type } = render(rateExceeded({ hint: 'Wait.' }), 429)
    assert.deepEqual(Object.entries(body), [
      ['success', false],
      ['count', 0],
      ['total', 0],
      ['totalCount', 0],
      ['results', []],
      ['data', []],
      ['message', 'Too many requests Wait.'],
      ['code', 0],
    ])
    assert.equal(type, 'application/json')
  })

  test('does not tell an unknown token from an expired one, and challenges for a bearer', () => {
    for (const [problem, message] of [
      [tokenMissing({ detail: 'ours' }), 'No token provided.'],
      [tokenInvalid({ detail: 'ours' }), 'Invalid token.'],
    ] as const) {
      const { body, headers } = render(problem, 401)
      assert.equal(body.message, message)
      assert.deepEqual(headers, { 'www-authenticate': 'Bearer' })
    }
  })

  test('carries the portal’s numbers', () => {
    assert.equal(render(xdmodSessionExpired(), 401).body.code, 2)
    assert.equal(render(xdmodUnknownDimension({ detail: 'x' }), 400).body.code, 101)
  })

  test('names method and path where there is nothing', () => {
    assert.equal(render(notFound(), 404).body.message, 'No route found for "GET /rest/x"')
  })

  test('speaks of one token per account as the portal does', () => {
    assert.equal(render(slotTaken({ hint: 'ours' }), 409).body.message, 'Token already exists.')
    const off = render(personalTokensOff(), 403)
    assert.deepEqual([off.status, off.body.message], [500, 'Expiration Interval not provided.'])
  })

  test('takes an API token for nothing where a session is needed', () => {
    for (const problem of [tokenMissing(), tokenInvalid(), sessionRequired()]) {
      const { status, body } = render(problem, 403, xdmodSessionDialect)
      assert.equal(status, 401)
      assert.match(String(body.message), /authorization procedure/)
    }
  })
})
