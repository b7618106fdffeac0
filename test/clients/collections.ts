import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { TestContext } from 'node:test'
import { promisify } from 'node:util'
import type { Portal } from './portal.ts'

const run = promisify(execFile)

/** What newman writes of a run, as far as we look. */
interface Report {
  readonly run: {
    readonly executions: readonly {
      readonly item: { readonly name: string }
      readonly response?: { readonly code: number }
      readonly assertions?: readonly { readonly assertion: string; readonly error?: { readonly message: string } }[]
    }[]
    readonly failures: readonly unknown[]
  }
}

/** For each collection that the portal makes: whose token may run it, and what it asks last. */
const collections = [
  { at: '/v1/models/flights/postman.json', permission: 'models:refresh:flights', last: 'Read its log' },
  { at: '/v1/subscriptions/weekly/postman.json', permission: 'subscriptions:run:weekly', last: 'Look who got it' },
] as const

/** Runs them, unmodified but for the token, in Postman's own runner. */
export async function checkCollections(t: TestContext, newman: string, portal: Portal): Promise<void> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'tessera-collections-'))
  t.after(() => rm(directory, { recursive: true, force: true }))
  const collection = path.join(directory, 'collection.json')

  /** Newman's exit code, and what it saw. */
  async function runWith(token: string): Promise<{ code: number; report: Report['run'] }> {
    const written = path.join(directory, 'report.json')
    const words = ['--env-var', `base_url=${portal.address}`, '--env-var', `token=${token}`]
    const reporting = ['--reporters', 'json', '--reporter-json-export', written]
    const code = await run(newman, ['run', collection, ...words, ...reporting], { maxBuffer: 1e8 }).then(
      () => 0,
      (error: { code: number }) => error.code,
    )
    return { code, report: (JSON.parse(await readFile(written, 'utf8')) as Report).run }
  }

  for (const { at, permission, last } of collections) {
    const token = portal.narrow[permission] ?? ''
    await t.test(`${at}: what it starts is followed to its end`, async () => {
      const asked = await fetch(portal.address + at, { headers: { authorization: `Bearer ${token}` } })
      assert.equal(asked.status, 200)
      const text = await asked.text()
      for (const one of [portal.token, ...Object.values(portal.narrow)])
        assert.ok(!text.includes(one), 'it holds no token')
      await writeFile(collection, text)
      const { code, report } = await runWith(token)
      assert.deepEqual(report.failures, [])
      assert.equal(code, 0)
      const names = report.executions.map(({ item }) => item.name)
      assert.equal(names[0], 'Start')
      assert.ok(names.includes('Watch the run'))
      assert.equal(names.at(-1), last)
      const asserted = report.executions.flatMap(({ assertions = [] }) => assertions)
      assert.ok(asserted.some(({ assertion }) => assertion === 'The run ends well'))
    })

    await t.test(`${at}: a token that may not is refused, and the collection says so`, async () => {
      const { code, report } = await runWith(portal.token)
      const [start, ...more] = report.executions
      assert.notEqual(code, 0)
      assert.equal(start?.response?.code, 403)
      assert.deepEqual(more, [], 'nothing is watched that was not started')
    })
  }

  await t.test('the report that a collection sent for has arrived, once', async () => {
    const outbox = path.join(portal.data, 'outbox')
    const mails = await Promise.all((await readdir(outbox)).map((name) => readFile(path.join(outbox, name), 'utf8')))
    assert.equal(mails.filter((mail) => /^To: .*ada@example\.org/m.test(mail)).length, 1)
  })
}
