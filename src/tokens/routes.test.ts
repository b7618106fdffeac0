import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import type { Caller } from '#src/access/caller.ts'
import { bearer } from '#test/sample-api.ts'
import { serveTokens, tokensHouse } from '#test/tokens.ts'
import { makeSecret, tokenPattern } from './token-format.ts'

const house = await tokensHouse()
const { database, someone } = house
const { ask, logged } = serveTokens(house)

/** A token that may manage tokens, of somebody new. */
const tool = async (by?: Caller) => {
  const owner = by ?? (await someone())
  const { token, secret } = await house.issue(owner, owner.grants.toTexts(), { expires_in_days: 300 })
  return { owner, token, secret, headers: bearer(secret) }
}
const form = { 'content-type': 'application/x-www-form-urlencoded' }

test('a token is made, found, renamed, narrowed, rotated and revoked over HTTP', async () => {
  const { headers } = await tool()
  const made = await ask('POST', '/v1/tokens', headers, {
    name: 'nightly',
    permissions: ['warehouse:read', 'models:refresh'],
    expires_in_days: 60,
  })
  assert.equal(made.status, 201)
  assert.equal(made.headers.location, `/v1/tokens/${made.body.id}`)
  assert.equal(made.headers['cache-control'], 'no-store')
  assert.match(made.body.secret, tokenPattern)
  const { id, secret } = made.body
  assert.equal((await ask('GET', `/v1/tokens/${id}`, headers)).body.state, 'active')
  assert.equal((await ask('GET', `/v1/tokens/${id}`, headers)).body.secret, undefined)
  const renamed = await ask('PATCH', `/v1/tokens/${id}`, headers, { description: 'for the report' })
  assert.deepEqual([renamed.status, renamed.body.description, renamed.body.name], [200, 'for the report', 'nightly'])
  const narrowed = await ask('POST', `/v1/tokens/${id}/narrow`, headers, { permissions: ['models:refresh:jobs'] })
  assert.deepEqual(narrowed.body.permissions, ['models:refresh:jobs'])
  const rotated = await ask('POST', `/v1/tokens/${id}/rotate`, headers, {})
  assert.equal(rotated.status, 201)
  assert.equal((await ask('GET', `/v1/tokens/${id}`, headers)).body.state, 'closing')
  assert.equal((await ask('GET', `/v1/tokens/${id}`, headers)).body.successor, rotated.body.id)
  assert.equal((await ask('DELETE', `/v1/tokens/${id}?reason=done`, headers)).status, 204)
  const shown = await ask('GET', `/v1/tokens/${id}`, headers)
  assert.deepEqual([shown.body.state, shown.body.revoked_reason], ['revoked', 'done'])
  assert.equal((await ask('GET', '/v1/tokens/current', bearer(secret))).status, 401)
  assert.equal((await ask('DELETE', `/v1/tokens/${id}`, headers)).status, 204, 'twice is fine')
})

test('the one token of Dataverse’s clients is made, made anew and deleted over HTTP, its secret shown once each', async () => {
  const { headers } = await tool()
  const at = '/v1/tokens/slots/dataverse'
  const empty = await ask('GET', at, headers)
  assert.equal(empty.body.token, null)
  assert.equal((await ask('DELETE', at, headers)).status, 404)
  const made = await ask('POST', at, headers)
  assert.deepEqual([made.status, made.body.slot, made.headers['cache-control']], [201, 'dataverse', 'no-store'])
  assert.match(made.body.secret, tokenPattern)
  const shown = await ask('GET', at, headers)
  assert.deepEqual([shown.body.token.id, shown.body.token.secret], [made.body.id, undefined])
  const anew = await ask('POST', at, headers)
  assert.deepEqual([anew.status, anew.body.predecessor], [201, made.body.id])
  assert.equal((await ask('GET', '/v1/tokens/current', bearer(made.body.secret))).status, 401)
  assert.equal((await ask('GET', '/v1/tokens/current', bearer(anew.body.secret))).status, 200)
  assert.equal((await ask('DELETE', at, headers)).status, 204)
  assert.equal((await ask('GET', '/v1/tokens/current', bearer(anew.body.secret))).status, 401)
  assert.equal((await ask('GET', at, headers)).body.token, null)
  assert.equal((await ask('GET', '/v1/tokens/slots/other', headers)).status, 404)
})

test('a token’s name is one line that turns no text around, in whatever script it is', async () => {
  const { headers } = await tool()
  const name = async (text: string) => {
    const made = await ask('POST', '/v1/tokens', headers, { name: text, permissions: ['warehouse:read'] })
    return [made.status, made.body.name ?? made.body.errors[0].pointer]
  }
  for (const fine of ['تقرير الليل', 'מספר 7', '👩‍👩‍👧 семья', 'a\u200fb', '<b>'])
    assert.deepEqual(await name(fine), [201, fine])
  for (const bad of ['two\nlines', '\u202eexe.live', 'a\u2066b']) assert.equal((await name(bad))[0], 400)
})

test('the same Idempotency-Key gives the same successor, but never its secret again', async () => {
  const { headers } = await tool()
  const { body: old } = await ask('POST', '/v1/tokens', headers, { name: 'x', permissions: ['warehouse:read'] })
  const keyed = { ...headers, 'idempotency-key': 'rotate-once' }
  const first = await ask('POST', `/v1/tokens/${old.id}/rotate`, keyed, { overlap_seconds: 60 })
  const again = await ask('POST', `/v1/tokens/${old.id}/rotate`, keyed, { overlap_seconds: 60 })
  assert.equal(again.status, 201)
  assert.equal(again.body.id, first.body.id)
  assert.equal(again.body.secret, undefined)
  const without = await ask('POST', `/v1/tokens/${old.id}/rotate`, headers, { overlap_seconds: 60 })
  assert.deepEqual([without.status, without.body.successor], [409, first.body.id])
})

test('a token tells what it is and revokes itself, without any permission', async () => {
  const { body } = await ask('POST', '/v1/tokens', (await tool()).headers, {
    name: 'small',
    permissions: ['warehouse:read:jobs'],
  })
  const own = bearer(body.secret)
  const current = await ask('GET', '/v1/tokens/current', own)
  assert.equal(current.body.id, body.id)
  assert.equal(current.headers['tessera-token-expires-at'], body.expires_at)
  assert.equal((await ask('GET', '/v1/tokens', own)).status, 403)
  assert.equal((await ask('DELETE', '/v1/tokens/current', own)).status, 204)
  assert.equal((await ask('GET', '/v1/tokens/current', own)).status, 401)
})

test('a 401 says the same of unknown, expired, revoked and malformed tokens', async () => {
  const { headers } = await tool()
  const { body: gone } = await ask('POST', '/v1/tokens', headers, { name: 'gone', permissions: ['warehouse:read'] })
  await ask('DELETE', `/v1/tokens/${gone.id}`, headers)
  const { secret: expired } = await house.issue(await someone(), ['warehouse:read'], { expires_in_days: 1 })
  house.clock.pass(86_400)
  const answers = []
  for (const secret of [gone.secret, expired, makeSecret('token').secret, 'garbage']) {
    const { status, body, headers } = await ask('GET', '/v1/tokens/current', bearer(secret))
    answers.push({ status, body: { ...body, instance: null }, challenge: headers['www-authenticate'] })
  }
  assert.equal(answers[0]?.status, 401)
  for (const answer of answers)
    assert.deepEqual(
      { ...answer, body: { ...answer.body, request_id: null } },
      { ...answers[0], body: { ...answers[0]?.body, request_id: null } },
    )
})

test('one’s own tokens are listed page by page, newest first, dead ones included; others’ do not exist', async () => {
  const { owner, headers } = await tool()
  const stranger = await tool()
  for (let i = 0; i < 5; i++) {
    house.clock.pass(1)
    await house.issue(owner, ['warehouse:read'], { name: `number ${i}` })
  }
  const seen: string[] = []
  let url: string | undefined = '/v1/tokens?limit=2'
  while (url) {
    const page: Awaited<ReturnType<typeof ask>> = await ask('GET', url, headers)
    assert.ok(page.body.items.length <= 2)
    seen.push(...page.body.items.map((token: { name: string }) => token.name))
    url = /<([^>]+)>; rel="next"/.exec(String(page.headers.link ?? ''))?.[1]
  }
  assert.deepEqual(seen, ['number 4', 'number 3', 'number 2', 'number 1', 'number 0', 'test'])
  assert.equal((await ask('GET', '/v1/tokens?search=number%203', headers)).body.items.length, 1)
  assert.equal((await ask('GET', '/v1/tokens?state=revoked', headers)).body.items.length, 0)
  assert.equal((await ask('GET', '/v1/tokens?cursor=bm9uc2Vuc2U', headers)).status, 400)
  assert.equal((await ask('GET', `/v1/tokens/${stranger.token.id}`, headers)).status, 404)
  assert.equal((await ask('DELETE', `/v1/tokens/${stranger.token.id}`, headers)).status, 404)
  assert.equal((await ask('GET', '/v1/tokens?everyone=true', headers)).status, 403)
  assert.equal((await ask('GET', `/v1/tokens?account=${stranger.owner.accountName}`, headers)).status, 403)
})

test('an admin sees and revokes everyone’s, one by one or many at once after a dry run', async () => {
  const admin = await tool(await someone('admin'))
  const ada = await tool()
  const others = [await house.issue(ada.owner, ['warehouse:read']), await house.issue(ada.owner, ['warehouse:read'])]
  const listed = await ask('GET', `/v1/tokens?account=${ada.owner.accountName}`, admin.headers)
  assert.equal(listed.body.items.length, 3)
  const filter = { account: ada.owner.accountName, reason: 'left the house' }
  const count = async (criteria: object) =>
    (await ask('POST', '/v1/tokens/revocations', admin.headers, { ...filter, ...criteria, dry_run: true })).body.matched
  assert.equal(await count({ permission: 'tokens:write' }), 1, 'by what a list finds them by')
  assert.equal(await count({ kind: 'service' }), 0)
  assert.equal(await count({ live: true }), 3)
  assert.equal(await count({ search: others[0]!.token.id, state: 'active' }), 1)
  const dry = await ask('POST', '/v1/tokens/revocations', admin.headers, { ...filter, dry_run: true })
  assert.deepEqual(dry.body, { matched: 3, revoked: 0 })
  assert.ok(await house.show(others[0]!.secret))
  const other = await ask('POST', '/v1/tokens/revocations', admin.headers, {
    ...filter,
    expected: dry.body.matched + 1,
  })
  assert.deepEqual([other.status, other.body.code], [409, 'tokens-changed'])
  const expected = dry.body.matched
  const real = await ask('POST', '/v1/tokens/revocations', admin.headers, { ...filter, expected })
  assert.deepEqual(real.body, { matched: 3, revoked: 3 })
  for (const { secret } of [...others, ada]) assert.equal(await house.show(secret), null)
  assert.equal((await ask('POST', '/v1/tokens/revocations', admin.headers, { reason: 'all of them?' })).status, 400)
  for (const empty of [{ search: '' }, { live: true }])
    assert.equal((await ask('POST', '/v1/tokens/revocations', admin.headers, { reason: 'all?', ...empty })).status, 400)
  assert.equal((await ask('POST', '/v1/tokens/revocations', (await tool()).headers, filter)).status, 403)
})

test('whoever finds a token stops it, with everything made with it; the reply tells nothing; the owner gets mail', async () => {
  const { owner, secret, headers } = await tool()
  await sql`update accounts set email = 'ada@example.org' where id = ${owner.accountId}`.execute(database.db)
  const child = await ask('POST', '/v1/tokens', headers, { name: 'child', permissions: ['warehouse:read'] })
  const found = [secret, makeSecret('token').secret, 'nonsense']
  const hit = await ask('POST', '/v1/tokens/leaked', {}, { tokens: found, found_at: 'https://example.org/paste' })
  const miss = await ask('POST', '/v1/tokens/leaked', {}, { tokens: ['a', 'b', makeSecret('token').secret] })
  assert.deepEqual([hit.status, hit.body], [202, { received: 3 }])
  assert.deepEqual([miss.status, miss.body], [202, { received: 3 }])
  assert.equal(await house.show(secret), null)
  assert.equal(await house.show(child.body.secret), null)
  const mails = house.mails.filter(({ to }) => to === 'ada@example.org')
  assert.equal(mails.length, 2)
  assert.match(mails[0]!.text, /example\.org\/paste/)
  assert.ok(mails.every(({ text }) => !text.includes(secret)))
})

test('introspection (RFC 7662) says of a living token what it may, and of all others nothing', async () => {
  const admin = await tool(await someone('admin'))
  const ada = await tool()
  const token = (text: string) =>
    ask('POST', '/oauth/introspect', { ...admin.headers, ...form }, `token=${text}&token_type_hint=access_token`)
  const { secret, token: row } = await house.issue(ada.owner, ['warehouse:read:jobs'])
  const active = await token(secret)
  assert.equal(active.status, 200)
  assert.deepEqual(
    [active.body.active, active.body.scope, active.body.username, active.body.jti, active.body.exp],
    [true, 'warehouse:read:jobs', ada.owner.accountName, row.id, Math.floor(row.expires_at.getTime() / 1000)],
  )
  await ask('DELETE', `/v1/tokens/${row.id}`, ada.headers)
  for (const text of [secret, makeSecret('token').secret, 'nonsense'])
    assert.deepEqual((await token(text)).body, { active: false })
  const denied = await ask('POST', '/oauth/introspect', { ...ada.headers, ...form }, `token=${secret}`)
  assert.deepEqual([denied.status, denied.body.error], [403, 'insufficient_scope'])
  const anonymous = await ask('POST', '/oauth/introspect', form, `token=${secret}`)
  assert.equal(anonymous.status, 401)
})

test('revocation (RFC 7009) stops a token by showing it, and answers 200 to everything else', async () => {
  const { secret } = await tool()
  for (const text of ['nonsense', makeSecret('token').secret, secret, secret]) {
    const { status, body } = await ask('POST', '/oauth/revoke', form, `token=${text}`)
    assert.deepEqual([status, body], [200, null])
  }
  assert.equal(await house.show(secret), null)
  const empty = await ask('POST', '/oauth/revoke', form, 'hint=x')
  assert.deepEqual([empty.status, empty.body.error], [400, 'invalid_request'])
})

test('a calendar entry and a feed tell of the expiry in UTC, under names that stay', async () => {
  const { owner, headers } = await tool()
  const { token } = await house.issue(owner, ['warehouse:read'], { name: 'with a\r\nATTENDEE:x name' })
  const ics = await ask('GET', `/v1/tokens/${token.id}/calendar.ics`, headers)
  assert.match(String(ics.headers['content-type']), /^text\/calendar/)
  const compact = token.expires_at.toISOString().replace(/[-:]|\.\d+/g, '')
  assert.ok(ics.body.includes(`DTSTART:${compact}`), ics.body)
  assert.ok(ics.body.includes(`UID:token-${token.id}@localhost`))
  assert.ok(!/^ATTENDEE/m.test(ics.body))

  assert.equal((await ask('GET', '/v1/tokens/feed', headers)).body.created_at, null)
  const feed = await ask('POST', '/v1/tokens/feed', headers)
  assert.equal(feed.status, 201)
  const path = new URL(feed.body.address).pathname
  const calendar = await ask('GET', path, {})
  assert.equal(calendar.status, 200)
  assert.equal(calendar.body.match(/BEGIN:VEVENT/g)?.length, 2)
  const secret = /tsrfeed_\w+/.exec(path)?.[0] ?? ''
  assert.equal((await ask('GET', '/v1/tokens/current', bearer(secret))).status, 401, 'it opens nothing else')
  const renewed = await ask('POST', '/v1/tokens/feed', headers)
  assert.equal((await ask('GET', path, {})).status, 404)
  assert.equal((await ask('GET', new URL(renewed.body.address).pathname, {})).status, 200)
  assert.equal((await ask('DELETE', '/v1/tokens/feed', headers)).status, 204)
  assert.equal((await ask('GET', new URL(renewed.body.address).pathname, {})).status, 404)
  assert.ok(!logged().includes(secret))
})

test('uses are shown day by day, days without any as 0', async () => {
  const { owner, token, headers } = await tool()
  // What asks is another token: its own question may be written down before it is answered.
  const { headers: asking } = await tool(owner)
  await ask('GET', '/v1/tokens/current', headers)
  house.clock.pass(86_400)
  await ask('GET', '/v1/tokens/current', headers)
  await house.uses.flush()
  const { body } = await ask('GET', `/v1/tokens/${token.id}/uses?days=3`, asking)
  assert.deepEqual(
    body.days.map((day: { uses: number }) => day.uses),
    [0, 1, 1],
  )
  assert.equal(body.total, 2)
  const shown = await ask('GET', `/v1/tokens/${token.id}`, asking)
  assert.equal(shown.body.last_used_address, '127.0.0.1')
})

test('the policy says what may be chosen, and the permissions which may be handed on', async () => {
  const { headers } = await tool(await someone('viewer'))
  const { body } = await ask('GET', '/v1/tokens/policy', headers)
  assert.deepEqual([body.personal_tokens, body.preset_days], [true, [30, 60, 90]])
  assert.ok(new RegExp(body.pattern).test(makeSecret('token').secret))
  const { items } = (await ask('GET', '/v1/permissions', headers)).body
  const held = (name: string) => items.find((item: { permission: string }) => item.permission === name)?.held
  assert.deepEqual([held('warehouse:read'), held('tokens:admin')], [true, false])
})

test('nothing that a request may not set can be set through it', async () => {
  const { headers } = await tool()
  for (const extra of [{ id: 'aaaaaaaaaaaa' }, { account_id: 'x' }, { scopes: ['*'] }, { slot: 'xdmod' }]) {
    const { status } = await ask('POST', '/v1/tokens', headers, {
      name: 'x',
      permissions: ['warehouse:read'],
      ...extra,
    })
    assert.equal(status, 400, JSON.stringify(extra))
  }
  const { body } = await ask('POST', '/v1/tokens', headers, { name: 'x', permissions: ['warehouse:read'] })
  assert.equal((await ask('PATCH', `/v1/tokens/${body.id}`, headers, { permissions: ['accounts:admin'] })).status, 400)
})

test('a text that Postgres cannot keep is a bad request, not a failure', async () => {
  const { headers } = await tool()
  const made = await ask('POST', '/v1/tokens', headers, { name: 'a\0b', permissions: ['warehouse:read'] })
  assert.deepEqual([made.status, made.body.code], [400, 'request-invalid'])
  assert.equal((await ask('GET', '/v1/tokens?search=%00', headers)).status, 400)
})

test('every change has left its audit event, and none holds a secret', async () => {
  const { rows } = await sql<{ verb: string; text: string }>`
    select verb, row_to_json(e)::text as text from audit_events e`.execute(database.db)
  const verbs = new Set(rows.map(({ verb }) => verb))
  for (const verb of [
    'token.issued',
    'token.renamed',
    'token.narrowed',
    'token.rotated',
    'token.revoked',
    'token.leaked',
    'token.feed_renewed',
    'token.feed_ended',
  ])
    assert.ok(verbs.has(verb), verb)
  assert.ok(rows.every(({ text }) => !tokenPattern.test(text)))
  assert.ok(!tokenPattern.test(logged()))
})
