import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { type TestContext, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { promisify } from 'node:util'
import { fromBuffer, type ZipFile } from 'yauzl'
import { type ZipEntry, zipBytes, zipStream } from './zip-stream.ts'

const run = promisify(execFile)
const modified = new Date('2026-03-04T12:34:56Z')

const entryOf = (name: string, content: Buffer): ZipEntry => ({
  name,
  bytes: content.length,
  modified,
  open: async () => Readable.from([content]),
})

async function fileOf(t: TestContext, stream: Readable): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'zips-'))
  t.after(() => rm(directory, { recursive: true }))
  const file = path.join(directory, 'made.zip')
  await pipeline(stream, createWriteStream(file))
  return file
}

/** What Python's own library makes of it: names, sizes, whether all checksums are right. */
async function readByPython(file: string): Promise<{ names: string[]; sizes: number[]; bad: string | null }> {
  const program =
    'import json,sys,zipfile\nz=zipfile.ZipFile(sys.argv[1])\nprint(json.dumps({"names":z.namelist()[:5],"sizes":[i.file_size for i in z.infolist()[:5]],"bad":z.testzip()}))'
  const { stdout } = await run('python3', ['-c', program, file], { maxBuffer: 1e8 })
  return JSON.parse(stdout)
}

test('others read what was written: names in any script, empty files, the bytes', async (t) => {
  const entries = [
    entryOf('data/counts.csv', Buffer.from('a,b\n1,2\n')),
    entryOf('数据/Zürich.bin', randomBytes(300_000)),
    entryOf('empty.txt', Buffer.alloc(0)),
  ]
  const file = await fileOf(t, zipStream(entries))
  assert.deepEqual(await readByPython(file), {
    names: entries.map(({ name }) => name),
    sizes: entries.map(({ bytes }) => bytes),
    bad: null,
  })
  assert.equal((await stat(file)).size, zipBytes(entries))
})

test('no member leads out of where it is unpacked', async () => {
  const whole = await buffer(
    zipStream([entryOf('../../etc/./passwd', Buffer.from('x')), entryOf('/abs\\win', Buffer.from('y'))]),
  )
  const names = await new Promise<string[]>((resolve, reject) => {
    fromBuffer(whole, { lazyEntries: true }, (error, zip: ZipFile) => {
      if (error) return reject(error)
      const found: string[] = []
      zip.on('entry', ({ fileName }) => {
        found.push(fileName)
        zip.readEntry()
      })
      zip.on('end', () => resolve(found))
      zip.readEntry()
    })
  })
  assert.deepEqual(names, ['etc/passwd', 'abs/win'])
})

test('more members than the old form can count', async (t) => {
  const nothing = Buffer.alloc(0)
  function* many() {
    for (let i = 0; i < 70_000; i++) yield entryOf(`file-${i}`, nothing)
  }
  const file = await fileOf(t, zipStream(many()))
  assert.equal((await stat(file)).size, zipBytes(many()))
  const program = 'import sys,zipfile\nz=zipfile.ZipFile(sys.argv[1])\nprint(len(z.namelist()), z.namelist()[-1])'
  assert.equal((await run('python3', ['-c', program, file])).stdout, '70000 file-69999\n')
})

test('one file is open at a time, and only when its turn comes; who stops reading closes it', async () => {
  let open = 0
  let opened = 0
  const entries = Array.from({ length: 5 }, (_, i) => ({
    name: `f${i}`,
    bytes: 1_000_000,
    modified,
    open: async () => {
      open++
      opened++
      assert.equal(open, 1)
      return Readable.from([Buffer.alloc(500_000), Buffer.alloc(500_000)]).once('close', () => open--)
    },
  }))
  assert.equal((await buffer(zipStream(entries))).length, zipBytes(entries))
  assert.deepEqual([open, opened], [0, 5])
  opened = 0
  const given = zipStream(entries)
  for await (const _ of given) break
  await setImmediate()
  assert.equal(opened <= 1, true)
  assert.equal(open, 0)
})

test('a file that is not as long as was said breaks the ZIP off', async () => {
  const wrong = { ...entryOf('f', Buffer.from('abc')), bytes: 4 }
  await assert.rejects(buffer(zipStream([wrong])), /3 bytes instead of 4/)
})
