import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import { asAdmin } from './as-admin.ts'
import { testProduct } from './product.ts'

interface Calls {
  readonly permission: string
  readonly calls: readonly { readonly title: string; readonly text: string }[]
  readonly postman: string
}

/** A server that knows its own address, and a token that may refresh one model and nothing else. */
async function portal(t: TestContext) {
  const port = 20_000 + Math.floor(Math.random() * 20_000)
  const product = await testProduct({
    TESSERA_GENERAL__DEMO: 'off',
    TESSERA_GENERAL__PORT: String(port),
    TESSERA_GENERAL__SITE_ADDRESS: `http://127.0.0.1:${port}`,
  })
  t.after(() => product[Symbol.asyncDispose]())
  const ask = await asAdmin(product)
  const body = { name: 'refresher', permissions: ['models:refresh:flights'] }
  const { secret } = (await (await ask('/v1/tokens', body)).json()) as { secret: string }
  return { ask, secret }
}

test('the calls that refresh a model do so when they are pasted, with a token that may do nothing else', async (t) => {
  const { ask, secret } = await portal(t)
  const { permission, calls, postman } = (await (await ask('/v1/models/flights/calls')).json()) as Calls
  assert.equal(permission, 'models:refresh:flights')
  assert.doesNotMatch(JSON.stringify(calls), new RegExp(secret))
  const env = { PATH: process.env.PATH, TESSERA_TOKEN: secret }
  const run = (file: string, text: string) => promisify(execFile)(file, ['-c', text], { env, timeout: 60_000 })
  const textOf = (title: string): string => calls.find((call) => call.title === title)?.text ?? ''

  const { stdout } = await run('sh', textOf('curl'))
  assert.equal(JSON.parse(stdout).subject.id, 'flights')
  const script = await run('sh', textOf('Shell script'))
  assert.match(script.stdout, /\/v1\/runs\/[0-9a-f-]{36}\nsucceeded\n$/)
  const python = await run('python3', textOf('Python'))
  assert.match(python.stdout, /^succeeded \{.*'rows': \d+/)

  const wrong = { ...env, TESSERA_TOKEN: `${secret.slice(0, -6)}aaaaaa` }
  await assert.rejects(promisify(execFile)('sh', ['-c', textOf('Shell script')], { env: wrong }))

  const reply = await ask(postman)
  assert.match(
    reply.headers.get('content-disposition') ?? '',
    /^attachment; filename="refresh-flights\.postman\.json"$/,
  )
  const collection = (await reply.json()) as { variable: { key: string; value: string }[]; item: { name: string }[] }
  assert.deepEqual(
    collection.variable.filter(({ key }) => key !== 'base_url').map(({ value }) => value),
    ['', ''],
  )
  assert.deepEqual(
    collection.item.map(({ name }) => name),
    ['Start', 'Watch the run', 'Read its log'],
  )
  assert.equal((await ask('/v1/models/none/calls')).status, 404)
  assert.equal((await ask('/v1/models/none/postman.json')).status, 404)
})
