import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { datasetsHouse } from '#test/datasets.ts'

const house = await datasetsHouse()
const guide = path.resolve(import.meta.dirname, '../../docs/how-to/manage-datasets.md')

test('the lines of the how-to run when they are pasted one after the other', async () => {
  await house.join('alice')
  await house.join('bob')
  await house.join('abel', 'admin')
  const site = await house.listen()
  const text = await readFile(guide, 'utf8')
  const lines = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, code]) => code).join('\n')
  assert.ok(lines.length > 1000, 'the lines were found')
  const directory = await mkdtemp(path.join(tmpdir(), 'tessera-how-to-'))
  try {
    const script = `set -eu\n${lines.replaceAll('https://data.example.org', site)}`
    // An administrator of the installation, who gives roles without having any.
    const env = { PATH: '/usr/local/bin:/usr/bin:/bin', TOKEN: 'abel' }
    const { stdout } = await promisify(execFile)('bash', ['-c', script], { cwd: directory, env })
    // Replies end without a line's end, so what is said comes at the end of a line.
    for (const wanted of ['1.0', '"Title"', 'deaccessioned', 'Curator', 'bob curator dataset', 'DRAFT'])
      assert.ok(
        stdout.split('\n').some((line) => line === wanted || line.endsWith(`}${wanted}`)),
        `${wanted} in ${stdout}`,
      )
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
})
