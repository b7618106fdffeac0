import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { spreadsheetCsv } from './spreadsheet-csv.ts'

test('no text of the data becomes a formula, and numbers stay numbers', () => {
  const rows = [
    ['=1+1', -5],
    ['+x', 1.5],
    ['-x', null],
    ['@x', 0],
    ['\tx', 1],
    ['\rx', 2],
    ['a=b', 3],
    ['say "hi", you', 4],
  ] as const
  assert.equal(
    spreadsheetCsv(['name', 'n'], rows),
    `\uFEFFname,n\r\n"'=1+1",-5\r\n"'+x",1.5\r\n"'-x",\r\n"'@x",0\r\n"'\tx",1\r\n"'\rx",2\r\na=b,3\r\n"say ""hi"", you",4\r\n`,
  )
})

test('a text becomes no formula either where semicolons or tabs separate, or white space stands before', () => {
  const written = spreadsheetCsv(['a;=1'], [['x;=1+1'], ['x;\t@x'], [' =1+1'], ['x\n=1+1'], ['＝1+1'], ['a; b - c']])
  assert.equal(
    written,
    `\uFEFF"a;'=1"\r\n"x;'=1+1"\r\n"x;'\t'@x"\r\n"' =1+1"\r\n"x\n'=1+1"\r\n"'＝1+1"\r\n"a; b - c"\r\n`,
  )
})

test('a reader of CSV gets back what was written, apart from the apostrophes', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.string({ minLength: 1 }), fc.string({ minLength: 1 })), { minLength: 1 }),
      (rows) => {
        const read = parse(spreadsheetCsv(['a', 'b'], rows), { bom: true, record_delimiter: '\r\n' }) as string[][]
        assert.deepEqual(
          read.slice(1),
          rows.map((row) => row.map((text) => text.replace(/(^|[;\t\r\n])(?=\s*[=+\-@]|[\t\r\n])/g, "$1'"))),
        )
      },
    ),
  )
})
