import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Actor, anonymous } from '#src/access/caller.ts'
import { Grants } from '#src/access/grants.ts'
import { verifyChain } from '#src/audit/verify-chain.ts'
import type { Problem } from '#src/problem/problem.ts'
import { accountsOver, operator } from '#test/accounts.ts'
import { type TestDatabase, testDatabase } from '#test/postgres.ts'
import { changePassword } from './change-password.ts'
import { checkPassword } from './check-password.ts'
import { type CreateAccountAsk, createAccount } from './create-account.ts'
import { createFirstAdmin } from './create-first-admin.ts'
import { disableAccount, enableAccount } from './disable-account.ts'
import { endSessions } from './end-sessions.ts'
import { makePasswordLink } from './make-password-link.ts'
import { listAccounts, showAccount } from './show-account.ts'
import { signIn } from './sign-in.ts'
import { changeRole, updateAccount } from './update-account.ts'
import { showPasswordLink, usePasswordLink } from './use-password-link.ts'
import { verifySession } from './verify-session.ts'

const password = 'moths in the relays'
const codeOf = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'ok',
    (problem: Problem) => problem.code ?? String(problem),
  )

type Accounts = ReturnType<typeof accountsOver>

const create = ({ needs }: Accounts, ask: Partial<CreateAccountAsk> & { userName: string }, by: Actor = operator) =>
  needs.change(by, (change) => createAccount(needs, change, { kind: 'person', role: 'member', ...ask }))
const disable = ({ needs }: Accounts, id: string) =>
  needs.change(operator, (change) => disableAccount(needs, change, id))
const sign = ({ needs }: Accounts, userName: string, shown = password) =>
  signIn(needs, { userName, password: shown, address: '192.0.2.1', client: null })

describe('accounts', () => {
  let on: TestDatabase
  let accounts: Accounts
  before(async () => {
    on = await testDatabase({ poolSize: 20 })
    accounts = accountsOver(on)
    await accounts.person('root', 'admin', password)
  })
  after(() => on.close())

  const events = async (verb: string) => {
    const { rows } = await on.pool.query('select * from audit_events where verb = $1 order by id', [verb])
    return rows
  }

  test('an account’s user name is unique in any case', async () => {
    const made = await create(accounts, { userName: 'Ada.L', firstName: 'Ada', lastName: 'Lovelace' })
    assert.equal(made.display_name, 'Ada Lovelace')
    assert.equal(made.has_password, false)
    assert.equal(await codeOf(create(accounts, { userName: 'ada.l' })), 'user-name-taken')
    assert.equal((await events('account.created')).at(-1)?.subject_id, made.id)
  })

  test('a service account has an owner and no password', async () => {
    const owner = await accounts.person('owner')
    assert.equal(await codeOf(create(accounts, { userName: 'bot', kind: 'service' })), 'account-unsuitable')
    const bot = await create(accounts, { userName: 'bot', kind: 'service', ownerId: owner.id })
    assert.equal(bot.owner_name, 'owner')
    const child = { userName: 'bot2', kind: 'service' as const, ownerId: bot.id }
    assert.equal(await codeOf(create(accounts, child)), 'account-unsuitable', 'an owner is a person')
    assert.equal(await codeOf(create(accounts, { userName: 'human', ownerId: owner.id })), 'account-unsuitable')
    const link = accounts.needs.change(operator, (change) => makePasswordLink(accounts.needs, change, bot.id))
    assert.equal(await codeOf(link), 'account-unsuitable')
  })

  test('a token cannot make an administrator, nor a person into one', async () => {
    const caller = { ...anonymous, via: 'token' as const, accountName: 'root', grants: Grants.ofRole('admin') }
    const byToken = { ...operator, caller }
    assert.equal(
      await codeOf(create(accounts, { userName: 'usurper', role: 'admin' }, byToken)),
      'admin-by-session-only',
    )
    const { id } = await create(accounts, { userName: 'helper', role: 'manager' }, byToken)
    const raise = accounts.needs.change(byToken, (change) => changeRole(accounts.needs, change, id, 'admin'))
    assert.equal(await codeOf(raise), 'admin-by-session-only')
  })

  test('a change of profile says which members it touched, not what they hold; without a difference it says nothing', async () => {
    const { id } = await create(accounts, { userName: 'mover', email: 'old@example.org' })
    const before = (await events('account.updated')).length
    const update = (email: string) =>
      accounts.needs.change(operator, (change) => updateAccount(accounts.needs, change, id, { email }))
    assert.equal((await update('new@example.org')).changed, true)
    assert.equal((await update('new@example.org')).changed, false)
    const noted = (await events('account.updated')).slice(before)
    assert.deepEqual(
      noted.map((event) => event.detail),
      [{ members: ['email'] }],
    )
  })

  test('lists go through all accounts page by page, filtered', async () => {
    for (const name of ['Zoe', 'yan', 'XAV', 'wim_1', 'wim-2'])
      await create(accounts, { userName: name, role: 'viewer' })
    const seen: string[] = []
    for (let after: string | null = null; ; ) {
      const page = await listAccounts(accounts.needs, { role: 'viewer' }, { after, limit: 2 })
      if (page.length === 0) break
      seen.push(...page.map((account) => account.user_name))
      after = seen.at(-1)!
    }
    assert.deepEqual(seen.map((name) => name.toLowerCase()).sort(), ['wim-2', 'wim_1', 'xav', 'yan', 'zoe'])
    const underscore = await listAccounts(accounts.needs, { search: 'm_1' }, { after: null, limit: 9 })
    assert.deepEqual(
      underscore.map((account) => account.user_name),
      ['wim_1'],
    )
  })

  test('disabling ends every session the moment it returns, also under load', async () => {
    const { id } = await accounts.person('loaded', 'member', password)
    const { secret } = await sign(accounts, 'loaded')
    let returned = false
    let late = 0
    let served = 0
    const load = Array.from({ length: 8 }, async () => {
      for (let n = 0; n < 400 && !(returned && n > 50); n++) {
        const startedLate = returned
        const caller = await verifySession(accounts.needs, secret)
        if (caller) served += 1
        if (caller && startedLate) late += 1
      }
    })
    while (served < 100) await new Promise((resolve) => setTimeout(resolve, 1))
    await disable(accounts, id)
    returned = true
    await Promise.all(load)
    assert.ok(served >= 100)
    assert.equal(late, 0)
    await accounts.needs.change(operator, (change) => enableAccount(accounts.needs, change, id))
    assert.equal(await verifySession(accounts.needs, secret), null, 'enabling brings no session back')
    assert.equal(await codeOf(sign(accounts, 'loaded')), 'ok')
  })

  test('a sign-in that meets a disabling leaves no session behind', async () => {
    const { id } = await accounts.person('racer', 'member', password)
    for (let round = 0; round < 8; round++) {
      await Promise.allSettled([sign(accounts, 'racer'), disable(accounts, id), sign(accounts, 'racer')])
      const { rows } = await on.pool.query('select count(*) from sessions where account_id = $1', [id])
      assert.equal(rows[0].count, 0)
      await accounts.needs.change(operator, (change) => enableAccount(accounts.needs, change, id))
    }
  })

  test('ending the other sessions leaves the one that asks', async () => {
    await accounts.person('many', 'member', password)
    const [kept, other] = [await sign(accounts, 'many'), await sign(accounts, 'many')]
    await accounts.needs.change(operator, (change) => endSessions(change, kept.accountId, kept.sessionId))
    assert.ok(await verifySession(accounts.needs, kept.secret))
    assert.equal(await verifySession(accounts.needs, other.secret), null)
  })

  describe('a password change', () => {
    const change = async (userName: string, secret: string, current: string, fresh: string) => {
      const caller = await verifySession(accounts.needs, secret)
      assert.ok(caller, userName)
      const by = { caller, requestId: null, address: '192.0.2.1', client: null }
      return changePassword(accounts.needs, by, { currentPassword: current, newPassword: fresh })
    }

    test('needs the current one, ends all sessions, and gives this browser a new one', async () => {
      await accounts.person('changer', 'member', password)
      const [here, elsewhere] = [await sign(accounts, 'changer'), await sign(accounts, 'changer')]
      assert.equal(
        await codeOf(change('changer', here.secret, 'not the current one', 'sixteen grey herons')),
        'current-password-wrong',
      )
      assert.ok(await verifySession(accounts.needs, elsewhere.secret), 'a failed change changes nothing')
      const fresh = await change('changer', here.secret, password, 'sixteen grey herons')
      assert.equal(await verifySession(accounts.needs, here.secret), null)
      assert.equal(await verifySession(accounts.needs, elsewhere.secret), null)
      assert.ok(await verifySession(accounts.needs, fresh.secret))
      assert.equal(await codeOf(sign(accounts, 'changer')), 'sign-in-failed')
      assert.equal(await codeOf(sign(accounts, 'changer', 'sixteen grey herons')), 'ok')
    })

    test('refuses what is weak, what carries the own name, and the same again', async () => {
      await accounts.person('picky.person', 'member', password)
      const { secret } = await sign(accounts, 'picky.person')
      for (const bad of ['short', 'password1234', 'picky.person2026', password]) {
        assert.equal(await codeOf(change('picky', secret, password, bad)), 'password-unacceptable', bad)
      }
    })

    test('with a stolen session lets nobody guess on and on', async () => {
      await accounts.person('robbed', 'member', password)
      const { secret } = await sign(accounts, 'robbed')
      const codes = []
      for (let n = 0; n < 6; n++)
        codes.push(await codeOf(change('robbed', secret, `guess ${n}`, 'sixteen grey herons')))
      assert.equal(codes[5], 'sign-in-throttled')
    })
  })

  describe('a one-time link', () => {
    const make = async (id: string) => {
      const made = await accounts.needs.change(operator, (change) => makePasswordLink(accounts.needs, change, id))
      return { ...made, secret: made.url.split('#')[1]! }
    }
    const use = (secret: string, newPassword = 'sixteen grey herons') =>
      codeOf(usePasswordLink(accounts.needs, { requestId: null, address: null, client: null }, { secret, newPassword }))

    test('lets an invited person set a password, once', async () => {
      const { id } = await create(accounts, { userName: 'guest' })
      const link = await make(id)
      assert.equal(link.purpose, 'invitation')
      assert.match(link.url, /^http:\/\/localhost:8080\/set-password#[A-Za-z0-9_-]{43}$/)
      assert.equal((await showPasswordLink(accounts.needs, link.secret)).account.user_name, 'guest')
      assert.equal(await use(link.secret, 'weak'), 'password-unacceptable', 'a weak password doesn’t use it up')
      const codes = await Promise.all([use(link.secret), use(link.secret), use(link.secret)])
      assert.deepEqual(codes.sort(), ['ok', 'password-link-invalid', 'password-link-invalid'])
      assert.equal(await use(link.secret), 'password-link-invalid')
      assert.equal(await codeOf(sign(accounts, 'guest', 'sixteen grey herons')), 'ok')
    })

    test('for a reset leaves the password until it is used, then ends all sessions', async () => {
      const { id } = await accounts.person('forgetful', 'member', password)
      const { secret: session } = await sign(accounts, 'forgetful')
      const link = await make(id)
      assert.equal(link.purpose, 'reset')
      assert.equal(await codeOf(sign(accounts, 'forgetful')), 'ok')
      assert.equal(await use(link.secret, password), 'password-unacceptable', 'not the same again')
      assert.equal(await use(link.secret), 'ok')
      assert.equal(await verifySession(accounts.needs, session), null)
      assert.equal(await codeOf(sign(accounts, 'forgetful')), 'sign-in-failed')
    })

    test('dies of a newer one, of time, of a password change, and of disabling', async () => {
      const { id } = await accounts.person('linked', 'member', password)
      const first = await make(id)
      const second = await make(id)
      assert.equal(await use(first.secret), 'password-link-invalid')
      accounts.clock.pass(72 * 3600 + 1)
      assert.equal(await use(second.secret), 'password-link-invalid')
      const third = await make(id)
      await disable(accounts, id)
      assert.equal(await use(third.secret), 'password-link-invalid')
      await accounts.needs.change(operator, (change) => enableAccount(accounts.needs, change, id))
      assert.equal(await use(third.secret), 'password-link-invalid')
    })

    test('is kept only as a hash and never told to the audit trail', async () => {
      const { id } = await create(accounts, { userName: 'hushed' })
      const { secret } = await make(id)
      const { rows } = await on.pool.query(`
        select row_to_json(l)::text as text from password_links l union all select row_to_json(e)::text from audit_events e`)
      assert.ok(rows.length > 1 && !rows.some((row) => row.text.includes(secret)))
    })
  })

  test('after all this the audit trail is whole and holds no password', async () => {
    assert.deepEqual((await verifyChain(on.db)).faults, [])
    const { rows } = await on.pool.query('select row_to_json(e)::text as text from audit_events e')
    for (const secret of [password, 'sixteen grey herons', '$argon2id$']) {
      assert.ok(!rows.some((row) => row.text.includes(secret)))
    }
  })
})

describe('the last administrator', () => {
  let on: TestDatabase
  let accounts: Accounts
  before(async () => {
    on = await testDatabase({ poolSize: 20 })
    accounts = accountsOver(on)
  })
  after(() => on.close())

  test('is made at the first start, once, however many processes start', async () => {
    const made = await Promise.all(Array.from({ length: 4 }, () => createFirstAdmin(accounts.needs)))
    const [first, ...rest] = made.filter((admin) => admin !== null)
    assert.ok(first)
    assert.equal(rest.length, 0)
    assert.match(first.password, /^([a-z2-9]{5}-){3}[a-z2-9]{5}$/)
    assert.equal(await createFirstAdmin(accounts.needs), null)
    const { accountId } = await checkPassword(accounts.needs, { ...first, address: '192.0.2.1', client: null })
    assert.equal((await showAccount(accounts.needs, accountId)).role, 'admin')
  })

  test('can be neither disabled nor given a lesser role, until another can sign in', async () => {
    const { needs } = accounts
    const [admin] = await listAccounts(needs, { role: 'admin' }, { after: null, limit: 1 })
    const demote = (id: string) => needs.change(operator, (change) => changeRole(needs, change, id, 'manager'))
    assert.equal(await codeOf(disable(accounts, admin!.id)), 'last-admin')
    await create(accounts, { userName: 'invited-admin', role: 'admin' })
    await create(accounts, { userName: 'admin-bot', role: 'admin', kind: 'service', ownerId: admin!.id })
    assert.equal(await codeOf(demote(admin!.id)), 'last-admin', 'one without a password, and a robot, don’t count')
    const second = await accounts.person('second', 'admin', password)
    assert.equal(await codeOf(demote(second.id)), 'ok')
    assert.equal(await codeOf(demote(admin!.id)), 'last-admin')
  })

  test('is left over when two administrators turn on each other at the same moment', async () => {
    const { needs } = accounts
    for (let round = 0; round < 5; round++) {
      const found = await needs.change(operator, async (change) => {
        await on.pool.query(`update accounts set role = 'admin' where user_name in ('admin', 'second')`)
        return listAccounts({ db: change.tx }, { role: 'admin', kind: 'person' }, { after: null, limit: 9 })
      })
      const pair = found.filter((account) => account.has_password)
      assert.equal(pair.length, 2)
      const codes = await Promise.all(
        pair.map(({ id }) =>
          codeOf(
            needs.change(operator, (change) =>
              updateAccount(needs, change, id, { displayName: `Round ${round}`, role: 'member' }),
            ),
          ),
        ),
      )
      assert.deepEqual(codes.sort(), ['last-admin', 'ok'])
    }
  })
})
