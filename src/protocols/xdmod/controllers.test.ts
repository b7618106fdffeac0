import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { jobsModel, otherModels } from '#test/xdmod-models.ts'
import { openXdmodPortal, organization, type XdmodPortal } from '#test/xdmod-portal.ts'

const explorer = '/controllers/metric_explorer.php'
const numbers = '/controllers/user_interface.php'

let portal: XdmodPortal
let token: string
before(async () => {
  portal = await openXdmodPortal({ jobs: jobsModel, ...otherModels })
  token = await portal.token('member', 'warehouse:read', 'warehouse:raw')
})
after(() => portal.close())

type Fields = Readonly<Record<string, string>>

async function post(url: string, fields: Fields, headers: Fields = { authorization: `Bearer ${token}` }) {
  const reply = await portal.app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload: new URLSearchParams(fields).toString(),
  })
  return { status: reply.statusCode, headers: reply.headers, text: reply.body, json: () => reply.json() }
}

const valuesOf = async (fields: Fields, headers?: Fields) => {
  const reply = await post(explorer, { operation: 'get_dimension', realm: 'Jobs', limit: '10000', ...fields }, headers)
  assert.equal(reply.status, 200, reply.text)
  return reply.json() as { totalCount: number; data: { id: string; name: string; checked: boolean }[] }
}

const asked = {
  operation: 'get_data',
  start_date: '2026-03-01',
  end_date: '2026-03-03',
  realm: 'Jobs',
  statistic: 'total_cpu_hours',
  group_by: 'resource',
  dataset_type: 'timeseries',
  aggregation_unit: 'Day',
  format: 'csv',
}

/** The records from the header on. */
async function csvOf(fields: Fields, headers?: Fields): Promise<string[]> {
  const reply = await post(numbers, { ...asked, ...fields }, headers)
  assert.equal(reply.status, 200, reply.text)
  assert.equal(reply.headers['content-type'], 'application/xls; charset=utf-8')
  return reply.text.split('\n').slice(7, -2)
}

describe('the catalogue', () => {
  test('lists the caller’s realms by id, metrics by label, dimensions with none first', async () => {
    const { status, json } = await post(explorer, { operation: 'get_dw_descripter' })
    const described = json()
    assert.equal(status, 200)
    assert.equal(described.totalCount, 1)
    const { realms } = described.data[0]
    assert.deepEqual(Object.keys(realms), ['Birds', 'Jobs'])
    assert.equal(realms.Birds.category, 'Birds seen')
    assert.equal(realms.Birds.text, 'Birds')
    assert.deepEqual(Object.keys(realms.Jobs.metrics), ['avg_cpu_hours', 'total_cpu_hours', 'job_count', 'running'])
    assert.deepEqual(realms.Jobs.metrics.total_cpu_hours, {
      text: 'CPU Hours: Total',
      info: 'Core time.',
      std_err: false,
      hidden_groupbys: [],
    })
    assert.equal(realms.Jobs.metrics.avg_cpu_hours.std_err, true)
    assert.deepEqual(Object.keys(realms.Jobs.dimensions), ['none', 'jobsize', 'queue', 'resource', 'username'])
    assert.equal(realms.Jobs.dimensions.none.text, 'None')
  })

  test('shows a narrowed token and a higher role what each may read', async () => {
    const realmsOf = async (shown: string) => {
      const { json } = await post(explorer, { operation: 'get_dw_descripter' }, { authorization: `Bearer ${shown}` })
      return Object.keys(json().data[0].realms)
    }
    assert.deepEqual(await realmsOf(await portal.token('member', 'datasets:read')), ['Birds'])
    assert.deepEqual(await realmsOf(await portal.token('manager', 'warehouse:read')), ['Bats', 'Birds', 'Jobs'])
    assert.deepEqual(await realmsOf(await portal.token('manager', 'warehouse:read:bats')), ['Bats', 'Birds'])
  })
})

describe('the values of a dimension', () => {
  test('come in the dimension’s order, page by page, and always with the number of all', async () => {
    const all = await valuesOf({ dimension_id: 'queue' })
    assert.deepEqual(
      all.data.map(({ name }) => name),
      ['a,b 50%', 'short', 'x]y &lt; "z"'],
    )
    assert.deepEqual(all.data[1], { id: 'short', name: 'short', short_name: 'short', checked: false })
    const page = await valuesOf({ dimension_id: 'queue', start: '1', limit: '1' })
    assert.deepEqual([page.totalCount, page.data.map(({ name }) => name)], [3, ['short']])
    assert.deepEqual(await valuesOf({ dimension_id: 'queue', start: '99' }), { totalCount: 3, data: [] })
  })

  test('write an id in which a comma would be taken for two', async () => {
    const { data } = await valuesOf({ dimension_id: 'queue' })
    assert.equal(data[0]?.id, 'a%2Cb 50%25')
    const [header] = await csvOf({ group_by: 'queue', queue_filter: data[0]?.id ?? '' })
    assert.equal(header, 'Day,"[a,b 50%] CPU Hours: Total"')
  })

  test('are found by words in their names, whatever the case, and marked as chosen', async () => {
    const found = await valuesOf({ dimension_id: 'resource', search_text: 'IRON big' })
    assert.deepEqual([found.totalCount, found.data.map(({ name }) => name)], [1, ['big iron']])
    const chosen = await valuesOf({ dimension_id: 'resource', selectedFilterIds: 'queue=1,resource=4' })
    assert.deepEqual(
      chosen.data.map(({ id, checked }) => [id, checked]),
      [
        ['1', false],
        ['4', true],
      ],
    )
  })

  test('cost no more for being asked for a thousand times at once', async () => {
    const crowd = { dimension_id: 'queue', realm: Array(50_000).fill('Jobs').join() }
    assert.deepEqual(await valuesOf(crowd), await valuesOf({ dimension_id: 'queue' }))
    const long = { operation: 'get_dimension', realm: 'Jobs', dimension_id: 'queue', search_text: 'a '.repeat(101) }
    const refused = await post(explorer, long)
    assert.deepEqual([refused.status, refused.json().message], [400, 'search_text has at most 200 characters.'])
  })

  test('are those of several realms together, or of all when none is named', async () => {
    const named = await valuesOf({ realm: 'Birds', dimension_id: 'kind' })
    assert.deepEqual(await valuesOf({ realm: 'Birds,Birds', dimension_id: 'kind' }), named)
    assert.deepEqual(await valuesOf({ realm: '', dimension_id: 'kind' }), named)
    assert.deepEqual((await valuesOf({ realm: '', dimension_id: 'nowhere' })).data, [])
  })

  test('of none are the organisation', async () => {
    const { data } = await valuesOf({ dimension_id: 'none' })
    assert.deepEqual(data, [{ id: '-9999', name: organization, short_name: organization, checked: false }])
  })

  test('are twenty when no limit is given, or 0', async () => {
    const { json } = await post(explorer, {
      operation: 'get_dimension',
      realm: 'Jobs',
      dimension_id: 'queue',
      limit: '0',
    })
    assert.equal(json().data.length, 3)
  })

  test('are refused for an unknown dimension (101) and one not permitted (103)', async () => {
    const ask = { operation: 'get_dimension', realm: 'Jobs' }
    const unknown = await post(explorer, { ...ask, dimension_id: 'turnips' })
    assert.deepEqual([unknown.status, unknown.json().code], [400, 101])
    assert.equal(unknown.json().message, "Dimension 'turnips' does not exist for realm 'Jobs'.")
    const closed = await post(explorer, { ...ask, dimension_id: 'secret' })
    assert.deepEqual([closed.status, closed.json().code], [403, 103])
    const realm = await post(explorer, { ...ask, realm: 'Bats', dimension_id: 'kind' })
    assert.deepEqual([realm.status, realm.json().code], [403, 103])
  })
})

describe('a time series', () => {
  test('has a column for each value, by its total falling, and 0 where only others have something', async () => {
    const reply = await post(numbers, asked)
    assert.equal(
      reply.text,
      [
        'title',
        '"CPU Hours: Total: by Resource"',
        'parameters',
        '',
        'start,end',
        '2026-03-01,2026-03-03',
        '---------',
        'Day,"[anvil] CPU Hours: Total","[big iron] CPU Hours: Total"',
        '2026-03-01,8.0000,0',
        '2026-03-02,44.0000,3.2500',
        '2026-03-03,0.0000,0',
        '---------',
        '',
      ].join('\n'),
    )
    assert.equal(reply.headers['content-disposition'], undefined)
  })

  test('keeps the order of buckets', async () => {
    const [header] = await csvOf({ group_by: 'jobsize' })
    assert.equal(header, 'Day,"[1 - 4] CPU Hours: Total","[> 8] CPU Hours: Total"')
  })

  test('without a dimension has one column, under the organisation’s name', async () => {
    assert.deepEqual(await csvOf({ group_by: 'none', statistic: 'job_count' }), [
      'Day,"[Müller & Söhne] Number of Jobs Ended"',
      '2026-03-01,0',
      '2026-03-02,3',
      '2026-03-03,1',
    ])
  })

  test('writes periods as clients read them, and widens the range to whole ones', async () => {
    const of = async (aggregation_unit: string) =>
      (await csvOf({ aggregation_unit, group_by: 'none', start_date: '2026-03-02', end_date: '2026-05-01' })).map(
        (line) => line.split(',').slice(0, 2).join(),
      )
    assert.deepEqual(await of('month'), [
      'Month,"[Müller & Söhne] CPU Hours: Total"',
      '2026-03,55.2500',
      '2026-04,4200.0000',
      '2026-05,3000.0000',
    ])
    assert.deepEqual((await of('Quarter')).slice(1), ['"2026 Q1",55.2500', '"2026 Q2",7200.0000'])
    assert.deepEqual((await of('YEAR')).slice(1), ['2026,7255.2500'])
    assert.equal((await of('Auto'))[1], '2026-03-02,47.2500')
  })

  test('lets every label through that clients would trip over', async () => {
    const [header] = await csvOf({ group_by: 'queue', queue_filter: 'x]y &lt; "z"' })
    assert.equal(header, 'Day,"[x&#93;y &amp;lt; ""z""] CPU Hours: Total"')
    const [, row] = await csvOf({ group_by: 'username', resource_filter: '4', dataset_type: 'aggregate' })
    assert.equal(row, '"Müller, Bö",3.2500')
  })

  test('without data has only the unit', async () => {
    assert.deepEqual(await csvOf({ start_date: '2001-01-01', end_date: '2001-01-02' }), ['Day'])
  })
})

describe('an aggregate', () => {
  test('has one row for each value, by the metric falling', async () => {
    assert.deepEqual(await csvOf({ dataset_type: 'aggregate', aggregation_unit: 'Month' }), [
      'Resource,"CPU Hours: Total"',
      'anvil,52.0000',
      '"big iron",3.2500',
    ])
    assert.deepEqual(await csvOf({ dataset_type: 'aggregate', group_by: 'jobsize', end_date: '2026-05-01' }), [
      '"Job Size","CPU Hours: Total"',
      '"1 - 4",35.2500',
      '"> 8",7220.0000',
    ])
  })

  test('without a dimension has exactly one row, also when nothing matches', async () => {
    for (const [resource_filter, value] of [
      ['1', '52.0000'],
      ['77', '0.0000'],
    ] as const)
      assert.deepEqual(await csvOf({ dataset_type: 'aggregate', group_by: 'none', resource_filter }), [
        'Summary,"CPU Hours: Total"',
        `"Müller & Söhne",${value}`,
      ])
    assert.deepEqual(await csvOf({ dataset_type: 'aggregate', resource_filter: '77' }), ['Resource,"CPU Hours: Total"'])
  })
})

describe('filters', () => {
  const recordOf = async (fields: Fields) => (await post(numbers, { ...asked, ...fields })).text.split('\n')[3]

  test('are shown as the portal writes them', async () => {
    assert.equal(await recordOf({ resource_filter: '1' }), '"Resource =  anvil"')
    assert.equal(
      await recordOf({ resource_filter: '4,1', queue_filter: 'short' }),
      '"Resource = ( anvil,  big iron )","Queue =  short"',
    )
  })

  test('of one dimension are alternatives, of several must all hold', async () => {
    const totals = (fields: Fields) => csvOf({ dataset_type: 'aggregate', group_by: 'none', ...fields })
    assert.equal((await totals({ resource_filter: '1,4' }))[1], '"Müller & Söhne",55.2500')
    assert.equal((await totals({ resource_filter: '1,4', queue_filter: 'short' }))[1], '"Müller & Söhne",32.0000')
  })

  test('may be named by the bare dimension, and hold a short code in quotes', async () => {
    const [, row] = await csvOf({ dataset_type: 'aggregate', resource: "'big-iron'" })
    assert.equal(row, '"big iron",3.2500')
  })

  test('that cannot be read match nothing or are refused, and never count as none', async () => {
    for (const resource_filter of [',', 'x', '1e9', "'; drop table facts --", '9'.repeat(50)])
      assert.equal((await csvOf({ dataset_type: 'aggregate', resource_filter })).length, 1, resource_filter)
    assert.equal((await post(numbers, { ...asked, resource_filter: 'x'.repeat(1001) })).status, 400)
    const closed = await post(numbers, { ...asked, secret_filter: 'ada' })
    assert.deepEqual([closed.status, closed.json().code], [403, 103])
  })
})

describe('a question for numbers', () => {
  test('is refused in the portal’s words', async () => {
    for (const [fields, status, message, code] of [
      [{ start_date: '' }, 400, 'missing required start_date parameter', 0],
      [{ end_date: '' }, 400, 'missing required end_date parameter', 0],
      [{ start_date: '2026-02-30' }, 400, 'start_date param is not in the correct format of Y-m-d.', 0],
      [{ end_date: '1.3.2026' }, 400, 'end_date param is not in the correct format of Y-m-d.', 0],
      [{ start_date: '2026-03-04' }, 400, 'End date must be greater than or equal to start date', 0],
      [{ realm: '' }, 400, 'One or more realms must be specified.', 0],
      [{ realm: 'Turnips' }, 400, 'No realm exists with the requested name.', 0],
      [{ group_by: 'turnips' }, 400, "Dimension 'turnips' does not exist for realm 'Jobs'.", 101],
      [{ statistic: 'turnips' }, 400, "Statistic 'turnips' does not exist for realm 'Jobs'.", 0],
      [{ aggregation_unit: 'Week' }, 400, "There is no aggregation unit 'Week'.", 102],
      [{ format: 'xml' }, 400, "The format 'xml' is not offered; ask for csv.", 0],
    ] as const) {
      const reply = await post(numbers, { ...asked, ...fields })
      assert.deepEqual([reply.status, reply.json().message, reply.json().code], [status, message, code])
      assert.match(String(reply.headers['content-type']), /^application\/json/)
    }
    const denied = await post(numbers, { ...asked, realm: 'Bats', statistic: 'birds', group_by: 'kind' })
    assert.deepEqual([denied.status, denied.json().code], [403, 103])
    assert.equal(denied.json().message.split('\n').length, 3)
  })

  test('may be asked by GET, as get_charts, and saved as a file', async () => {
    const wanted = (await post(numbers, asked)).text
    assert.equal((await post(numbers, { ...asked, operation: 'get_charts' })).text, wanted)
    const query = new URLSearchParams({ ...asked, inline: 'n', Bearer: token }).toString()
    const got = await portal.app.inject({ url: `${numbers}?${query}` })
    assert.equal(got.body, wanted)
    assert.match(String(got.headers['content-disposition']), /^attachment/)
  })

  test('without a known operation is answered with 200 and what is wrong', async () => {
    for (const url of [numbers, explorer])
      for (const [fields, said] of [
        [{}, 'operation_not_specified'],
        [{ operation: 'constructor' }, 'invalid_operation_specified'],
      ] as const) {
        const { status, json } = await post(url, fields)
        assert.equal(status, 200)
        assert.deepEqual(json(), { status: said, success: false, totalCount: 0, message: said, data: [] })
      }
  })
})

describe('who asks the controllers', () => {
  const catalogue = { operation: 'get_dw_descripter' }

  test('may show the token as header, as field, or equal in both', async () => {
    for (const [fields, headers] of [
      [{ Bearer: token }, {}],
      [{ Bearer: token }, { authorization: `Bearer ${token}` }],
      [{}, { authorization: `Bearer ${token}` }],
    ] as const)
      assert.equal((await post(explorer, { ...catalogue, ...fields }, headers)).status, 200)
    const other = await portal.token('member', 'warehouse:read')
    const two = await post(explorer, { ...catalogue, Bearer: other }, { authorization: `Bearer ${token}` })
    assert.equal(two.status, 400)
  })

  test('is nobody without token and session, or with a bad token', async () => {
    for (const headers of [
      {},
      { authorization: 'Bearer turnip' },
      { cookie: `${portal.cookies.session}=turnip` },
    ] as Fields[])
      for (const [url, fields] of [
        [explorer, catalogue],
        [explorer, { operation: 'get_dimension', realm: 'Jobs', dimension_id: 'queue' }],
        [numbers, asked],
      ] as const) {
        const reply = await post(url, fields, headers)
        assert.deepEqual([reply.status, reply.json().message, reply.json().code], [401, 'Session Expired', 2])
        assert.equal(reply.headers['www-authenticate'], 'XDMoDAuth realm="http://localhost:8080/"')
      }
  })

  test('may be a person signed in, also beside a bad token', async () => {
    const { cookie, secret } = await portal.session('member')
    const fromOurPage = { cookie, 'sec-fetch-site': 'same-origin' }
    assert.equal((await post(explorer, catalogue, fromOurPage)).status, 200)
    assert.equal((await post(explorer, { ...catalogue, Bearer: 'turnip' }, fromOurPage)).status, 200)
    assert.equal((await post(explorer, catalogue, { token: secret })).status, 200)
    assert.equal((await post(explorer, catalogue, { cookie, 'sec-fetch-site': 'cross-site' })).status, 403)
  })

  test('may be the public where it says so, and sees what is public', async () => {
    const seen = { ...asked, realm: 'Birds', statistic: 'birds', group_by: 'kind', public_user: 'true' }
    const rows = await csvOf({ ...seen, dataset_type: 'aggregate' }, {})
    assert.deepEqual(rows.slice(1), ['jay,1', 'owl,1'])
    assert.equal((await post(numbers, { ...asked, public_user: 'true' }, {})).status, 403)
    assert.equal((await post(numbers, { ...seen, group_by: 'ring' }, {})).status, 403)
    assert.equal((await post(explorer, { ...catalogue, public_user: 'true' }, {})).status, 401)
  })

  test('never finds the token in the log', async () => {
    await portal.app.inject({ url: `${explorer}?operation=get_dw_descripter&Bearer=${token}` })
    await portal.app.inject({ url: `/rest/v1/turnips?Bearer=${token}` })
    assert.ok(portal.logged.length > 0)
    assert.ok(!portal.logged.join('').includes(token))
  })
})
