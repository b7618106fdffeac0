import { literal } from '#src/warehouse/engines/duckdb-lock-down.ts'
import { openLocked, readTable } from './read-table.ts'
import { NotATable, type TableMessage, type TableOrder } from './table-order.ts'

const tell = (message: TableMessage): Promise<void> =>
  new Promise((resolve) => {
    process.send?.(message, () => resolve())
  })

// Whoever started us is gone, so nobody would use what we make.
process.once('disconnect', () => process.exit(1))

process.once('message', async (order: TableOrder) => {
  try {
    if (order.kind === 'read') await tell({ read: await readTable(order) })
    else {
      await writeRows(order)
      await tell({ done: true })
    }
  } catch (error) {
    if (error instanceof NotATable) await tell({ refused: error.message })
    else await tell({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
  // The engine's threads may still be at it.
  process.exit(0)
})

/** All rows, into the pipe. */
async function writeRows({
  file,
  format,
  output,
  memoryLimitBytes,
}: Extract<TableOrder, { kind: 'rows' }>): Promise<void> {
  const connection = await openLocked({ files: [file, output], directories: [], memoryLimitBytes })
  const how = format === 'csv' ? 'format csv, header true' : 'format json'
  await connection.run(`copy (select * from read_parquet(${literal(file)})) to ${literal(output)} (${how})`)
}
