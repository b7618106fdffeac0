import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { PassThrough, Readable } from 'node:stream'
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

test('what is removed while it comes can be broken off, and begun anew', async (t) => {
  const directory = await mkdtemp(path.join(tmpdir(), 'tessera-partial-'))
  t.after(() => rm(directory, { recursive: true, force: true }))
  const partials = openPartialContents(directory)
  const id = '01234567-89ab-4def-8123-456789abcdef'
  const content = new PassThrough()
  const ended = partials.append(id, content, { offset: 0, maxBytes: 1e7 }).catch(() => undefined)
  for (let i = 0; i < 11; i++) if (!content.write(Buffer.alloc(500_000))) await once(content, 'drain')
  await partials.remove(id)
  content.write(Buffer.alloc(2_000_000))
  content.destroy(new Error('somebody else goes on'))
  await ended
  const text = Buffer.from('limpets')
  await partials.append(id, Readable.from([text]), { offset: 0, maxBytes: 1e7 })
  assert.equal((await partials.sum(id)).checksums.md5, createHash('md5').update(text).digest('hex'))
})

test('many that rest keep only so much in memory, and are summed up nevertheless', async (t) => {
  const directory = await mkdtemp(path.join(tmpdir(), 'tessera-partial-'))
  t.after(() => rm(directory, { recursive: true, force: true }))
  const partials = openPartialContents(directory)
  const ids = Array.from({ length: 20 }, (_, i) => `01234567-89ab-4def-8123-${String(i).padStart(12, '0')}`)
  const content = Buffer.alloc(4_000_000, 'limpets')
  for (const id of ids) await partials.append(id, Readable.from([content]), { offset: 0, maxBytes: 1e7 })
  const md5 = createHash('md5').update(content).digest('hex')
  let kept = 0
  for (const id of ids) {
    // Of those whose sums are in memory nobody looks at the disk again.
    await writeFile(partials.fileOf(id), Buffer.alloc(content.length))
    if ((await partials.sum(id)).checksums.md5 === md5) kept++
  }
  assert.equal(kept, 16)
  const [first, last] = [ids[0]!, ids.at(-1)!]
  for (const id of ids) await partials.append(id, Readable.from([content]), { offset: 0, maxBytes: 1e7 })
  for (const id of [first, last]) {
    await partials.append(id, Readable.from([Buffer.from(' and whelks')]), { offset: content.length, maxBytes: 1e7 })
    assert.equal(
      (await partials.sum(id)).checksums.md5,
      createHash('md5').update(content).update(' and whelks').digest('hex'),
    )
  }
  for (const id of ids) await partials.remove(id)
})
