import assert from 'node:assert/strict'
import { buffer } from 'node:stream/consumers'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { crc32, inflateRawSync } from 'node:zlib'
import type { Cell, Document, DocumentBlock, DocumentColumn } from '../document.ts'
import { sampleDocument, sampleTable } from '../sample-document.ts'
import { sheetNames } from './sheet-names.ts'
import { workbook } from './workbook.ts'
import { columnLetters, xmlText } from './xml-text.ts'

const of = (...blocks: DocumentBlock[]): Document => ({ ...sampleDocument(), blocks })
const column = (name: string, rest: Partial<DocumentColumn> = {}): DocumentColumn => ({
  name,
  label: name,
  type: 'text',
  ...rest,
})
const tableOf = (columns: DocumentColumn[], rows: Cell[][], rest = {}): DocumentBlock => ({
  kind: 'table',
  title: 'T',
  columns,
  rows,
  ...rest,
})

/** The parts of a ZIP file, read by its directory, with their check sums checked. */
async function partsOf(document: Document): Promise<{ parts: Map<string, string>; cuts: readonly string[] }> {
  const { stream, cuts } = workbook(document, 'Example University')
  const file = await buffer(stream)
  const end = file.length - 22
  assert.equal(file.readUInt32LE(end), 0x06054b50)
  const parts = new Map<string, string>()
  for (let at = file.readUInt32LE(end + 16), i = 0; i < file.readUInt16LE(end + 10); i++) {
    assert.equal(file.readUInt32LE(at), 0x02014b50)
    const [crc, packed, plain] = [16, 20, 24].map((offset) => file.readUInt32LE(at + offset))
    const length = file.readUInt16LE(at + 28)
    const start = file.readUInt32LE(at + 42)
    const from = start + 30 + file.readUInt16LE(start + 26)
    const content = inflateRawSync(file.subarray(from, from + packed!))
    assert.equal(content.length, plain)
    assert.equal(crc32(content), crc)
    parts.set(file.toString('utf8', at + 46, at + 46 + length), content.toString())
    at += 46 + length
  }
  return { parts, cuts }
}

const sheet = async (document: Document, number = 2): Promise<string> => {
  const { parts } = await partsOf(document)
  return parts.get(`xl/worksheets/sheet${number}.xml`)!
}
const cellAt = (xml: string, at: string): string => new RegExp(`<c r="${at}"[^>]*?(?:/>|>.*?</c>)`).exec(xml)?.[0] ?? ''

test('values are typed: numbers, days, moments by the clock of the zone, per cents, true and false, big numbers whole', async () => {
  const xml = await sheet(
    of(
      tableOf(
        [
          column('n', { type: 'number' }),
          column('d', { type: 'date' }),
          column('t', { type: 'timestamp' }),
          column('p', { type: 'percent' }),
          column('b', { type: 'boolean' }),
          column('i', { type: 'integer' }),
        ],
        [
          [1.5, '2026-11-29', '2026-07-01T10:30:00Z', 12.5, true, '123456789012345678'],
          [null, '1899-12-31', 'no time', null, false, '42'],
        ],
      ),
    ),
  )
  assert.match(cellAt(xml, 'A2'), /<v>1\.5<\/v>/)
  assert.match(cellAt(xml, 'B2'), /<v>46355<\/v>/)
  assert.match(cellAt(xml, 'C2'), /<v>46204\.520833/)
  assert.match(cellAt(xml, 'D2'), /<v>0\.125<\/v>/)
  assert.match(cellAt(xml, 'E2'), /t="b"><v>1</)
  assert.match(cellAt(xml, 'F2'), /<t xml:space="preserve">123456789012345678</)
  assert.match(cellAt(xml, 'B3'), /1899-12-31/, 'before 1900 there are no days there')
  assert.match(cellAt(xml, 'C3'), /no time/)
  assert.match(cellAt(xml, 'F3'), /<v>42<\/v>/)
})

test('text stays text: no formula, no markup, no lost blanks, control characters and all', async () => {
  const texts = [
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '<b>&"',
    '  two  ',
    'a\u0001b',
    '_x0041_',
    'a\r\nb',
    '\ud800',
    '\uffff',
  ]
  const xml = await sheet(
    of(
      tableOf(
        [column('a')],
        texts.map((text) => [text]),
      ),
    ),
  )
  assert.ok(!xml.includes('<f>'))
  const found = texts.map(
    (_, i) => /preserve">([\s\S]*?)<\/t>/.exec(cellAt(xml.replaceAll('\n', '&#10;'), `A${i + 2}`))?.[1],
  )
  assert.deepEqual(found, [
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '&lt;b&gt;&amp;&quot;',
    '  two  ',
    'a_x0001_b',
    '_x005F_x0041_',
    'a_x000D_&#10;b',
    '\ufffd',
    '\ufffd',
  ])
  const { parts } = await partsOf(of(tableOf([column('a')], [['=1+1']])))
  const style = Number(/ s="(\d+)"/.exec(cellAt(parts.get('xl/worksheets/sheet2.xml')!, 'A2'))![1])
  const looks = parts
    .get('xl/styles.xml')!
    .split('<cellXfs')[1]!
    .match(/<xf [^>]*\/>|<xf [^>]*>.*?<\/xf>/g)!
  assert.match(looks[style]!, /quotePrefix="1"/, 'it stays text when somebody edits it')
})

test('input columns are real drop-downs; lists that are long or have commas stand in a hidden sheet', async () => {
  const options = (labels: string[]) => labels.map((label, i) => ({ id: String(i), label }))
  const { parts } = await partsOf(
    of(
      tableOf(
        [
          column('short', { input: true, options: options(['on budget', 'over & out']) }),
          column('long', { input: true, options: options(Array.from({ length: 300 }, (_, i) => `cost centre ${i}`)) }),
          column('commas', { input: true, options: options(['a, b', 'c']) }),
          column('many', { input: true, multiple: true, options: options(['x', 'y']) }),
          column('ok', { input: true, type: 'boolean' }),
          column('due', { input: true, type: 'date' }),
          column('read', { options: options(['x']) }),
        ],
        [['retired', null, null, ['x', 'y'], null, null, 'x']],
      ),
    ),
  )
  const xml = parts.get('xl/worksheets/sheet2.xml')!
  const rules = [...xml.matchAll(/<dataValidation [^>]*sqref="([A-Z]+)2:[A-Z]+2"><formula1>(.*?)<\/formula1>/g)].map(
    ([, at, formula]) => [at, formula],
  )
  assert.deepEqual(rules, [
    ['A', '&quot;on budget,over &amp; out&quot;'],
    ['B', 'Choices_1'],
    ['C', 'Choices_2'],
    ['E', '"TRUE,FALSE"'],
    ['F', '1'],
  ])
  const book = parts.get('xl/workbook.xml')!
  assert.match(book, /<sheet name="Choices" sheetId="3" state="hidden"/)
  assert.match(book, /<definedName name="Choices_1">'Choices'!\$A\$1:\$A\$300<\/definedName>/)
  assert.match(parts.get('xl/worksheets/sheet3.xml')!, /cost centre 299/)
})

test('conditional formats are the spreadsheet’s own, in order, and no value can end its formula', async () => {
  const { parts } = await partsOf(
    of(
      tableOf(
        [
          column('n', {
            type: 'number',
            formats: [
              { when: '>', value: 5, colour: 'red' },
              { when: 'between', value: 1, value2: 2, colour: 'amber', bold: true },
              { scale: 'data_bar' },
            ],
          }),
          column('t', {
            formats: [
              { when: '=', value: '"&A1&"<', colour: 'green' },
              { when: 'empty', colour: 'grey' },
            ],
          }),
          column('p', {
            type: 'percent',
            formats: [{ when: '<', value: 50, colour: 'blue' }, { scale: 'colour_scale' }],
          }),
        ],
        [[1, 'a', 10]],
      ),
    ),
  )
  const xml = parts.get('xl/worksheets/sheet2.xml')!
  assert.match(xml, /<formula>AND\(NOT\(ISBLANK\(A2\)\),A2&gt;5\)<\/formula>/)
  assert.match(xml, /AND\(A2&gt;=1,A2&lt;=2\)/)
  assert.match(xml, /<cfRule type="dataBar" priority="3">/)
  assert.match(xml, /operator="equal"><formula>&quot;&quot;&quot;&amp;A1&amp;&quot;&quot;&lt;&quot;<\/formula>/)
  assert.match(xml, /C2&lt;0\.5/)
  const dxfs = parts.get('xl/styles.xml')!.split('<dxfs')[1]!
  assert.match(dxfs, /formatCode="&quot;◆ &quot;#,##0"/, 'a sign beside the colour')
})

test('heads are frozen and filtered, totals stand at the end, spans are merged', async () => {
  const table = {
    ...sampleTable(3),
    rowHeaders: 1,
    spans: [
      { label: '', columns: 3 },
      { label: 'Use', columns: 2 },
    ],
  }
  const xml = await sheet(of(table))
  assert.match(xml, /<pane xSplit="1" ySplit="2" topLeftCell="B3"/)
  assert.match(xml, /<autoFilter ref="A2:E5"\/>/)
  assert.match(xml, /<mergeCell ref="D1:E1"\/>/)
  assert.match(cellAt(xml, 'A6'), /Total/)
})

test('the first sheet says what it is, of when, what is missing and what stands where', async () => {
  const { parts, cuts } = await partsOf({
    ...of(
      ...sampleDocument().blocks.slice(0, 4),
      { ...sampleTable(2), cut: { shown: 2, of: 9 } },
      tableOf([column('a')], [['x'.repeat(40_000)]]),
    ),
    notes: ['Two groups are left out.'],
  })
  const about = parts.get('xl/worksheets/sheet1.xml')!
  assert.deepEqual(cuts, ['“T” has 1 cell cut after 32,767 characters.'])
  for (const said of [
    'Weekly usage',
    'Ada Lovelace',
    'Data as of',
    '29 Nov 2026, 00:00 CET',
    'Europe/Berlin',
    'Example University',
    'Two groups are left out.',
    'shows the first 2 of 9 rows.',
    cuts[0]!,
    '<v>182345</v>',
    'The cluster was',
  ])
    assert.ok(about.includes(said), said)
  assert.match(about, /location="'Core hours by queue'!A1"/)
  assert.match(parts.get('xl/worksheets/_rels/sheet1.xml.rels')!, /Target="https:\/\/portal\.example\.org/)
  assert.ok(parts.get('docProps/core.xml')!.includes('<dc:title>Weekly usage</dc:title>'))
})

test('names of sheets are legal and unique, whatever tables are called', () => {
  const names = sheetNames(
    [
      'a/b',
      'A:b',
      "'quoted'",
      '',
      'History',
      'About',
      `${'x'.repeat(30)}😀`,
      'x'.repeat(40),
      'x'.repeat(41),
      '[]',
      '\u202e\u0000',
    ],
    ['About'],
  )
  for (const name of names) {
    assert.ok(name.length > 0 && name.length <= 31, name)
    assert.ok(!/[\\/?*[\]:]|^'|'$/.test(name), name)
    assert.equal(name, name.toWellFormed())
  }
  assert.equal(new Set(names.map((name) => name.toLowerCase())).size, names.length)
  assert.ok(!names.some((name) => ['history', 'about'].includes(name.toLowerCase())))
})

test('columns are lettered as spreadsheets do', () => {
  assert.deepEqual([0, 25, 26, 701, 702, 16_383].map(columnLetters), ['A', 'Z', 'AA', 'ZZ', 'AAA', 'XFD'])
  assert.equal(xmlText('plain'), 'plain')
})

test('equal documents are equal bytes, and a reader that stops early stops the writing', async () => {
  const [one, two] = await Promise.all([1, 2].map(() => buffer(workbook(sampleDocument(), 'E').stream)))
  assert.ok(one!.equals(two!))
  let asked = 0
  const rows = new Proxy(sampleTable(100_000).rows as Cell[][], {
    get: (target, key, receiver) => {
      if (key === '99999') asked++
      return Reflect.get(target, key, receiver) as unknown
    },
  })
  const { stream } = workbook(of({ ...sampleTable(1), rows, totals: null }), 'E')
  // Some looks at all rows are needed to know what is too long.
  const before = asked
  let read = 0
  for await (const chunk of stream) {
    read += (chunk as Buffer).length
    if (read > 100_000) break
  }
  await sleep(300)
  assert.equal(asked, before, 'the last row was not written')
})
