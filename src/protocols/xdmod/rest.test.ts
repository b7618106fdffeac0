import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { importResources as importFile } from '#src/imports/import-resources.ts'
import { operator } from '#test/accounts.ts'
import { jobsModel, otherModels } from '#test/xdmod-models.ts'
import { openXdmodPortal, type XdmodPortal } from '#test/xdmod-portal.ts'

let portal: XdmodPortal
let token: string
before(async () => {
  portal = await openXdmodPortal({ jobs: jobsModel, ...otherModels })
  token = await portal.token('member', 'warehouse:read', 'warehouse:raw')
})
after(() => portal.close())

/** Takes resources in by the product's own act, from a file (JSON is YAML). */
async function importResources(content: object): Promise<void> {
  const file = path.join(await mkdtemp(path.join(tmpdir(), 'tessera-resources-')), 'resources.yml')
  await writeFile(file, JSON.stringify(content))
  await portal.house.change(operator, (change) => importFile(change, file))
  await rm(path.dirname(file), { recursive: true })
}

type Fields = Readonly<Record<string, string>>
const newer = 'xdmod-data Python v1.1.0'
const older = 'xdmod-data Python v1.0.3'

async function get(path: string, query: Fields = {}, headers: Fields = {}) {
  const url = `${path}?${new URLSearchParams(query)}`
  const shown = { authorization: `Bearer ${token}`, 'user-agent': newer, ...headers }
  const reply = await portal.app.inject({ url, headers: shown })
  return { status: reply.statusCode, headers: reply.headers, text: reply.body, json: () => reply.json() }
}

const days = { realm: 'Jobs', start_date: '2026-03-01', end_date: '2026-03-03' }
const raw = (query: Fields = {}, headers: Fields = {}) =>
  get('/rest/v1/warehouse/raw-data', { ...days, fields: 'Local Job Id,Cores', ...query }, headers)

describe('realms with raw data', () => {
  test('are described field by field, in the order of the columns', async () => {
    const { status, json } = await get('/rest/v1/warehouse/export/realms')
    assert.equal(status, 200)
    assert.equal(json().total, 1)
    const [jobs] = json().data
    assert.deepEqual([jobs.id, jobs.name], ['Jobs', 'Jobs'])
    assert.deepEqual(jobs.fields[0], {
      name: 'Local Job Id',
      alias: 'Local Job Id',
      display: 'Local Job Id',
      anonymize: false,
      documentation: "The scheduler's id.",
    })
    assert.deepEqual(
      jobs.fields.map((field: { display: string }) => field.display),
      ['Local Job Id', 'User', 'System Username (Deidentified)', 'Start Time (Timestamp)', 'Cores', 'Queue'],
    )
    assert.equal(jobs.fields[2].anonymize, true)
  })

  test('are none for who may not read raw data, and refused to nobody in the portal’s words', async () => {
    const aggregatesOnly = await portal.token('member', 'warehouse:read')
    const { json } = await get('/rest/v1/warehouse/export/realms', {}, { authorization: `Bearer ${aggregatesOnly}` })
    assert.deepEqual(json(), { success: true, data: [], total: 0 })
    const nobody = await get('/rest/v1/warehouse/export/realms', {}, { authorization: '' })
    assert.equal(nobody.status, 401)
    assert.match(nobody.json().message, /authorization procedure/)
  })
})

describe('raw rows', () => {
  test('come to newer clients one by one after their length in bytes, and end with 0', async () => {
    const { status, headers, text } = await raw({ fields: 'User,Cores' })
    assert.deepEqual([status, headers['content-type']], [200, 'text/plain; charset=utf-8'])
    const rows = ['["User","Cores"]', '["ada","4"]', '["bo","10"]', '["Müller, Bö","2"]', '["ada","1"]']
    const wanted = rows.map((row) => `${Buffer.byteLength(row).toString(16)}\r\n${row}\r\n`).join('')
    assert.equal(text, `${wanted}0\r\n\r\n`)
  })

  test('are texts or null, moments in Unix seconds, user names hashed', async () => {
    const { text } = await raw({ fields: 'User,System Username,Start Time', end_date: '2026-05-01' })
    const rows = text.split('\r\n').filter((line) => line.startsWith('['))
    const [user, hash, start] = JSON.parse(rows[1] ?? '[]')
    assert.equal(user, 'ada')
    assert.match(hash, /^[0-9a-f]{40}$/)
    assert.equal(start, String(Date.parse('2026-03-01T22:00:00Z') / 1000))
    assert.equal(JSON.parse(rows.at(-1) ?? '[]')[0], null)
  })

  test('come as a JSON text sequence to who asks for one', async () => {
    const { headers, text } = await raw({ end_date: '2026-03-02' }, { accept: 'application/json-seq' })
    assert.equal(headers['content-type'], 'application/json-seq')
    assert.equal(text, '\x1e["Local Job Id","Cores"]\n\x1e["101","4"]\n\x1e["102","10"]\n\x1e["104","2"]\n')
  })

  test('come to clients 1.0.x in pages of the limit that they are told', async () => {
    const limit = await get('/rest/v1/warehouse/raw-data/limit', {}, { 'user-agent': older })
    assert.deepEqual(limit.json(), { success: true, data: 2 })
    const page = async (offset: number) => (await raw({ offset: String(offset) }, { 'user-agent': older })).json()
    const fields = ['Local Job Id', 'Cores']
    assert.deepEqual(await page(0), { success: true, fields, data: [['101', '4'], ['102', '10']] }) // biome-ignore format: one page
    assert.deepEqual(await page(2), { success: true, fields, data: [['104', '2'], ['103', '1']] }) // biome-ignore format: one page
    assert.deepEqual(await page(4), { success: true, fields, data: [] })
    assert.equal((await get('/rest/v1/warehouse/raw-data/limit')).status, 404)
  })

  test('keep the catalogue’s order of columns, and skip what the offset says', async () => {
    const rows = async (query: Fields) => (await raw(query)).text.split('\r\n').filter((line) => line.startsWith('['))
    assert.deepEqual(await rows({ fields: 'Cores,Local Job Id', offset: '3' }), [
      '["Local Job Id","Cores"]',
      '["103","1"]',
    ])
    assert.deepEqual(await rows({ offset: '99' }), ['["Local Job Id","Cores"]'])
    assert.equal(JSON.parse((await rows({ fields: '', offset: '0' }))[0] ?? '{"refused":true}').refused, true)
  })

  test('are those whose filters all hold', async () => {
    const { text } = await raw({ 'filters[resource]': '1,4', 'filters[queue]': 'a%2Cb 50%25' })
    assert.equal(text, '18\r\n["Local Job Id","Cores"]\r\nc\r\n["102","10"]\r\n0\r\n\r\n')
    assert.equal((await raw({ 'filters[resource]': '77' })).text, '18\r\n["Local Job Id","Cores"]\r\n0\r\n\r\n')
  })

  test('without fields have all of them', async () => {
    const { text } = await get('/rest/v1/warehouse/raw-data', days)
    assert.equal(JSON.parse(text.split('\r\n')[1] ?? '').length, 6)
  })

  test('are refused in the portal’s words, the first thing wrong first', async () => {
    for (const [query, status, message] of [
      [{ start_date: undefined, end_date: undefined, realm: undefined }, 400, 'start_date is a required parameter.'],
      [{ end_date: undefined, realm: undefined }, 400, 'end_date is a required parameter.'],
      [{ realm: undefined }, 400, 'realm is a required parameter.'],
      [{ start_date: '2024-01-99', end_date: 'x' }, 400, 'Invalid value for start_date. Must be a(n) ISO 8601 Date.'],
      [{ end_date: 'x' }, 400, 'Invalid value for end_date. Must be a(n) ISO 8601 Date.'],
      [{ start_date: '2026-03-04', realm: 'Turnips' }, 400, 'End date cannot be less than start date.'],
      [{ realm: 'Turnips', fields: 'foo' }, 400, 'No realm exists with the requested name.'],
      [{ realm: 'Birds', fields: 'foo' }, 400, 'The requested realm is not configured to provide raw data.'],
      [{ 'filters[foo]': '1', offset: 'x' }, 400, "Invalid filter key 'foo'."],
      [{ filters: '1' }, 400, 'Invalid value for filters. Must be a(n) array.'],
      [{ offset: 'x', fields: 'foo' }, 400, 'Invalid value for offset. Must be a(n) integer.'],
      [{ offset: '-1', fields: 'foo' }, 400, 'Offset must be non-negative.'],
      [{ fields: 'foo,Cores,bar;' }, 400, "Invalid fields specified: 'foo', 'bar;'."],
      [{ 'realm[]': 'Jobs' }, 400, 'Invalid value for realm. Must be a(n) string.'],
    ] as const) {
      const given = Object.entries({ ...days, ...query }).filter((pair): pair is [string, string] => !!pair[1])
      const reply = await get('/rest/v1/warehouse/raw-data', Object.fromEntries(given))
      assert.deepEqual([reply.status, reply.json().message, reply.json().code], [status, message, 0])
    }
    const aggregatesOnly = await portal.token('member', 'warehouse:read')
    const denied = await raw({}, { authorization: `Bearer ${aggregatesOnly}` })
    assert.deepEqual([denied.status, denied.json().code], [403, 103])
    assert.match(denied.json().message, /does not have permission to get raw data from the requested realm\.$/)
  })

  test('that break off half-way never end with 0, and break the connection', async () => {
    const address = await portal.app.listen({ port: 0 })
    portal.breakStreams(true)
    try {
      const headers = { authorization: `Bearer ${token}`, 'user-agent': newer }
      const reply = await fetch(`${address}/rest/v1/warehouse/raw-data?${new URLSearchParams(days)}`, { headers })
      assert.equal(reply.status, 200)
      let got = ''
      await assert.rejects(async () => {
        for await (const chunk of reply.body!) got += Buffer.from(chunk).toString()
      })
      assert.ok(!got.includes('\r\n0\r\n'), got)
    } finally {
      portal.breakStreams(false)
    }
  })

  test('need a token: a session does not do, and every bad one reads alike', async () => {
    const { cookie } = await portal.session('member')
    const none = await raw({}, { authorization: '', cookie, 'sec-fetch-site': 'same-origin' })
    assert.deepEqual([none.status, none.json().message], [401, 'No token provided.'])
    const expiring = await portal.token('member', 'warehouse:raw')
    portal.house.clock.pass(400 * 24 * 3600)
    try {
      for (const bad of ['turnip', `5.${'0'.repeat(64)}`, expiring]) {
        const reply = await raw({}, { authorization: `Bearer ${bad}` })
        assert.deepEqual([reply.status, reply.json().message, reply.json().code], [401, 'Invalid token.', 0])
        assert.equal(reply.headers['www-authenticate'], 'Bearer')
      }
    } finally {
      portal.house.clock.pass(-400 * 24 * 3600)
    }
  })
})

describe('a stream that is too long', () => {
  test('is refused before its first byte, and pages are not', async () => {
    const strict = await openXdmodPortal({ jobs: jobsModel }, { streamLimit: 3 })
    try {
      const shown = `Bearer ${await strict.token('member', 'warehouse:raw')}`
      const ask = (end_date: string, agent = newer) =>
        strict.app.inject({
          url: `/rest/v1/warehouse/raw-data?${new URLSearchParams({ ...days, end_date })}`,
          headers: { authorization: shown, 'user-agent': agent },
        })
      const refused = await ask('2026-03-03')
      assert.equal(refused.statusCode, 422)
      assert.match(refused.json().message, /^These are 4 rows; one stream may have 3\./)
      assert.equal((await ask('2026-03-02')).statusCode, 200)
      assert.equal((await ask('2026-03-03', older)).statusCode, 200)
    } finally {
      await strict.close()
    }
  })
})

describe('resources', () => {
  test('are an empty list when there are none, and need a token', async () => {
    assert.deepEqual((await get('/rest/v1/warehouse/resources')).json(), { success: true, results: [] })
    const none = await get('/rest/v1/warehouse/resources', {}, { authorization: '' })
    assert.deepEqual([none.status, none.json().message], [401, 'No token provided.'])
  })

  test('are listed by name, with what the specifications say of their time', async () => {
    const have = { nodes: 1, cores: 1 }
    await importResources({
      organizations: [{ abbreviation: 'scw', name: 'Screwdriver' }],
      resources: [
        {
          code: 'big-iron',
          name: 'Big Iron',
          type: 'Cloud',
          organization: 'scw',
          specifications: [
            { valid_from: '2026-01-01', valid_to: '2026-01-31', ...have },
            { valid_from: '2026-02-01', ...have },
          ],
        },
        {
          code: 'old',
          name: 'Old Iron',
          organization: 'scw',
          specifications: [{ valid_from: '2020-01-01', valid_to: '2020-12-31', ...have }],
        },
      ],
    })
    const { json } = await get('/rest/v1/warehouse/resources', { service_provider: 'scw' })
    const { results } = json()
    assert.deepEqual(Object.keys(results), ['big iron', 'old'])
    const { resource_id, ...rest } = results['big iron']
    assert.match(resource_id, /^\d+$/)
    assert.deepEqual(rest, {
      resource_name: 'big iron',
      start_date: '2026-01-01 00:00:00',
      end_date: null,
      resource_type: 'Cloud',
      allocation_type: 'CPU Allocated',
    })
    assert.equal(results.old.end_date, '2020-12-31 23:59:59')
    assert.deepEqual((await get('/rest/v1/warehouse/resources', { service_provider: 'nobody' })).json().results, [])
  })
})

describe('REST addresses', () => {
  test('are the same with every version and without', async () => {
    const wanted = (await get('/rest/v1/warehouse/export/realms')).text
    for (const version of ['', '/v1.0', '/v2', '/v11.5', '/latest'])
      assert.equal((await get(`/rest${version}/warehouse/export/realms`)).text, wanted, version)
    for (const version of ['/vx', '/v1.', '/1', '/latest1'])
      assert.equal((await get(`/rest${version}/warehouse/export/realms`)).status, 404, version)
  })

  test('that nobody serves, and wrong methods, are refused in the portal’s form', async () => {
    const missing = await get('/rest/v1/turnips')
    assert.deepEqual([missing.status, missing.json().message], [404, 'No route found for "GET /rest/v1/turnips"'])
    const wrong = await portal.app.inject({ method: 'PUT', url: '/rest/v1/warehouse/resources' })
    assert.deepEqual([wrong.statusCode, wrong.json().success], [405, false])
  })
})
