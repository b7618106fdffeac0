import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { actor } from '#src/access/caller.ts'
import { editFile } from '#src/datasets/files/edit-file.ts'
import { showFile } from '#src/datasets/files/show-file.ts'
import { visitor } from '#src/datasets/visitor.ts'
import { beside } from '#test/beside.ts'
import { zipOfTexts } from '#test/clients/dataverse/zip.ts'
import { type DataverseOverHttp, formOf, openDataverseOverHttp } from '#test/dataverse-over-http.ts'

let portal: DataverseOverHttp
let alice: string
let bob: string
before(async () => {
  portal = await openDataverseOverHttp()
  alice = (await portal.depositor('member', 'alice')).key
  bob = (await portal.depositor('member', 'bob')).key
})
after(() => portal.close())

const day = /^\d{4}-\d\d-\d\d$/
const told = (reply: { status: number; text: string }) => [reply.status, JSON.parse(reply.text).message]
const refusal = (message: string) => ({ status: 'ERROR', message })

describe('adding files', () => {
  test('answers 200 with the whole file, in the shapes that clients take apart', async () => {
    const { id } = await portal.makeDataset(alice)
    const content = 'day,counts\n2026-11-01,1\n'
    const about = { description: 'Counts', directoryLabel: '/raw/2026/', categories: ['Data'], pid: 'x', filename: 'y' }
    const reply = await portal.call(alice, 'POST', `/api/datasets/${id}/add`, formOf('counts.csv', content, about))
    assert.equal(reply.status, 200, reply.text)
    assert.deepEqual(Object.keys(reply.json()), ['status', 'data'])
    const [file] = reply.json().data.files
    const { dataFile, datasetVersionId, ...rest } = file
    assert.deepEqual(rest, {
      description: 'Counts',
      label: 'counts.csv',
      restricted: false,
      directoryLabel: 'raw/2026',
      version: 1,
      categories: ['Data'],
    })
    assert.ok(Number.isInteger(datasetVersionId))
    const { id: fileId, storageIdentifier, creationDate, lastUpdateTime, fileMetadataId, ...facts } = dataFile
    const md5 = createHash('md5').update(content).digest('hex')
    assert.deepEqual(facts, {
      persistentId: '',
      filename: 'counts.csv',
      contentType: 'text/csv',
      friendlyType: 'Comma Separated Values',
      filesize: content.length,
      description: 'Counts',
      categories: ['Data'],
      rootDataFileId: -1,
      md5,
      checksum: { type: 'MD5', value: md5 },
      tabularData: false,
      directoryLabel: 'raw/2026',
      fileAccessRequest: true,
    })
    assert.deepEqual(Object.keys(dataFile.checksum), ['type', 'value'])
    assert.match(creationDate, day)
    assert.match(storageIdentifier, /^local:\/\//)
    assert.deepEqual(await portal.data(alice, 'GET', `/api/files/${fileId}`), file)
  })

  test('takes every form in which clients write it', async () => {
    const { pid } = await portal.makeDataset(alice)
    const at = `/api/v1/datasets/:persistentId/add/?persistentId=${encodeURIComponent(pid)}`
    const names = async (form: FormData) => {
      const reply = await portal.call(alice, 'POST', at, form)
      assert.equal(reply.status, 200, reply.text)
      return reply.json().data.files.map(({ label, description }: Record<string, string>) => [label, description])
    }
    // The TypeScript client's tests: what is said of it comes after the file.
    const after = new FormData()
    after.append('file', new Blob(['a']), 'after.txt')
    after.append('jsonData', '{"description": "after"}')
    assert.deepEqual(await names(after), [['after.txt', 'after']])
    // pyDataverse 0.4: what is said of it looks like a file.
    const upload = new FormData()
    upload.append(
      'jsonData',
      new Blob(['{"description": "as a file"}'], { type: 'application/octet-stream' }),
      'upload',
    )
    upload.append('file', new Blob(['b']), 'upload.txt')
    assert.deepEqual(await names(upload), [['upload.txt', 'as a file']])
    // DVUploader: JSON by its type.
    const typed = new FormData()
    typed.append('jsonData', new Blob(['{"description": "typed"}'], { type: 'application/json' }))
    typed.append('file', new Blob(['c'], { type: 'application/octet-stream' }), 'typed.txt')
    assert.deepEqual(await names(typed), [['typed.txt', 'typed']])
    // Nothing said, an empty file, an odd name; a name that is said wins.
    assert.deepEqual(await names(formOf('nothing – 无.txt', '')), [['nothing – 无.txt', '']])
    assert.deepEqual(await names(formOf('this.txt', 'd', { label: 'that.txt' })), [['that.txt', '']])
  })

  test('takes a form without a length, and names in the spellings of older clients', async () => {
    const { id } = await portal.makeDataset(alice)
    const send = async (disposition: string) => {
      const text = `--b\r\nContent-Disposition: form-data; name="file"; ${disposition}\r\n\r\nx\r\n--b--\r\n`
      const body = new ReadableStream({
        start(controller) {
          controller.enqueue(Buffer.from(text))
          controller.close()
        },
      })
      const type = { 'content-type': 'multipart/form-data; boundary=b' }
      const reply = await portal.call(alice, 'POST', `/api/datasets/${id}/add`, body, type)
      assert.equal(reply.status, 200, reply.text)
      return reply.json().data.files[0].label
    }
    assert.equal(await send('filename="Zürich.txt"'), 'Zürich.txt')
    assert.equal(await send("filename*=utf-8''B%C3%A4r.txt"), 'Bär.txt')
    assert.equal(await send('filename="C:\\\\data\\\\deep.txt"'), 'deep.txt')
  })

  test('numbers a name that is taken, and tells of content that is there already', async () => {
    const { id } = await portal.makeDataset(alice)
    const add = (name: string, content: string) =>
      portal.call(alice, 'POST', `/api/datasets/${id}/add`, formOf(name, content))
    await add('counts.csv', 'one')
    const second = (await add('counts.csv', 'two')).json()
    assert.equal(second.message, undefined)
    assert.equal(second.data.files[0].label, 'counts-1.csv')
    const same = (await add('other.csv', 'one')).json()
    assert.equal(same.message, 'This file has the same content as counts.csv that is in the dataset. ')
    assert.equal(same.data.files[0].label, 'other.csv')
  })

  test('unpacks a ZIP into files and folders, once', async () => {
    const { id } = await portal.makeDataset(alice)
    const inner = await zipOfTexts({ 'x.txt': 'x' })
    const zip = await zipOfTexts({
      'a.txt': 'a',
      'raw/b.csv': 'b',
      'raw/._b.csv': 'no',
      '.DS_Store': 'no',
      'in.zip': inner,
    })
    for (const type of ['application/zip', 'application/octet-stream']) {
      const reply = await portal.call(
        alice,
        'POST',
        `/api/datasets/${id}/add`,
        formOf('pack.zip', zip, undefined, type),
      )
      assert.equal(reply.status, 200, reply.text)
      assert.equal(reply.json().data.files.length, 3)
    }
    const { files } = await portal.data(alice, 'GET', `/api/datasets/${id}/versions/:draft`)
    const paths = files.map(({ directoryLabel = '', label }: Record<string, string>) => `${directoryLabel}/${label}`)
    assert.deepEqual(paths.slice().sort(), ['/a-1.txt', '/a.txt', '/in-1.zip', '/in.zip', 'raw/b-1.csv', 'raw/b.csv'])
  })

  test('keeps what only calls itself a ZIP, and takes no more than a thousand files out of one', async () => {
    const { id } = await portal.makeDataset(alice)
    const at = `/api/datasets/${id}/add`
    const kept = await portal.call(alice, 'POST', at, formOf('pack.zip', 'no zip at all', undefined, 'application/zip'))
    assert.equal(kept.json().data.files[0].label, 'pack.zip')
    const many = await zipOfTexts(Object.fromEntries(Array.from({ length: 1001 }, (_, at) => [`${at}.txt`, ''])))
    const [status, message] = told(await portal.call(alice, 'POST', at, formOf('many.zip', many)))
    assert.equal(status, 400)
    assert.match(message, /^The number of files in the zip archive is over the limit/)
  })

  test('refuses names, and who may not, in the words that clients know', async () => {
    const { id } = await portal.makeDataset(alice)
    const add = (key: string | null, name: string, about?: object) =>
      portal.call(key, 'POST', `/api/datasets/${id}/add`, formOf(name, 'x', about))
    assert.deepEqual(told(await add(alice, 'a.txt', { label: 'a:b.txt' })), [
      400,
      'File Name cannot contain any of the following characters: \\ / : * ? " < > | ; # .',
    ])
    const [status, message] = told(await add(alice, 'a.txt', { directoryLabel: 'a<b' }))
    assert.equal(status, 400)
    assert.match(message, /^Directory Name cannot contain invalid characters\. /)
    for (const key of [bob, null])
      assert.deepEqual((await add(key, 'a.txt')).json(), refusal('You do not have permission to edit this dataset.'))
    assert.equal((await add(bob, 'a.txt')).status, 403)
    assert.deepEqual(told(await add('wrong', 'a.txt')), [401, 'Bad API key'])
    const form = new FormData()
    form.append('jsonData', '{"description": "no file"}')
    assert.deepEqual(told(await portal.call(alice, 'POST', `/api/datasets/${id}/add`, form)), [
      400,
      'You must upload a file or provide a valid storageidentifier, filename, and mimetype.',
    ])
    form.set('jsonData', '{')
    form.append('file', new Blob(['x']), 'x.txt')
    assert.deepEqual(told(await portal.call(alice, 'POST', `/api/datasets/${id}/add`, form)), [
      400,
      'Error in parsing provided json',
    ])
    assert.deepEqual(told(await portal.call(alice, 'POST', '/api/datasets/4711000/add', formOf('a', 'x'))), [
      404,
      'Dataset with ID 4711000 not found.',
    ])
    assert.equal((await portal.call(alice, 'POST', `/api/datasets/${id}/add`, { no: 'form' })).status, 400)
    const { files } = await portal.data(alice, 'GET', `/api/datasets/${id}/versions/:draft`)
    assert.deepEqual(files, [])
  })

  test('several at once end in the same draft', async () => {
    const { id } = await portal.makeDataset(alice)
    await portal.add(alice, id, 'first.txt', 'first')
    await portal.publish(alice, id)
    const sent = Array.from({ length: 8 }, (_, at) => portal.add(alice, id, 'same.txt', `content ${at}`))
    const versions = new Set((await Promise.all(sent)).map(({ datasetVersionId }) => datasetVersionId))
    assert.equal(versions.size, 1)
    const { files, versionState } = await portal.data(alice, 'GET', `/api/datasets/${id}/versions/:draft`)
    assert.deepEqual([files.length, versionState], [9, 'DRAFT'])
    assert.equal(new Set(files.map(({ label }: { label: string }) => label)).size, 9)
  })
})

describe('sending a file to an address of its own', () => {
  const md5 = (text: string) => createHash('md5').update(text).digest('hex')
  const destination = (id: number, size: number, key = alice) =>
    portal.call(key, 'GET', `/api/datasets/${id}/uploadurls?size=${size}`)
  /** Sends as the TypeScript client does, which shows no token there. */
  const send = async (id: number, text: string) => {
    const { url, storageIdentifier } = (await destination(id, text.length)).json().data
    const { pathname, search } = new URL(url)
    const reply = await portal.call(null, 'PUT', pathname + search, text, { 'x-amz-tagging': 'dv-state=temp' })
    assert.equal(reply.status, 200, reply.text)
    assert.equal(reply.headers.get('etag'), `"${md5(text)}"`)
    return { storageIdentifier, address: pathname + search }
  }
  const form = (about: unknown) => {
    const form = new FormData()
    form.append('jsonData', JSON.stringify(about))
    return form
  }
  const said = (storageIdentifier: string, text: string, more = {}) => ({
    storageIdentifier,
    fileName: 'a.csv',
    mimeType: 'text/csv',
    checksum: { '@type': 'MD5', '@value': md5(text) },
    ...more,
  })
  const files = async (id: number) => (await portal.data(alice, 'GET', `/api/datasets/${id}/versions/:draft`)).files

  test('all that was sent becomes files at once, or nothing does', async () => {
    const { id } = await portal.makeDataset(alice)
    const one = await send(id, 'one')
    const two = await send(id, '')
    const add = (about: unknown, key = alice) => portal.call(key, 'POST', `/api/datasets/${id}/addFiles`, form(about))
    const wrong = await add([said(one.storageIdentifier, 'one'), said(two.storageIdentifier, 'other')])
    assert.equal(wrong.status, 400)
    assert.match(wrong.json().message, /^The MD5 of a\.csv is d41d8cd98f00b204e9800998ecf8427e, and not /)
    assert.deepEqual(await files(id), [])
    assert.equal((await add([said(one.storageIdentifier, 'one')], bob)).status, 403)
    const more = {
      fileName: 'b.txt',
      mimeType: 'application/octet-stream',
      directoryLabel: 'raw',
      description: 'empty',
    }
    const added = await add([said(one.storageIdentifier, 'one'), said(two.storageIdentifier, '', more)])
    assert.equal(added.status, 200, added.text)
    const { Files, Result } = added.json().data
    assert.deepEqual(Result, { 'Total number of files': 2, 'Number of files successfully added': 2 })
    assert.deepEqual(
      Files.map((one: Record<string, string>) => [one.storageIdentifier, one.successMessage]),
      [one, two].map(({ storageIdentifier }) => [storageIdentifier, 'Added successfully to the dataset']),
    )
    const [first, second] = Files.map(({ fileDetails }: { fileDetails: object }) => fileDetails)
    assert.deepEqual([first.label, first.dataFile.contentType, first.dataFile.md5], ['a.csv', 'text/csv', md5('one')])
    assert.deepEqual(
      [second.label, second.directoryLabel, second.description, second.dataFile.contentType, second.dataFile.filesize],
      ['b.txt', 'raw', 'empty', 'text/plain', 0],
    )
    const back = await portal.call(alice, 'GET', `/api/access/datafile/${first.dataFile.id}`)
    assert.equal(back.text, 'one')
    const twice = await add([said(one.storageIdentifier, 'one')])
    assert.deepEqual(told(twice), [
      400,
      `There is no upload of yours for this dataset with the storage identifier ${one.storageIdentifier}.`,
    ])
  })

  test('takes the place of files, one or many, and is added like a form without a file', async () => {
    const { id } = await portal.makeDataset(alice)
    const old = (await portal.add(alice, id, 'a.csv', 'old')).dataFile.id
    const { storageIdentifier } = await send(id, 'new')
    const about = said(storageIdentifier, 'new', { forceReplace: true })
    const replaced = await portal.call(alice, 'POST', `/api/files/${old}/replace`, form(about))
    assert.equal(replaced.status, 200, replaced.text)
    const middle = replaced.json().data.files[0].dataFile
    assert.deepEqual([middle.previousDataFileId, middle.md5], [old, md5('new')])
    const newest = await send(id, 'newest')
    const many = [said(newest.storageIdentifier, 'newest', { fileToReplaceId: middle.id })]
    const all = await portal.call(alice, 'POST', `/api/datasets/${id}/replaceFiles`, form(many))
    assert.equal(all.status, 200, all.text)
    assert.equal(all.json().data.Files[0].fileDetails.dataFile.rootDataFileId, old)
    const third = await send(id, 'third')
    const added = await portal.call(
      alice,
      'POST',
      `/api/datasets/${id}/add`,
      form(said(third.storageIdentifier, 'third', { fileName: 'third.csv' })),
    )
    assert.equal(added.status, 200, added.text)
    assert.deepEqual(
      (await files(id)).map(({ label }: { label: string }) => label),
      ['a.csv', 'third.csv'],
    )
  })

  test('is for who may edit, at an address that nobody can change, and leaves nothing that was not sent', async () => {
    const { id } = await portal.makeDataset(alice)
    assert.deepEqual(told(await destination(id, 5, bob)), [
      403,
      'You are not permitted to upload files to this dataset.',
    ])
    assert.equal((await portal.call(alice, 'GET', `/api/datasets/${id}/uploadurls`)).status, 400)
    // DVUploader takes this for the sign to send forms instead.
    const httpx = { 'user-agent': 'python-httpx/0.28.1' }
    const other = await portal.call(alice, 'GET', `/api/datasets/${id}/uploadurls?size=1024`, undefined, httpx)
    assert.deepEqual(told(other), [404, `Direct upload not supported for files in this dataset: ${id}`])
    const { address } = await send(id, 'hello')
    const again = await portal.call(null, 'PUT', address, 'howdy')
    assert.deepEqual([again.status, again.headers.get('etag')], [200, `"${md5('howdy')}"`])
    const longer = await portal.call(null, 'PUT', address, 'more than was said')
    assert.equal(longer.status, 413, longer.text)
    const shorter = await portal.call(null, 'PUT', address, 'four')
    assert.deepEqual(told(shorter), [400, 'Only 4 of 5 bytes came.'])
    for (const forged of [
      address.replace('size=5', 'size=5000'),
      address.replace(`dataset=${id}`, 'dataset=1'),
      address.replace('method=PUT', 'method=GET'),
      address.replace(/token=.*/, 'token=x'),
      address.replace(/[?].*/, ''),
    ])
      assert.deepEqual(told(await portal.call(null, 'PUT', forged, 'hello')), [401, 'Bad signed URL'], forged)
  })

  test('sent again while the first sending is stuck, however much of it had come', async () => {
    const { id } = await portal.makeDataset(alice)
    const content = 'x'.repeat(9_000_000)
    const { pathname, search } = new URL((await destination(id, content.length)).json().data.url)
    const stuck = request(portal.address + pathname + search, { method: 'PUT' })
    const lost = new Promise((resolve) =>
      stuck.on('response', ({ statusCode }) => resolve(statusCode)).on('error', () => resolve(0)),
    )
    await new Promise((resolve) => stuck.write(content.slice(0, 6_000_000), resolve))
    await sleep(200)
    const again = await portal.call(null, 'PUT', pathname + search, content)
    assert.deepEqual([again.status, again.headers.get('etag')], [200, `"${md5(content)}"`])
    assert.notEqual(await lost, 200)
  })
})

describe('replacing a file', () => {
  test('gives it a new number and keeps what it replaced on record; said or not', async () => {
    const { id } = await portal.makeDataset(alice)
    const old = await portal.add(alice, id, 'counts.csv', 'one', { description: 'old', directoryLabel: 'raw' })
    const replace = (file: number, content: string, about?: object, name = 'new.csv') =>
      portal.call(alice, 'POST', `/api/files/${file}/replace`, formOf(name, content, about))
    const reply = await replace(old.dataFile.id, 'two')
    assert.equal(reply.status, 200, reply.text)
    const [file] = reply.json().data.files
    // What was said of the old one is not carried over.
    assert.deepEqual([file.label, file.description, file.directoryLabel], ['new.csv', '', undefined])
    assert.deepEqual(
      [file.dataFile.rootDataFileId, file.dataFile.previousDataFileId],
      [old.dataFile.id, old.dataFile.id],
    )
    const third = (await replace(file.dataFile.id, 'three', { description: 'third' })).json().data.files[0]
    assert.deepEqual(
      [third.description, third.dataFile.rootDataFileId, third.dataFile.previousDataFileId],
      ['third', old.dataFile.id, file.dataFile.id],
    )
    const now = third.dataFile.id
    assert.deepEqual(told(await replace(now, 'three')), [
      400,
      'Error! You may not replace a file with a file that has duplicate content.',
    ])
    assert.deepEqual(told(await replace(now, '{}', {}, 'new.json')), [
      400,
      'The original file (Comma Separated Values) and replacement file (JSON) are different file types.',
    ])
    const forced = await replace(now, '{}', { forceReplace: true }, 'new.json')
    assert.equal(forced.status, 200)
    const newest = forced.json().data.files[0].dataFile.id
    assert.deepEqual(told(await replace(99_000_000, 'x')), [
      400,
      'Replacement file not found. There was no file found for ID: 99000000',
    ])
    assert.equal((await replace(now, 'again')).status, 400)
    const mayNot = await portal.call(bob, 'POST', `/api/files/${newest}/replace`, formOf('x.csv', 'x'))
    assert.equal(mayNot.status, 403)
  })

  test('leaves restricted what was restricted', async () => {
    const { id } = await portal.makeDataset(alice)
    const old = await portal.add(alice, id, 'r.csv', 'one', { restrict: true })
    await portal.publish(alice, id)
    const replaced = (at: number, content: string, about?: object) =>
      portal.data(alice, 'POST', `/api/files/${at}/replace`, formOf('r.csv', content, about))
    const [file] = (await replaced(old.dataFile.id, 'two')).files
    assert.equal(file.restricted, true)
    await portal.publish(alice, id)
    assert.equal((await portal.call(null, 'GET', `/api/access/datafile/${file.dataFile.id}`)).status, 403)
    assert.equal((await replaced(file.dataFile.id, 'three', { restrict: false })).files[0].restricted, false)
  })
})

describe('a file', () => {
  test('is told alone, in a version, with what it lies in', async () => {
    const { id, pid, alias } = await portal.makeDataset(alice, 'Tide pools')
    const { dataFile } = await portal.add(alice, id, 'a.txt', 'a')
    const file = `/api/files/${dataFile.id}`
    assert.deepEqual(told(await portal.call(null, 'GET', file)), [
      401,
      'User :guest is not permitted to perform requested action.',
    ])
    assert.equal((await portal.call(bob, 'GET', file)).status, 401)
    await portal.publish(alice, id)
    const shown = await portal.data(null, 'GET', `${file}/versions/1.0?returnOwners=true&returnDatasetVersion=true`)
    assert.match(shown.dataFile.publicationDate, day)
    const { isPartOf } = shown.dataFile
    assert.deepEqual(
      [isPartOf.type, isPartOf.persistentIdentifier, isPartOf.identifier, isPartOf.version, isPartOf.displayName],
      ['DATASET', pid, id, '1.0', 'Tide pools'],
    )
    assert.deepEqual([isPartOf.isPartOf.identifier, isPartOf.isPartOf.isPartOf.identifier], [alias, 'root'])
    assert.equal(shown.datasetVersion.versionNumber, 1)
    assert.deepEqual(told(await portal.call(null, 'GET', `${file}/versions/9.0`)), [
      404,
      `"File metadata for file with id ${dataFile.id} in dataset version 9.0 not found"`,
    ])
    assert.deepEqual(told(await portal.call(null, 'GET', '/api/files/99000000')), [
      404,
      'File with ID 99000000 not found.',
    ])
    assert.deepEqual(told(await portal.call(null, 'GET', '/api/files/:persistentId?persistentId=doi:1/x')), [
      404,
      'Datafile with Persistent ID doi:1/x not found.',
    ])
    assert.deepEqual(told(await portal.call(null, 'GET', '/api/files/x')), [400, 'Bad file ID number: x.'])
    const { message } = await portal.data(null, 'GET', `${file}/versions/1.0/citation`)
    assert.match(message, /^Ames, Alice, \d{4}, "Tide pools", <a href=.*V1; a\.txt \[fileName\]$/)
    assert.deepEqual(told(await portal.call(null, 'GET', '/api/files/99000000/versions/1.0/citation')), [
      404,
      'File not found for given id.',
    ])
    assert.deepEqual(await portal.data(null, 'GET', `${file}/downloadCount`), { message: '0' })
    assert.equal(await portal.data(null, 'GET', `${file}/hasBeenDeleted`), false)
    for (const [method, at, message] of [
      ['POST', 'uningest', 'Cannot uningest non-tabular file.'],
      ['GET', 'dataTables', 'This operation is only available for tabular files.'],
    ] as const)
      assert.deepEqual(told(await portal.call(alice, method, `${file}/${at}`)), [400, message])
    assert.equal((await portal.call(alice, 'POST', `${file}/reingest`)).status, 400)
  })

  test('is described without an envelope, as plain text', async () => {
    const { id } = await portal.makeDataset(alice)
    const { dataFile } = await portal.add(alice, id, 'a.txt', 'a', { description: 'before', categories: ['Data'] })
    const file = `/api/files/${dataFile.id}`
    const form = (about: string) => {
      const form = new FormData()
      form.append('jsonData', new Blob([about]), 'upload')
      return form
    }
    const edit = await portal.call(
      alice,
      'POST',
      `${file}/metadata`,
      form('{"directoryLabel": "raw", "categories": ["Code"]}'),
    )
    assert.equal(edit.status, 200, edit.text)
    assert.match(edit.headers.get('content-type') ?? '', /^text\/plain/)
    const { id: metadataId, ...rest } = JSON.parse(edit.text.replace('File Metadata update has been completed: ', ''))
    const described = {
      label: 'a.txt',
      description: 'before',
      restricted: false,
      directoryLabel: 'raw',
      categories: ['Code'],
    }
    assert.deepEqual(rest, described)
    const draft = await portal.call(alice, 'GET', `${file}/metadata/draft`)
    assert.match(draft.headers.get('content-type') ?? '', /^text\/plain/)
    assert.deepEqual(draft.json(), { ...described, id: metadataId })
    assert.deepEqual(told(await portal.call(alice, 'GET', `${file}/metadata`)), [
      400,
      'Error attempting get the requested data file.',
    ])
    await portal.publish(alice, id)
    assert.equal((await portal.call(null, 'GET', `${file}/metadata`)).json().label, 'a.txt')
    assert.deepEqual(told(await portal.call(alice, 'GET', `${file}/metadata/draft`)), [
      400,
      'No draft available for this file',
    ])
    await portal.add(alice, id, 'b.txt', 'b')
    const taken = await portal.call(alice, 'POST', `${file}/metadata`, form('{"label": "b.txt", "directoryLabel": ""}'))
    assert.deepEqual(told(taken), [400, 'Filename already exists at b.txt'])
    assert.deepEqual(told(await portal.call(bob, 'POST', `${file}/metadata`, form('{"label": "c.txt"}'))), [
      400,
      'An error has occurred attempting to update the requested DataFile, likely related to permissions.',
    ])
    assert.deepEqual(told(await portal.call(alice, 'POST', `${file}/metadata`, form('nonsense'))), [
      400,
      'Error in parsing provided json',
    ])
  })

  test('is given categories and tags, more of them or others', async () => {
    const { id } = await portal.makeDataset(alice)
    const { dataFile } = await portal.add(alice, id, 'a.csv', 'a', { categories: ['Data'] })
    const file = `/api/files/${dataFile.id}`
    await portal.data(alice, 'POST', `${file}/metadata/categories`, { categories: ['Code'] })
    assert.deepEqual((await portal.data(alice, 'GET', file)).categories, ['Data', 'Code'])
    await portal.data(alice, 'POST', `${file}/metadata/categories?replace=true`, { categories: ['Docs'] })
    assert.deepEqual((await portal.data(alice, 'GET', file)).categories, ['Docs'])
    await portal.data(alice, 'POST', `${file}/metadata/tabularTags`, { tabularTags: ['Survey'] })
    assert.deepEqual((await portal.data(alice, 'GET', file)).dataFile.tabularTags, ['Survey'])
    assert.equal((await portal.call(alice, 'POST', `${file}/metadata/tabularTags`, { tabularTags: ['X'] })).status, 400)
    assert.deepEqual(await portal.data(alice, 'GET', `/api/datasets/${id}/availableFileCategories`), [
      'Documentation',
      'Data',
      'Code',
      'Docs',
    ])
  })

  test('is given what two people add at once', async () => {
    const { id } = await portal.makeDataset(alice)
    const { dataFile } = await portal.add(alice, id, 'a.csv', 'a', { categories: ['Data'] })
    const file = `/api/files/${dataFile.id}`
    const { datasets } = portal.needs
    const root = actor((await portal.depositor('admin')).caller)
    const at = { db: datasets.db, changer: datasets.changer, actor: root }
    await beside(
      at,
      (change) => editFile(datasets, change, dataFile.id, { categories: ['Data', 'Code'] }),
      () => portal.data(alice, 'POST', `${file}/metadata/categories`, { categories: ['Docs'] }),
    )
    await beside(
      at,
      (change) => editFile(datasets, change, dataFile.id, { tags: ['Survey'] }),
      () => portal.data(alice, 'POST', `${file}/metadata/tabularTags`, { tabularTags: ['Panel'] }),
    )
    const now = await showFile(datasets, visitor(root.caller), dataFile.id)
    assert.deepEqual(
      [now.file.categories, now.file.tags],
      [
        ['Data', 'Code', 'Docs'],
        ['Survey', 'Panel'],
      ],
    )
  })

  test('is restricted and let go', async () => {
    const { id } = await portal.makeDataset(alice)
    const { dataFile } = await portal.add(alice, id, 'a.txt', 'a')
    const file = `/api/files/${dataFile.id}/restrict`
    const restrict = (body?: string | object, key = alice) => portal.call(key, 'PUT', file, body)
    assert.deepEqual((await restrict('true')).json().data, { message: 'File a.txt restricted.' })
    assert.deepEqual(told(await restrict('true')), [
      400,
      'Problem trying to update restriction status on a.txt: File a.txt is already restricted',
    ])
    assert.deepEqual((await restrict()).json().data, { message: 'File a.txt unrestricted.' })
    assert.deepEqual(told(await restrict()), [
      400,
      'Problem trying to update restriction status on a.txt: File a.txt is already unrestricted',
    ])
    const whole = { restrict: true, enableAccessRequest: true, termsOfAccess: 'Ask us' }
    assert.deepEqual((await restrict(whole)).json().data, {
      message: 'File a.txt restricted. Access Request is enabled. Terms of Access for restricted files: Ask us',
    })
    const version = await portal.data(alice, 'GET', `/api/datasets/${id}/versions/:draft`)
    assert.deepEqual(
      [version.termsOfAccess, version.fileAccessRequest, version.files[0].restricted],
      ['Ask us', true, true],
    )
    assert.equal((await restrict('5')).status, 400)
    assert.equal((await restrict('false', bob)).status, 401)
    await portal.publish(alice, id)
    assert.equal((await restrict('false', bob)).status, 400)
  })

  test('is deleted: whether it was ever published is told', async () => {
    const { id } = await portal.makeDataset(alice)
    const first = (await portal.add(alice, id, 'a.txt', 'a')).dataFile.id
    const second = (await portal.add(alice, id, 'b.txt', 'b')).dataFile.id
    const [status, message] = told(await portal.call(bob, 'DELETE', `/api/files/${first}`))
    assert.equal(status, 400)
    assert.match(message, new RegExp(`^Delete failed for file ID ${first} \\(CommandException\\): `))
    assert.equal(await portal.data(alice, 'DELETE', `/api/files/${first}`), true)
    assert.equal((await portal.call(alice, 'GET', `/api/files/${first}`)).status, 404)
    await portal.publish(alice, id)
    assert.equal(await portal.data(alice, 'DELETE', `/api/files/${second}`), false)
    assert.equal((await portal.call(null, 'GET', `/api/files/${second}`)).status, 200)
    assert.equal(await portal.data(alice, 'GET', `/api/files/${second}/hasBeenDeleted`), true)
    assert.equal((await portal.call(alice, 'DELETE', '/api/files/99000000')).status, 404)
  })

  test('many are deleted at once', async () => {
    const { id } = await portal.makeDataset(alice)
    const ids = []
    for (const name of ['a', 'b', 'c']) ids.push((await portal.add(alice, id, name, name)).dataFile.id)
    const remove = (body: unknown, key = alice) =>
      portal.call(key, 'PUT', `/api/datasets/${id}/deleteFiles`, body as object)
    assert.equal((await remove(ids, bob)).status, 401)
    assert.equal((await remove({ no: 'list' })).status, 400)
    assert.deepEqual((await remove(ids.slice(0, 2))).json().data, { message: '2 files deleted successfully' })
    assert.equal((await portal.data(alice, 'GET', `/api/datasets/${id}/versions/:draft`)).files.length, 1)
  })

  test('has its type found out again', async () => {
    const { id } = await portal.makeDataset(alice)
    const { dataFile } = await portal.add(alice, id, 'a.py', 'print(1)')
    const at = `/api/files/${dataFile.id}`
    const form = new FormData()
    form.append('jsonData', '{"label": "a.csv"}')
    assert.equal((await portal.call(alice, 'POST', `${at}/metadata`, form)).status, 200)
    const types = { oldContentType: 'text/x-python', newContentType: 'text/csv' }
    assert.deepEqual(await portal.data(alice, 'POST', `${at}/redetect?dryRun=true`), { dryRun: true, ...types })
    assert.equal((await portal.data(alice, 'GET', at)).dataFile.contentType, 'text/x-python')
    assert.deepEqual(await portal.data(alice, 'POST', `${at}/redetect`), { dryRun: false, ...types })
    assert.equal((await portal.data(alice, 'GET', at)).dataFile.contentType, 'text/csv')
    assert.equal((await portal.call(bob, 'POST', `${at}/redetect`)).status, 401)
  })
})

describe('files of a version', () => {
  test('are listed in pages, ordered, filtered, counted and summed up', async () => {
    const { id } = await portal.makeDataset(alice)
    await portal.add(alice, id, 'b.txt', 'bb', { categories: ['Data'] })
    await portal.add(alice, id, 'a.csv', 'aaa', { description: 'tide', restrict: true })
    await portal.add(alice, id, 'c.txt', 'c', { directoryLabel: 'raw' })
    const at = `/api/datasets/${id}/versions/:draft`
    const names = async (query: string) => {
      const reply = await portal.call(alice, 'GET', `${at}/files?${query}`)
      assert.equal(reply.status, 200, reply.text)
      const { totalCount, data } = reply.json()
      return [totalCount, ...data.map(({ label }: { label: string }) => label)]
    }
    assert.deepEqual(await names(''), [3, 'a.csv', 'b.txt', 'c.txt'])
    assert.deepEqual(await names('orderCriteria=NameZA&limit=1&offset=1'), [3, 'b.txt'])
    assert.deepEqual(await names('orderCriteria=Newest'), [3, 'c.txt', 'a.csv', 'b.txt'])
    assert.deepEqual(await names('orderCriteria=Oldest'), [3, 'b.txt', 'a.csv', 'c.txt'])
    assert.deepEqual(await names('contentType=text/plain'), [2, 'b.txt', 'c.txt'])
    assert.deepEqual(await names('accessStatus=Restricted'), [1, 'a.csv'])
    assert.deepEqual(await names('accessStatus=RetentionPeriodExpired'), [0])
    assert.deepEqual(await names('categoryName=Data'), [1, 'b.txt'])
    assert.deepEqual(await names('searchText=tide'), [1, 'a.csv'])
    const wrong = (query: string) => portal.call(alice, 'GET', `${at}/files?${query}`)
    assert.deepEqual(told(await wrong('orderCriteria=X')), [400, 'Invalid order criteria: X'])
    assert.deepEqual(told(await wrong('accessStatus=X')), [400, 'Invalid access status: X'])
    assert.deepEqual(await portal.data(alice, 'GET', `${at}/files/counts`), {
      total: 3,
      perContentType: { 'text/plain': 2, 'text/csv': 1 },
      perCategoryName: { Data: 1 },
      perTabularTagName: {},
      perAccessStatus: { Public: 2, Restricted: 1 },
    })
    assert.deepEqual(await portal.data(alice, 'GET', `${at}/downloadsize?mode=All`), {
      message: 'Total size of the files available for download in this version of the dataset: 6 bytes',
      storageSize: 6,
    })
    assert.equal((await portal.call(bob, 'GET', `${at}/files`)).status, 401)
    await portal.publish(alice, id)
    assert.deepEqual((await portal.call(null, 'GET', `/api/datasets/${id}/download/count`)).json(), {
      id,
      downloadCount: 0,
    })
  })
})
