import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asAdmin } from '#test/as-admin.ts'
import { testProduct } from '#test/product.ts'

// biome-ignore lint/suspicious/noExplicitAny: what the product answers is what is tested
type Told = any

test('a schedule can be looked at before it is kept, and holiday calendars be put, used and deleted', async () => {
  await using product = await testProduct({ TESSERA_GENERAL__DEMO: 'off' })
  const ask = await asAdmin(product)
  const preview = async (body: object) => {
    const reply = await ask('/v1/schedules/preview', body)
    return { status: reply.status, body: (await reply.json()) as Told }
  }
  const daily = { frequency: 'daily', at: '02:30', time_zone: 'Europe/Berlin' }

  assert.deepEqual(await preview({ schedule: daily, after: '2027-03-27T12:00:00Z', count: 2 }), {
    status: 200,
    body: {
      description: 'Every day at 02:30 (Europe/Berlin)',
      times: [
        { at: '2027-03-28T01:30:00.000Z', local: '2027-03-28T03:30+02:00' },
        { at: '2027-03-29T00:30:00.000Z', local: '2027-03-29T02:30+02:00' },
      ],
    },
  })
  const { body: ahead } = await preview({ schedule: daily })
  assert.equal(ahead.times.length, 5)
  assert.ok(Date.parse(ahead.times[0].at) > Date.now())
  assert.equal((await preview({ schedule: { ...daily, end: '2000-01-01' } })).body.times.length, 0)

  const bad = await preview({ schedule: { frequency: 'cron', cron: '0 25 * * *', time_zone: 'Mars', x: 1 } })
  assert.equal(bad.status, 400)
  assert.deepEqual(bad.body.errors.map(({ pointer }: { pointer: string }) => pointer).sort(), [
    '#/schedule/time_zone',
    '#/schedule/x',
  ])
  const cron = await preview({ schedule: { frequency: 'cron', cron: '0 25 * * *', time_zone: 'UTC' } })
  assert.equal(cron.body.errors[0].pointer, '#/schedule/cron')
  assert.match(cron.body.errors[0].detail, /25/)

  const withHolidays = { schedule: { ...daily, holidays: 'bank' }, after: '2027-12-24T12:00:00Z', count: 1 }
  const unknown = await preview(withHolidays)
  assert.deepEqual([unknown.status, unknown.body.code], [422, 'unknown-holiday-calendar'])
  assert.equal(unknown.body.errors[0].pointer, '#/schedule/holidays')

  const { server } = product
  const cookie = await signIn(product)
  const put = (payload: object, calendar = 'bank') =>
    server.inject({ method: 'PUT', url: `/v1/holiday-calendars/${calendar}`, payload, headers: from(cookie) })
  const made = await put({
    label: 'Bank holidays',
    ics: 'BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20271225\nSUMMARY:Christmas\nEND:VEVENT\nEND:VCALENDAR\n',
  })
  assert.equal(made.statusCode, 200, made.body)
  assert.deepEqual(made.json().days, [{ date: '2027-12-25', label: 'Christmas' }])
  assert.equal((await preview(withHolidays)).body.times[0].local, '2027-12-26T02:30+01:00')

  const refused = await put({ label: 'Bank holidays', ics: 'no' })
  assert.deepEqual([refused.statusCode, refused.json().code], [422, 'bad-holiday-calendar'])
  const wrongDay = await put({ label: 'Bank holidays', days: [{ date: '2027-02-30' }] })
  assert.deepEqual([wrongDay.statusCode, wrongDay.json().errors[0].pointer], [400, '#/days/0/date'])
  const half = await put({ label: 'Bank \ud83c holidays', days: [{ date: '2027-12-26', label: '\ud83c' }] })
  assert.deepEqual(
    [half.statusCode, half.json().errors.map(({ pointer }: { pointer: string }) => pointer)],
    [400, ['#/label', '#/days/0/label']],
  )
  const { calendars } = (await (await ask('/v1/holiday-calendars')).json()) as Told
  assert.deepEqual(
    calendars.map(({ name, days }: { name: string; days: object[] }) => [name, days.length]),
    [['bank', 1]],
    'what was refused changed nothing',
  )
  const gone = await server.inject({
    method: 'DELETE',
    url: '/v1/holiday-calendars/bank',
    headers: from(cookie),
  })
  assert.equal(gone.statusCode, 204)
  const again = await server.inject({ method: 'DELETE', url: '/v1/holiday-calendars/bank', headers: from(cookie) })
  assert.deepEqual([again.statusCode, again.json().code], [404, 'holiday-calendar-not-found'])
})

const from = (cookie: string) => ({ cookie, 'sec-fetch-site': 'same-origin' })

async function signIn({ server, admin }: Awaited<ReturnType<typeof testProduct>>): Promise<string> {
  const reply = await server.inject({
    method: 'POST',
    url: '/v1/session',
    payload: { user_name: admin.userName, password: admin.password },
    headers: { 'sec-fetch-site': 'same-origin' },
  })
  return [reply.headers['set-cookie'] ?? []]
    .flat()
    .map((line) => line.split(';', 1)[0])
    .join('; ')
}
