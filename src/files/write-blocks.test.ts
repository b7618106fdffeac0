import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { type TestContext, test } from 'node:test'
import { ContentTooLarge, writeBlocks } from './write-blocks.ts'

async function placeOf(t: TestContext): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'blocks-'))
  t.after(() => rm(directory, { recursive: true }))
  return path.join(directory, 'file')
}

const sum = (name: string, content: Uint8Array): string => createHash(name).update(content).digest('hex')

/** Pieces of changing sizes, as a network brings them. */
function* piecesOf(content: Buffer): Generator<Buffer> {
  for (let at = 0, size = 1; at < content.length; at += size, size = (size * 7 + 13) % 200_000)
    yield content.subarray(at, at + size)
}

test('content arrives as it was sent, and its checksums are those of others, alone and with a worker', async (t) => {
  const file = await placeOf(t)
  for (const length of [0, 1, 1_048_575, 1_048_576, 1_048_577, 4_194_303, 4_194_304, 9_000_000]) {
    const content = randomBytes(length)
    await using handle = await open(file, 'w')
    const { bytes, checksums } = await writeBlocks(handle, Readable.from(piecesOf(content)), {
      maxBytes: 1e9,
      checksums: ['sha1', 'sha512', 'sha256'],
    })
    assert.equal(bytes, length)
    assert.ok((await readFile(file)).equals(content), `${length} bytes`)
    assert.deepEqual(
      checksums,
      Object.fromEntries(['md5', 'sha1', 'sha256', 'sha512'].map((name) => [name, sum(name, content)])),
    )
  }
})

test('only those checksums are worked out that are asked for', async (t) => {
  await using handle = await open(await placeOf(t), 'w')
  const { checksums } = await writeBlocks(handle, ['abc'], { maxBytes: 10 })
  assert.deepEqual(checksums, {
    md5: sum('md5', Buffer.from('abc')),
    sha1: null,
    sha256: sum('sha256', Buffer.from('abc')),
    sha512: null,
  })
})

test('several contents at once do not mix, and one that fails leaves the others alone', async (t) => {
  const file = await placeOf(t)
  const contents = Array.from({ length: 6 }, () => randomBytes(6_000_000))
  const results = await Promise.allSettled(
    contents.map(async (content, at) => {
      await using handle = await open(`${file}-${at}`, 'w')
      return await writeBlocks(handle, Readable.from(piecesOf(content)), { maxBytes: at === 2 ? 5_000_000 : 1e9 })
    }),
  )
  for (const [at, result] of results.entries()) {
    if (at === 2) assert.ok(result.status === 'rejected' && result.reason instanceof ContentTooLarge)
    else assert.ok(result.status === 'fulfilled' && result.value.checksums.md5 === sum('md5', contents[at] as Buffer))
  }
})

test('a disk that takes no more is an error, not a shorter file', async () => {
  await using handle = await open('/dev/full', 'w')
  await assert.rejects(writeBlocks(handle, [Buffer.alloc(9_000_000)], { maxBytes: 1e9 }), /ENOSPC/)
  await using closed = await open('/dev/full', 'w')
  await assert.rejects(writeBlocks(closed, ['x'], { maxBytes: 1e9 }), /ENOSPC/)
})
