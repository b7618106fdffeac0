import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import type { Caller } from '#src/access/caller.ts'
import { parseGrant } from '#src/access/grants.ts'
import { permissionsOf, type Role, roles } from '#src/access/permissions.ts'
import { disableAccount, enableAccount } from '#src/accounts/disable-account.ts'
import { updateAccount } from '#src/accounts/update-account.ts'
import { openLease } from '#src/database/lease.ts'
import { Problem } from '#src/problem/problem.ts'
import { operator } from '#test/accounts.ts'
import { type TestDatabase, testDatabase } from '#test/postgres.ts'
import { here, signedIn, tokensOver } from '#test/tokens.ts'
import { narrowToken } from './narrow-token.ts'
import { revokeToken } from './revoke-token.ts'
import { recreateToken, rotateToken } from './rotate-token.ts'
import { makeTokenVerifier, type TokenVerifier } from './verify-token.ts'

/*
 * Random lives of tokens, told twice: by the product, with two verifying processes over real Postgres, and by the model below,
 * which knows nothing of leases, caches or SQL. After every step any token shown to either process must fare as the model says.
 */

const texts = [
  'warehouse:read',
  'warehouse:read:jobs',
  'warehouse:raw',
  'models:refresh',
  'models:refresh:jobs',
] as const

interface ModelAccount {
  role: Role
  active: boolean
}

interface ModelToken {
  account: number
  grants: string[]
  diesAt: number
  revoked: boolean
  /** Index of the latest successor. */
  successor: number | null
}

interface Model {
  now: number
  accounts: ModelAccount[]
  tokens: ModelToken[]
}

const covers = (held: readonly string[], text: string) =>
  held.some((grant) => text === grant || text.startsWith(`${grant}:`))
const holds = (account: ModelAccount, text: string) => covers(permissionsOf(account.role), text)
const allowed = (model: Model, token: ModelToken): string[] => {
  const account = model.accounts[token.account]!
  if (token.revoked || !account.active || model.now >= token.diesAt) return []
  return texts.filter((text) => covers(token.grants, text) && holds(account, text))
}
const lives = (model: Model, token: ModelToken) => !token.revoked && model.now < token.diesAt

interface Real {
  house: Awaited<ReturnType<typeof tokensOver>>
  verifiers: TokenVerifier[]
  accounts: { id: string; user_name: string }[]
  tokens: { id: string; secret: string }[]
}

const daySeconds = 86_400

class Step implements fc.AsyncCommand<Model, Real> {
  readonly #words: string
  readonly #take: (model: Model, real: Real) => Promise<void>
  readonly #possible: (model: Model) => boolean

  constructor(
    words: string,
    take: (model: Model, real: Real) => Promise<void>,
    possible: (model: Model) => boolean = () => true,
  ) {
    this.#words = words
    this.#take = take
    this.#possible = possible
  }

  check = (model: Readonly<Model>): boolean => this.#possible(model)
  run = async (model: Model, real: Real): Promise<void> => {
    await this.#take(model, real)
    // One of all tokens, seen by each process.
    const i = (model.tokens.length * 7919 + Math.floor(model.now / 1000)) % Math.max(1, model.tokens.length)
    if (model.tokens.length > 0) for (const process of [0, 1]) await compare(model, real, i, process)
  }
  toString = (): string => this.#words
}

/** Shows a token to a process and to the model. */
async function compare(model: Model, real: Real, token: number, process: number): Promise<void> {
  const caller = await real.verifiers[process]!.verify(real.tokens[token]!.secret, here)
  const granted = texts.filter((text) => {
    const { permission, resource } = parseGrant(text)!
    return caller?.grants.allows(permission, resource ?? undefined) === true
  })
  const expected = allowed(model, model.tokens[token]!)
  assert.deepEqual(granted, expected)
  const account = model.accounts[model.tokens[token]!.account]!
  assert.equal(caller !== null, lives(model, model.tokens[token]!) && account.active)
}

const owner = (model: Model, real: Real, account: number): Caller =>
  signedIn({ ...real.accounts[account]!, role: model.accounts[account]!.role })

/** Runs an act; true when it was done, false when it was refused for a reason. */
async function done(act: Promise<unknown>): Promise<boolean> {
  try {
    await act
    return true
  } catch (error) {
    if (error instanceof Problem && error.kind !== 'internal' && error.kind !== 'unavailable') return false
    throw error
  }
}

const some = <T>(items: readonly T[], pick: number): number => pick % items.length
const pick = fc.nat(1000)
const account = fc.nat(1)
const grants = fc.subarray([...texts], { minLength: 1 })
const days = fc.integer({ min: 1, max: 40 })
const hasTokens = (model: Model) => model.tokens.length > 0

const commands = [
  fc.tuple(account, grants, days).map(
    ([i, asked, life]) =>
      new Step(`issue(${i}, ${asked}, ${life} days)`, async (model, real) => {
        const by = model.accounts[i]!
        const may = by.active && asked.every((text) => holds(by, text))
        let made: { id: string; secret: string } | undefined
        const issued = await done(
          real.house.issue(owner(model, real, i), asked, { expires_in_days: life }).then(({ token, secret }) => {
            made = { id: token.id, secret }
          }),
        )
        assert.equal(issued, may)
        if (!made) return
        real.tokens.push(made)
        model.tokens.push({
          account: i,
          grants: asked,
          diesAt: model.now + life * daySeconds * 1000,
          revoked: false,
          successor: null,
        })
      }),
  ),
  fc
    .tuple(pick, fc.nat(1))
    .map(
      ([p, process]) =>
        new Step(
          `use(${p}, process ${process})`,
          (model, real) => compare(model, real, some(model.tokens, p), process),
          hasTokens,
        ),
    ),
  fc.tuple(pick, grants).map(
    ([p, kept]) =>
      new Step(
        `narrow(${p}, ${kept})`,
        async (model, real) => {
          const i = some(model.tokens, p)
          const token = model.tokens[i]!
          const ask = { id: real.tokens[i]!.id, permissions: kept }
          const may = lives(model, token) && kept.every((text) => covers(token.grants, text))
          const act = real.house.change(owner(model, real, token.account), (change) =>
            narrowToken(real.house.needs, change, ask),
          )
          assert.equal(await done(act), may)
          if (may) token.grants = kept
        },
        hasTokens,
      ),
  ),
  fc.tuple(pick, fc.constantFrom(0, 3600, 10 * daySeconds), fc.boolean()).map(
    ([p, overlapSeconds, anew]) =>
      new Step(
        anew ? `recreate(${p})` : `rotate(${p}, ${overlapSeconds} s)`,
        async (model, real) => {
          const i = some(model.tokens, p)
          const old = model.tokens[i]!
          const by = model.accounts[old.account]!
          const kept = texts.filter((text) => covers(old.grants, text) && holds(by, text))
          const replaced = old.successor !== null && lives(model, model.tokens[old.successor]!)
          const may = by.active && kept.length > 0 && !replaced && (anew || lives(model, old))
          let made: { id: string; secret: string; diesAt: number } | undefined
          const act = real.house.change(owner(model, real, old.account), async (change) => {
            const id = real.tokens[i]!.id
            const { needs } = real.house
            const { token, secret } = anew
              ? await recreateToken(needs, change, { id })
              : await rotateToken(needs, change, { id, overlapSeconds })
            made = { id: token.id, secret, diesAt: token.expires_at.getTime() }
          })
          assert.equal(await done(act), may)
          if (!may || !made) return
          if (anew || overlapSeconds === 0) old.revoked = true
          else old.diesAt = Math.min(old.diesAt, model.now + overlapSeconds * 1000)
          real.tokens.push(made)
          model.tokens.push({
            account: old.account,
            grants: kept,
            diesAt: made.diesAt,
            revoked: false,
            successor: null,
          })
          old.successor = model.tokens.length - 1
        },
        hasTokens,
      ),
  ),
  pick.map(
    (p) =>
      new Step(
        `revoke(${p})`,
        async (model, real) => {
          const i = some(model.tokens, p)
          const token = model.tokens[i]!
          const { id } = real.tokens[i]!
          await real.house.change(owner(model, real, token.account), (change) =>
            revokeToken(real.house.needs, change, { id }),
          )
          token.revoked = true
        },
        hasTokens,
      ),
  ),
  fc.constantFrom(1, 3600, daySeconds, 9 * daySeconds).map(
    (seconds) =>
      new Step(`pass(${seconds} s)`, async (model, real) => {
        real.house.clock.pass(seconds)
        model.now += seconds * 1000
      }),
  ),
  fc.tuple(account, fc.boolean()).map(
    ([i, active]) =>
      new Step(`${active ? 'enable' : 'disable'}(${i})`, async (model, real) => {
        const { accounts, change } = real.house
        const act = active ? enableAccount : disableAccount
        await change(operator, (tx) => act(accounts, tx, real.accounts[i]!.id))
        model.accounts[i]!.active = active
      }),
  ),
  fc.tuple(account, fc.constantFrom(...roles.slice(0, 3))).map(
    ([i, role]) =>
      new Step(`role(${i}, ${role})`, async (model, real) => {
        const { accounts, change } = real.house
        await change(operator, (tx) => updateAccount(accounts, tx, real.accounts[i]!.id, { role }))
        model.accounts[i]!.role = role
      }),
  ),
]

let database: TestDatabase
let house: Awaited<ReturnType<typeof tokensOver>>
let second: { verifier: TokenVerifier; close(): Promise<void> }
let people = 0

before(async () => {
  database = await testDatabase()
  house = await tokensOver(database)
  const lease = await openLease({ connection: database.connection })
  const verifier = makeTokenVerifier({
    pool: database.pool,
    lease,
    peppers: house.peppers,
    uses: house.uses,
    now: () => house.clock.now().getTime(),
    onRefused: () => undefined,
  })
  second = {
    verifier,
    close: async () => {
      verifier.close()
      await lease.close()
    },
  }
})
after(async () => {
  await second.close()
  await house.close()
  await database.close()
})

test('whatever happens to tokens and accounts, every process grants exactly what the model grants', async () => {
  const setUp = async () => {
    const accounts = [await house.person(`life${++people}`, 'manager'), await house.person(`life${++people}`, 'member')]
    return {
      model: {
        now: house.clock.now().getTime(),
        accounts: accounts.map(({ role }) => ({ role, active: true })),
        tokens: [] as ModelToken[],
      },
      real: { house, verifiers: [house.verifier, second.verifier], accounts, tokens: [] as Real['tokens'] },
    }
  }
  await fc.assert(
    fc.asyncProperty(fc.commands(commands, { maxCommands: 40, size: 'max' }), async (steps) => {
      const { model, real } = await setUp()
      await fc.asyncModelRun(() => ({ model, real }), steps)
      // And at the end all of them.
      for (const i of model.tokens.keys()) for (const process of [0, 1]) await compare(model, real, i, process)
    }),
    { numRuns: 25, endOnFailure: false, interruptAfterTimeLimit: 60_000 },
  )
})
