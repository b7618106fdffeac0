import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { readPdf } from '#test/pdf.ts'
import type { Document, DocumentBlock } from './document.ts'
import { openPress } from './press.ts'
import { sampleDocument } from './sample-document.ts'

const press = openPress({ organization: 'Example University' })
after(() => press.close())

const withBlocks = (...blocks: DocumentBlock[]): Document => ({ ...sampleDocument(), blocks })
const flat = (text: string): string => text.replace(/\s+/g, ' ')

test('a PDF says what it is, of when and for whom, and holds every number as readers write it', async () => {
  const { bytes, cuts, mediaType } = await press.pdf(sampleDocument())
  const { text, facts, fonts } = await readPdf(bytes)
  assert.equal(mediaType, 'application/pdf')
  assert.deepEqual(cuts, [])
  for (const said of [
    'Example University',
    'Weekly usage',
    'Who computed how much, and where',
    'Period 1 Nov 2026 to 28 Nov 2026',
    'Data as of 29 Nov 2026, 00:00 CET',
    'Made 29 Nov 2026, 08:05 CET',
    'The cluster was 97 % busy. Write to us.',
    '182,345 jobs',
    '+12.3 % on the week before',
    '1,234,567.9 core hours',
  ])
    assert.ok(flat(text).includes(said), `it doesn't say: ${said}\n${text.slice(0, 3000)}`)
  assert.equal(facts.Title, 'Weekly usage')
  assert.equal(facts.Author, 'Example University')
  assert.match(facts.CreationDate!, /Nov 29 07:05:00 2026/)
  assert.ok(
    fonts.length > 0 && fonts.every((font) => font.includes('NotoSans') || font.includes('DejaVuSansMono')),
    fonts.join(),
  )
})

test('pages are numbered, named, and repeat the heads of a table that goes on', async () => {
  const { pages } = await readPdf((await press.pdf(sampleDocument({ rows: 300 }))).bytes)
  assert.ok(pages.length > 4)
  for (const [i, page] of pages.entries()) {
    assert.ok(page.includes(`${i + 1} of ${pages.length}`), `page ${i + 1}`)
    if (i > 0) assert.match(page, /^\s*Weekly usage +Example University/, `page ${i + 1} says what it belongs to`)
    if (i > 1) assert.match(page, /PI +Name +Queue +Jobs +Core hours/, `page ${i + 1} has heads`)
  }
  assert.match(pages.at(-1)!, /Total +[\d,]+ +[\d,]+\.\d/)
})

test('equal documents are equal bytes, and other numbers are not', async () => {
  const [one, again, other] = await Promise.all([1, 1, 2].map((seed) => press.pdf(sampleDocument({ seed }))))
  assert.ok(Buffer.from(one!.bytes).equals(Buffer.from(again!.bytes)))
  assert.ok(!Buffer.from(one!.bytes).equals(Buffer.from(other!.bytes)))
  assert.ok(one!.bytes.length < 100_000, `${one!.bytes.length} bytes`)
})

test('text from data is never markup', async () => {
  const nasty = [
    '#panic("x")',
    '*x* _y_ `z` $a$',
    '<script>alert(1)</script>',
    '#read("/etc/passwd")',
    '= no head',
    '// no comment',
    '\\u{41} \\ #[x]',
    '@ref <label>',
  ]
  const { text } = await readPdf(
    (
      await press.pdf({
        ...withBlocks({
          kind: 'table',
          title: nasty[0]!,
          columns: [{ name: 'a', label: nasty[1]!, type: 'text' }],
          rows: nasty.map((each) => [each]),
        }),
        title: nasty[2]!,
        subtitle: nasty[3]!,
        facts: nasty.map((value, i) => ({ label: `fact ${i}`, value })),
      })
    ).bytes,
  )
  for (const each of nasty) assert.ok(flat(text).split(each).length > 2, `${each} stands there as it is`)
})

test('marks that turn lines around and characters that are none are gone; other scripts are there', async () => {
  const rows = ['a\u202eb', 'c\u0000d', 'e\ud800f', 'שלום', 'Ж ж', 'नमस्ते', 'x → y ✓'].map((each) => [each])
  const table: DocumentBlock = {
    kind: 'table',
    title: 'Letters',
    columns: [{ name: 'a', label: 'A', type: 'text' }],
    rows,
  }
  const { text } = await readPdf((await press.pdf(withBlocks(table))).bytes)
  for (const said of ['ab', 'cd', 'Жж', 'x→y✓']) assert.ok(text.replaceAll(' ', '').includes(said), said)
  assert.match(text, /שלום|םולש/)
  assert.ok(!text.includes('\u202e') && !text.includes('\0'))
})

test('letters that no font has are told to be missing', async () => {
  const table = (text: string): DocumentBlock => ({
    kind: 'table',
    title: 'Letters',
    columns: [{ name: 'a', label: 'A', type: 'text' }],
    rows: [[text]],
  })
  const [missing, there] = await Promise.all(
    ['漢字', 'Straße Ж π שלום مرحبا नमस्ते µ ✓ 😀'].map((text) => press.pdf(withBlocks(table(text)))),
  )
  assert.match(missing!.cuts.join(), /Some letters are shown as boxes/)
  assert.deepEqual(there!.cuts, [])
})

test('signs and marks of scripts that go the other way than their line are printed, and do not end the typesetter', async () => {
  const texts = [
    '٥٪ (x)',
    'a ؉, b',
    '5٪⁑',
    'سلام ۵٪ (x)',
    '(﷽)⁑',
    '߹ (',
    'a\u0610\u0611 (',
    'a\u0610\u0301\u0611 (',
    'بُ (b)',
    '\u060c\u0610 (',
    'א϶⪫🧾א',
  ]
  const columns = [{ name: 'a', label: 'A', type: 'text' as const }]
  const made = texts.map((text) => press.pdf(withBlocks({ kind: 'table', title: '', columns, rows: [[text]] })))
  for (const [i, { bytes, cuts }] of (await Promise.all(made)).entries()) {
    assert.deepEqual(cuts, [], `${texts[i]}: made at the first attempt, nothing in boxes`)
    assert.equal((await readPdf(bytes)).text.includes('٪'), texts[i]!.includes('٪'))
  }
})

test('words wider than their column break, and nothing is lost', async () => {
  const long = 'abcdefghij'.repeat(40)
  const table: DocumentBlock = {
    kind: 'table',
    title: 'Long',
    columns: ['a', 'b', 'c', 'd'].map((name) => ({ name, label: name, type: 'text' as const })),
    rows: [[long, 'short', 'also short', long]],
  }
  const { text } = await readPdf((await press.pdf(withBlocks(table))).bytes)
  assert.equal((text.match(/[a-j]/g) ?? []).filter((letter) => letter === 'j').length, 80)
})

test('heads that no page would hold are cut, and that is told', async () => {
  const label = 'What is it '.repeat(400)
  const columns = ['a', 'b'].map((name) => ({ name, label, type: 'text' as const }))
  const { bytes, cuts } = await press.pdf(withBlocks({ kind: 'table', title: 'Tall', columns, rows: [['x', 'y']] }))
  assert.deepEqual(cuts, ['In “Tall” heads of columns are cut after 120 characters.'])
  const { text, pages } = await readPdf(bytes)
  assert.equal(pages.length, 1)
  assert.match(text, /heads of columns are cut/)
})

test('a table with many columns lies, and one with more than fit comes in bands that repeat who it is about', async () => {
  const wide = (count: number): DocumentBlock => ({
    kind: 'table',
    title: 'Wide',
    rowHeaders: 1,
    columns: [
      { name: 'g', label: 'Group', type: 'text' },
      ...Array.from({ length: count }, (_, i) => ({
        name: `m${i}`,
        label: `Metric ${i}`,
        type: 'number' as const,
        decimals: 2,
      })),
    ],
    rows: [['physics', ...Array.from({ length: count }, (_, i) => 100_000 + i)]],
  })
  const lying = await readPdf((await press.pdf(withBlocks(wide(11)))).bytes)
  assert.match(lying.facts['Page size']!, /841\.\d+ x 595/)
  const banded = await readPdf((await press.pdf(withBlocks(wide(40)))).bytes)
  assert.equal(banded.text.split('physics').length - 1, banded.text.split(/Columns \d+ to \d+ of 41/).length - 1)
  assert.ok(banded.text.includes('100,039.00'))
})

test('conditional formats carry a sign beside their colour; what repeats above is there on every page', async () => {
  const table: DocumentBlock = {
    kind: 'table',
    title: 'Signs',
    rowHeaders: 1,
    columns: [
      { name: 'g', label: 'Group', type: 'text' },
      {
        name: 'n',
        label: 'N',
        type: 'integer',
        formats: [
          { when: '>', value: 5, colour: 'red', bold: true },
          { when: 'between', value: 2, value2: 4, colour: 'amber' },
        ],
      },
    ],
    rows: [
      ['physics', 9],
      ['physics', 3],
      ['physics', 1],
      ['physics', null],
    ],
  }
  const { text } = await readPdf((await press.pdf(withBlocks(table))).bytes)
  assert.match(flat(text), /physics ◆ ?9 physics ▲ ?3 physics 1 physics –/)
})

test('every cut is told in the file and to whoever asked', async () => {
  const small = openPress({ organization: 'Example', limits: { pages: 3, charactersPerCell: 50 } })
  try {
    const document = sampleDocument({ rows: 400 })
    const table = document.blocks.at(-1)!
    assert.ok(table.kind === 'table')
    const long = {
      ...table,
      rows: [['x'.repeat(80), null, null, 1, 2], ...table.rows],
      cut: { shown: 401, of: 12_345 },
    }
    const { bytes, cuts } = await small.pdf({
      ...document,
      blocks: [...document.blocks.slice(0, -1), long],
      notes: ['Two groups are left out.'],
    })
    const { pages, text } = await readPdf(bytes)
    assert.ok(pages.length <= 3)
    assert.match(cuts.join('\n'), /“Usage by principal investigator” shows the first \d+ of 12,345 rows\./)
    assert.match(cuts.join('\n'), /1 cell is cut after 50 characters/)
    for (const note of ['Two groups are left out.', ...cuts]) assert.ok(flat(pages[0]!).includes(note), note)
    assert.equal(cuts.filter((cut) => cut.includes('of 12,345 rows')).length, 1, 'one sentence for one table')
    assert.match(flat(text), /Shown: the first \d+ of 12,345 rows\./)
  } finally {
    await small.close()
  }
})

test('what no leaving out of rows makes small enough is refused in words', async () => {
  const small = openPress({ organization: 'Example', limits: { pages: 1 } })
  try {
    const texts = Array.from({ length: 9 }, (): DocumentBlock => ({ kind: 'text', markdown: 'word '.repeat(2000) }))
    await assert.rejects(small.pdf(withBlocks(...texts)), { code: 'render-too-long' })
  } finally {
    await small.close()
  }
})

test('an empty report, an empty table and a chart of nothing say so', async () => {
  const empty = await readPdf((await press.pdf(withBlocks())).bytes)
  assert.match(empty.text, /This report has no blocks/)
  const { text } = await readPdf(
    (
      await press.pdf(
        withBlocks(
          { kind: 'table', title: 'T', columns: [{ name: 'a', label: 'A', type: 'text' }], rows: [] },
          { kind: 'chart', title: 'C', chart: { type: 'bar', categories: [], series: [], unit: '' } },
        ),
      )
    ).bytes,
  )
  assert.match(text, /There are no rows/)
  assert.match(text, /nothing to draw/)
})
