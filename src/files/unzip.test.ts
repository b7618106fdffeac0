import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import { Problem } from '#src/problem/problem.ts'
import { readZip, type UnzipLimits } from './unzip.ts'

const run = promisify(execFile)
const roomy: UnzipLimits = { maxFiles: 1000, maxBytes: 1e9 }

/** An archive that Python makes; `lines` write into `z`. */
async function made(t: TestContext, lines: string): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'unzip-'))
  t.after(() => rm(directory, { recursive: true }))
  const file = path.join(directory, 'made.zip')
  const program = `import sys,zipfile\nwith zipfile.ZipFile(sys.argv[1],'w',zipfile.ZIP_DEFLATED) as z:\n${lines
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')}`
  await run('python3', ['-c', program, file])
  return file
}

async function unpack(file: string, limits = roomy): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for await (const member of readZip(file, limits)) {
    const content = await buffer(await member.open())
    assert.equal(content.length, member.bytes)
    found[member.name] = content.toString('utf8').slice(0, 100)
  }
  return found
}

async function refusal(file: string, limits = roomy): Promise<string> {
  const error = await unpack(file, limits).then(
    () => null,
    (error: unknown) => error,
  )
  assert.ok(error instanceof Problem, String(error))
  return `${error.code}: ${error.details.detail}`
}

test('members come with their paths and bytes; directories are none', async (t) => {
  const file = await made(
    t,
    `z.writestr('data/counts.csv','a,b')\nz.writestr('empty/','')\nz.writestr('Zürich 数据.txt','ü')\nz.writestr('nothing.txt','')`,
  )
  assert.deepEqual(await unpack(file), { 'data/counts.csv': 'a,b', 'Zürich 数据.txt': 'ü', 'nothing.txt': '' })
})

test('names that lead elsewhere lead nowhere', async (t) => {
  const file = await made(
    t,
    `z.writestr('../../etc/passwd','a')\nz.writestr('/root/x','b')\nz.writestr('a\\\\..\\\\b.txt','c')\nz.writestr('./d//e.txt','d')\nz.writestr('..','e')`,
  )
  assert.deepEqual(await unpack(file), { 'etc/passwd': 'a', 'root/x': 'b', 'a/b.txt': 'c', 'd/e.txt': 'd' })
})

test('UTF-8 is read even where the archive does not say that it is, and old letters where it is not', async (t) => {
  const file = await made(t, `z.writestr('aaZZ.txt','x')\nz.writestr('aaYY.txt','y')`)
  const bytes = (await readFile(file)).toString('latin1')
  await writeFile(file, Buffer.from(bytes.replaceAll('aaZZ', 'a\xc3\xbcb').replaceAll('aaYY', 'ab\x81c'), 'latin1'))
  assert.deepEqual(Object.keys(await unpack(file)), ['aüb.txt', 'abüc.txt'])
})

test('bombs are refused before anything is unpacked: too many, too much, too dense', async (t) => {
  const many = await made(t, `for i in range(50): z.writestr(f'f{i}','')`)
  assert.match(await refusal(many, { maxFiles: 49, maxBytes: 1e9 }), /archive-too-large: It holds 50 files/)
  const dense = await made(t, `for i in range(4): z.writestr(f'f{i}',bytes(50_000_000))`)
  assert.match(await refusal(dense, { ...roomy, maxRatio: 100 }), /more than 100 times/)
  assert.match(await refusal(dense, { ...roomy, maxBytes: 150_000_000 }), /more than 150000000 bytes/)
})

test('a member that holds more than the archive says is cut off', async (t) => {
  const file = await made(t, `z.writestr('f',bytes(1_000_000))`)
  const bytes = await readFile(file)
  // The size in both heads.
  for (
    let at = bytes.indexOf(Buffer.from([0x40, 0x42, 0x0f, 0]));
    at >= 0;
    at = bytes.indexOf(Buffer.from([0x40, 0x42, 0x0f, 0]), at + 1)
  )
    bytes.writeUInt32LE(10, at)
  await writeFile(file, bytes)
  assert.match(await refusal(file), /archive-broken/)
})

test('encrypted, damaged, or no archive at all: each is said', async (t) => {
  const file = await made(t, `z.writestr('secret.txt','hello hello hello')`)
  const whole = await readFile(file)
  const encrypted = Buffer.from(whole)
  const central = encrypted.indexOf('PK\x01\x02', 0, 'latin1')
  encrypted.writeUInt16LE(encrypted.readUInt16LE(central + 8) | 1, central + 8)
  await writeFile(file, encrypted)
  assert.match(await refusal(file), /“secret.txt” is encrypted/)
  const altered = Buffer.from(whole)
  altered.writeUInt32LE(0, central + 16)
  await writeFile(file, altered)
  assert.match(await refusal(file), /checksum of “secret.txt” is wrong/)
  for (const bytes of [whole.subarray(0, 40), Buffer.from('no archive'), Buffer.alloc(0)]) {
    await writeFile(file, bytes)
    assert.match(await refusal(file), /damaged, or no ZIP/)
  }
})
