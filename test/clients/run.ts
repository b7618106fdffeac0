/**
 * `npm run test:clients`: the unmodified `xdmod-data` package, every release of it, and Postman's runner against a running
 * server that was filled by the product's own commands; then Dataverse's clients against an empty one. Needs Python and the package indexes, so it isn't part of `npm test`.
 */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { checkCollections } from './collections.ts'
import { checkCopied } from './copied.ts'
import './dataverse/checks.ts'
import './formats/checks.ts'
import { newman, pythonOf, pythonWithOpenpyxl, releases } from './environments.ts'
import { flightFacts } from './flights.ts'
import { writeInput } from './input.ts'
import { type Portal, startPortal } from './portal.ts'
import { report } from './report.ts'
import { checkWorkbook } from './workbook.ts'

const program = path.join(import.meta.dirname, 'xdmod', 'check.py')
const wire = path.join(import.meta.dirname, 'xdmod', 'wire.py')

test('a workbook is what it should be to openpyxl', async () => checkWorkbook(await pythonWithOpenpyxl()))

describe('other people’s clients against a running portal', () => {
  let directory: string
  let portal: Portal
  let env: Readonly<Record<string, string>>

  before(async () => {
    directory = await mkdtemp(path.join(os.tmpdir(), 'tessera-clients-run-'))
    // Run as root, the database is another user's, who must get through to its data.
    await chmod(directory, 0o711)
    const input = path.join(directory, 'input')
    await writeInput(input)
    portal = await startPortal(directory, input)
    env = { XDMOD_HOST: portal.address, XDMOD_API_TOKEN: portal.token }
    const facts = { ...portal.facts, ...(await flightFacts()) }
    await writeFile(path.join(input, 'facts.json'), JSON.stringify(facts))
  })
  after(async () => {
    await portal?.stop()
    await rm(directory, { recursive: true, force: true })
  })

  for (const release of releases)
    test(`release ${release}`, async (t) => {
      await report(t, await pythonOf(release), [program, path.join(directory, 'input')], env)
    })
  test('the main branch (the requests of 1.1.0 under its own name)', async (t) => {
    const how = [program, path.join(directory, 'input'), '--as', '2.0.0.dev1']
    await report(t, await pythonOf('1.1.0'), how, env)
  })
  test('the Python that the portal copies', async (t) => checkCopied(t, await pythonOf('1.1.0'), portal))
  test('the Postman collections that the portal makes', async (t) => checkCollections(t, await newman(), portal))
  test('on the wire', async (t) => {
    await report(t, await pythonOf('1.1.0'), [wire, path.join(directory, 'input')], env)
  })
})
