import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import type { Document } from '#src/documents/document.ts'
import { sampleDocument } from '#src/documents/sample-document.ts'
import { workbook } from '#src/documents/xlsx/workbook.ts'

interface Read {
  readonly title: string
  readonly creator: string
  readonly names: Readonly<Record<string, string>>
  readonly sheets: Readonly<
    Record<
      string,
      {
        readonly hidden: boolean
        readonly frozen: string | null
        readonly filter: string | null
        readonly rows: readonly (readonly unknown[])[]
        readonly types: readonly (readonly string[])[]
        readonly formats: readonly (readonly string[])[]
        readonly choices: Readonly<Record<string, string>>
        readonly rules: Readonly<Record<string, readonly string[]>>
      }
    >
  >
}

const centres = Array.from({ length: 300 }, (_, i) => ({ id: `${i}`, label: `cost centre ${i}` }))
const document: Document = {
  ...sampleDocument(),
  blocks: [
    {
      kind: 'table',
      title: 'All / kinds: of [cells]',
      columns: [
        { name: 'text', label: 'Text', type: 'text' },
        {
          name: 'number',
          label: 'Number',
          type: 'number',
          decimals: 2,
          formats: [{ when: '>', value: 1, colour: 'red' }, { scale: 'data_bar' }],
        },
        { name: 'share', label: 'Share', type: 'percent' },
        { name: 'day', label: 'Day', type: 'date' },
        { name: 'at', label: 'At', type: 'timestamp' },
        { name: 'ok', label: 'Ok', type: 'boolean', input: true },
        { name: 'centre', label: 'Centre', type: 'text', input: true, options: centres },
      ],
      rows: [
        ['=1+1', 1.5, 12.5, '2026-11-29', '2026-07-01T10:30:00Z', true, 'cost centre 7'],
        ['  two\u0001 _x0041_ <b>', null, null, null, null, false, null],
      ],
    },
  ],
}

/** The workbook as a reader has it that is not ours. */
export async function checkWorkbook(python: string): Promise<void> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'tessera-workbook-'))
  try {
    const file = path.join(directory, 'made.xlsx')
    await pipeline(workbook(document, 'Example University').stream, createWriteStream(file))
    const program = path.join(import.meta.dirname, 'workbook', 'read.py')
    const { stdout } = await promisify(execFile)(python, ['-B', '-W', 'error', program, file])
    const read = JSON.parse(stdout) as Read
    assert.deepEqual([read.title, read.creator], ['Weekly usage', 'Example University'])
    assert.deepEqual(Object.keys(read.sheets), ['About', 'All kinds of cells', 'Choices'])
    const sheet = read.sheets['All kinds of cells']!
    assert.deepEqual(sheet.rows, [
      ['Text', 'Number', 'Share', 'Day', 'At', 'Ok', 'Centre'],
      ['=1+1', 1.5, 0.125, { moment: '2026-11-29T00:00:00' }, { moment: '2026-07-01T12:30:00' }, true, 'cost centre 7'],
      // Of these escapes the reader leaves the undoing to others.
      ['  two_x0001_ _x005F_x0041_ <b>', null, null, null, null, false, null],
    ])
    assert.deepEqual(sheet.types[1], ['s', 'n', 'n', 'd', 'd', 'b', 's'], 'what looks like a formula is text')
    assert.deepEqual(sheet.formats[1]!.slice(1, 5), ['#,##0.00', '0.0%', 'yyyy-mm-dd', 'yyyy-mm-dd hh:mm'])
    assert.deepEqual([sheet.frozen, sheet.filter], ['A2', 'A1:G3'])
    assert.deepEqual(sheet.choices, { 'F2:F3': '"TRUE,FALSE"', 'G2:G3': 'Choices_1' })
    assert.deepEqual(sheet.rules, { 'B2:B3': ['expression', 'dataBar'] })
    assert.equal(read.names.Choices_1, "'Choices'!$A$1:$A$300")
    assert.equal(read.sheets.Choices!.hidden, true)
    assert.equal(read.sheets.Choices!.rows.length, 300)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
