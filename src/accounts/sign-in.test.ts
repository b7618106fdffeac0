import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { hash as argon2 } from '@node-rs/argon2'
import type { Problem } from '#src/problem/problem.ts'
import { accountsOver, operator } from '#test/accounts.ts'
import { type TestDatabase, testDatabase } from '#test/postgres.ts'
import { workTime } from '#test/work-time.ts'
import { checkPassword } from './check-password.ts'
import { disableAccount } from './disable-account.ts'
import { listSessions } from './list-sessions.ts'
import { makePasswordHasher } from './password-hash.ts'
import { signIn } from './sign-in.ts'
import { sweepAccounts } from './sweep-accounts.ts'
import { admitAttempt, sourceOfAddress } from './throttle.ts'
import { verifySession } from './verify-session.ts'

const password = 'moths in the relays'
const wrong = 'moths in the relais'
const from = (address: string) => ({ address, client: 'test', device: null })

let on: TestDatabase
let accounts: ReturnType<typeof accountsOver>
before(async () => {
  on = await testDatabase()
  accounts = accountsOver(on)
})
after(() => on.close())

const codeOf = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'ok',
    (problem: Problem) => problem.code,
  )

describe('a session', () => {
  before(() => accounts.person('ada', 'manager', password))
  const sign = (more: object = {}) =>
    signIn(accounts.needs, { userName: 'ADA', password, ...from('192.0.2.1'), ...more })

  test('speaks for its account with the role of this moment', async () => {
    const { secret, accountId, sessionId } = await sign()
    const caller = await verifySession(accounts.needs, secret)
    assert.equal(caller?.via, 'session')
    assert.equal(caller.accountId, accountId)
    assert.equal(caller.accountName, 'ada')
    assert.equal(caller.sessionId, sessionId)
    assert.ok(caller.grants.allows('models:refresh'))
    assert.ok(!caller.grants.allows('accounts:admin'))
    await on.pool.query(`update accounts set role = 'viewer' where user_name = 'ada'`)
    assert.ok(!(await verifySession(accounts.needs, secret))?.grants.allows('models:refresh'))
    await on.pool.query(`update accounts set role = 'manager' where user_name = 'ada'`)
  })

  test('is kept only as a hash', async () => {
    const { secret } = await sign()
    assert.match(secret, /^[A-Za-z0-9_-]{43}$/)
    const { rows } = await on.pool.query(`select row_to_json(s)::text as text from sessions s`)
    const kept = rows.map((row) => row.text).join()
    assert.ok(!kept.includes(secret) && !kept.includes(Buffer.from(secret, 'base64url').toString('hex')))
  })

  test('is always a new one: what a browser brought along, also planted, ends', async () => {
    const planted = 'A'.repeat(43)
    const first = await sign({ previousSession: planted })
    assert.notEqual(first.secret, planted)
    assert.equal(await verifySession(accounts.needs, planted), null)
    const second = await sign({ previousSession: first.secret })
    assert.notEqual(second.secret, first.secret)
    assert.equal(await verifySession(accounts.needs, first.secret), null)
    assert.ok(await verifySession(accounts.needs, second.secret))
  })

  test('cannot be used to end the session of somebody else', async () => {
    await accounts.person('eve', 'member', 'whiskers and kittens')
    const { secret } = await sign()
    await signIn(accounts.needs, {
      userName: 'eve',
      password: 'whiskers and kittens',
      ...from('192.0.2.66'),
      previousSession: secret,
    })
    assert.ok(await verifySession(accounts.needs, secret))
  })

  test('ends when unused, and in any case after its lifetime', async () => {
    const { clock, needs } = accounts
    const idle = await sign()
    clock.pass(59 * 60)
    assert.ok(await verifySession(needs, idle.secret))
    clock.pass(59 * 60)
    assert.ok(await verifySession(needs, idle.secret), 'use keeps it alive')
    clock.pass(61 * 60)
    assert.equal(await verifySession(needs, idle.secret), null)

    const busy = await sign()
    for (let hour = 0; hour < 23; hour++) {
      clock.pass(55 * 60)
      assert.ok(await verifySession(needs, busy.secret))
    }
    clock.pass(55 * 60)
    clock.pass(55 * 60)
    clock.pass(55 * 60)
    assert.equal(await verifySession(needs, busy.secret), null)
    await sweepAccounts(needs)
    const { rows } = await on.pool.query('select count(*) from sessions')
    assert.equal(rows[0].count, 0)
  })

  test('notes its use at most once a minute', async () => {
    const { clock, needs } = accounts
    const { secret, accountId } = await sign()
    const seen = async () => (await listSessions(needs, accountId))[0]?.last_seen_at.getTime()
    const start = await seen()
    clock.pass(59)
    await verifySession(needs, secret)
    assert.equal(await seen(), start)
    clock.pass(2)
    await Promise.all([verifySession(needs, secret), verifySession(needs, secret)])
    assert.equal(await seen(), clock.now().getTime())
  })

  test('is refused by its shape before any query when it is garbage', async () => {
    const pool = { query: () => assert.fail('asked the database') } as never
    for (const garbage of ['', 'x', `${'A'.repeat(42)}!`, 'A'.repeat(44), `${'A'.repeat(42)}\u0000`]) {
      assert.equal(await verifySession({ ...accounts.needs, pool }, garbage), null)
    }
  })
})

describe('a wrong password', () => {
  before(async () => {
    await accounts.person('grace', 'member', password)
    await accounts.person('invited')
  })
  const attempt = (userName: string, shown: string, address: string) =>
    codeOf(checkPassword(accounts.needs, { userName, password: shown, ...from(address) }))

  test('an unknown name and an account without password get the same answer', async () => {
    const problems = await Promise.all(
      ['grace', 'nobody', 'invited', 'x'.repeat(200), "' or 1=1 --"].map((userName) =>
        checkPassword(accounts.needs, { userName, password: wrong, ...from('198.51.100.1') }).catch((p: Problem) => p),
      ),
    )
    const answers = problems.map((p) => JSON.stringify({ ...(p as Problem), message: (p as Problem).message }))
    assert.equal(new Set(answers).size, 1)
    assert.equal((problems[0] as Problem).code, 'sign-in-failed')
  })

  test('an unknown name takes as long as a wrong password', async () => {
    const times = { known: [] as number[], unknown: [] as number[] }
    for (let round = 0; round < 12; round++) {
      for (const [kind, userName] of [
        ['known', 'grace'],
        ['unknown', `nobody${round}`],
      ] as const) {
        const worked = workTime()
        assert.equal(await attempt(userName, wrong, `203.0.113.${round + 1}`), 'sign-in-failed')
        times[kind].push(worked())
      }
    }
    const median = (values: number[]) => values.sort((a, b) => a - b)[values.length / 2]!
    const ratio = median(times.unknown) / median(times.known)
    // Without the decoy's work it would be near 0.1.
    assert.ok(ratio > 0.5 && ratio < 2, `unknown/known = ${ratio}`)
  })

  test('is told apart only in the audit trail, which never keeps a name that is no account’s', async () => {
    accounts.refusals.length = 0
    await attempt('grace', wrong, '198.51.100.2')
    await attempt('hunter2 in the wrong field', wrong, '198.51.100.2')
    await attempt('invited', wrong, '198.51.100.2')
    assert.deepEqual(
      accounts.refusals.map(({ reason, accountName }) => [reason, accountName]),
      [
        ['wrong_password', 'grace'],
        ['unknown_account', null],
        ['no_password', 'invited'],
      ],
    )
    assert.ok(!JSON.stringify(accounts.refusals).includes('hunter2'))
    assert.ok(!JSON.stringify(accounts.refusals).includes(wrong))
  })

  test('longer than any password is refused without hashing it', async () => {
    assert.equal(await attempt('grace', 'x'.repeat(10_000), '198.51.100.3'), 'sign-in-failed')
  })

  test('only who knows the password learns that an account is disabled', async () => {
    const { id } = await accounts.person('left', 'member', password)
    await accounts.needs.change(operator, (change) => disableAccount(accounts.needs, change, id))
    assert.equal(await attempt('left', wrong, '198.51.100.4'), 'sign-in-failed')
    assert.equal(await attempt('left', password, '198.51.100.4'), 'account-disabled')
  })

  test('a hash at an outdated cost is renewed by a good sign-in', async () => {
    const cheap = await argon2(password, { memoryCost: 8192, timeCost: 1 })
    await on.pool.query(`update accounts set password_hash = $1 where user_name = 'grace'`, [cheap])
    assert.equal(await codeOf(signIn(accounts.needs, { userName: 'grace', password, ...from('198.51.100.9') })), 'ok')
    const { rows } = await on.pool.query(`select password_hash from accounts where user_name = 'grace'`)
    assert.equal(makePasswordHasher().needsRehash(rows[0].password_hash), false)
  })
})

describe('lock-out', () => {
  const attacker = '203.0.113.66'
  let device: string
  before(async () => {
    await accounts.person('alan', 'admin', password)
    const signedIn = await signIn(accounts.needs, { userName: 'alan', password, ...from('192.0.2.10') })
    device = signedIn.device
  })
  const attempt = (shown: string, where: { address: string; device?: string | null }, userName = 'alan') =>
    codeOf(checkPassword(accounts.needs, { userName, password: shown, client: null, ...where }))

  test('makes a guesser wait, longer each time, and counts no attempt while he waits', async () => {
    const { clock } = accounts
    for (let n = 0; n < 5; n++) assert.equal(await attempt(wrong, { address: attacker }), 'sign-in-failed')
    assert.equal(await attempt(password, { address: attacker }), 'sign-in-throttled', 'even with the right one')
    const waits: number[] = []
    for (let n = 0; n < 12; n++) {
      const problem: Problem = await checkPassword(accounts.needs, {
        userName: 'alan',
        password: wrong,
        ...from(attacker),
      }).then(
        () => assert.fail(),
        (p) => p,
      )
      assert.equal(problem.code, 'sign-in-throttled')
      const seconds = Number(problem.details.headers?.['retry-after'])
      waits.push(seconds)
      clock.pass(seconds)
      assert.equal(await attempt(wrong, { address: attacker }), 'sign-in-failed')
    }
    assert.deepEqual(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900])
  })

  test('never reaches the owner at a usual address, in a usual browser, or at a new address', async () => {
    assert.equal(await attempt(password, { address: attacker }), 'sign-in-throttled')
    assert.equal(await attempt(password, { address: '192.0.2.10' }), 'ok')
    assert.equal(await attempt(password, { address: '198.51.100.77', device: null }), 'ok', 'somewhere new')
    assert.equal(await attempt(password, { address: attacker, device }), 'ok', 'behind the same NAT as the attacker')
  })

  test('is no way round: somebody else’s device cookie, or a made-up one, helps no guesser', async () => {
    await accounts.person('mallory', 'member', 'whiskers and kittens')
    const own = await signIn(accounts.needs, {
      userName: 'mallory',
      password: 'whiskers and kittens',
      ...from('192.0.2.55'),
    })
    assert.equal(await attempt(password, { address: attacker, device: own.device }), 'sign-in-throttled')
    assert.equal(await attempt(password, { address: attacker, device: 'B'.repeat(43) }), 'sign-in-throttled')
  })

  test('holds for unknown names just the same', async () => {
    const results = []
    for (let n = 0; n < 6; n++) results.push(await attempt(wrong, { address: '203.0.113.99' }, 'no-such-person'))
    assert.deepEqual(results, [...Array(5).fill('sign-in-failed'), 'sign-in-throttled'])
  })

  test('counts a whole IPv6 network as one place', async () => {
    for (let n = 0; n < 5; n++) await attempt(wrong, { address: `2001:db8:1:2::${n + 1}` })
    assert.equal(await attempt(wrong, { address: '2001:db8:1:2:ffff::1' }), 'sign-in-throttled')
    assert.equal(await attempt(password, { address: '2001:db8:1:3::1' }), 'ok')
  })

  test('lets no burst slip through: of a hundred guesses at once five are tried', async () => {
    await accounts.person('burst', 'member', password)
    let verified = 0
    const passwords = {
      ...accounts.needs.passwords,
      verify: () => {
        verified += 1
        return Promise.resolve(false)
      },
    }
    const guesses = Array.from({ length: 100 }, () =>
      codeOf(
        checkPassword(
          { ...accounts.needs, passwords },
          { userName: 'burst', password: wrong, ...from('203.0.113.200') },
        ),
      ),
    )
    const results = await Promise.all(guesses)
    assert.equal(results.filter((code) => code === 'sign-in-throttled').length, 95)
    assert.equal(verified, 5)
  })

  test('is forgotten by a success, and by time', async () => {
    const { clock } = accounts
    const home = '192.0.2.10'
    for (let n = 0; n < 4; n++) await attempt(wrong, { address: home })
    assert.equal(await attempt(password, { address: home }), 'ok')
    for (let n = 0; n < 4; n++) assert.equal(await attempt(wrong, { address: home }), 'sign-in-failed')
    clock.pass(25 * 3600)
    for (let n = 0; n < 4; n++) assert.equal(await attempt(wrong, { address: home }), 'sign-in-failed')
    await sweepAccounts(accounts.needs)
  })

  describe('of many attempts at many names or from many places', () => {
    const admitted = (userName: string, address: string, known = false) =>
      codeOf(admitAttempt(accounts.needs, { userName, address, knownDevice: null, addressKnown: known }))

    test('an address that tries many names has to wait, but not the people known there', async () => {
      for (let n = 0; n < 100; n++) assert.equal(await admitted(`name${n}`, '203.0.113.150'), 'ok')
      assert.equal(await admitted('another', '203.0.113.150'), 'sign-in-throttled')
      assert.equal(await admitted('regular', '203.0.113.150', true), 'ok')
    })

    test('an account attacked from everywhere stays open to its owner at a usual place', async () => {
      const results = await Promise.all(
        Array.from({ length: 1001 }, (_, n) => admitted('target', `198.18.${n >> 8}.${n & 255}`)),
      )
      assert.equal(results.filter((result) => result === 'ok').length, 1000)
      assert.equal(await admitted('target', '192.0.2.10', true), 'ok')
    })
  })

  test('keeps names and addresses only as hashes', async () => {
    const { rows } = await on.pool.query('select * from known_sources')
    assert.ok(rows.some((row) => row.source.equals(sourceOfAddress('192.0.2.10'))))
    const { rows: throttles } = await on.pool.query('select row_to_json(t)::text as text from sign_in_throttles t')
    assert.ok(!throttles.some((row) => row.text.includes('alan')))
  })
})
