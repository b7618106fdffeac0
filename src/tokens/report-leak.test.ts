import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actor, anonymous } from '#src/access/caller.ts'
import { signedIn, tokensHouse } from '#test/tokens.ts'
import { issueToken } from './issue-token.ts'
import { reportLeak } from './report-leak.ts'

const house = await tokensHouse()

const report = (secret: string) =>
  house.change(actor(anonymous), (change) => reportLeak(house.needs, change, { tokens: [secret] }))

for (const depth of [0, 1, 2])
  test(`a token that the thief is just making with a leaked one dies with it, ${depth} hands away`, async () => {
    const ada = signedIn(await house.person(`leaky${depth}`, 'manager'))
    const permissions = ['warehouse:read', 'tokens:write']
    const leaked = await house.issue(ada, permissions)
    let thief = (await house.show(leaked.secret))!
    for (let i = 0; i < depth; i++) thief = (await house.show((await house.issue(thief, permissions)).secret))!

    const made = Promise.withResolvers<void>()
    const go = Promise.withResolvers<void>()
    const making = house.change(thief, async (change) => {
      const issued = await issueToken(house.needs, change, { name: 'more', permissions })
      made.resolve()
      await go.promise
      return issued
    })
    await made.promise
    const reported = report(leaked.secret)
    // Until the report waits for the row that the making holds.
    await new Promise((resolve) => setTimeout(resolve, 100))
    go.resolve()
    const more = await making
    assert.equal((await reported).revoked, depth + 2)
    assert.equal(await house.show(more.secret), null)
  })
