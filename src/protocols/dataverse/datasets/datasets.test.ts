import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { leastDataset } from '#test/dataverse-examples.ts'
import { type DataversePortal, openDataversePortal, site } from '#test/dataverse-portal.ts'

let portal: DataversePortal
let alice: Awaited<ReturnType<DataversePortal['depositor']>>
let bob: Awaited<ReturnType<DataversePortal['depositor']>>
let root: Awaited<ReturnType<DataversePortal['depositor']>>
before(async () => {
  portal = await openDataversePortal()
  alice = await portal.depositor('member', 'alice')
  bob = await portal.depositor('member', 'bob')
  root = await portal.depositor('admin', 'root')
})
after(() => portal.close())

const notPermitted = (name: string) => `User ${name} is not permitted to perform requested action.`
const byPid = (pid: string, rest = '') => `/api/datasets/:persistentId${rest}?persistentId=${pid}`

/** A published collection of Alice's, and a draft in it. */
async function makeDraft(body: unknown = leastDataset()): Promise<{ id: number; pid: string; alias: string }> {
  const alias = `c${Math.random().toString(36).slice(2, 10)}x`
  const made = await portal.ask(alice.key, 'POST', '/api/dataverses/root', {
    alias,
    name: `Collection ${alias}`,
    dataverseContacts: [{ contactEmail: 'pi@example.org' }],
  })
  assert.equal(made.status, 201, made.text)
  assert.equal((await portal.ask(alice.key, 'POST', `/api/dataverses/${alias}/actions/:publish`)).status, 200)
  const { status, text, json } = await portal.ask(alice.key, 'POST', `/api/dataverses/${alias}/datasets`, body)
  assert.equal(status, 201, text)
  const { id, persistentId: pid } = json().data
  return { id, pid, alias }
}
const publish = async (id: number, type = 'major', key = alice.key) =>
  portal.ask(key, 'POST', `/api/datasets/${id}/actions/:publish?type=${type}`, {})

const errorOf = ({ status, json }: Awaited<ReturnType<DataversePortal['ask']>>) => {
  const body = json()
  assert.equal(body.status, 'ERROR')
  return [status, body.message]
}

describe('a dataset', () => {
  test('is made as a draft, and told in Dataverse’s form without a null', async () => {
    const { id, pid } = await makeDraft()
    const reply = await portal.ask(alice.key, 'GET', `/api/datasets/${id}`)
    const { data } = reply.json()
    const { latestVersion, ...dataset } = data
    assert.match(pid, /^doi:10\.5072\/FK2\/[0-9A-Z]{6}$/)
    const identifier = pid.slice('doi:10.5072/'.length)
    assert.deepEqual(dataset, {
      id,
      identifier,
      persistentUrl: `https://doi.org/${pid.slice(4)}`,
      protocol: 'doi',
      authority: '10.5072',
      separator: '/',
      publisher: 'Tessera',
      storageIdentifier: `local://${pid.slice(4)}`,
      datasetType: 'dataset',
      locks: [],
    })
    assert.equal(latestVersion.versionState, 'DRAFT')
    assert.equal(latestVersion.datasetPersistentId, pid)
    assert.equal(latestVersion.fileAccessRequest, true)
    assert.equal(latestVersion.license.name, 'CC0 1.0')
    assert.deepEqual(latestVersion.files, [])
    for (const absent of ['versionNumber', 'versionMinorNumber', 'releaseTime', 'publicationDate', 'citationDate'])
      assert.ok(!(absent in latestVersion), absent)
    assert.match(latestVersion.createTime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    assert.deepEqual(latestVersion.metadataBlocks.citation.fields[0], {
      typeName: 'title',
      multiple: false,
      typeClass: 'primitive',
      value: 'Tide pools of Inchkeith',
    })
    assert.ok(!reply.text.includes('null'), reply.text)
  })

  test('is found by its number, its id in every form, under both prefixes and with a slash behind', async () => {
    const { id, pid } = await makeDraft()
    const encoded = encodeURIComponent(pid)
    for (const url of [
      `/api/datasets/${id}`,
      `/api/datasets/${id}/`,
      `/api/v1/datasets/${id}`,
      byPid(pid),
      byPid(encoded),
      `/api/datasets/:persistentId/?persistentId=${pid}`,
      `/api/v1/datasets/%3ApersistentId/?persistentId=${encoded}`,
      byPid(`https://doi.org/${pid.slice(4)}`),
      `/api/datasets/${id}/?key=${alice.key}`,
    ])
      assert.equal((await portal.ask(url.includes('key=') ? null : alice.key, 'GET', url)).json().data?.id, id, url)
  })

  test('that cannot be found is told of as Dataverse does', async () => {
    const misleading =
      'When accessing a dataset based on Persistent ID, a persistentId query parameter must be present.'
    for (const [url, status, message] of [
      ['/api/datasets/4711', 404, 'Dataset with ID 4711 not found.'],
      [byPid('doi:10.5072/FK2/NOPE99'), 404, misleading],
      ['/api/datasets/:persistentId/', 400, misleading],
      [byPid('garbage'), 400, 'Bad dataset ID number: garbage.'],
      ['/api/datasets/garbage', 400, 'Bad dataset ID number: garbage.'],
    ] as const)
      assert.deepEqual(errorOf(await portal.ask(alice.key, 'GET', url)), [status, message], url)
  })

  test('in draft is for nobody else, and a wrong key is refused whatever is asked', async () => {
    const { id } = await makeDraft()
    assert.deepEqual(errorOf(await portal.ask(bob.key, 'GET', `/api/datasets/${id}`)), [401, notPermitted('@bob')])
    assert.deepEqual(errorOf(await portal.ask(null, 'GET', `/api/datasets/${id}`)), [401, notPermitted(':guest')])
    await publish(id)
    assert.equal((await portal.ask(null, 'GET', `/api/datasets/${id}`)).status, 200)
    for (const key of ['', 'wrong', 'c6527048-5bdc-48b0-a1d5-ed1b62c8113b'])
      assert.deepEqual(errorOf(await portal.ask(key, 'GET', `/api/datasets/${id}`)), [401, 'Bad API key'], key)
  })

  test('is refused with what is missing, in the words that clients look for', async () => {
    const { alias } = await makeDraft()
    const post = (body: unknown, key: string | null = alice.key) =>
      portal.ask(key, 'POST', `/api/dataverses/${alias}/datasets`, body)
    const bare = leastDataset()
    bare.datasetVersion.metadataBlocks.citation.fields = []
    const [status, message] = errorOf(await post(bare))
    assert.equal(status, 403)
    assert.match(message, /^Validation Failed: Title is required\. \(Invalid value:.*Author Name is required\./)
    assert.match(errorOf(await post('{"datasetVersion":'))[1], /^Error parsing Json: /)
    assert.deepEqual(errorOf(await post(leastDataset('T', { license: 'WTFPL' }))), [
      400,
      'Error parsing Json: Invalid license: WTFPL',
    ])
    assert.deepEqual(errorOf(await post(leastDataset('T', { license: { name: 'WTFPL' } }))), [
      400,
      'Error parsing Json: Invalid or unsupported license: WTFPL',
    ])
    const birds = leastDataset()
    birds.datasetVersion.metadataBlocks.citation.fields.at(-1)!.value = ['Birds']
    assert.deepEqual(errorOf(await post(birds)), [
      400,
      "Error parsing Json: Value 'Birds' does not exist in type 'subject'",
    ])
    assert.deepEqual(errorOf(await post(leastDataset(), null)), [401, notPermitted(':guest')])
    assert.deepEqual(errorOf(await portal.ask(alice.key, 'POST', '/api/dataverses/nope/datasets', leastDataset())), [
      404,
      "Can't find dataverse with identifier='nope'",
    ])
  })

  test('takes JSON by any name or none, with nulls, and gets the usual license where none is given', async () => {
    const { alias } = await makeDraft()
    const body = JSON.stringify({
      datasetType: null,
      datasetVersion: { ...leastDataset().datasetVersion, license: null, versionNote: null },
    })
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'application/ld+json'])
      assert.equal(
        (
          await portal.ask(alice.key, 'POST', `/api/dataverses/${alias}/datasets?release=no`, body, {
            'content-type': type,
          })
        ).status,
        201,
        type,
      )
    const untyped = await portal.app.inject({
      method: 'POST',
      url: `/api/dataverses/${alias}/datasets`,
      headers: { 'x-dataverse-key': alice.key },
      payload: Buffer.from(body),
    })
    assert.equal(untyped.statusCode, 201, untyped.body)
    const { id } = untyped.json().data
    const { data } = (await portal.ask(alice.key, 'GET', `/api/datasets/${id}/versions/:draft`)).json()
    assert.equal(data.license.name, 'CC0 1.0')
    assert.equal(untyped.headers.location, `${site}/api/datasets/${id}`)
  })
})

describe('versions', () => {
  test('go from draft to 1.0, 1.1 and 2.0, as they are published', async () => {
    const { id, pid } = await makeDraft()
    const published = await publish(id)
    assert.equal(published.status, 200, published.text)
    assert.ok(!('latestVersion' in published.json().data))
    assert.equal(published.json().data.id, id)
    const edit = (value: string) =>
      portal.ask(alice.key, 'PUT', `${byPid(pid, '/editMetadata')}&replace=true`, {
        fields: [{ typeName: 'subtitle', value }],
      })
    for (const [value, type] of [
      ['North side', 'minor'],
      ['South side', 'MAJOR'],
    ] as const) {
      const edited = await edit(value)
      assert.equal(edited.status, 200, edited.text)
      assert.equal(edited.json().data.versionState, 'DRAFT')
      assert.equal(edited.json().data.latestVersionPublishingState, 'DRAFT')
      const released = (await portal.ask(null, 'GET', `/api/datasets/${id}/versions/:latest`)).json().data
      assert.equal(released.latestVersionPublishingState, 'RELEASED')
      assert.equal((await publish(id, type)).status, 200)
    }
    const list = (await portal.ask(null, 'GET', `/api/datasets/${id}/versions`)).json().data
    assert.deepEqual(
      list.map((one: { versionNumber: number; versionMinorNumber: number }) => [
        one.versionNumber,
        one.versionMinorNumber,
      ]),
      [[2, 0], [1, 1], [1, 0]], // biome-ignore format: short
    )
    const two = (await portal.ask(null, 'GET', `/api/datasets/${id}/versions/2`)).json().data
    assert.equal(two.versionState, 'RELEASED')
    assert.equal(two.latestVersionPublishingState, 'RELEASED')
    assert.ok(!('latestVersion' in two))
    assert.match(two.publicationDate, /^\d{4}-\d\d-\d\d$/)
    const page = await portal.ask(
      null,
      'GET',
      `/api/datasets/${id}/versions?limit=1&offset=1&excludeFiles=true&excludeMetadataBlocks=true`,
    )
    assert.deepEqual(page.json().data.length, 1)
    assert.ok(!('files' in page.json().data[0]) && !('metadataBlocks' in page.json().data[0]))
  })

  test('that cannot be published say why, with Dataverse’s statuses', async () => {
    const { id, pid } = await makeDraft()
    const url = `/api/datasets/${id}/actions/:publish`
    assert.deepEqual(errorOf(await portal.ask(alice.key, 'POST', url)), [
      400,
      "Missing 'type' parameter (either 'major','minor', or 'updatecurrent').",
    ])
    assert.deepEqual(errorOf(await portal.ask(alice.key, 'POST', `${url}?type=x`)), [
      400,
      "Illegal 'type' parameter value 'x'. It needs to be either 'major', 'minor', or 'updatecurrent'.",
    ])
    assert.deepEqual(errorOf(await publish(id, 'minor')), [
      403,
      'Cannot publish as minor version. Re-try as major release.',
    ])
    assert.deepEqual(errorOf(await publish(id, 'updatecurrent')), [
      403,
      'Only superusers can update the current version',
    ])
    assert.deepEqual(errorOf(await publish(id, 'major', bob.key)), [401, notPermitted('@bob')])
    await publish(id)
    assert.deepEqual(errorOf(await publish(id)), [
      403,
      `Latest version of dataset ${pid.slice('doi:10.5072/'.length)} is already released. Only draft versions can be released.`,
    ])
  })

  test('of a dataset without license or in an unpublished collection stay drafts', async () => {
    const { id } = await makeDraft()
    const none = await portal.ask(alice.key, 'PUT', `/api/datasets/${id}/license`, { customTerms: {} })
    assert.equal(none.status, 200, none.text)
    assert.deepEqual(errorOf(await publish(id)), [
      409,
      'Dataset must have a valid license or Custom Terms Of Use configured before it can be published.',
    ])
    const terms = { customTerms: { termsOfUse: 'Ask first.' } }
    assert.equal((await portal.ask(alice.key, 'PUT', `/api/datasets/${id}/license`, terms)).status, 200)
    const { data } = (await portal.ask(alice.key, 'GET', `/api/datasets/${id}/versions/:draft`)).json()
    assert.equal(data.termsOfUse, 'Ask first.')
    assert.ok(!('license' in data))
    assert.equal((await publish(id)).status, 200)

    await portal.ask(alice.key, 'POST', '/api/dataverses/root', { alias: 'unseen', name: 'Unseen' })
    const made = await portal.ask(alice.key, 'POST', '/api/dataverses/unseen/datasets', leastDataset())
    assert.deepEqual(errorOf(await publish(made.json().data.id)), [
      403,
      'This dataset may not be published because its host dataverse (unseen) has not been published.',
    ])
  })

  test('are missed in Dataverse’s words', async () => {
    const { id } = await makeDraft()
    const get = (version: string, key: string | null = alice.key) =>
      portal.ask(key, 'GET', `/api/datasets/${id}/versions/${version}`)
    for (const [version, key, status, message] of [
      ['1.0.0', alice.key, 400, "Illegal version identifier '1.0.0'"],
      [':latest-published', alice.key, 404, `Dataset version :latest-published of dataset ${id} not found`],
      ['9.0', alice.key, 404, `Dataset version 9.0 of dataset ${id} not found`],
      [':draft', bob.key, 401, notPermitted('@bob')],
      [':latest', bob.key, 404, `Dataset version :latest of dataset ${id} not found`],
    ] as const)
      assert.deepEqual(errorOf(await get(version, key)), [status, message], version)
    assert.deepEqual((await portal.ask(bob.key, 'GET', `/api/datasets/${id}/versions`)).json().data, [])
    await publish(id)
    assert.deepEqual(errorOf(await get(':draft')), [404, `Dataset version :draft of dataset ${id} not found`])
    assert.equal((await get(':latest', null)).json().data.versionState, 'RELEASED')
  })

  test('of a draft are written anew with what was read, and thrown away', async () => {
    const { id } = await makeDraft()
    const url = `/api/datasets/${id}/versions/:draft`
    const { data } = (await portal.ask(alice.key, 'GET', url)).json()
    const same = await portal.ask(alice.key, 'PUT', url, data)
    assert.equal(same.status, 200, same.text)
    data.metadataBlocks.citation.fields[0].value = 'Rock pools'
    const changed = await portal.ask(alice.key, 'PUT', url, data)
    assert.equal(changed.json().data.metadataBlocks.citation.fields[0].value, 'Rock pools')
    assert.deepEqual(errorOf(await portal.ask(alice.key, 'PUT', `/api/datasets/${id}/versions/1.0`, data)), [
      400,
      'Only the :draft version can be updated',
    ])
    const gone = await portal.ask(alice.key, 'DELETE', url)
    assert.equal(gone.json().data.message, `Draft version of dataset ${id} deleted`)
    assert.deepEqual(errorOf(await portal.ask(alice.key, 'GET', url)), [404, `Dataset with ID ${id} not found.`])
  })

  test('are cited as HTML, and their metadata read alone', async () => {
    const { id, pid } = await makeDraft()
    const cited = await portal.ask(alice.key, 'GET', `/api/datasets/${id}/versions/:latest/citation`)
    const link = `https://doi.org/${pid.slice(4)}`
    assert.match(cited.json().data.message, /^Ames, Alice, \d{4}, "Tide pools of Inchkeith", /)
    assert.ok(
      cited.json().data.message.includes(`<a href="${link}" target="_blank">${link}</a>, Tessera, DRAFT VERSION`),
    )
    const told = await portal.ask(alice.key, 'GET', `/api/datasets/${id}/versions/:latest/metadata`)
    assert.equal(told.json().data.citation.fields[0].value, 'Tide pools of Inchkeith')
  })

  test('that were deaccessioned are shown to those who ask for them', async () => {
    const { id } = await makeDraft()
    await publish(id)
    const post = (version: string, body: object, key = alice.key) =>
      portal.ask(key, 'POST', `/api/datasets/${id}/versions/${version}/deaccession`, body)
    const why = { deaccessionReason: 'wrong file', deaccessionForwardURL: 'https://example.org/right' }
    assert.deepEqual(errorOf(await post(':draft', why)), [
      400,
      'Only :latest-published or a specific version can be deaccessioned',
    ])
    assert.deepEqual(errorOf(await post('1.0', why, bob.key)), [401, notPermitted('@bob')])
    assert.equal((await post('1.0', why)).json().data.message, `Dataset ${id} deaccessioned for version 1.0`)
    assert.equal((await portal.ask(null, 'GET', `/api/datasets/${id}/versions/1.0`)).status, 404)
    const shown = await portal.ask(null, 'GET', `/api/datasets/${id}/versions/1.0?includeDeaccessioned=true`)
    assert.deepEqual(
      [shown.json().data.versionState, shown.json().data.deaccessionNote, shown.json().data.deaccessionLink],
      ['DEACCESSIONED', 'wrong file', 'https://example.org/right'],
    )
    assert.ok(!('latestVersion' in (await portal.ask(null, 'GET', `/api/datasets/${id}`)).json().data))
  })
})

describe('metadata', () => {
  test('are added to, replaced and removed field by field', async () => {
    const { id } = await makeDraft()
    const put = (verb: string, body: unknown) => portal.ask(alice.key, 'PUT', `/api/datasets/${id}/${verb}`, body)
    const added = await put('editMetadata', {
      fields: [{ typeName: 'subject', value: ['Law', 'Earth and Environmental Sciences'] }],
    })
    assert.equal(added.status, 200, added.text)
    const subject = (json: {
      data: { metadataBlocks: { citation: { fields: { typeName: string; value: unknown }[] } } }
    }) => json.data.metadataBlocks.citation.fields.find(({ typeName }) => typeName === 'subject')?.value
    assert.deepEqual(subject(added.json()), ['Earth and Environmental Sciences', 'Law'])
    assert.deepEqual(errorOf(await put('editMetadata', { typeName: 'title', value: 'Other' })), [
      400,
      'Error parsing dataset update: You may not add data to a field that already has data and does not allow multiples. Use replace=true to replace existing data.',
    ])
    assert.deepEqual(errorOf(await put('editMetadata?replace=true', { fields: [{ typeName: 'title', value: '' }] })), [
      400,
      'Error parsing dataset update: Empty required value for field: Title',
    ])
    const removed = await put('deleteMetadata', { fields: [{ typeName: 'subject', value: ['Law'] }] })
    assert.deepEqual(subject(removed.json()), ['Earth and Environmental Sciences'])
    assert.deepEqual(errorOf(await put('deleteMetadata', { fields: [{ typeName: 'subject', value: ['Law'] }] })), [
      400,
      'Delete metadata failed: Subject: Law not found.',
    ])
    assert.deepEqual(
      errorOf(
        await put('editMetadata?sourceLastUpdateTime=2020-01-01T00:00:00Z', { typeName: 'subtitle', value: 'x' }),
      )[0],
      400,
    )
    assert.deepEqual(
      errorOf(
        await portal.ask(bob.key, 'PUT', `/api/datasets/${id}/editMetadata`, { typeName: 'subtitle', value: 'x' }),
      ),
      [401, notPermitted('@bob')],
    )
  })

  test('say under what terms restricted files are had', async () => {
    const { id } = await makeDraft()
    const body = { customTermsOfAccess: { fileAccessRequest: false, termsOfAccess: 'Write to us.' } }
    assert.equal((await portal.ask(alice.key, 'PUT', `/api/datasets/${id}/access`, body)).status, 200)
    const { data } = (await portal.ask(alice.key, 'GET', `/api/datasets/${id}/versions/:draft`)).json()
    assert.deepEqual(
      [data.termsOfAccess, data.fileAccessRequest, data.license.name],
      ['Write to us.', false, 'CC0 1.0'],
    )
  })
})

describe('deleting', () => {
  test('takes a dataset that was never published, with the answer naming the segment', async () => {
    const { id, pid } = await makeDraft()
    assert.deepEqual(errorOf(await portal.ask(bob.key, 'DELETE', `/api/datasets/${id}`)), [401, notPermitted('@bob')])
    const gone = await portal.ask(alice.key, 'DELETE', byPid(pid))
    assert.equal(gone.json().data.message, 'Dataset :persistentId deleted')
    assert.equal((await portal.ask(alice.key, 'GET', `/api/datasets/${id}`)).status, 404)
  })

  test('takes only the draft of one that was, and nothing without a draft', async () => {
    const { id } = await makeDraft()
    await publish(id)
    await portal.ask(alice.key, 'PUT', `/api/datasets/${id}/editMetadata`, { typeName: 'subtitle', value: 'x' })
    assert.equal(
      (await portal.ask(alice.key, 'DELETE', `/api/datasets/${id}`)).json().data.message,
      `Dataset ${id} deleted`,
    )
    assert.equal(
      (await portal.ask(alice.key, 'GET', `/api/datasets/${id}`)).json().data.latestVersion.versionState,
      'RELEASED',
    )
    assert.deepEqual(errorOf(await portal.ask(alice.key, 'DELETE', `/api/datasets/${id}`)), [
      401,
      'Only superusers can delete published datasets',
    ])
    await portal.ask(alice.key, 'PUT', `/api/datasets/${id}/editMetadata`, { typeName: 'subtitle', value: 'x' })
    await publish(id, 'minor')
    assert.deepEqual(errorOf(await portal.ask(alice.key, 'DELETE', `/api/datasets/${id}`)), [
      401,
      'This is a published dataset with multiple versions. This API can only delete the latest version if it is a DRAFT',
    ])
  })

  test('destroys what was published for administrators only', async () => {
    const { id, pid } = await makeDraft()
    await publish(id)
    assert.deepEqual(errorOf(await portal.ask(alice.key, 'DELETE', `/api/datasets/${id}/destroy`)), [
      401,
      'Destroy can only be called by superusers.',
    ])
    const gone = await portal.ask(root.key, 'DELETE', byPid(pid, '/destroy/'))
    assert.equal(gone.json().data.message, `Dataset ${pid} destroyed`)
    assert.equal((await portal.ask(root.key, 'GET', `/api/datasets/${id}`)).status, 404)
  })
})

describe('locks', () => {
  test('are none, for whoever may know of the dataset; administrators set and take them', async () => {
    const { id, pid } = await makeDraft()
    const url = `/api/datasets/${id}/locks`
    assert.deepEqual((await portal.ask(alice.key, 'GET', url)).json(), { status: 'OK', data: [] })
    assert.deepEqual(errorOf(await portal.ask(alice.key, 'POST', `/api/datasets/${id}/lock/Ingest`)), [
      403,
      'This API end point can be used by superusers only.',
    ])
    assert.equal((await portal.ask(root.key, 'POST', `/api/datasets/${id}/lock/Ingest`)).status, 200)
    const [lock] = (await portal.ask(alice.key, 'GET', `${url}/?type=Ingest`)).json().data
    assert.deepEqual([lock.lockType, lock.user, lock.dataset], ['Ingest', 'root', pid])
    assert.deepEqual(
      errorOf(
        await portal.ask(alice.key, 'PUT', `/api/datasets/${id}/editMetadata`, { typeName: 'subtitle', value: 'x' }),
      ),
      [403, 'Dataset cannot be edited due to dataset lock.'],
    )
    assert.deepEqual(errorOf(await publish(id)), [
      403,
      'This dataset is locked. Reason: Ingest. Please try publishing later.',
    ])
    assert.equal((await portal.ask(root.key, 'DELETE', url)).status, 200)
    assert.equal((await publish(id)).status, 200)
  })

  test('keep a draft that was submitted from its author until it is returned', async () => {
    const { alias } = await makeDraft()
    await portal.ask(alice.key, 'POST', `/api/dataverses/${alias}/assignments`, {
      assignee: '@bob',
      role: 'dsContributor',
    })
    const made = await portal.ask(bob.key, 'POST', `/api/dataverses/${alias}/datasets`, leastDataset())
    const { id } = made.json().data
    const submitted = await portal.ask(bob.key, 'POST', `/api/datasets/${id}/submitForReview`, {})
    assert.deepEqual(submitted.json().data, {
      inReview: true,
      message: `Dataset id ${id} has been submitted for review.`,
    })
    const edit = () =>
      portal.ask(bob.key, 'PUT', `/api/datasets/${id}/editMetadata`, { typeName: 'subtitle', value: 'x' })
    assert.deepEqual(errorOf(await edit()), [403, 'Dataset cannot be edited due to dataset lock.'])
    const back = { reasonForReturn: 'Say more.' }
    const returned = await portal.ask(alice.key, 'POST', `/api/datasets/${id}/returnToAuthor`, back)
    assert.equal(returned.json().data.inReview, false)
    assert.equal((await edit()).status, 200)
    assert.deepEqual(errorOf(await publish(id, 'major', bob.key)), [401, notPermitted('@bob')])
  })
})

describe('a link that shows the draft', () => {
  test('is made once under either name, read with its token as key, and ends with the draft', async () => {
    const { id, pid } = await makeDraft()
    const url = `/api/datasets/${id}/previewUrl`
    assert.deepEqual(errorOf(await portal.ask(alice.key, 'GET', url)), [404, 'Private URL not found.'])
    assert.deepEqual(errorOf(await portal.ask(alice.key, 'DELETE', url)), [404, 'No Private URL to delete.'])
    assert.deepEqual(errorOf(await portal.ask(bob.key, 'POST', url)), [401, notPermitted('@bob')])
    const made = await portal.ask(alice.key, 'POST', url, {})
    const { token, link, roleAssignment } = made.json().data
    assert.ok(link.startsWith(site) && link.endsWith(token))
    assert.deepEqual(
      [roleAssignment.assignee, roleAssignment._roleAlias, roleAssignment.definitionPointGlobalId],
      [`#${id}`, 'member', pid],
    )
    assert.deepEqual(errorOf(await portal.ask(alice.key, 'POST', `/api/v1/datasets/${id}/privateUrl/`)), [
      403,
      'Preview URL already exists for this dataset.',
    ])
    assert.equal((await portal.ask(alice.key, 'GET', byPid(pid, '/privateUrl/'))).json().data.token, token)

    assert.equal((await portal.ask(token, 'GET', `/api/datasets/${id}/versions/:draft`)).status, 200)
    assert.equal((await portal.ask(null, 'GET', `/api/datasets/${id}?key=${token}`)).status, 200)
    assert.equal((await portal.ask(token, 'DELETE', `/api/datasets/${id}`)).status, 401)
    for (const name of ['privateUrlDatasetVersion', 'previewUrlDatasetVersion']) {
      const read = await portal.ask(null, 'GET', `/api/datasets/${name}/${token}`)
      assert.equal(read.json().data.datasetId, id)
      const cited = await portal.ask(null, 'GET', `/api/datasets/${name}/${token}/citation`)
      assert.match(cited.json().data.message, /DRAFT VERSION$/)
    }
    await publish(id)
    assert.deepEqual(errorOf(await portal.ask(token, 'GET', `/api/datasets/${id}`)), [401, 'Bad API key'])
    assert.deepEqual(errorOf(await portal.ask(null, 'GET', `/api/datasets/privateUrlDatasetVersion/${token}`)), [
      404,
      'Private URL user not found',
    ])
    assert.deepEqual(errorOf(await portal.ask(alice.key, 'POST', url)), [
      403,
      "Can't create Preview URL because the latest version of this dataset is not a draft.",
    ])
    assert.ok(!portal.logged.some((line) => line.includes(token)), 'no line of the log holds it')
  })

  test('is never anonymous', async () => {
    const { id } = await makeDraft()
    assert.equal(
      (await portal.ask(alice.key, 'POST', `/api/datasets/${id}/privateUrl?anonymizedAccess=true`)).status,
      406,
    )
  })
})

describe('an export', () => {
  test('is the raw document with its own type: of the draft for its editors, else of what was published last', async () => {
    const { id, pid } = await makeDraft()
    const url = (exporter: string, version?: string) =>
      `/api/datasets/export?exporter=${exporter}&persistentId=${pid}${version === undefined ? '' : `&version=${version}`}`
    const lookUp = 'Unable to look up dataset based on version. Try :latest-published or :draft.'
    assert.deepEqual(errorOf(await portal.ask(alice.key, 'GET', url('dataverse_json'))), [400, lookUp])
    assert.deepEqual(errorOf(await portal.ask(bob.key, 'GET', url('dataverse_json', ':draft'))), [400, lookUp])
    for (const version of [':draft', ':latest']) {
      const draft = await portal.ask(alice.key, 'GET', url('OAI_ORE', version))
      assert.equal(draft.status, 200, draft.text)
      assert.equal(draft.json()['@type'], 'ore:ResourceMap')
    }
    await publish(id)
    const own = await portal.ask(null, 'GET', url('dataverse_json'))
    assert.equal(own.headers['content-type'], 'application/json; charset=utf-8')
    assert.equal(own.json().datasetVersion.versionState, 'RELEASED')
    const xml = await portal.ask(null, 'GET', url('oai_datacite'))
    assert.match(String(xml.headers['content-type']), /^application\/xml/)
    assert.ok(xml.text.includes('<title'), xml.text)
    assert.deepEqual(errorOf(await portal.ask(null, 'GET', url('nope'))), [403, 'Export Failed'])
    assert.deepEqual(
      errorOf(await portal.ask(null, 'GET', '/api/datasets/export?exporter=ddi&persistentId=doi:10.5072/FK2/NOPE99')),
      [404, 'A dataset with the persistentId doi:10.5072/FK2/NOPE99 could not be found.'],
    )
    await portal.ask(alice.key, 'PUT', `/api/datasets/${id}/editMetadata`, { typeName: 'subtitle', value: 'x' })
    await publish(id, 'minor')
    assert.deepEqual(errorOf(await portal.ask(null, 'GET', url('ddi', '1.0'))), [
      400,
      'Non-draft version requested (1.0) but for published versions only the latest (:latest-published) is supported.',
    ])
  })
})

describe('a dataset’s place', () => {
  test('is told from the inside out, and changed by who publishes there', async () => {
    const { id, alias } = await makeDraft()
    const { isPartOf } = (await portal.ask(alice.key, 'GET', `/api/datasets/${id}?returnOwners=true`)).json().data
    assert.deepEqual(isPartOf, {
      type: 'DATAVERSE',
      identifier: alias,
      isReleased: true,
      displayName: `Collection ${alias}`,
      isPartOf: { type: 'DATAVERSE', identifier: 'root', isReleased: true, displayName: 'Root' },
    })
    const other = await makeDraft()
    const moved = await portal.ask(alice.key, 'POST', `/api/datasets/${id}/move/${other.alias}`)
    assert.equal(moved.status, 200, moved.text)
    const again = await portal.ask(alice.key, 'GET', `/api/datasets/${id}/versions/:draft?returnOwners=true`)
    assert.equal(again.json().data.isPartOf.identifier, other.alias)
  })

  test('says what the caller may do, and how much its files take', async () => {
    const { id } = await makeDraft()
    assert.deepEqual((await portal.ask(alice.key, 'GET', `/api/datasets/${id}/userPermissions`)).json().data, {
      canViewUnpublishedDataset: true,
      canEditDataset: true,
      canPublishDataset: true,
      canManageDatasetPermissions: true,
      canDeleteDatasetDraft: true,
    })
    const size = await portal.ask(alice.key, 'GET', `/api/datasets/${id}/storagesize`)
    assert.equal(size.json().data.message, 'Total size of the files stored in this dataset: 0 bytes')
    assert.deepEqual((await portal.ask(null, 'GET', '/api/datasets/summaryFieldNames')).json().data, [
      'dsDescription',
      'subject',
      'keyword',
      'publication',
      'notesText',
    ])
  })
})
