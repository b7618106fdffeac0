import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import type { Cell, ChartSpec, Document, DocumentBlock, DocumentColumn } from '#src/documents/document.ts'
import { openPress } from '#src/documents/press.ts'

const press = openPress({ organization: 'Fuzz' })
after(() => press.close())

/** Letters that have hurt typesetters, spreadsheets and mail programs, between ordinary and random ones. */
const nasty = [
  '#panic("x")',
  '#import "@preview/a:1.0.0"',
  '*x* _y_ `z` $a$ @b <c>',
  '<script>alert(1)</script>',
  '</td></table>',
  '\u202e\u2066\u200f',
  '\u0000\u0008\u001f\u007f',
  '\ud800',
  '\udfff\ud83d',
  '😀👩‍👩‍👧🏽🇩🇪',
  'שלום עולם',
  'مرحبا بالعالم',
  '٥٪ (x) ﷽⁑ ߹( a\u0610,',
  'नमस्ते क्षत्रिय',
  'สวัสดี',
  '漢字かな交じり文',
  'e\u0301\u0302\u0303'.repeat(40),
  '\u200d\u200b\ufeff\u00ad',
  '\ufffe\uffff\u{10ffff}',
  '\ue000\u{f0000}',
  "=cmd|' /C calc'!A0",
  '_x0041_ _x005F_',
  'x'.repeat(3000),
  '\n\n\r\n\r\t',
  ']]>&amp;&#0;',
  '"\'`\\',
  '{{ }} {% x %}',
  '\u0301\u20dd',
  '\u{1d400}\u{1f9ff}',
]
const text = fc.oneof(
  fc.constantFrom(...nasty),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.array(fc.constantFrom(...nasty), { maxLength: 4 }).map((all) => all.join('')),
)
const number = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(0, -0, 1e308, 5e-324, Number.NaN, Number.POSITIVE_INFINITY),
)
const cell: fc.Arbitrary<Cell> = fc.oneof(
  text,
  number,
  fc.boolean(),
  fc.constant(null),
  fc.array(text, { maxLength: 3 }),
)
const format = fc.oneof(
  fc.record({
    when: fc.constantFrom('<', '<=', '=', '>', '>=', 'between', 'empty'),
    value: fc.oneof(number, text, fc.boolean()),
    value2: fc.oneof(number, text),
    colour: fc.constantFrom('red', 'amber', 'green', 'blue', 'grey'),
    bold: fc.boolean(),
  } as const),
  fc.record({ scale: fc.constantFrom('data_bar', 'colour_scale') } as const),
)
const column: fc.Arbitrary<DocumentColumn> = fc.record(
  {
    name: text,
    label: text,
    type: fc.constantFrom('text', 'integer', 'number', 'percent', 'boolean', 'date', 'timestamp'),
    decimals: fc.oneof(fc.constant(null), fc.nat(30)),
    unit: text,
    input: fc.boolean(),
    options: fc.array(fc.record({ id: text, label: text }), { maxLength: 5 }),
    formats: fc.array(format, { maxLength: 3 }),
  } as const,
  { requiredKeys: ['name', 'label', 'type'] },
)
const table: fc.Arbitrary<DocumentBlock> = fc.array(column, { maxLength: 14 }).chain((columns) => {
  const row = fc.array(cell, { minLength: columns.length, maxLength: columns.length })
  return fc.record(
    {
      kind: fc.constant('table' as const),
      title: text,
      columns: fc.constant(columns),
      rows: fc.array(row, { maxLength: 8 }),
      totals: row,
      cut: fc.record({ shown: fc.nat(), of: fc.option(fc.nat()) }),
      rowHeaders: fc.nat(columns.length),
    },
    { requiredKeys: ['kind', 'title', 'columns', 'rows'] },
  )
})
const chart: fc.Arbitrary<ChartSpec> = fc.record({
  type: fc.constantFrom('bar', 'stacked_bar', 'line', 'area', 'pie'),
  categories: fc.array(text, { maxLength: 20 }),
  series: fc.array(fc.record({ name: text, values: fc.array(fc.option(number), { maxLength: 22 }) }), { maxLength: 6 }),
  unit: text,
  decimals: fc.oneof(fc.constant(null), fc.nat(20)),
})
const block: fc.Arbitrary<DocumentBlock> = fc.oneof(
  fc.record({
    kind: fc.constant('text' as const),
    markdown: fc.array(text, { maxLength: 6 }).map((all) => all.join('\n')),
  }),
  fc.record({
    kind: fc.constant('number' as const),
    title: text,
    value: fc.option(number),
    unit: text,
    decimals: fc.option(fc.nat(30)),
    change: fc.record({ value: number, label: text }),
  }),
  table,
  fc.record({ kind: fc.constant('chart' as const), title: text, chart }),
)
const document: fc.Arbitrary<Document> = fc.record(
  {
    title: text,
    subtitle: text,
    language: fc.constant('en' as const),
    timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kathmandu'),
    generatedAt: fc.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true }),
    dataAsOf: fc.option(fc.oneof(text, fc.constant('2026-11-29'), fc.constant('2026-11-29T01:02:03Z'))),
    facts: fc.array(fc.record({ label: text, value: text }), { maxLength: 4 }),
    blocks: fc.array(block, { maxLength: 6 }),
    notes: fc.array(text, { maxLength: 3 }),
    link: text,
  },
  { requiredKeys: ['title', 'language', 'timeZone', 'generatedAt', 'dataAsOf', 'facts', 'blocks', 'notes'] },
)

/** More of them by `TESSERA_FUZZ_RUNS=1000 npm test test/documents-fuzz.test.ts`. */
const asked = process.env.TESSERA_FUZZ_RUNS
const size = asked === undefined ? { numRuns: 60, interruptAfterTimeLimit: 300_000 } : { numRuns: Number(asked) }

test('whatever stands in a document, each way out makes a file of it at the first attempt', async () => {
  await fc.assert(
    fc.asyncProperty(document, async (each) => {
      const [pdf, mail] = await Promise.all([press.pdf(each), press.mail(each)])
      assert.equal(Buffer.from(pdf.bytes).toString('latin1', 0, 5), '%PDF-')
      assert.ok(!pdf.cuts.some((cut) => cut.includes('□')), `a second attempt was needed`)
      assert.ok(!/<script|<\/td><\/table>/.test(mail.html.replace('</td></tr></table></td></tr></table>', '')))
      assert.ok(!mail.cuts.some((cut) => cut.includes('□')))
      for (const stream of [
        press.xlsx(each).stream,
        press.csv(each).stream,
        press.csv(each, { spreadsheet: true }).stream,
      ]) {
        let bytes = 0
        for await (const chunk of stream) bytes += (chunk as Buffer).length
        assert.ok(bytes >= 0)
      }
    }),
    { ...size, endOnFailure: true },
  )
})
