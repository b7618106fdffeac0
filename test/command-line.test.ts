import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'

const main = path.resolve(import.meta.dirname, '../src/main.ts')

test('a command whose reader has seen enough ends quietly', async () => {
  const child = spawn(process.execPath, [main, 'model', 'schema'], { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.destroy()
  const [complaints, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
  assert.equal(complaints, '')
  assert.equal(code, 0)
})
