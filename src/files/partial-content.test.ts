import assert from 'node:assert/strict'
import { mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { openPartialContents } from './partial-content.ts'

test('what was moved away before its mover died is not written again, and its sender goes on where it was', async (t) => {
  const directory = await mkdtemp(path.join(tmpdir(), 'tessera-partial-'))
  t.after(() => rm(directory, { recursive: true, force: true }))
  const partials = openPartialContents(path.join(directory, 'uploads'))
  const id = '01234567-89ab-4def-8123-456789abcdef'
  const append = (text: string, offset: number) =>
    partials.append(id, Readable.from([Buffer.from(text)]), { offset, maxBytes: 100 })
  await append('limpets', 0)
  const kept = path.join(directory, 'kept')
  await rename(await partials.whole(id), kept)
  assert.equal(await partials.size(id), 7, 'nothing of it is gone')
  await append(' and whelks', 3)
  assert.equal(await readFile(partials.fileOf(id), 'utf8'), 'lim and whelks')
  assert.equal(await readFile(kept, 'utf8'), 'limpets')
  await rename(await partials.whole(id), kept)
  await append('new', 0)
  assert.equal(await readFile(kept, 'utf8'), 'lim and whelks')
  await partials.whole(id)
  await partials.sweep(async () => new Set())
  assert.equal(await partials.size(id), 0)
})
