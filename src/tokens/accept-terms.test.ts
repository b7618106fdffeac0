import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'
import { Problem } from '#src/problem/problem.ts'
import { testProduct } from '#test/product.ts'
import { bearer } from '#test/sample-api.ts'
import { refusedWith, serveTokens, tokensHouse } from '#test/tokens.ts'
import { openTerms, type Terms } from './open-terms.ts'
import { createInSlot, recreateInSlot } from './token-slots.ts'

const house = await tokensHouse()
const directory = await mkdtemp(path.join(tmpdir(), 'tessera-terms-'))
after(() => rm(directory, { recursive: true }))
const file = path.join(directory, 'terms.md')
const termsOf = async (text: string | Buffer) => {
  await writeFile(file, text)
  return openTerms(file)
}

const open = (terms: Terms | null) => ({ needs: { ...house.needs, terms }, ...serveTokens(house, { terms }) })
const wish = { name: 'first', permissions: ['warehouse:read'] }

test('where there are no terms, none are shown, asked for or taken', async () => {
  const { signIn, ask } = open(null)
  const ada = signIn(await house.someone())
  assert.deepEqual((await ask('GET', '/v1/tokens/terms', ada)).body, { text: null, version: null, accepted_at: null })
  assert.deepEqual((await ask('GET', '/v1/tokens/policy', ada)).body.terms, { required: false, accepted: false })
  const taken = await ask('POST', '/v1/tokens/terms/acceptance', ada, { version: '0'.repeat(12) })
  assert.deepEqual([taken.status, taken.body.code], [409, 'terms-changed'])
  assert.equal((await ask('POST', '/v1/tokens', ada, wish)).status, 201)
})

test('a person accepts the terms before their first token, once, and anew when the text changes', async () => {
  const terms = await termsOf('# Terms\n\nBe kind to the warehouse.\n')
  const { signIn, ask } = open(terms)
  const person = await house.someone()
  const ada = signIn(person)
  const refused = await ask('POST', '/v1/tokens', ada, wish)
  assert.deepEqual([refused.status, refused.body.code], [403, 'terms-not-accepted'])
  assert.match(refused.body.hint, /My Profile → API Token/)
  assert.deepEqual((await ask('GET', '/v1/tokens/policy', ada)).body.terms, { required: true, accepted: false })
  const shown = (await ask('GET', '/v1/tokens/terms', ada)).body
  assert.deepEqual([shown.text, shown.accepted_at], ['# Terms\n\nBe kind to the warehouse.\n', null])

  const accept = (version: string) => ask('POST', '/v1/tokens/terms/acceptance', ada, { version })
  assert.deepEqual([(await accept('0123456789ab')).status, (await accept('no version')).status], [409, 400])
  const accepted = await accept(shown.version)
  assert.deepEqual([accepted.status, accepted.body.accepted_at], [200, house.clock.now().toISOString()])
  house.clock.pass(60)
  assert.deepEqual((await accept(shown.version)).body, accepted.body, 'twice is fine')
  const events = await house.database.db
    .selectFrom('audit_events')
    .select(['subject_id', 'detail'])
    .where('verb', '=', 'token.terms_accepted')
    .where('account_id', '=', person.accountId)
    .execute()
  assert.equal(events.length, 1)
  assert.equal(events[0]?.subject_id, person.accountId)
  assert.deepEqual((await ask('GET', '/v1/tokens/policy', ada)).body.terms, { required: true, accepted: true })
  assert.equal((await ask('POST', '/v1/tokens', ada, wish)).status, 201)

  const changed = open(await termsOf('# Terms\n\nBe kinder.\n'))
  assert.equal((await changed.ask('POST', '/v1/tokens', changed.signIn(person), wish)).status, 403)
  const back = open(await termsOf('# Terms\r\n\r\nBe kind to the warehouse.\r\n'))
  assert.equal((await back.ask('POST', '/v1/tokens', back.signIn(person), wish)).status, 201, 'the same words')
})

test('every way in which a session gets a new secret asks; programs go on without', async () => {
  const person = await house.someone()
  const mayMake = (await house.issue(person, ['warehouse:read', 'tokens:write'])).secret
  const { token } = await house.issue(person, ['warehouse:read'])
  const { needs, signIn, ask } = open(await termsOf('Terms.'))
  const ada = signIn(person)
  for (const way of ['rotate', 'recreate']) {
    const { status, body } = await ask('POST', `/v1/tokens/${token.id}/${way}`, ada, {})
    assert.deepEqual([status, body.code], [403, 'terms-not-accepted'], way)
  }
  for (const slot of ['xdmod', 'dataverse'] as const)
    for (const act of [createInSlot, recreateInSlot])
      await assert.rejects(
        house.change(person, (change) => act(needs, change, slot)),
        refusedWith('terms-not-accepted'),
      )
  assert.equal(
    (await ask('GET', `/v1/tokens/${token.id}`, ada)).body.state,
    'active',
    'what was refused changed nothing',
  )
  assert.equal((await ask('POST', `/v1/tokens/${token.id}/rotate`, bearer(mayMake), {})).status, 201)
  assert.equal((await ask('POST', '/v1/tokens', bearer(mayMake), wish)).status, 201)
  assert.equal(
    (await ask('POST', '/v1/tokens/terms/acceptance', bearer(mayMake), { version: needs.terms!.version })).status,
    403,
  )
})

test('who makes a token for a service account must have accepted them, whoever answers for it', async () => {
  const admin = await house.someone('admin')
  await house.service('pipeline', (await house.someone()).accountId!)
  const { needs, signIn, ask } = open(await termsOf('Terms.'))
  const headers = signIn(admin)
  const make = () => ask('POST', '/v1/tokens', headers, { ...wish, account: 'pipeline' })
  assert.equal((await make()).body.code, 'terms-not-accepted')
  await ask('POST', '/v1/tokens/terms/acceptance', headers, { version: needs.terms!.version })
  assert.equal((await make()).status, 201)
})

test('terms that cannot be shown stop the start, in a sentence that names the file', async () => {
  const refused = (text: string | Buffer, says: RegExp) =>
    assert.rejects(termsOf(text), (error) => {
      assert.ok(error instanceof Problem)
      assert.equal(error.code, 'terms-unreadable')
      const { detail = '' } = error.details
      assert.ok(detail.startsWith(`${file} `))
      assert.match(detail, says)
      return true
    })
  await refused(' \n', /is empty\.$/)
  await refused(Buffer.from([0xff, 0xfe, 0x41]), /is no text in UTF-8\.$/)
  await refused('x'.repeat(300_000), /is longer than/)
  const missing = path.join(directory, 'missing.md')
  await assert.rejects(testProduct({ TESSERA_API_TOKEN__TERMS_FILE: missing }), (error: Error) => {
    assert.match(error.message, /terms/i)
    assert.ok(error instanceof Problem && error.details.detail === `${missing} cannot be read (ENOENT).`)
    return true
  })
})
