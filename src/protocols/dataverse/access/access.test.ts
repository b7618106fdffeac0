import assert from 'node:assert/strict'
import { buffer } from 'node:stream/consumers'
import { after, before, describe, test } from 'node:test'
import { fromBufferPromise } from 'yauzl'
import { actor } from '#src/access/caller.ts'
import { changeDraft } from '#src/datasets/change-draft.ts'
import { readDataset } from '#src/datasets/read-dataset.ts'
import { visitor } from '#src/datasets/visitor.ts'
import { beside } from '#test/beside.ts'
import { type DataverseOverHttp, openDataverseOverHttp } from '#test/dataverse-over-http.ts'

let portal: DataverseOverHttp
let alice: string
let bob: string
before(async () => {
  portal = await openDataverseOverHttp()
  alice = (await portal.depositor('member', 'alice')).key
  bob = (await portal.depositor('member', 'bob')).key
})
after(() => portal.close())

const told = (reply: { status: number; text: string }) => [reply.status, JSON.parse(reply.text).message]
const denied = [
  403,
  'Not authorized to access this object via this API endpoint. Please check your code for typos, or consult our API guide at http://guides.dataverse.org.',
]

/** Names and texts of the members of a ZIP, in their order. */
async function membersOf(bytes: Buffer): Promise<[string, string][]> {
  const zip = await fromBufferPromise(bytes, { lazyEntries: true })
  const members: [string, string][] = []
  for await (const entry of zip.eachEntry())
    members.push([entry.fileName, (await buffer(await zip.openReadStreamPromise(entry))).toString()])
  return members
}
const namesOf = async (bytes: Buffer) => (await membersOf(bytes)).map(([name]) => name)

describe('one file', () => {
  test('comes with its name, type and length, whole or in part', async () => {
    const { id } = await portal.makeDataset(alice)
    const file = (await portal.add(alice, id, 'Übersicht.csv', '0123456789')).dataFile.id
    const at = `/api/access/datafile/${file}`
    const whole = await portal.call(alice, 'GET', at)
    assert.deepEqual([whole.status, whole.text], [200, '0123456789'])
    assert.equal(whole.headers.get('content-type'), 'text/csv; name="_bersicht.csv"')
    assert.equal(whole.headers.get('content-length'), '10')
    assert.match(whole.headers.get('content-disposition') ?? '', /^attachment; .*filename\*=UTF-8''%C3%9Cbersicht\.csv/)
    assert.match(whole.headers.get('content-security-policy') ?? '', /sandbox/)
    for (const [range, part, where] of [
      ['bytes=0-3', '0123', 'bytes 0-3/10'],
      ['bytes=7-', '789', 'bytes 7-9/10'],
      ['bytes=-2', '89', 'bytes 8-9/10'],
    ] as const) {
      const reply = await portal.call(alice, 'GET', at, undefined, { range })
      assert.deepEqual([reply.status, reply.text, reply.headers.get('content-range')], [206, part, where])
      assert.equal(reply.headers.get('content-length'), String(part.length))
      assert.equal(reply.headers.get('accept-ranges'), 'bytes')
    }
    for (const range of ['bytes=10-', 'bytes=0-1,3-4']) {
      const reply = await portal.call(alice, 'GET', at, undefined, { range })
      assert.equal(reply.status, 416)
      assert.equal(reply.json().status, 'ERROR')
      assert.equal(reply.headers.get('content-range'), 'bytes */10')
    }
    const head = await portal.call(alice, 'HEAD', at)
    assert.deepEqual([head.status, head.headers.get('content-length')], [200, '10'])
    assert.equal((await portal.call(null, 'GET', `${at}?key=${alice}`)).text, '0123456789')
    assert.equal((await portal.call(alice, 'GET', `/api/access/datafile/some/dir/${file}`)).text, '0123456789')
    assert.equal((await portal.call(alice, 'GET', `${at}?format=original`)).text, '0123456789')
    for (const query of ['format=prep', 'imageThumb=true', 'variables=1']) {
      const reply = await portal.call(alice, 'GET', `${at}?${query}`)
      assert.equal(reply.status, 404)
      assert.match(reply.json().message, /^datafile access error: requested optional service/)
    }
  })

  test('is refused to whom it is not open, and what is not there is not found, in the shape of the framework', async () => {
    const { id } = await portal.makeDataset(alice)
    const file = (await portal.add(alice, id, 'a.txt', 'a')).dataFile.id
    const at = `/api/access/datafile/${file}`
    for (const key of [bob, null]) assert.deepEqual(told(await portal.call(key, 'GET', at)), denied)
    assert.deepEqual(told(await portal.call('wrong', 'GET', at)), [401, 'Bad API key'])
    await portal.publish(alice, id)
    for (const key of [bob, null]) assert.equal((await portal.call(key, 'GET', at)).text, 'a')
    assert.deepEqual(told(await portal.call('wrong', 'GET', at)), [401, 'Bad API key'])
    for (const nothing of ['does-not-exist', '99000000', ':persistentId']) {
      const reply = await portal.call(null, 'GET', `/api/access/datafile/${nothing}?key=${alice}&persistentId=doi:1/2`)
      const { requestUrl, ...rest } = reply.json()
      assert.deepEqual([reply.status, rest.status, rest.code, rest.requestMethod], [404, 'ERROR', 404, 'GET'])
      assert.match(requestUrl, /\/api\/v1\/access\/datafile\//)
      assert.ok(!reply.text.includes(alice))
    }
  })

  test('counts as a download once it is published, unless the client says otherwise', async () => {
    const { id } = await portal.makeDataset(alice)
    const file = (await portal.add(alice, id, 'a.txt', 'abc')).dataFile.id
    const count = async () => {
      await new Promise((resolve) => setTimeout(resolve, 60))
      return (await portal.data(alice, 'GET', `/api/files/${file}/downloadCount`)).message
    }
    await portal.call(alice, 'GET', `/api/access/datafile/${file}`)
    assert.equal(await count(), '0')
    await portal.publish(alice, id)
    await portal.call(null, 'GET', `/api/access/datafile/${file}?gbrecs=true`)
    await portal.call(null, 'HEAD', `/api/access/datafile/${file}`)
    await portal.call(null, 'GET', `/api/access/datafile/${file}`, undefined, { range: 'bytes=1-' })
    assert.equal(await count(), '0')
    await portal.call(null, 'GET', `/api/access/datafile/${file}`)
    assert.equal(await count(), '1')
  })
})

describe('many files', () => {
  test('come as a ZIP in the order asked for, with a manifest at its end', async () => {
    const { id, pid } = await portal.makeDataset(alice)
    const a = (await portal.add(alice, id, 'a.txt', 'aa')).dataFile.id
    const b = (await portal.add(alice, id, 'b.txt', 'b', { directoryLabel: 'raw' })).dataFile.id
    const zip = await portal.call(alice, 'GET', `/api/access/datafiles/${b},${a}`)
    assert.equal(zip.status, 200, zip.text)
    assert.equal(zip.headers.get('content-type'), 'application/zip')
    const stem = pid.toLowerCase().replaceAll(/[^a-z0-9.]/g, '-')
    assert.equal(zip.headers.get('content-disposition'), `attachment; filename="${stem}.zip"`)
    const members = await membersOf(zip.bytes)
    assert.deepEqual(
      members.map(([name]) => name),
      ['raw/b.txt', 'a.txt', 'MANIFEST.TXT'],
    )
    assert.equal(members[1]?.[1], 'aa')
    assert.match(members[2]?.[1] ?? '', /^raw\/b\.txt \(text\/plain\) 1 bytes\.\s+a\.txt \(text\/plain\) 2 bytes\./)
    const posted = await portal.call(alice, 'POST', '/api/access/datafiles', `fileIds=${a},${b}`, {
      'content-type': 'text/plain',
    })
    assert.deepEqual(await namesOf(posted.bytes), ['a.txt', 'raw/b.txt', 'MANIFEST.TXT'])
    // curl -d labels it as a form.
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const labelled = await portal.call(alice, 'POST', '/api/access/datafiles', `fileIds=${b}`, form)
    assert.deepEqual(await namesOf(labelled.bytes), ['raw/b.txt', 'MANIFEST.TXT'])
  })

  test('leave out what the caller may not have, and say so', async () => {
    const { id } = await portal.makeDataset(alice)
    const a = (await portal.add(alice, id, 'a.txt', 'a')).dataFile.id
    const closed = (await portal.add(alice, id, 'x.csv', 'x', { restrict: true })).dataFile.id
    assert.deepEqual(told(await portal.call(null, 'GET', `/api/access/datafiles/${a}`)), denied)
    await portal.publish(alice, id)
    const members = await membersOf((await portal.call(null, 'GET', `/api/access/datafiles/${closed},${a}`)).bytes)
    assert.deepEqual(
      members.map(([name]) => name),
      ['a.txt', 'MANIFEST.TXT'],
    )
    assert.match(members[1]?.[1] ?? '', /x\.csv IS RESTRICTED AND CANNOT BE DOWNLOADED/)
    assert.deepEqual(told(await portal.call(null, 'GET', `/api/access/datafiles/${closed}`)), denied)
    assert.deepEqual(told(await portal.call(null, 'GET', `/api/access/datafile/${closed}`)), denied)
    assert.equal((await portal.call(alice, 'GET', `/api/access/datafile/${closed}`)).text, 'x')
  })

  test('come from one dataset, also such as its latest version no longer has', async () => {
    const { id } = await portal.makeDataset(alice)
    const other = await portal.makeDataset(alice)
    const a = (await portal.add(alice, id, 'a.txt', 'a')).dataFile.id
    const b = (await portal.add(alice, id, 'b.txt', 'b')).dataFile.id
    const c = (await portal.add(alice, other.id, 'c.txt', 'c')).dataFile.id
    assert.deepEqual(told(await portal.call(alice, 'GET', `/api/access/datafiles/${a},${c}`)), [
      400,
      'All files being downloaded must be from the same Dataset.',
    ])
    assert.equal((await portal.call(alice, 'GET', `/api/access/datafiles/${a},99000000`)).status, 404)
    assert.equal((await portal.call(alice, 'GET', '/api/access/datafiles/x')).status, 404)
    await portal.publish(alice, id)
    await portal.data(alice, 'DELETE', `/api/files/${a}`)
    await portal.publish(alice, id)
    const both = await portal.call(null, 'GET', `/api/access/datafiles/${b},${a}`)
    assert.deepEqual(await namesOf(both.bytes), ['b.txt', 'a.txt', 'MANIFEST.TXT'])
  })

  test('a dataset comes whole, in the version that the caller may see', async () => {
    const { id, pid } = await portal.makeDataset(alice)
    await portal.add(alice, id, 'a.txt', 'a')
    const whole = `/api/access/dataset/:persistentId?persistentId=${pid}`
    assert.deepEqual(told(await portal.call(bob, 'GET', whole)), [400, 'Could not find requested dataset.'])
    await portal.publish(alice, id)
    await portal.add(alice, id, 'b.txt', 'b')
    const draft = await portal.call(alice, 'GET', whole)
    assert.match(draft.headers.get('content-disposition') ?? '', /_draft\.zip"$/)
    assert.deepEqual(await namesOf(draft.bytes), ['a.txt', 'b.txt', 'MANIFEST.TXT'])
    const published = await portal.call(null, 'GET', whole)
    assert.match(published.headers.get('content-disposition') ?? '', /_1\.0\.zip"$/)
    assert.deepEqual(await namesOf(published.bytes), ['a.txt', 'MANIFEST.TXT'])
    const version = await portal.call(alice, 'GET', `/api/access/dataset/${id}/versions/1.0`)
    assert.deepEqual(await namesOf(version.bytes), ['a.txt', 'MANIFEST.TXT'])
    assert.deepEqual(told(await portal.call(null, 'GET', `/api/access/dataset/${id}/versions/7.0`)), [
      400,
      'Could not find requested dataset version.',
    ])
  })

  test('a file comes with its citations', async () => {
    const { id } = await portal.makeDataset(alice)
    const a = (await portal.add(alice, id, 'counts.csv', 'a')).dataFile.id
    await portal.publish(alice, id)
    const members = await membersOf((await portal.call(null, 'GET', `/api/access/datafile/bundle/${a}`)).bytes)
    assert.deepEqual(
      members.map(([name]) => name),
      ['counts.csv', 'countscitation-endnote.xml', 'countscitation-ris.ris', 'countscitation-bib.bib'],
    )
    assert.match(members[2]?.[1] ?? '', /AU {2}- Ames, Alice/)
  })
})

describe('signed addresses', () => {
  test('read for ten minutes what who asked for them may read, and no longer than their token stands', async () => {
    const { key } = await portal.depositor('member', 'signer')
    const { id } = await portal.makeDataset(key)
    const file = (await portal.add(key, id, 'a.txt', 'abc')).dataFile.id
    const guest = { guestbookResponse: { name: 'x' } }
    const sign = async (at: string) => new URL((await portal.data(key, 'POST', at, guest)).signedUrl)
    const url = await sign(`/api/v1/access/datafile/${file}?signed=true&format=original`)
    assert.equal(url.origin, 'https://data.example.org')
    assert.deepEqual([...url.searchParams.keys()], ['format', 'until', 'user', 'method', 'token'])
    const get = (url: URL) => portal.call(null, 'GET', url.pathname + url.search)
    assert.equal((await get(url)).text, 'abc')
    assert.equal((await get(new URL(url.href.replace('/api/', '/api/v1/')))).text, 'abc')
    const files = await sign(`/api/access/datafiles/${file}`)
    assert.deepEqual(await namesOf((await get(files)).bytes), ['a.txt', 'MANIFEST.TXT'])
    const dataset = await sign(`/api/access/dataset/${id}`)
    assert.deepEqual(await namesOf((await get(dataset)).bytes), ['a.txt', 'MANIFEST.TXT'])
    for (const [name, value] of [
      ['until', '2099-01-01T00:00:00.000000'],
      ['user', 'bob'],
      ['token', 'guest.00'],
      ['token', ''],
    ] as const) {
      const forged = new URL(url)
      forged.searchParams.set(name, value)
      assert.deepEqual(told(await get(forged)), [401, 'Bad signed URL'], name)
    }
    const elsewhere = new URL(url.href.replace(`/${file}`, `/${file + 1}`))
    assert.deepEqual(told(await get(elsewhere)), [401, 'Bad signed URL'])
    assert.deepEqual(told(await portal.call(bob, 'POST', `/api/access/datafile/${file}`, guest)), denied)
    portal.house.clock.pass(11 * 60)
    assert.deepEqual(told(await get(url)), [401, 'Bad signed URL'])
    const fresh = await sign(`/api/access/datafile/${file}`)
    assert.equal((await get(fresh)).text, 'abc')
    await portal.data(key, 'POST', '/api/users/token/recreate')
    assert.deepEqual(told(await get(fresh)), [401, 'Bad signed URL'])
  })

  test('are given to everybody for what everybody may read', async () => {
    const { id } = await portal.makeDataset(alice)
    const file = (await portal.add(alice, id, 'a.txt', 'abc')).dataFile.id
    await portal.publish(alice, id)
    const { signedUrl } = await portal.data(null, 'POST', `/api/access/datafile/${file}`, { guestbookResponse: {} })
    const { pathname, search } = new URL(signedUrl)
    assert.equal((await portal.call(null, 'GET', pathname + search)).text, 'abc')
  })
})

describe('asking for restricted files', () => {
  test('asked, listed, granted, taken back and refused', async () => {
    const { id } = await portal.makeDataset(alice)
    const open = (await portal.add(alice, id, 'open.txt', 'o')).dataFile.id
    const closed = (await portal.add(alice, id, 'x.txt', 'x', { restrict: true })).dataFile.id
    await portal.publish(alice, id)
    const at = `/api/access/datafile/${closed}`
    const mayNot = 'You may not request access to this file. It may already be available to you.'
    assert.deepEqual(told(await portal.call(bob, 'PUT', `/api/access/datafile/${open}/requestAccess`)), [400, mayNot])
    assert.deepEqual(told(await portal.call(null, 'PUT', `${at}/requestAccess`)), [
      401,
      'Only authenticated users can perform the requested operation',
    ])
    assert.equal(await portal.data(bob, 'GET', `${at}/userFileAccessRequested`), false)
    assert.deepEqual(told(await portal.call(alice, 'GET', `${at}/listRequests`)), [
      404,
      'There are no access requests for this file: x.txt.',
    ])
    assert.deepEqual(await portal.data(bob, 'PUT', `${at}/requestAccess`), {
      message: 'Access to File x.txt requested.',
    })
    assert.equal(await portal.data(bob, 'GET', `${at}/userFileAccessRequested`), true)
    assert.deepEqual(told(await portal.call(bob, 'PUT', `${at}/requestAccess`)), [
      400,
      'An access request for this file on your behalf already exists.',
    ])
    const [request] = await portal.data(alice, 'GET', `${at}/listRequests`)
    assert.equal(request.identifier, '@bob')
    assert.equal((await portal.call(bob, 'GET', `${at}/listRequests`)).status, 401)
    assert.equal((await portal.call(bob, 'PUT', `${at}/grantAccess/@bob`)).status, 401)
    assert.deepEqual(told(await portal.call(bob, 'GET', at)), denied)
    assert.deepEqual(await portal.data(alice, 'PUT', `${at}/grantAccess/@bob`), {
      message: 'Access to File x.txt granted.',
    })
    assert.equal((await portal.call(bob, 'GET', at)).text, 'x')
    assert.deepEqual(await portal.data(bob, 'GET', `${at}/userPermissions`), {
      canDownloadFile: true,
      canManageFilePermissions: false,
      canEditOwnerDataset: false,
    })
    await portal.data(alice, 'DELETE', `${at}/revokeAccess/@bob`)
    assert.deepEqual(told(await portal.call(bob, 'GET', at)), denied)
    await portal.data(bob, 'PUT', `${at}/requestAccess`)
    await portal.data(alice, 'PUT', `${at}/rejectAccess/@bob`)
    assert.equal(await portal.data(bob, 'GET', `${at}/userFileAccessRequested`), false)
    assert.equal((await portal.call(alice, 'PUT', `${at}/grantAccess/@nobody-here`)).status, 400)
  })

  test('is allowed or not by who edits the dataset', async () => {
    const { id, pid } = await portal.makeDataset(alice, 'Tide pools')
    const closed = (await portal.add(alice, id, 'x.txt', 'x', { restrict: true })).dataFile.id
    const at = `/api/access/:persistentId/allowAccessRequest?persistentId=${pid}`
    await portal.publish(alice, id)
    assert.deepEqual(await portal.data(alice, 'PUT', at, 'false'), {
      message: 'Dataset Tide pools disallows file access requests.',
    })
    assert.deepEqual(told(await portal.call(bob, 'PUT', `/api/access/datafile/${closed}/requestAccess`)), [
      400,
      'Requests for access are not accepted on the Dataset.',
    ])
    assert.deepEqual(await portal.data(alice, 'PUT', at, 'true'), {
      message: 'Dataset Tide pools allows file access requests.',
    })
    assert.equal((await portal.call(bob, 'PUT', at, 'true')).status, 401)
    assert.equal((await portal.call(alice, 'PUT', at, '"perhaps"')).status, 400)
  })

  test('is allowed without writing over what is changed meanwhile', async () => {
    const { id } = await portal.makeDataset(alice, 'Tide pools')
    const { datasets } = portal.needs
    const { db, changer } = datasets
    const root = actor((await portal.depositor('admin')).caller)
    const { version } = await readDataset(datasets, visitor(root.caller), id)
    const metadata = { ...version.metadata, citation: { ...version.metadata.citation, title: 'Rock pools' } }
    const allowed = await beside(
      { db, changer, actor: root },
      (change) => changeDraft(datasets, change, id, { metadata }),
      () => portal.data(alice, 'PUT', `/api/access/${id}/allowAccessRequest`, 'false'),
    )
    assert.deepEqual(allowed, { message: 'Dataset Rock pools disallows file access requests.' })
    assert.equal((await readDataset(datasets, visitor(root.caller), id)).version.title, 'Rock pools')
  })
})
