import assert from 'node:assert/strict'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { after, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { DuckDBInstance } from '@duckdb/node-api'
import yazl from 'yazl'
import { openContentStore } from '#src/files/content-store.ts'
import { testDatabase } from '#test/postgres.ts'
import { ensureTable } from './find-table.ts'
import type { TableFormat } from './formats.ts'
import { namedByTables } from './kept-files.ts'
import type { ShownTable } from './show-table.ts'
import { streamTable } from './stream-rows.ts'

const { db, close } = await testDatabase()
const directory = await mkdtemp(path.join(tmpdir(), 'tessera-tables-'))
const contents = openContentStore({ directory: path.join(directory, 'contents'), namedBy: [namedByTables] })
const needs = { db, contents, tablesDirectory: path.join(directory, 'tables') }
after(async () => {
  await close()
  await rm(directory, { recursive: true, force: true })
})

async function tableOf(bytes: string | Buffer, format: TableFormat) {
  const draft = await contents.draft(Buffer.from(bytes))
  await db.transaction().execute((tx) => draft.keep(tx))
  return ensureTable(needs, { sha256: draft.sha256, format }, AbortSignal.timeout(60_000))
}
const typesOf = (table: Awaited<ReturnType<typeof tableOf>>) =>
  table.columns?.map(({ name, type }) => `${name}: ${type}`)

test('the columns of a CSV file, their types and what is in them are found', async () => {
  const table = await tableOf(
    'site,date,count,share,wet\nnorth,2026-01-01,3,0.5,true\nnorth,2026-01-02,,0.25,false\n"south, far",2026-01-03,5,1,true\nwest,2026-01-04,7,,false\n',
    'csv',
  )
  assert.deepEqual([table.state, table.rows, table.trouble], ['read', 4, null])
  assert.deepEqual(typesOf(table), ['site: text', 'date: date', 'count: integer', 'share: number', 'wet: boolean'])
  const [site, date, count] = table.columns!.map(({ statistics }) => statistics!)
  assert.deepEqual(site, {
    missing: 0,
    distinct: 3,
    min: 'north',
    max: 'west',
    mean: null,
    deviation: null,
    quartiles: null,
    top: [
      { value: 'north', count: 2 },
      { value: 'south, far', count: 1 },
      { value: 'west', count: 1 },
    ],
  })
  assert.deepEqual([date!.min, date!.max, date!.mean], ['2026-01-01', '2026-01-04', null])
  assert.deepEqual([count!.missing, count!.mean, count!.deviation, count!.quartiles?.[1]], [1, 5, 2, '5'])
  assert.deepEqual(table.preview?.[2], ['south, far', '2026-01-03', '5', '1.0', 'true'])
})

test('the same content is read once, and its rows are kept as Parquet', async () => {
  const csv = 'a,b\n1,x\n2,y\n'
  const [first, second] = await Promise.all([tableOf(csv, 'csv'), tableOf(csv, 'csv')])
  assert.deepEqual([first.attempts, first.table_sha256], [1, second.table_sha256])
  const instance = await DuckDBInstance.create()
  const connection = await instance.connect()
  const reader = await connection.runAndReadAll(`select * from read_parquet('${contents.pathOf(first.table_sha256!)}')`)
  assert.deepEqual(reader.getRowObjectsJson(), [
    { a: '1', b: 'x' },
    { a: '2', b: 'y' },
  ])
})

test('tab-separated values, JSON in both forms and Parquet are tables as well', async () => {
  assert.deepEqual(typesOf(await tableOf('a\tb,c\n1\tx\n', 'tsv')), ['a: integer', 'b,c: text'])
  assert.deepEqual(typesOf(await tableOf('[{"a": 1, "b": {"c": [1, 2]}}, {"a": 2.5}]', 'json')), [
    'a: number',
    'b: text',
  ])
  const lines = await tableOf('{"a": 1, "t": "2026-01-01T10:00:00Z"}\n{"a": 2}\n', 'json')
  assert.deepEqual([lines.rows, lines.columns?.[0]?.type, lines.preview?.[1]], [2, 'integer', ['2', null]])
  const file = path.join(directory, 'made.parquet')
  const connection = await (await DuckDBInstance.create()).connect()
  await connection.run(
    `copy (select 1::hugeint as h, [1, 2] as l, 'x'::blob as b, date '2026-01-01' as d) to '${file}'`,
  )
  const { readFile } = await import('node:fs/promises')
  const table = await tableOf(await readFile(file), 'parquet')
  assert.deepEqual(typesOf(table), ['h: number', 'l: text', 'b: text', 'd: date'])
  assert.deepEqual(table.preview, [['1.0', '[1,2]', 'x', '2026-01-01']])
})

async function workbook(sheet: string, more: Record<string, string> = {}): Promise<Buffer> {
  const zip = new yazl.ZipFile()
  const add = (name: string, text: string) => zip.addBuffer(Buffer.from(`<?xml version="1.0"?>${text}`), name)
  add(
    '[Content_Types].xml',
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
  )
  add(
    '_rels/.rels',
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
  )
  add(
    'xl/workbook.xml',
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Counts" sheetId="1" r:id="rId1"/></sheets></workbook>',
  )
  add(
    'xl/_rels/workbook.xml.rels',
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
  )
  add(
    'xl/worksheets/sheet1.xml',
    `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${sheet}</sheetData></worksheet>`,
  )
  for (const [name, text] of Object.entries(more)) add(name, text)
  zip.end()
  return buffer(zip.outputStream)
}
const inline = (at: string, text: string) => `<c r="${at}" t="inlineStr"><is><t>${text}</t></is></c>`

test('the first sheet of a workbook is a table with the types of its cells', async () => {
  const table = await tableOf(
    await workbook(
      `<row r="1">${inline('A1', 'code')}${inline('B1', 'n')}${inline('C1', 'n')}</row><row r="2">${inline('A2', '007')}<c r="B2"><v>1</v></c><c r="C2"><v>1.5</v></c></row><row r="3">${inline('A3', 'a "b"')}<c r="B3"><v>2</v></c><c r="C3"><v>2</v></c></row>`,
    ),
    'xlsx',
  )
  assert.deepEqual([table.trouble, typesOf(table)], [null, ['code: text', 'n: integer', 'n_2: number']])
  assert.deepEqual(table.preview, [
    ['007', '1', '1.5'],
    ['a "b"', '2', '2.0'],
  ])
})

test('what is no table is told in plain words, without a path', async () => {
  const cases: [string | Buffer, TableFormat][] = [
    ['not parquet', 'parquet'],
    ['{"a": ', 'json'],
    ['PK\u0003\u0004 nonsense', 'xlsx'],
    [Buffer.alloc(5000, 0xff), 'json'],
  ]
  for (const [bytes, format] of cases) {
    const table = await tableOf(bytes, format)
    assert.equal(table.state, 'failed', format)
    assert.match(table.trouble ?? '', /^It cannot be read as /)
    assert.doesNotMatch(table.trouble ?? '', /\//)
  }
})

test('rows that do not fit are read as text rather than refused', async () => {
  const table = await tableOf('a,b\n1,2\n3\n"x""y",4\n6,seven\n', 'csv')
  assert.deepEqual(
    [table.state, table.trouble, table.preview],
    [
      'read',
      null,
      [
        ['1', '2'],
        ['3', null],
        ['x"y', '4'],
        ['6', 'seven'],
      ],
    ],
  )
})

test('a file that names other files gets none of their content', async () => {
  const secret = path.join(directory, 'secret.csv')
  await writeFile(secret, 'password\nhunter2\n')
  await symlink(secret, path.join(directory, 'link.csv'))
  const { openLocked } = await import('./read-table.ts')
  const connection = await openLocked({
    files: ['/nowhere'],
    directories: [needs.tablesDirectory],
    memoryLimitBytes: 2 ** 28,
  })
  for (const sql of [
    `select * from read_csv('${secret}')`,
    `select * from read_csv('${needs.tablesDirectory}/../secret.csv')`,
    `select * from read_text('/etc/passwd')`,
    `select * from read_csv('http://127.0.0.1:1/x.csv')`,
    `copy (select 1) to '${directory}/out.csv'`,
    'install httpfs',
    `attach '${directory}/x.db'`,
    'set enable_external_access = true',
  ])
    await assert.rejects(connection.run(sql), sql)
})

test('whoever reads rows slowly, or not at all, leaves room for others', async () => {
  const lines = Array.from({ length: 200_000 }, (_, n) => `${n},row number ${n}`)
  const table = await tableOf(['n,text', ...lines].join('\n'), 'csv')
  assert.equal(table.state, 'read', table.trouble ?? '')
  const shown = { table, opened: { file: { id: 1, publishedAt: null } } } as unknown as ShownTable
  const files = { contents, downloads: { count() {} }, limits: { table: 1e9 } } as unknown as Parameters<
    typeof streamTable
  >[0]
  const stop = new AbortController()
  const rowsFor = (asker: string) => streamTable(files, shown, 'csv', stop.signal, asker)
  const slow = await Promise.all([rowsFor('slow'), rowsFor('slow')])
  const third = rowsFor('slow')
  third.catch(() => undefined)
  const other = await Promise.race([rowsFor('other'), setTimeout(5000, null)])
  assert.ok(other !== null, 'somebody else gets in')
  const text = (await buffer(other)).toString()
  assert.ok(text.endsWith('199999,row number 199999\n'), text.slice(-60))
  stop.abort()
  await assert.rejects(third)
  for (const rows of slow) rows.destroy()
})
