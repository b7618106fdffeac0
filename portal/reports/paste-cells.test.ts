import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { copiedCells, pastedCells } from './paste-cells.ts'

describe('what a spreadsheet puts on the clipboard', () => {
  for (const [what, text, cells] of [
    ['one cell', 'a', [['a']]],
    ['a row', 'a\tb', [['a', 'b']]],
    [
      'a block, with Windows line ends and one after the last line',
      'a\tb\r\nc\td\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'empty cells, at the end of a line too',
      '\ta\t\n\t\t',
      [
        ['', 'a', ''],
        ['', '', ''],
      ],
    ],
    ['an empty line between two', 'a\n\nb', [['a'], [''], ['b']]],
    ['breaks and quotes within a cell', '"two\nlines"\t"a ""b"""', [['two\nlines', 'a "b"']]],
    ['a quote that is part of the text', '"a" b\t"c', [['"a" b', '"c']]],
    ['nothing', '', [['']]],
  ] as const)
    test(`${what} is read as it was meant`, () => assert.deepEqual(pastedCells(text), cells))

  test('what is copied here is pasted here as it was', () => {
    const cells = [
      ['plain', 'tab\there', 'line\nhere'],
      ['"quoted"', '', 'last'],
    ]
    assert.deepEqual(pastedCells(copiedCells(cells)), cells)
  })
})
