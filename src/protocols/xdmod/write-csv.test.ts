import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { numbersLabel, oneLine, seriesHeader, writeCsv, writeNumber } from './write-csv.ts'

const table = { title: 'CPU Hours: Total', start: '2026-03-01', end: '2026-03-03' }

describe('the CSV of numbers', () => {
  test('has its header in record 7, whatever there is before it', () => {
    const without = writeCsv({ ...table, parameters: [], headers: ['Day'], rows: [] })
    assert.equal(
      without,
      'title\n"CPU Hours: Total"\nparameters\n\nstart,end\n2026-03-01,2026-03-03\n---------\nDay\n---------\n',
    )
    const filters = ['Resource =  anvil', 'Queue = ( a,  b )']
    const lines = writeCsv({ ...table, parameters: filters, headers: ['Day', '[x] y'], rows: [['2026', '1']] }).split(
      '\n',
    )
    assert.equal(lines[3], '"Resource =  anvil","Queue = ( a,  b )"')
    assert.deepEqual(lines.slice(7), ['Day,"[x] y"', '2026,1', '---------', ''])
  })

  test('quotes what has a blank, comma, quote, tab, backslash or line break, and nothing else', () => {
    const cells = ['plain', 'a b', 'a,b', 'a"b', 'a\tb', 'a\\b', 'a\nb', "a'b", '<b>', 'ü']
    const [line] = writeCsv({ ...table, parameters: [], headers: cells, rows: [] })
      .split('---------\n')
      .slice(1)
    assert.equal(line, 'plain,"a b","a,b","a""b","a\tb","a\\b","a\nb",a\'b,<b>,ü\n')
  })

  test('keeps every label on one line and never empty', () => {
    assert.equal(oneLine('a\vb\fc\x1cd\x1de\x1ef\x85g\u2028h\u2029i\r\nj'), 'a b c d e f g h i j')
    assert.equal(oneLine(''), ' ')
  })

  test('writes as entities what clients would decode or cut at, and leaves the rest alone', () => {
    assert.equal(numbersLabel('fay & gil'), 'fay & gil')
    assert.equal(numbersLabel('a &lt; b &#38; R&D'), 'a &amp;lt; b &amp;#38; R&amp;D')
    assert.equal(seriesHeader('x[1] y', 'Jobs'), '[x[1&#93; y] Jobs')
  })

  test('writes numbers with the decimals of the metric, zeros included', () => {
    assert.equal(writeNumber(0, 4), '0.0000')
    assert.equal(writeNumber(1234567.891, 2), '1234567.89')
    assert.equal(writeNumber(3, 0), '3')
    assert.equal(writeNumber(0.1, null), '0.1')
  })
})
