/**
 * `npm run test:clients`: the unmodified `xdmod-data` package, every release of it, and Postman's runner against a running
 * server that was filled by the product's own commands. Needs Python and the package indexes, so it isn't part of `npm test`.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { after, before, describe, type TestContext, test } from 'node:test'
import { checkCollections } from './collections.ts'
import { checkCopied } from './copied.ts'
import { newman, pythonOf, pythonWithOpenpyxl, releases } from './environments.ts'
import { flightFacts } from './flights.ts'
import { writeInput } from './input.ts'
import { type Portal, startPortal } from './portal.ts'
import { checkWorkbook } from './workbook.ts'

const program = path.join(import.meta.dirname, 'xdmod', 'check.py')
const wire = path.join(import.meta.dirname, 'xdmod', 'wire.py')

test('a workbook is what it should be to openpyxl', async () => checkWorkbook(await pythonWithOpenpyxl()))

describe('other people’s clients against a running portal', () => {
  let directory: string
  let portal: Portal

  before(async () => {
    directory = await mkdtemp(path.join(os.tmpdir(), 'tessera-clients-run-'))
    // Run as root, the database is another user's, who must get through to its data.
    await chmod(directory, 0o711)
    const input = path.join(directory, 'input')
    await writeInput(input)
    portal = await startPortal(directory, input)
    const facts = { ...portal.facts, ...(await flightFacts()) }
    await writeFile(path.join(input, 'facts.json'), JSON.stringify(facts))
  })
  after(async () => {
    await portal?.stop()
    await rm(directory, { recursive: true, force: true })
  })

  for (const release of releases)
    test(`release ${release}`, async (t) => {
      await report(t, await pythonOf(release), [program, path.join(directory, 'input')], portal)
    })
  test('the main branch (the requests of 1.1.0 under its own name)', async (t) => {
    const how = [program, path.join(directory, 'input'), '--as', '2.0.0.dev1']
    await report(t, await pythonOf('1.1.0'), how, portal)
  })
  test('the Python that the portal copies', async (t) => checkCopied(t, await pythonOf('1.1.0'), portal))
  test('the Postman collections that the portal makes', async (t) => checkCollections(t, await newman(), portal))
  test('on the wire', async (t) => {
    await report(t, await pythonOf('1.1.0'), [wire, path.join(directory, 'input')], portal)
  })
})

interface Outcome {
  readonly name: string
  readonly outcome: 'passed' | 'failed' | 'skipped'
  readonly text: string
}

/** Runs a Python program that tells its outcomes on descriptor 3; each becomes a test of its own. */
async function report(t: TestContext, python: string, how: readonly string[], portal: Portal): Promise<void> {
  const child = spawn(python, ['-B', '-W', 'ignore', ...how], {
    env: { PATH: process.env.PATH, LANG: 'C.UTF-8', XDMOD_HOST: portal.address, XDMOD_API_TOKEN: portal.token },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  })
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve))
  const said: string[] = []
  child.stderr?.setEncoding('utf8').on('data', (text: string) => said.push(text))
  let told = 0
  for await (const line of createInterface({ input: child.stdio[3] as Readable })) {
    const { name, outcome, text } = JSON.parse(line) as Outcome
    told++
    await t.test(name, { skip: outcome === 'skipped' ? text : false }, () => {
      if (outcome === 'failed') throw new Error(text)
    })
  }
  assert.equal(await exit, 0, said.join(''))
  assert.ok(told > 0, 'the program told no outcome')
}
