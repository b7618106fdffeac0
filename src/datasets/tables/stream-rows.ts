import { execFile } from 'node:child_process'
import { constants, openSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { promisify } from 'node:util'
import { makeGate } from '#src/warehouse/engines/gate.ts'
import type { FileNeeds } from '../files/needs.ts'
import { boundRows, fewestBytes } from './bound-rows.ts'
import { localFile } from './find-table.ts'
import { tableTooLong } from './problems.ts'
import { runTableChild } from './run-table-child.ts'
import type { ShownTable } from './show-table.ts'

const memoryLimitBytes = 256 * 2 ** 20
const longestMs = 60 * 60_000
const longestPauseMs = 5 * 60_000
const gate = makeGate(3, { waiting: 30, waitMs: 30_000 })

/**
 * All rows of a table. Fails in the middle rather than end early; whoever leaves stops it. However slowly one `asker` reads,
 * there is room for others. As text they may have so many bytes, and take so long; what cannot fit is refused at once.
 */
export async function streamTable(
  needs: FileNeeds,
  { table, opened }: ShownTable,
  format: 'csv' | 'ndjson' | 'parquet',
  signal: AbortSignal,
  asker: string,
): Promise<Readable> {
  const sha256 = table.table_sha256!
  if (format === 'parquet') {
    const content = await needs.contents.read(sha256)
    if (!content) throw new Error(`the table ${sha256} is not in the store`)
    return counted(needs, opened, content)
  }
  const least = fewestBytes(table.rows ?? 0, table.columns ?? [], format)
  if (least > needs.limits.table)
    throw tableTooLong({
      detail: `The ${table.rows} rows of ${opened.name} have at least ${least} bytes in this form; ${needs.limits.table} may be sent.`,
    })
  const leave = await gate.enter(signal, asker)
  const directory = await mkdtemp(path.join(tmpdir(), 'tessera-rows-')).catch((error: unknown) => {
    leave()
    throw error
  })
  const stop = new AbortController()
  const tidy = async () => {
    stop.abort()
    leave()
    await rm(directory, { recursive: true, force: true })
  }
  try {
    const file = await localFile(needs.contents, sha256, path.join(directory, 'table'), signal)
    if (file === null) throw new Error(`the table ${sha256} is not in the store`)
    const output = path.join(directory, 'rows')
    await promisify(execFile)('mkfifo', ['-m', '600', output])
    // Without blocking: otherwise opening would wait until somebody writes.
    const pipe = new Socket({
      fd: openSync(output, constants.O_RDONLY | constants.O_NONBLOCK),
      readable: true,
      writable: false,
    })
    const rows = boundRows({ mostBytes: needs.limits.table, longestPauseMs })
    // The pipe's end is not success: that is what the process says.
    pipe.pipe(rows, { end: false })
    const drained = finished(pipe, { writable: false })
    runTableChild(
      { kind: 'rows', file, format, output, memoryLimitBytes },
      { signal: AbortSignal.any([stop.signal, AbortSignal.timeout(longestMs)]) },
    )
      .then(() => drained)
      .then(
        () => rows.end(),
        (error: Error) => rows.destroy(error),
      )
    drained.catch(() => undefined)
    const hangUp = () => rows.destroy()
    rows.once('close', () => {
      signal.removeEventListener('abort', hangUp)
      pipe.destroy()
      void tidy()
    })
    signal.addEventListener('abort', hangUp, { once: true })
    if (signal.aborted) hangUp()
    return counted(needs, opened, rows)
  } catch (error) {
    await tidy()
    throw error
  }
}

function counted({ downloads }: FileNeeds, { file }: ShownTable['opened'], rows: Readable): Readable {
  if (file.publishedAt !== null) rows.once('resume', () => downloads.count(file.id))
  return rows
}
