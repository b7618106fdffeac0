import { Readable } from 'node:stream'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { Problem } from '#src/problem/problem.ts'

/** What a streaming way out needs of the query that it carries. */
export interface StreamNeeds {
  readonly connection: DuckDBConnection
  readonly signal: AbortSignal | undefined
  readonly timeoutMs: number
  explain(error: unknown, reason: StopReason): Problem
  /** Gives back the connection and the place; called once. */
  done(): void
}

export type StopReason = 'cancelled' | 'timed_out' | null

/**
 * A stream that has begun: what fails before the first byte throws here, and can still become a proper refusal.
 * `finish` runs once, however the stream ends.
 */
export async function startedStream(
  chunks: AsyncGenerator<Uint8Array>,
  finish: () => Promise<void>,
): Promise<Readable> {
  const first = await chunks.next().catch(async (error: unknown) => {
    await finish()
    throw error
  })
  async function* all() {
    if (!first.done) {
      yield first.value
      yield* chunks
    }
  }
  const stream = Readable.from(all(), { objectMode: false, highWaterMark: 1 << 18 })
  stream.once('close', () => {
    // `return` also ends a generator that was never read on after its first chunk.
    void chunks.return(undefined).finally(finish)
  })
  return stream
}
