import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { testProduct } from './product.ts'

const model = `
version: 1
name: tides
label: Tides
description: How high the water stood.
facts: tides
tables:
  - { name: tides, files: tides.csv, header: true, delimiter: ",", columns: { day: DATE, height: INTEGER }, not_null: [day] }
time: { column: day }
dimensions: []
metrics:
  - { name: height, label: Height, description: All heights together., agg: sum, expr: height }
access: { query: public, raw: member }
`

test('who reads that a refresh has ended is answered out of its data from then on', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'tessera-tides-'))
  await writeFile(path.join(directory, 'tides.yml'), model)
  try {
    await using product = await testProduct({ TESSERA_MODELS__DIRECTORY: directory })
    const { url, admin } = product
    const signedIn = await fetch(`${url}/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url },
      body: JSON.stringify({ user_name: admin.userName, password: admin.password }),
    })
    const cookie = signedIn.headers
      .getSetCookie()
      .map((one) => one.split(';', 1)[0])
      .join('; ')
    for (let height = 1; height <= 3; height++) {
      await writeFile(path.join(directory, 'tides.csv'), `day,height\n2026-01-01,${height}\n`)
      const asked = await fetch(`${url}/v1/models/tides/refreshes`, {
        method: 'POST',
        headers: { cookie, origin: url },
      })
      assert.equal(asked.status, 202, await asked.clone().text())
      const address = `${url}/v1/runs/${((await asked.json()) as { id: string }).id}`
      const ended = await fetch(address, { headers: { cookie, prefer: 'wait=30' } })
      assert.equal(((await ended.json()) as { state: string }).state, 'succeeded')
      const answer = await fetch(`${url}/v1/query?model=tides&metrics=height`)
      assert.deepEqual(((await answer.json()) as { rows: unknown }).rows, [[height]])
    }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
})
