import type { Readable } from 'node:stream'
import { PassThrough } from 'node:stream'
import { makeGate } from '#src/warehouse/engines/gate.ts'
import type { FileNeeds } from '../files/needs.ts'
import { runTableChild } from './run-table-child.ts'
import type { ShownTable } from './show-table.ts'

const memoryLimitBytes = 256 * 2 ** 20
const longestMs = 60 * 60_000
const gate = makeGate(3, { waiting: 30, waitMs: 30_000 })

/** All rows of a table. Fails in the middle rather than end early; whoever leaves stops it. */
export async function streamTable(
  needs: FileNeeds,
  { table, opened }: ShownTable,
  format: 'csv' | 'ndjson' | 'parquet',
  signal: AbortSignal,
): Promise<Readable> {
  const sha256 = table.table_sha256!
  if (format === 'parquet') {
    const content = await needs.contents.read(sha256)
    if (!content) throw new Error(`the table ${sha256} is not in the store`)
    return counted(needs, opened, content)
  }
  const leave = await gate.enter(signal)
  const stop = new AbortController()
  try {
    const { child, outcome } = runTableChild(
      { kind: 'rows', file: needs.contents.pathOf(sha256), format, memoryLimitBytes },
      { signal: AbortSignal.any([stop.signal, AbortSignal.timeout(longestMs)]) },
    )
    const rows = new PassThrough({ highWaterMark: 1 << 18 })
    // The pipe's end is not success: that is what the process says.
    child.stdout!.pipe(rows, { end: false })
    const drained = new Promise((resolve) => child.stdout!.once('close', resolve))
    outcome
      .then(() => drained)
      .then(
        () => rows.end(),
        (error: Error) => rows.destroy(error),
      )
    rows.once('close', () => {
      stop.abort()
      leave()
    })
    return counted(needs, opened, rows)
  } catch (error) {
    leave()
    throw error
  }
}

function counted({ downloads }: FileNeeds, { file }: ShownTable['opened'], rows: Readable): Readable {
  if (file.publishedAt !== null) rows.once('resume', () => downloads.count(file.id))
  return rows
}
