import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { test } from 'node:test'
import fc from 'fast-check'
import { Problem } from '#src/problem/problem.ts'
import { type PartKinds, readParts } from './multipart.ts'

const kinds: PartKinds = { file: 'file', jsonData: 'text' }

interface Told {
  name: string
  fileName?: string | null
  mediaType?: string | null
  text?: string
  content?: Buffer
}

async function readAll(
  form: Buffer,
  { size = form.length || 1, boundary = 'b', strict = false } = {},
): Promise<Told[]> {
  const chunks: Buffer[] = []
  for (let at = 0; at < form.length; at += size) chunks.push(form.subarray(at, at + size))
  const told: Told[] = []
  const parts = readParts(Readable.from(chunks), `multipart/form-data; boundary=${boundary}`, kinds, { strict })
  for await (const part of parts)
    if (part.kind === 'text') told.push({ name: part.name, text: part.text })
    else {
      const { name, fileName, mediaType } = part
      told.push({ name, fileName, mediaType, content: await buffer(part.content) })
    }
  return told
}

const formOf = (...parts: (readonly [head: string, content: string | Buffer])[]): Buffer =>
  Buffer.concat([
    ...parts.flatMap(([head, content]) => [
      Buffer.from(`--b\r\n${head}\r\n\r\n`),
      Buffer.from(content),
      Buffer.from('\r\n'),
    ]),
    Buffer.from('--b--\r\n'),
  ])

test('parts come by their names, in any order, whatever file names and types their clients give them', async () => {
  const json = '{"description":"ü"}'
  const file = [
    'Content-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/CSV; charset=utf-8',
    'a,b',
  ] as const
  for (const head of [
    'Content-Disposition: form-data; name="jsonData"',
    'Content-Disposition: form-data; name="jsonData"; filename="upload"\r\nContent-Type: application/octet-stream',
    'content-disposition: form-data; name=jsonData\r\ncontent-type: application/json',
  ])
    for (const order of [1, -1]) {
      const form = formOf(...[[head, json] as const, file].slice().sort(() => order))
      const told = (await readAll(form)).sort((a, b) => (a.name < b.name ? -1 : 1))
      assert.deepEqual(told, [
        { name: 'file', fileName: 'a.csv', mediaType: 'text/csv', content: Buffer.from('a,b') },
        { name: 'jsonData', text: json },
      ])
    }
  const [bare] = await readAll(formOf(['Content-Disposition: form-data; name="file"', 'x']))
  assert.deepEqual(bare, { name: 'file', fileName: null, mediaType: null, content: Buffer.from('x') })
})

test('file names are read in every way in which clients write them, and lose their directories', async () => {
  for (const [written, fileName] of [
    ['filename="Zürich daten 数据.csv"', 'Zürich daten 数据.csv'],
    ["filename*=utf-8''Z%C3%BCrich.csv", 'Zürich.csv'],
    ['filename="Z_rich.csv"; filename*=UTF-8\'de\'Z%C3%BCrich.csv', 'Zürich.csv'],
    ["filename*=iso-8859-1''Z%FCrich.csv", 'Zürich.csv'],
    ['filename="plain.csv"; filename*=utf-8\'\'%zz', 'plain.csv'],
    ['filename="a%22b.csv"', 'a"b.csv'],
    ['filename="a\\"b;c=d.csv"', 'a"b;c=d.csv'],
    ['filename="100%25 sure.csv"', '100%25 sure.csv'],
    ['filename=plain.csv', 'plain.csv'],
    ['filename="C:\\Users\\ada\\a.csv"', 'a.csv'],
    ['filename="../../etc/passwd"', 'passwd'],
    ['filename=""', ''],
  ] as const) {
    const [part] = await readAll(formOf([`Content-Disposition: form-data; name="file"; ${written}`, 'x']))
    assert.equal(part?.fileName, fileName, written)
  }
})

test('contents are whole however the network cuts them, and when they look like boundaries', async () => {
  const nasty = ['\r\n--', '\r\n--bb', '\r\n-', '\r', '\n', '--b', '\r\n\r\n', '', '\r\n--a\r\n--', 'x']
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...nasty), { maxLength: 12 }),
      fc.integer({ min: 1, max: 40 }),
      async (pieces, size) => {
        const content = Buffer.from(pieces.join(''))
        // A boundary inside would be the client's mistake.
        fc.pre(!content.includes('\r\n--b') && !content.subarray(0, 3).equals(Buffer.from('--b')))
        const form = formOf(
          ['Content-Disposition: form-data; name="file"', content],
          ['Content-Disposition: form-data; name="jsonData"', content],
        )
        const told = await readAll(form, { size })
        assert.ok(told[0]?.content?.equals(content))
        assert.equal(told[1]?.text, content.toString())
      },
    ),
    { numRuns: 300 },
  )
  const content = randomBytes(3_000_000)
  const [part] = await readAll(formOf(['Content-Disposition: form-data; name="file"', content]), { size: 65_536 })
  assert.ok(part?.content?.equals(content))
})

test('what nobody reads is thrown away, and the next part comes all the same', async () => {
  const form = formOf(
    ['Content-Disposition: form-data; name="other"; filename="x"', randomBytes(100_000)],
    ['Content-Disposition: form-data; name="file"', randomBytes(2_000_000)],
    ['Content-Disposition: form-data; name="jsonData"', '{}'],
  )
  const seen: string[] = []
  for await (const part of readParts(Readable.from([form]), 'multipart/form-data; boundary="b"', kinds))
    seen.push(part.name)
  assert.deepEqual(seen, ['file', 'jsonData'])
})

test('a form that is none is refused with what is wrong with it', async () => {
  const whole = formOf(['Content-Disposition: form-data; name="file"', 'content'])
  const refused = async (form: Buffer, strict = false): Promise<string> => {
    for (const size of [1, 7, form.length]) {
      const error = await readAll(form, { size: Math.max(1, size), strict }).then(
        () => null,
        (error: unknown) => error,
      )
      assert.ok(error instanceof Problem, String(error))
      if (size === form.length) return String(error.details.detail)
    }
    return ''
  }
  for (let end = 0; end < whole.length - 4; end += 5) assert.match(await refused(whole.subarray(0, end)), /ends before/)
  assert.match(await refused(Buffer.from('no boundary at all')), /ends before/)
  assert.match(await refused(formOf(['Content-Type: text/plain', 'x'])), /no name/)
  assert.match(await refused(formOf([`X: ${'x'.repeat(20_000)}`, 'x'])), /too long a head/)
  assert.match(
    await refused(formOf(['Content-Disposition: form-data; name="jsonData"', 'x'.repeat(1_100_000)])),
    /#\/jsonData/,
  )
  assert.match(await refused(formOf(['Content-Disposition: form-data; name="zz"', 'x']), true), /#\/zz/)
  const many = formOf(...Array.from({ length: 1001 }, () => ['Content-Disposition: form-data; name="zz"', ''] as const))
  await assert.rejects(readAll(many), /more than 1000 parts/)
  await assert.rejects(async () => {
    for await (const _ of readParts(Readable.from([whole]), 'multipart/form-data', kinds));
  }, /no boundary/)
})
