import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Grants } from '#src/access/grants.ts'
import { filesHouse } from '#test/dataset-files.ts'
import { plainMetadata } from '#test/datasets.ts'

const house = await filesHouse({}, { queued: true })
await house.work()
for (const [name, role] of [
  ['alice', 'member'],
  ['bob', 'member'],
  ['carol', 'member'],
  ['dan', 'member'],
  ['erin', 'viewer'],
  ['root', 'admin'],
] as const) {
  await house.join(name, role)
  await house.db
    .updateTable('accounts')
    .set({ email: `${name}@example.org`, display_name: name.toUpperCase() })
    .where('user_name', '=', name)
    .execute()
}

const idOf = (who: string) => house.people.get(who)?.accountId
const request = (who: string, file: number) => house.ask(who, 'PUT', `/v1/files/${file}/access-request`)
const decide = (who: string, file: number, verdict: 'grant' | 'rejection', asker = 'bob') =>
  house.ask(who, 'PUT', `/v1/files/${file}/access-requests/${idOf(asker)}/${verdict}`)
const contentFor = async (who: string, file: number) =>
  (await house.ask(who, 'GET', `/v1/files/${file}/content`)).status
const assign = async (at: string, who: string, role: string): Promise<number> => {
  const { status, body } = await house.ask('root', 'POST', `${at}/assignments`, { assignee: `@${who}`, role })
  assert.equal(status, 201, JSON.stringify(body))
  return body.id
}

/** Of a dataset: who asked for what, and what became of it. */
async function requestsOf(dataset: number, who = 'root', query = ''): Promise<string[]> {
  const { status, body } = await house.ask(who, 'GET', `/v1/datasets/${dataset}/access-requests${query}`)
  assert.equal(status, 200, JSON.stringify(body))
  return body.items.map(
    (one: { file: { path: string }; account: { user_name: string }; state: string }) =>
      `${one.account.user_name} ${one.file.path} ${one.state}`,
  )
}

/** A published dataset of alice's with restricted files. */
async function restricted(names: readonly string[], title = 'Tide pools', isPublished = true) {
  const dataset = await house.makeDataset('alice', title)
  const files: number[] = []
  for (const name of names) files.push(await house.deposit('alice', dataset, name, `${title} ${name}`))
  for (const file of files) await house.ask('alice', 'PATCH', `/v1/files/${file}`, { restricted: true })
  if (isPublished) await house.publish('root', dataset)
  return { dataset, files: files as [number, ...number[]] }
}

/** What has been mailed since the last call: so many, and a moment later no more. */
async function mailed(expected: number) {
  for (let waited = 0; house.mails.length < expected && waited < 15_000; waited += 25) await sleep(25)
  await sleep(250)
  return house.mails.splice(0)
}
const told = async (expected: number) => (await mailed(expected)).map(({ to, subject }) => `${to}: ${subject}`).sort()

await house.ask('root', 'POST', '/v1/collections/root/roles', {
  alias: 'doorkeeper',
  name: 'Doorkeeper',
  description: '',
  permissions: ['ManageFilePermissions'],
})

test('a decision does not tell what only a draft calls file and dataset', async () => {
  const { dataset, files } = await restricted(['a.txt'])
  await request('bob', files[0])
  await mailed(1)
  const metadata = plainMetadata({ title: 'A secret title' })
  assert.equal((await house.ask('alice', 'PUT', `/v1/datasets/${dataset}/draft`, { metadata })).status, 200)
  assert.equal((await house.ask('alice', 'PATCH', `/v1/files/${files[0]}`, { name: 'secret.txt' })).status, 200)
  const gone = await house.ask('root', 'POST', `/v1/datasets/${dataset}/versions/1.0/deaccession`, { reason: 'Wrong' })
  assert.equal(gone.status, 200, JSON.stringify(gone.body))
  for (const verdict of ['rejection', 'grant'] as const) {
    assert.equal((await decide('root', files[0], verdict)).status, 204)
    const [mail] = await mailed(1)
    assert.doesNotMatch(`${mail?.subject} ${mail?.text}`, /secret|download it now/)
    assert.match(mail?.text ?? '', new RegExp(`File: ${files[0]}\nDataset: perma:tessera/`))
  }
})

test('of a grant and a refusal at once the later one holds, whole', async () => {
  for (let round = 0; round < 8; round++) {
    const { dataset, files } = await restricted([`race-${round}.txt`])
    await request('bob', files[0])
    const answers = await Promise.all([decide('root', files[0], 'grant'), decide('root', files[0], 'rejection')])
    assert.deepEqual(
      answers.map(({ status }) => status),
      [204, 204],
    )
    const [state] = await requestsOf(dataset)
    const has = await contentFor('bob', files[0])
    assert.ok(
      (state?.endsWith('granted') && has === 200) || (state?.endsWith('rejected') && has === 403),
      `${state}, and the content answers ${has}`,
    )
  }
  await mailed(24)
})

test('the same request many times at once is one, told of once', async () => {
  const { dataset, files } = await restricted(['once.txt', 'other.txt'])
  await assign(`/v1/datasets/${dataset}`, 'carol', 'curator')
  const at = Array.from({ length: 10 }, (_, n) => request('bob', n % 2 ? files[1]! : files[0]))
  for (const { status } of await Promise.all(at)) assert.equal(status, 200)
  assert.equal((await told(1)).length, 1)
  const { rows } = await house.database.pool.query(
    `select from audit_events where verb = 'dataset.access_requested' and subject_id = $1`,
    [String(dataset)],
  )
  assert.equal(rows.length, 2, 'noted once for each file')
})

test('asking and deleting the file at once ends in one or the other', async () => {
  for (let round = 0; round < 5; round++) {
    const { dataset, files } = await restricted([`gone-${round}.txt`], 'Drafted', false)
    await assign(`/v1/datasets/${dataset}`, 'bob', 'member')
    const [asked] = await Promise.all([request('bob', files[0]), house.ask('alice', 'DELETE', `/v1/files/${files[0]}`)])
    assert.ok(asked.status < 500, `${asked.status} ${JSON.stringify(asked.body)}`)
  }
  await mailed(0)
})

test('a token asks only for what it could read, and takes nothing back by asking', async () => {
  const { dataset, files } = await restricted(['a.txt'])
  for (const [token, ...grants] of [
    ['reports', 'reports:read'],
    ['nothing'],
    ['elsewhere', 'datasets:read:other'],
  ] as const)
    house.people.set(token, { ...house.people.get('bob')!, grants: Grants.of(grants) })
  for (const token of ['reports', 'nothing', 'elsewhere']) {
    const { status, body } = await request(token, files[0])
    assert.equal(status, 403, token)
    assert.equal(body.code, 'permission-missing')
  }
  assert.deepEqual(await requestsOf(dataset), [])
  await decide('root', files[0], 'grant')
  assert.equal((await request('nothing', files[0])).status, 403)
  assert.equal((await request('bob', files[0])).body.code, 'file-access-not-needed')
  assert.equal(await contentFor('bob', files[0]), 200)
  assert.deepEqual(await told(0), [])
})

test('what can be had another way waits for no answer; what is taken another way is not granted', async () => {
  const { dataset, files } = await restricted(['opens.txt', 'given.txt', 'waits.txt'])
  await assign(`/v1/datasets/${dataset}`, 'carol', 'curator')
  const [opens, given, waits] = files as unknown as [number, number, number]
  await request('bob', opens)
  assert.equal((await told(1)).length, 1)
  await request('bob', given)
  assert.deepEqual(await told(0), [], 'they know that bob waits')
  await house.ask('alice', 'PATCH', `/v1/files/${opens}`, { restricted: false })
  await house.publish('root', dataset)
  const assignment = await assign(`/v1/files/${given}`, 'bob', 'fileDownloader')
  assert.deepEqual(await requestsOf(dataset), [], 'nothing waits any more')
  assert.equal((await house.ask('bob', 'GET', `/v1/files/${opens}`)).body.access_request, null)
  await request('bob', waits)
  assert.deepEqual(await told(1), ['carol@example.org: BOB asks for “waits.txt”'], 'the next is told of')

  assert.equal((await house.ask('root', 'DELETE', `/v1/files/${given}/assignments/${assignment}`)).status, 204)
  assert.deepEqual(await requestsOf(dataset), ['bob given.txt open', 'bob waits.txt open'])
  assert.equal((await decide('carol', given, 'grant')).status, 204)
  assert.deepEqual(await told(1), ['bob@example.org: You may have “given.txt”'])
  const { body } = await house.ask('root', 'GET', `/v1/files/${given}/assignments`)
  const own = body.items.find((one: { role: { alias: string } | string }) => JSON.stringify(one).includes('bob'))
  await house.ask('root', 'DELETE', `/v1/files/${given}/assignments/${own.id}`)
  assert.deepEqual(await requestsOf(dataset), ['bob given.txt rejected', 'bob waits.txt open'])
  assert.equal((await house.ask('bob', 'GET', `/v1/files/${given}`)).body.access_request, 'rejected')
  assert.equal((await decide('carol', given, 'grant')).status, 204)
  assert.equal((await decide('carol', given, 'rejection')).status, 204)
  assert.deepEqual(await told(2), [
    'bob@example.org: You may have “given.txt”',
    'bob@example.org: You may no longer have “given.txt”',
  ])
})

test('only those are told who can answer, each of what they decide about', async () => {
  const viewed = await restricted(['a.txt'])
  await assign(`/v1/datasets/${viewed.dataset}`, 'erin', 'curator')
  await assign(`/v1/datasets/${viewed.dataset}`, 'carol', 'doorkeeper')
  await request('bob', viewed.files[0])
  // A viewer may change nothing, and a doorkeeper gives nothing that they have not: it is for an administrator.
  assert.deepEqual(await told(1), ['root@example.org: BOB asks for “a.txt”'])

  const { dataset, files } = await restricted(['mine.txt', 'yours.txt', 'nobodys.txt'])
  const [mine, yours, nobodys] = files as unknown as [number, number, number]
  await assign(`/v1/files/${mine}`, 'carol', 'curator')
  await assign(`/v1/files/${yours}`, 'dan', 'curator')
  await request('bob', mine)
  const [first] = await mailed(1)
  assert.equal(`${first?.to}: ${first?.subject}`, 'carol@example.org: BOB asks for “mine.txt”')
  assert.match(first?.text ?? '', new RegExp(`/deposit/${dataset}/requests\\?of=files`))
  await request('bob', yours)
  assert.deepEqual(await told(1), ['dan@example.org: BOB asks for “yours.txt”'])
  await request('bob', nobodys)
  assert.deepEqual(await told(1), ['root@example.org: BOB asks for “nobodys.txt”'])
  // The page that the mail leads to shows what they may answer.
  assert.deepEqual(await requestsOf(dataset, 'carol'), ['bob mine.txt open'])
  assert.deepEqual(await requestsOf(dataset, 'dan'), ['bob yours.txt open'])
  assert.equal((await requestsOf(dataset)).length, 3)
  assert.equal((await decide('carol', yours, 'grant')).status, 403)
  assert.equal((await house.ask('bob', 'GET', `/v1/datasets/${dataset}/access-requests`)).status, 403)
})

test('whoever may not see a draft learns nothing of it from those who ask', async () => {
  const hidden = await restricted(['hidden.txt'], 'A hidden title', false)
  await assign(`/v1/datasets/${hidden.dataset}`, 'carol', 'doorkeeper')
  await assign(`/v1/datasets/${hidden.dataset}`, 'bob', 'member')
  await house.ask('bob', 'PUT', `/v1/files/${hidden.files[0]}/access-request`)
  for (const at of [`datasets/${hidden.dataset}`, `files/${hidden.files[0]}`])
    assert.equal((await house.ask('carol', 'GET', `/v1/${at}/access-requests`)).status, 404, at)
  await mailed(0)

  const { dataset, files } = await restricted(['shown.txt'])
  await assign(`/v1/datasets/${dataset}`, 'carol', 'doorkeeper')
  await request('bob', files[0])
  await house.ask('alice', 'PATCH', `/v1/files/${files[0]}`, { name: 'hidden.txt' })
  assert.deepEqual(await requestsOf(dataset, 'carol'), ['bob shown.txt open'])
  await mailed(1)
})

test('a long list comes page by page', async () => {
  const { dataset, files } = await restricted(['1.txt', '2.txt', '3.txt', '4.txt', '5.txt'])
  for (const file of files) await request('bob', file)
  for (const file of files) await request('dan', file)
  const seen: string[] = []
  let at = `/v1/datasets/${dataset}/access-requests?limit=3&state=open`
  for (let page = 0; at !== ''; page++) {
    const { body, headers } = await house.ask('root', 'GET', at)
    assert.ok(body.items.length <= 3 && page < 5)
    seen.push(
      ...body.items.map((one: { file: { id: number }; account: { id: string } }) => `${one.file.id} ${one.account.id}`),
    )
    at = /<([^>]*)>; rel="next"/.exec(headers.get('link') ?? '')?.[1] ?? ''
  }
  assert.equal(seen.length, 10)
  assert.equal(new Set(seen).size, 10)
  await mailed(2)
})

test('who asks in a crowd of datasets is told of on their pages alone', async () => {
  const day = new Date(house.clock.now().getTime() - 3_600_000)
  const many = await restricted(['many.txt'])
  await house.database.pool.query(
    `with d as (insert into datasets (protocol, authority, identifier, collection_id, created_at, updated_at)
       select 'perma', 'tessera', 'CROWD' || n, (select id from collections where alias = 'root'), $1::timestamptz, $1::timestamptz from generate_series(1, 60) n returning id),
     f as (insert into dataset_files (dataset_id, sha256, md5, bytes, media_type, original_name, created_at)
       select id, repeat('a', 64), repeat('a', 32), 1, 'text/plain', 'x', $1::timestamptz from d returning id)
     insert into file_access_requests (file_id, account_id, created_at) select id, $2, $1::timestamptz from f`,
    [day, idOf('dan')],
  )
  assert.equal((await request('dan', many.files[0])).status, 200)
  assert.deepEqual(await told(0), [])
  assert.deepEqual(await requestsOf(many.dataset), ['dan many.txt open'])
})

test('a refusal of the content says whether one may ask', async () => {
  const { dataset, files } = await restricted(['a.txt'])
  assert.equal((await house.ask('bob', 'GET', `/v1/files/${files[0]}/content`)).body.may_request, true)
  assert.equal((await house.ask(null, 'GET', `/v1/files/${files[0]}/content`)).body.may_request, false)
  await house.db.updateTable('datasets').set({ access_requests: false }).where('id', '=', dataset).execute()
  assert.equal((await house.ask('bob', 'GET', `/v1/files/${files[0]}/content`)).body.may_request, false)
})
