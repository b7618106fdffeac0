import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { filesHouse } from '#test/dataset-files.ts'

const house = await filesHouse({}, { queued: true })
await house.work()
for (const name of ['alice', 'bob', 'carol', 'dan']) {
  await house.join(name)
  await house.db
    .updateTable('accounts')
    .set({ email: `${name}@example.org`, display_name: name.toUpperCase() })
    .where('user_name', '=', name)
    .execute()
}
await house.join('root', 'admin')

const told = () => house.mails.map(({ to, subject }) => `${to}: ${subject}`)

/** Until so many have been sent, and a moment longer: no more may come. */
async function mailsAre(expected: readonly string[]): Promise<void> {
  for (let waited = 0; house.mails.length < expected.length && waited < 15_000; waited += 50) await sleep(50)
  await sleep(300)
  assert.deepEqual(told().sort(), [...expected].sort())
  house.mails.length = 0
}

test('who decides about a file is told by mail that somebody asks, once for a dataset; who asked is told of the decision', async () => {
  const dataset = await house.makeDataset('alice', 'Tide pools of Inchkeith')
  const files = [
    await house.deposit('alice', dataset, 'a.txt', 'aaa'),
    await house.deposit('alice', dataset, 'b.txt', 'bbb'),
  ]
  for (const file of files) await house.ask('alice', 'PATCH', `/v1/files/${file}`, { restricted: true })
  await house.publish('root', dataset)
  const given = { assignee: '@carol', role: 'curator' }
  assert.equal((await house.ask('root', 'POST', `/v1/datasets/${dataset}/assignments`, given)).status, 201)
  // What a draft would call it is nobody's business yet.
  await house.ask('alice', 'PATCH', `/v1/files/${files[0]}`, { name: 'secret.txt' })

  for (const file of [...files, files[0]])
    assert.equal((await house.ask('bob', 'PUT', `/v1/files/${file}/access-request`)).status, 200)
  for (let waited = 0; house.mails.length === 0 && waited < 15_000; waited += 50) await sleep(50)
  const [mail] = house.mails
  assert.match(mail?.text ?? '', /BOB \(bob\) asks[\s\S]*File: a\.txt\nDataset: Tide pools of Inchkeith/)
  assert.ok(mail?.text?.includes(`http://localhost:8080/deposit/${dataset}/requests`))
  await mailsAre(['carol@example.org: BOB asks for “a.txt”'])

  const bob = house.people.get('bob')?.accountId
  assert.equal((await house.ask('carol', 'PUT', `/v1/files/${files[0]}/access-requests/${bob}/grant`)).status, 204)
  assert.equal((await house.ask('carol', 'PUT', `/v1/files/${files[1]}/access-requests/${bob}/rejection`)).status, 204)
  // Whom nobody had asked for a decision is told of none.
  const dan = house.people.get('dan')?.accountId
  assert.equal((await house.ask('carol', 'PUT', `/v1/files/${files[0]}/access-requests/${dan}/grant`)).status, 204)
  await mailsAre(['bob@example.org: You may have “a.txt”', 'bob@example.org: You were not given “b.txt”'])

  assert.equal((await house.ask('bob', 'PUT', `/v1/files/${files[1]}/access-request`)).status, 200)
  await mailsAre(['carol@example.org: BOB asks for “b.txt”'])
})

test('where nobody was given the right to decide, administrators are told', async () => {
  await house.db.updateTable('accounts').set({ email: 'root@example.org' }).where('user_name', '=', 'root').execute()
  const dataset = await house.makeDataset('alice')
  const file = await house.deposit('alice', dataset, 'a.txt', 'aaa')
  await house.ask('alice', 'PATCH', `/v1/files/${file}`, { restricted: true })
  await house.publish('root', dataset)
  assert.equal((await house.ask('bob', 'PUT', `/v1/files/${file}/access-request`)).status, 200)
  await mailsAre(['root@example.org: BOB asks for “a.txt”'])
})
