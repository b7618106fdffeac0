import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Caller } from '#src/access/caller.ts'
import { disableAccount } from '#src/accounts/disable-account.ts'
import { operator } from '#test/accounts.ts'
import { bearer } from '#test/sample-api.ts'
import { here, serveTokens, signedIn, tokensHouse } from '#test/tokens.ts'
import { tokenSorts } from './contract.ts'
import { revokeToken } from './revoke-token.ts'
import { rotateToken } from './rotate-token.ts'

const house = await tokensHouse()
const { app } = serveTokens(house)

interface Item {
  readonly id: string
  readonly name: string
  readonly created_at: string
  readonly expires_at: string
  readonly last_used_at: string | null
  readonly uses?: readonly number[]
}

const asking = async (caller: Caller, ...more: string[]) =>
  bearer((await house.issue(caller, ['tokens:write', ...more], { name: 'asks' })).secret)
const get = (url: string, headers: Record<string, string>) => app.inject({ url, headers })
const list = async (query: string, headers: Record<string, string>): Promise<{ items: Item[]; total: number }> => {
  const answer = await get(`/v1/tokens?${query}`, headers)
  assert.equal(answer.statusCode, 200, answer.body)
  return answer.json()
}
const names = async (query: string, headers: Record<string, string>) =>
  (await list(query, headers)).items.map(({ name }) => name).sort()

test('every order is walked page by page: none twice, none left out, never used ones last', async () => {
  const ada = await house.someone()
  const headers = await asking(ada)
  // Some made at one moment, of one name, of one end: only their ids tell them apart.
  for (const [i, name] of ['beta', 'Alpha', 'alpha', 'beta', 'gamma', 'Beta'].entries()) {
    if (i % 2 === 0) house.clock.pass(60)
    const { secret } = await house.issue(ada, ['warehouse:read'], { name, expires_in_days: 30 + (i % 3) })
    if (i < 3) await house.show(secret)
    if (i === 1) house.clock.pass(5)
  }
  await house.uses.flush()
  const { items, total } = await list('search=a&limit=200', headers)
  assert.equal(total, 7)
  const keys = {
    created: (token: Item) => token.created_at,
    expires: (token: Item) => token.expires_at,
    last_used: (token: Item) => token.last_used_at,
    name: (token: Item) => token.name.toLowerCase(),
  }
  const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
  for (const sort of tokenSorts) {
    const [way, by] = sort.startsWith('-') ? ([-1, sort.slice(1)] as const) : ([1, sort] as const)
    const key = keys[by as keyof typeof keys]
    // The one that asks is used by asking.
    const expected = items
      .filter(({ name }) => name !== 'asks')
      .sort((a, b) => {
        const [left, right] = [key(a), key(b)]
        if (left === null || right === null) return left === right ? way * compare(a.id, b.id) : left === null ? 1 : -1
        return way * (compare(left, right) || compare(a.id, b.id))
      })
    const seen: string[] = []
    let url: string | undefined = `/v1/tokens?search=a&limit=2&sort=${sort}`
    while (url) {
      const page: Awaited<ReturnType<typeof get>> = await get(url, headers)
      assert.equal(page.json().total, 7)
      seen.push(...page.json().items.flatMap(({ id, name }: Item) => (name === 'asks' ? [] : [id])))
      url = /<([^>]+)>; rel="next"/.exec(String(page.headers.link ?? ''))?.[1]
    }
    assert.deepEqual(
      seen,
      expected.map(({ id }) => id),
      sort,
    )
  }
  const link = String((await get('/v1/tokens?limit=1&sort=name', headers)).headers.link)
  const cursor = new URL(/<([^>]+)>/.exec(link)?.[1] ?? '', 'http://x').searchParams.get('cursor')
  assert.equal((await get(`/v1/tokens?sort=name&cursor=${cursor}`, headers)).statusCode, 200)
  assert.equal((await get(`/v1/tokens?sort=-name&cursor=${cursor}`, headers)).statusCode, 400, 'of another order')
})

test('a permission finds those that were given it, on whatever resource or on the one named', async () => {
  const ada = await house.someone()
  const headers = await asking(ada)
  await house.issue(ada, ['models:refresh'], { name: 'all' })
  await house.issue(ada, ['models:refresh:jobs', 'warehouse:read'], { name: 'jobs' })
  await house.issue(ada, ['models:refresh:flights'], { name: 'flights' })
  await house.issue(ada, ['warehouse:read'], { name: 'reads' })
  assert.deepEqual(await names('permission=models:refresh', headers), ['all', 'flights', 'jobs'])
  assert.deepEqual(await names('permission=models:refresh:jobs', headers), ['all', 'jobs'])
  assert.deepEqual(await names('permission=warehouse:raw', headers), [])
  assert.equal((await get('/v1/tokens?permission=models:fly', headers)).statusCode, 400)
})

test('live ones are those that neither were revoked nor are past their end', async () => {
  const admin = await house.someone('admin')
  const headers = await asking(admin, 'tokens:admin')
  const bob = await house.person('bob', 'manager')
  const caller = signedIn(bob)
  const make = (name: string, more = {}) => house.issue(caller, ['warehouse:read'], { name, ...more })
  await make('active')
  await make('pending', { not_before: new Date(house.clock.now().getTime() + 9e8).toISOString() })
  await make('expired', { expires_in_days: 1 })
  const revoked = await make('revoked')
  const closed = await make('closed')
  await house.change(caller, async (tx) => {
    await revokeToken(house.needs, tx, { id: revoked.token.id })
    await rotateToken(house.needs, tx, { id: closed.token.id, overlapSeconds: 60 })
  })
  house.clock.pass(2 * 86_400)
  const live = ['active', 'closed', 'pending']
  const of = 'account=bob'
  assert.deepEqual(await names(`${of}&live=true`, headers), live)
  assert.deepEqual(await names(`${of}&live=false`, headers), ['closed', 'expired', 'revoked'])
  assert.equal((await list(`${of}&live=true&limit=1`, headers)).total, 3)
  await house.change(operator, (tx) => disableAccount(house.accounts, tx, bob.id))
  assert.deepEqual(await names(`${of}&live=true`, headers), live, 'one day it may be enabled again')
})

test('an admin tells the tokens of people from those of service accounts', async () => {
  const admin = await house.someone('admin')
  const headers = await asking(admin, 'tokens:admin')
  await house.service('robot', admin.accountId ?? '')
  await house.issue(admin, ['warehouse:read'], { name: 'the robot’s', account: 'robot' })
  assert.deepEqual(await names('everyone=true&kind=service', headers), ['the robot’s'])
  const [all, people] = [await list('everyone=true', headers), await list('everyone=true&kind=person', headers)]
  assert.equal(people.total, all.total - 1)
})

test('each item tells its uses day by day when asked', async () => {
  const ada = await house.someone()
  const headers = await asking(await house.someone('admin'), 'tokens:admin')
  const busy = await house.issue(ada, ['warehouse:read'], { name: 'busy' })
  await house.issue(ada, ['warehouse:read'], { name: 'idle' })
  await house.verifier.verify(busy.secret, here)
  house.clock.pass(2 * 86_400)
  for (let i = 0; i < 3; i++) await house.verifier.verify(busy.secret, here)
  await house.uses.flush()
  const { items } = await list(`account=${ada.accountName}&uses_days=4&sort=name`, headers)
  assert.deepEqual(
    items.map(({ name, uses }) => [name, uses]),
    [
      ['busy', [0, 1, 0, 3]],
      ['idle', [0, 0, 0, 0]],
    ],
  )
  assert.ok((await list('', headers)).items.every((item) => !('uses' in item)))
  assert.equal((await get('/v1/tokens?uses_days=91', headers)).statusCode, 400)
})
