import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { TestContext } from 'node:test'
import { XMLParser } from 'fast-xml-parser'
import type { Repository } from './repository.ts'
import { zipOf } from './zip.ts'

const xml = new XMLParser({
  ignoreAttributes: false,
  processEntities: false,
  isArray: (name) => name === 'entry' || name === 'collection',
})
const sword = '/dvn/api/data-deposit/v1.1/swordv2'

/** What WaterButler and OSF's own client ask, as they ask it: SWORD with HTTP Basic, the native API with `?key=`. */
export async function checkOsf(t: TestContext, repository: Repository, files: string): Promise<void> {
  const { address } = repository
  const alice = await repository.depositor('oalice')
  const alias = 'sandpiper-osf'
  const basic = (token: string) => ({ authorization: `Basic ${Buffer.from(`${token}:`).toString('base64')}` })
  const ask = (at: string, given: RequestInit = {}, token = alice.token) =>
    fetch(at.startsWith('http') ? at : address + sword + at, {
      ...given,
      headers: { ...basic(token), ...(given.headers as Record<string, string>) },
    })
  const native = async (at: string) => {
    const reply = await fetch(`${address}${at}${at.includes('?') ? '&' : '?'}key=${alice.token}`)
    assert.equal(reply.status, 200, at)
    return ((await reply.json()) as { data: Version }).data
  }
  const made = await fetch(`${address}/api/dataverses/root?key=${alice.token}`, {
    method: 'POST',
    body: JSON.stringify({
      alias,
      name: 'Sandpiper Lab at OSF',
      dataverseContacts: [{ contactEmail: 'pi@example.org' }],
    }),
  })
  assert.equal(made.status, 201)
  let pid = ''
  let id = 0
  const ids: Record<string, number> = {}

  await t.test('who shows nothing, or a wrong token, is told so', async () => {
    const without = await fetch(`${address}${sword}/service-document`)
    assert.deepEqual([without.status, without.headers.get('www-authenticate')], [401, 'Basic realm="SWORD2"'])
    assert.equal((await ask('/service-document', {}, 'wrong')).status, 403)
    const native = await fetch(`${address}/api/dataverses/root?key=wrong`)
    assert.deepEqual([native.status, ((await native.json()) as { message: string }).message], [401, 'Bad API key'])
  })

  await t.test('the service document lists the collection', async () => {
    const reply = await ask('/service-document')
    assert.equal(reply.status, 200)
    assert.match(reply.headers.get('content-type') ?? '', /^application\/atomserv\+xml/)
    const { service } = xml.parse(await reply.text())
    const hrefs = service.workspace.collection.map((one: Record<string, string>) => one['@_href'])
    assert.ok(hrefs.includes(`${address}${sword}/collection/dataverse/${alias}`), JSON.stringify(hrefs))
  })

  await t.test('a dataset is made from an Atom entry', async () => {
    const entry = `<?xml version="1.0"?>
<entry xmlns="http://www.w3.org/2005/Atom" xmlns:dcterms="http://purl.org/dc/terms/">
  <dcterms:title>Tide pools &amp; more at OSF</dcterms:title>
  <dcterms:creator affiliation="Example U">Ames, Alice</dcterms:creator>
  <dcterms:description>Counts per square metre.</dcterms:description>
  <dcterms:subject>Earth and Environmental Sciences</dcterms:subject>
  <dcterms:contributor type="Contact">alice@example.org</dcterms:contributor>
</entry>`
    const reply = await ask(`/collection/dataverse/${alias}`, {
      method: 'POST',
      headers: { 'content-type': 'application/atom+xml' },
      body: entry,
    })
    const text = await reply.text()
    assert.equal(reply.status, 201, text)
    const edit = reply.headers.get('location') ?? ''
    pid = decodeURIComponent(edit.split('/edit/study/')[1] ?? '')
    assert.match(pid, /^(perma|doi):/)
    const feed = xml.parse(await (await ask(`/collection/dataverse/${alias}`)).text()).feed
    assert.equal(feed.entry.length, 1)
    assert.equal(feed.entry[0].title['#text'] ?? feed.entry[0].title, 'Tide pools &amp; more at OSF')
    assert.match(JSON.stringify(feed), /"[a-z]*:?dataverseHasBeenReleased[^}]*false/)
    const version = await native(`/api/datasets/:persistentId/versions/:latest?persistentId=${pid}`)
    id = version.datasetId
    const title = version.metadataBlocks.citation.fields.find(({ typeName }) => typeName === 'title')
    assert.equal(title?.value, 'Tide pools & more at OSF')
  })

  await t.test('files go in as a ZIP and come back by id', async () => {
    const names = ['nothing.txt', 'fifty-megabytes.bin', 'Übersicht – Zürich №1.csv', 'script.py']
    const body = await zipOf(names.map((name) => ({ name, at: path.join(files, name) })))
    const reply = await ask(`/edit-media/study/${pid}`, {
      method: 'POST',
      headers: {
        'content-disposition': 'filename=package.zip',
        'content-type': 'application/zip',
        packaging: 'http://purl.org/net/sword/package/SimpleZip',
      },
      body: new Uint8Array(body),
    })
    assert.equal(reply.status, 201, await reply.text())
    const { files: listed } = await native(`/api/datasets/${id}/versions/:latest`)
    for (const { dataFile } of listed) ids[dataFile.filename] = dataFile.id
    assert.deepEqual(Object.keys(ids).sort(), [...names].sort())
    for (const [name, file] of Object.entries(ids)) {
      const reply = await fetch(`${address}/api/access/datafile/${file}?key=${alice.token}`)
      assert.ok(Buffer.from(await reply.arrayBuffer()).equals(await readFile(path.join(files, name))), name)
      const part = await fetch(`${address}/api/access/datafile/${file}?key=${alice.token}`, {
        headers: { range: 'bytes=0-3' },
      })
      if (name !== 'nothing.txt') assert.deepEqual([part.status, part.headers.get('content-length')], [206, '4'])
    }
    const wrong = await ask(`/edit-media/study/${pid}`, {
      method: 'POST',
      headers: {
        'content-disposition': 'filename=a.zip',
        'content-type': 'application/zip',
        packaging: 'http://example.org/other',
      },
      body: 'x',
    })
    assert.equal(wrong.status, 415)
  })

  await t.test('another account is refused', async () => {
    for (const [at, method] of [
      [`/collection/dataverse/${alias}`, 'GET'],
      [`/edit/study/${pid}`, 'GET'],
      [`/statement/study/${pid}`, 'GET'],
      [`/edit/study/${pid}`, 'DELETE'],
      [`/edit-media/file/${ids['script.py']}`, 'DELETE'],
    ] as const) {
      const reply = await ask(at, { method }, repository.other.token)
      assert.equal(reply.status, 400, at)
      assert.match(await reply.text(), /<summary>[^<]+<\/summary>/)
    }
  })

  await t.test('a file is deleted; statement and receipt tell where it stands', async () => {
    assert.equal((await ask(`/edit-media/file/${ids['script.py']}`, { method: 'DELETE' })).status, 204)
    const { feed } = xml.parse(await (await ask(`/statement/study/${pid}`)).text())
    assert.equal(feed.entry.length, 3)
    assert.match(JSON.stringify(feed.category), /"DRAFT","@_term":"latestVersionState"/)
    const { entry } = xml.parse(await (await ask(`/edit/study/${pid}`)).text())
    assert.match(JSON.stringify(entry), /bibliographicCitation/)
  })

  await t.test('collection and dataset are published', async () => {
    for (const at of [`/edit/dataverse/${alias}`, `/edit/study/${pid}`]) {
      const reply = await ask(at, { method: 'POST', headers: { 'in-progress': 'false' } })
      assert.equal(reply.status, 200, await reply.text())
    }
    const version = await native(`/api/datasets/${id}/versions/:latest-published`)
    assert.deepEqual([version.versionNumber, version.versionMinorNumber], [1, 0])
    const { feed } = xml.parse(await (await ask(`/statement/study/${pid}`)).text())
    assert.match(JSON.stringify(feed.category), /"RELEASED","@_term":"latestVersionState"/)
  })

  await t.test('a file deleted later makes a draft, which is deleted', async () => {
    assert.equal((await ask(`/edit-media/file/${ids['nothing.txt']}`, { method: 'DELETE' })).status, 204)
    assert.equal((await native(`/api/datasets/${id}/versions/:latest`)).files.length, 2)
    assert.equal((await ask(`/edit/study/${pid}`, { method: 'DELETE' })).status, 204)
    assert.equal((await native(`/api/datasets/${id}/versions/:latest`)).files.length, 3)
  })

  await t.test('the token made anew: the old one is dead here too', async () => {
    const reply = await fetch(`${address}/api/users/token/recreate?key=${alice.token}`, { method: 'POST' })
    const { data } = (await reply.json()) as { data: { message: string } }
    const newer = data.message.split(' ')[5] ?? ''
    assert.equal((await ask('/service-document')).status, 403)
    assert.equal((await fetch(`${address}/api/access/datafile/${ids['nothing.txt']}?key=${alice.token}`)).status, 401)
    assert.equal((await ask('/service-document', {}, newer)).status, 200)
  })
}

/** Of a version, what OSF reads. */
interface Version {
  readonly datasetId: number
  readonly versionNumber?: number
  readonly versionMinorNumber?: number
  readonly files: readonly { readonly dataFile: { readonly id: number; readonly filename: string } }[]
  readonly metadataBlocks: {
    readonly citation: { readonly fields: readonly { readonly typeName: string; readonly value: unknown }[] }
  }
}
