import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { DuckDBInstance } from '@duckdb/node-api'
import { sql } from 'kysely'
import { filesHouse } from '#test/dataset-files.ts'
import { ensureTable } from './find-table.ts'
import { readTable } from './read-table.ts'
import type { ShownTable } from './show-table.ts'
import { findTable } from './store.ts'
import { streamTable } from './stream-rows.ts'
import { NotATable } from './table-order.ts'

/** Small files that hold very many rows, or very long ones. */

const mostBytes = 50e6
const house = await filesHouse({ tableDownloadLimit: mostBytes })
const { db } = house
const { contents } = house.files
const directory = await mkdtemp(path.join(tmpdir(), 'tessera-stream-'))
after(() => rm(directory, { recursive: true, force: true }))

/** Of a deposited Parquet file with what a query gives. */
async function deposit(name: string, query: string): Promise<{ id: number; sha256: string }> {
  const file = path.join(directory, `${name}.parquet`)
  const connection = await (await DuckDBInstance.create()).connect()
  await connection.run(`copy (${query}) to '${file}' (format parquet, compression zstd)`)
  const bytes = await readFile(file)
  assert.ok(bytes.length < 1e6, `${name} is small: ${bytes.length}`)
  const id = await house.deposit('alice', await house.makeDataset('alice'), `${name}.parquet`, bytes)
  const { sha256 } = await db
    .selectFrom('dataset_files')
    .select('sha256')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const needs = { db, contents, tablesDirectory: path.join(directory, 'tables') }
  const table = await ensureTable(needs, { sha256, format: 'parquet' }, AbortSignal.timeout(120_000))
  assert.equal(table.state, 'read', table.trouble ?? '')
  return { id, sha256 }
}

let long: Awaited<ReturnType<typeof deposit>>
let wide: typeof long
let short: typeof long
before(async () => {
  await house.join('alice')
  long = await deposit('long', 'select 1 as n from range(100)')
  // As if they had been counted, which takes long.
  await sql`update content_tables set rows = 60000000 where sha256 = ${long.sha256}`.execute(db)
  wide = await deposit('wide', `select repeat('x', 10000) as text from range(20000)`)
  short = await deposit('short', 'select range as n from range(3)')
})

const rowsOf = ({ id }: typeof long, format: string, init: RequestInit = {}) =>
  fetch(`${house.url}/v1/files/${id}/table/rows?format=${format}`, {
    ...init,
    headers: { authorization: 'Bearer alice' },
  })

test('rows that cannot fit are refused before the first, and to be had as Parquet', async () => {
  for (const format of ['csv', 'ndjson']) {
    const reply = await rowsOf(long, format)
    assert.equal(reply.status, 422, format)
    const problem = (await reply.json()) as { type: string; detail: string }
    assert.match(problem.type, /table-too-long$/)
    assert.match(problem.detail, /60000000 rows of long\.parquet .* 50000000 may be sent/)
  }
  const reply = await rowsOf(long, 'parquet')
  assert.equal(reply.status, 200)
  assert.equal(
    Buffer.from(await reply.arrayBuffer())
      .subarray(0, 4)
      .toString(),
    'PAR1',
  )
})

test('rows that prove larger are broken off, never ended as if they were all', async () => {
  const reply = await rowsOf(wide, 'csv')
  assert.equal(reply.status, 200)
  let bytes = 0
  await assert.rejects(async () => {
    for await (const chunk of reply.body!) bytes += chunk.length
  })
  assert.ok(bytes <= mostBytes, `${bytes}`)
})

test('whoever hangs up makes room at once', async () => {
  const leaving = new AbortController()
  const both = await Promise.all([1, 2].map(() => rowsOf(wide, 'csv', { signal: leaving.signal })))
  await Promise.all(both.map((reply) => reply.body!.getReader().read()))
  leaving.abort()
  const reply = await rowsOf(short, 'csv', { signal: AbortSignal.timeout(10_000) })
  assert.equal(await reply.text(), 'n\n0\n1\n2\n')
})

test('rows that nobody has begun to read end with whoever asked for them', async (t) => {
  const table = (await findTable(db, { sha256: wide.sha256, format: 'parquet' }))!
  const shown = { table, opened: { file: { id: wide.id, publishedAt: null } } } as unknown as ShownTable
  const leaving = new AbortController()
  const ask = (signal: AbortSignal) => streamTable(house.files, shown, 'csv', signal, 'somebody')
  const both = await Promise.all([ask(leaving.signal), ask(leaving.signal)])
  t.after(() => {
    for (const rows of both) rows.destroy()
  })
  leaving.abort()
  const next = await ask(AbortSignal.timeout(10_000))
  next.destroy()
  for (const rows of both) assert.ok(rows.destroyed)
})

test('a file that claims more rows than a table may have is not read', async () => {
  const file = path.join(directory, 'short.parquet')
  const order = { kind: 'read', file, format: 'parquet', scratch: directory, memoryLimitBytes: 2 ** 28 } as const
  await assert.rejects(readTable({ ...order, mostRows: 2 }), NotATable)
  assert.equal((await readTable({ ...order, mostRows: 3 })).rows, 3)
})
