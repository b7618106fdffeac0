import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Role } from '#src/access/permissions.ts'
import { makeHub } from '#test/hub.ts'
import { jobsModel } from '#test/xdmod-models.ts'
import { openXdmodPortal, type XdmodPortal } from '#test/xdmod-portal.ts'

const hub = makeHub()
let portal: XdmodPortal
before(async () => {
  portal = await openXdmodPortal({ jobs: jobsModel }, {}, hub.publicKey)
})
after(() => portal.close())

const claims = (sub: string) => ({ sub, exp: Math.floor(portal.house.clock.now().getTime() / 1000) + 60 })
const tokenOf = async (role: Role): Promise<string> => hub.sign(claims((await portal.person(role)).user_name))
const bearer = (token: string) => ({ authorization: `Bearer ${token}`, 'user-agent': 'xdmod-data Python v1.1.0' })
const days = 'realm=Jobs&start_date=2026-03-01&end_date=2026-03-03'
const rawData = `/rest/v1/warehouse/raw-data?${days}&fields=Local%20Job%20Id,Cores`
const getData = (headers: Readonly<Record<string, string>>, more = '') =>
  portal.app.inject({
    method: 'POST',
    url: '/controllers/user_interface.php',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload: `operation=get_data&${days}&statistic=total_cpu_hours&group_by=resource&dataset_type=timeseries&aggregation_unit=Day&format=csv${more}`,
  })

describe('a JupyterHub’s token', () => {
  test('gets raw data and numbers, shown as header, parameter and form field', async () => {
    const token = await tokenOf('member')
    const rows = await portal.app.inject({ url: `${rawData}&Bearer=${token}`, headers: bearer(token) })
    assert.equal(rows.statusCode, 200, rows.body)
    assert.match(rows.body, /\["101","4"\]/)
    for (const numbers of [await getData(bearer(token)), await getData({}, `&Bearer=${token}`)]) {
      assert.equal(numbers.statusCode, 200, numbers.body)
      assert.match(numbers.body, /anvil/)
    }
    assert.ok(!portal.logged.join('').includes(token), 'it is in no log')
  })

  test('reads no raw rows for a viewer', async () => {
    const headers = bearer(await tokenOf('viewer'))
    assert.equal((await getData(headers)).statusCode, 200)
    assert.equal((await portal.app.inject({ url: rawData, headers })).statusCode, 403)
  })

  test('that is refused hears what every bad token hears', async () => {
    const dead = hub.sign({ ...claims((await portal.person('member')).user_name), exp: 1 })
    const refused = await portal.app.inject({ url: rawData, headers: bearer(dead) })
    assert.deepEqual([refused.statusCode, refused.json().message], [401, 'Invalid token.'])
    assert.equal(portal.hubRefusals.at(-1)?.reason, 'jwt_expired')
    assert.equal((await getData(bearer(dead))).statusCode, 401)
  })

  test('is no session: the account’s own token stays out of reach', async () => {
    const headers = bearer(await tokenOf('member'))
    for (const method of ['GET', 'POST', 'DELETE'] as const) {
      const reply = await portal.app.inject({ method, url: '/rest/users/current/api/token', headers })
      assert.equal(reply.statusCode, 401)
    }
  })
})
