/**
 * Dataverse's clients, unmodified, against a running portal, each through the whole life of a dataset: create collection →
 * dataset → files → read back → publish → edit → publish again → search → download → others refused → token made anew → delete.
 */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { javaScriptClient, pythonWith } from '../environments.ts'
import { report } from '../report.ts'
import { collection, dataset, writeFiles } from './input.ts'
import { checkJavaScript } from './javascript.ts'
import { checkOsf } from './osf.ts'
import { type Repository, startRepository } from './repository.ts'

describe('Dataverse’s clients against a running portal', () => {
  let directory: string
  let files: string
  let repository: Repository

  before(async () => {
    directory = await mkdtemp(path.join(os.tmpdir(), 'tessera-dataverse-'))
    // Run as root, the database is another user's, who must get through to its data.
    await chmod(directory, 0o711)
    files = path.join(directory, 'files')
    await writeFiles(files)
    repository = await startRepository(directory)
  })
  after(async () => {
    await repository?.stop()
    await rm(directory, { recursive: true, force: true })
  })

  /** Where a program finds what it needs to know; the secrets of its people are in nobody else's sight. */
  async function tell(name: string, facts: object): Promise<string> {
    const at = path.join(directory, `${name}.json`)
    const { address, other, administrator } = repository
    const all = { address, files, other_token: other.token, administrator_token: administrator.token, ...facts }
    await writeFile(at, JSON.stringify(all), { mode: 0o600 })
    return at
  }

  test('pyDataverse 0.3.5', async (t) => {
    const { token } = await repository.depositor('palice')
    const facts = {
      token,
      collection: collection('pydataverse'),
      dataset: dataset('Tide pools of Inchkeith', 'tidepoolword'),
    }
    const program = path.join(import.meta.dirname, 'check_pydataverse.py')
    await report(t, await pythonWith('pyDataverse==0.3.5'), [program, await tell('pydataverse', facts)], {})
  })

  test('DVUploader 0.3.1', async (t) => {
    const { token } = await repository.depositor('dalice')
    const pid = await makeDataset(repository.address, token)
    const program = path.join(import.meta.dirname, 'check_dvuploader.py')
    // Small packages, so that several are on their way at once; a failure is told after two trials.
    const env = { DVUPLOADER_MAX_PKG_SIZE: '20000', DVUPLOADER_MAX_RETRIES: '2', HOME: directory }
    await report(t, await pythonWith('dvuploader==0.3.1'), [program, await tell('dvuploader', { token, pid })], env)
  })

  test('the TypeScript client of IQSS, 2.2.0', async (t) =>
    checkJavaScript(t, await javaScriptClient(), repository, files))

  test('the calls of OSF', async (t) => checkOsf(t, repository, files))
})

async function makeDataset(address: string, token: string): Promise<string> {
  const reply = await fetch(`${address}/api/dataverses/root/datasets`, {
    method: 'POST',
    headers: { 'x-dataverse-key': token, 'content-type': 'application/json' },
    body: JSON.stringify(dataset('Uploaded with DVUploader', 'uploaderword')),
  })
  const text = await reply.text()
  if (reply.status !== 201) throw new Error(`no dataset: ${reply.status} ${text}`)
  return (JSON.parse(text) as { data: { persistentId: string } }).data.persistentId
}
