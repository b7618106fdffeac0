import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openDuckDb } from './duckdb.ts'

test('a stream given up at any moment, even before the engine has begun to write, gives its place back', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'tessera-given-up-'))
  const engine = await openDuckDb({ directory, memoryLimitBytes: 256e6, threads: 2, timeoutMs: 20_000, exports: 1 })
  try {
    const long = { sql: 'select range as x from range(5000000)', params: [] }
    for (let moment = 0; moment < 24; moment++) {
      const giveUp = new AbortController()
      const timer = setTimeout(() => giveUp.abort(), moment)
      const stream = await engine.stream(long, 'ndjson', { signal: giveUp.signal }).catch(() => null)
      stream?.on('error', () => {})
      if (moment % 2 === 0) await sleep(moment / 4)
      stream?.destroy()
      clearTimeout(timer)
    }
    const whole = await engine.stream({ sql: 'select 1 as x', params: [] }, 'ndjson', {})
    assert.equal(await text(whole), '{"x":1}\n')
  } finally {
    await engine.close()
    await rm(directory, { recursive: true, force: true })
  }
})
