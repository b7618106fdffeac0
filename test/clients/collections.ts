import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
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

/** Runs the collections that the portal makes for its models, unmodified but for the token, in Postman's own runner. */
export async function checkCollections(t: TestContext, newman: string, portal: Portal): Promise<void> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'tessera-collections-'))
  t.after(() => rm(directory, { recursive: true, force: true }))
  const asked = await fetch(`${portal.address}/v1/models/flights/postman.json`, {
    headers: { authorization: `Bearer ${portal.narrow['models:refresh:flights']}` },
  })
  assert.equal(asked.status, 200)
  const text = await asked.text()
  const collection = path.join(directory, 'collection.json')
  await writeFile(collection, text)

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

  await t.test('a refresh is started and followed to its end', async () => {
    const { code, report } = await runWith(portal.narrow['models:refresh:flights'] ?? '')
    const asserted = report.executions.flatMap(({ assertions = [] }) => assertions)
    assert.deepEqual(report.failures, [])
    assert.equal(code, 0)
    const names = report.executions.map(({ item }) => item.name)
    assert.equal(names[0], 'Start')
    assert.ok(names.includes('Watch the run'))
    assert.equal(names.at(-1), 'Read its log')
    assert.ok(asserted.some(({ assertion }) => assertion === 'The run ends well'))
  })

  await t.test('a token that may not is refused, and the collection says so', async () => {
    const { code, report } = await runWith(portal.token)
    const [start, ...more] = report.executions
    assert.notEqual(code, 0)
    assert.equal(start?.response?.code, 403)
    assert.deepEqual(more, [], 'nothing is watched that was not started')
  })

  await t.test('it holds no token', () => {
    for (const token of [portal.token, ...Object.values(portal.narrow)]) assert.ok(!text.includes(token))
  })
}
