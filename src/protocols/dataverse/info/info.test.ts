import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type DataversePortal, openDataversePortal } from '#test/dataverse-portal.ts'

let portal: DataversePortal
before(async () => {
  portal = await openDataversePortal()
})
after(() => portal.close())

const get = async (path: string, key: string | null = null) => (await portal.ask(key, 'GET', `/api/${path}`)).json()

describe('what is told to everybody', () => {
  test('names a version that clients read a leading 6 from, whatever key is shown', async () => {
    for (const key of [null, '', 'wrong', 'c6527048-5bdc-48b0-a1d5-ed1b62c8113b'])
      assert.deepEqual(await get('info/version', key), { status: 'OK', data: { version: '6.11', build: null } })
    assert.deepEqual(await get('v1/info/server/'), { status: 'OK', data: { message: 'data.example.org' } })
    assert.equal((await get('info/zipDownloadLimit')).data, 104_857_600)
    assert.deepEqual(await get('info/settings/:MaxEmbargoDurationInMonths'), {
      status: 'ERROR',
      message: 'Setting :MaxEmbargoDurationInMonths not found',
    })
  })

  test('has licenses with exactly one default', async () => {
    const { data } = await get('licenses')
    assert.equal(data.filter((one: { isDefault: boolean }) => one.isDefault).length, 1)
    assert.deepEqual(data[0], {
      id: 1,
      name: 'CC0 1.0',
      shortDescription: 'Creative Commons CC0 1.0 Universal Public Domain Dedication.',
      uri: 'http://creativecommons.org/publicdomain/zero/1.0',
      iconUrl: 'https://licensebuttons.net/p/zero/1.0/88x31.png',
      active: true,
      isDefault: true,
      sortOrder: 0,
      rightsIdentifier: 'CC0-1.0',
      rightsIdentifierScheme: 'SPDX',
      schemeUri: 'https://spdx.org/licenses/',
      languageCode: 'en',
    })
    assert.equal((await get('licenses/1')).data.name, 'CC0 1.0')
    assert.equal((await get('licenses/99')).message, 'License with ID 99 not found.')
  })

  test('describes blocks with every key that pyDataverse wants', async () => {
    const { data } = await get('metadatablocks')
    assert.deepEqual(data[0], { id: 1, displayName: 'Citation Metadata', displayOnCreate: true, name: 'citation' })
    const { fields } = (await get('metadatablocks/citation')).data
    const wanted = ['name', 'displayName', 'title', 'type', 'typeClass', 'multiple', 'isControlledVocabulary', 'displayFormat', 'displayOrder', 'isRequired'] // biome-ignore format: one list
    const check = (field: Record<string, unknown>) => {
      for (const name of wanted) assert.ok(name in field, `${field.name} has no ${name}`)
      for (const child of Object.values((field.childFields ?? {}) as Record<string, Record<string, unknown>>))
        check(child)
    }
    for (const field of Object.values(fields as Record<string, Record<string, unknown>>)) check(field)
    assert.deepEqual([fields.title.displayOrder, fields.title.isRequired, fields.author.type], [0, true, 'NONE'])
    assert.equal(fields.author.childFields.authorName.displayName, 'Author Name')
    assert.ok(fields.subject.controlledVocabularyValues.includes('Law'))
    const orders = Object.values(fields as Record<string, { displayOrder: number }>).map(
      ({ displayOrder }) => displayOrder,
    )
    assert.deepEqual(
      orders,
      [...orders].sort((a, b) => a - b),
    )
    assert.equal((await get('metadatablocks/nope')).message, "Can't find metadata block 'nope'")
    const onCreate = (await get('metadatablocks?onlyDisplayedOnCreate=true&returnDatasetFieldTypes=true')).data
    assert.ok('title' in onCreate[0].fields && !('subtitle' in onCreate[0].fields))
  })

  test('lists fields to narrow searches by, the author’s name first', async () => {
    const { data } = await get('datasetfields/facetables')
    assert.equal(data[0].name, 'authorName')
    assert.ok(data.length > 10)
  })

  test('names the forms of export', async () => {
    const { data } = await get('info/exportFormats')
    assert.deepEqual(data.oai_datacite.mediaType, 'application/xml')
    for (const name of [
      'dataverse_json',
      'Datacite',
      'ddi',
      'oai_ddi',
      'dcterms',
      'oai_dc',
      'OAI_ORE',
      'schema.org',
      'croissant',
    ])
      assert.ok(name in data, name)
  })
})

describe('what is not there', () => {
  test('is told with the address, and without the key', async () => {
    const reply = await portal.ask(null, 'GET', '/api/access/nothing/here?key=tsr_abcdefghijkl_secretsecret')
    assert.equal(reply.status, 404)
    assert.deepEqual(reply.json(), {
      status: 'ERROR',
      code: 404,
      message:
        'API endpoint does not exist on this server. Please check your code for typos, or consult our API guide at http://guides.dataverse.org.',
      requestUrl: 'https://data.example.org/api/v1/access/nothing/here',
      requestMethod: 'GET',
    })
    const wrong = await portal.ask(null, 'DELETE', '/api/info/version')
    assert.deepEqual([wrong.status, wrong.json().code, wrong.json().requestMethod], [405, 405, 'DELETE'])
    assert.equal(
      wrong.json().message,
      'API endpoint does not support this method. Consult our API guide at http://guides.dataverse.org.',
    )
  })
})
