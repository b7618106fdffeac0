import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { jobsModel, otherModels } from '#test/xdmod-models.ts'
import { openXdmodPortal, type XdmodPortal } from '#test/xdmod-portal.ts'

let portal: XdmodPortal
let token: string
before(async () => {
  portal = await openXdmodPortal({ jobs: jobsModel, ...otherModels })
  token = await portal.token('member', 'warehouse:read', 'warehouse:raw')
})
after(() => portal.close())

const text = fc.oneof(
  fc.string({ maxLength: 12, unit: 'binary' }),
  fc.constantFrom(
    '',
    ',',
    "'",
    '%',
    '%2C',
    '0',
    '-1',
    '1e9',
    '9'.repeat(30),
    '\0',
    '../..',
    '__proto__',
    'constructor',
  ),
)
const day = fc.oneof(
  text,
  fc.constantFrom('2026-03-01', '2026-03-03', '0001-01-01', '9999-12-31', '2026-02-30', '0000-00-00'),
)
const sometimes = <T>(wanted: T[], other: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...wanted) }, { weight: 1, arbitrary: other })

/** A request that is right everywhere. */
const right = {
  operation: 'get_data',
  start_date: '2026-03-01',
  end_date: '2026-05-03',
  realm: 'Jobs',
  statistic: 'total_cpu_hours',
  group_by: 'resource',
  dataset_type: 'timeseries',
  aggregation_unit: 'Day',
  dimension_id: 'queue',
}

/** What may be wrong with it: other values, and nonsense. */
const anything = fc.record(
  {
    operation: sometimes(['get_data', 'get_charts', 'get_dimension', 'get_dw_descripter'], text),
    start_date: day,
    end_date: day,
    realm: sometimes(['Jobs', 'Birds', 'Bats', 'Jobs,Birds'], text),
    statistic: sometimes(['total_cpu_hours', 'avg_cpu_hours', 'sem', 'birds'], text),
    group_by: sometimes(['none', 'resource', 'queue', 'username', 'jobsize', 'secret', 'kind'], text),
    dataset_type: sometimes(['timeseries', 'aggregate'], text),
    aggregation_unit: sometimes(['Auto', 'Day', 'Month', 'Quarter', 'Year'], text),
    format: sometimes(['csv'], text),
    dimension_id: sometimes(['resource', 'queue', 'none', 'username'], text),
    start: text,
    limit: text,
    search_text: text,
    selectedFilterIds: text,
    resource_filter: text,
    queue_filter: text,
    jobsize: text,
    'filters[resource]': text,
    'filters[username]': text,
    fields: sometimes(['Cores', 'Local Job Id,Cores'], text),
    offset: text,
    public_user: text,
    service_provider: text,
    [`x${'y'.repeat(10)}`]: text,
  },
  { requiredKeys: [] },
)

/** Few at a time, so that most of what is asked gets past the first check. */
const parameters = fc.tuple(anything, fc.nat({ max: 3 }), fc.infiniteStream(fc.nat())).map(([all, count, picks]) => {
  const names = Object.entries(all)
  const chosen = names.length === 0 ? [] : [...picks.take(count)].map((pick) => names[pick % names.length])
  return Object.fromEntries(chosen.flatMap((pair) => (pair ? [pair] : []))) as Record<string, string>
})

const addresses = [
  ['POST', '/controllers/user_interface.php'],
  ['GET', '/controllers/user_interface.php'],
  ['POST', '/controllers/metric_explorer.php'],
  ['GET', '/rest/v1/warehouse/raw-data'],
  ['GET', '/rest/v1/warehouse/resources'],
  ['GET', '/rest/v1/warehouse/export/realms'],
] as const

test('whatever is asked, the answer is right or a refusal with a text, never a failure of ours', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...addresses),
      parameters,
      sometimes([true], fc.constant(false)),
      async ([method, path], given, signed) => {
        const written = new URLSearchParams({ ...right, ...given }).toString()
        const reply = await portal.app.inject({
          method,
          url: method === 'GET' ? `${path}?${written}` : path,
          headers: {
            ...(signed && { authorization: `Bearer ${token}` }),
            ...(method === 'POST' && { 'content-type': 'application/x-www-form-urlencoded' }),
          },
          ...(method === 'POST' && { payload: written }),
        })
        assert.ok(reply.statusCode < 500, `${reply.statusCode} ${reply.body}`)
        if (reply.statusCode === 200) return
        assert.equal(typeof reply.json().message, 'string')
        assert.notEqual(reply.json().message, '')
      },
    ),
    { numRuns: 300 },
  )
})
