/**
 * `npm test [pattern…]`: every test beside its subject and in test/, on node's own runner.
 * Test files share nothing but one Postgres server (test/postgres.ts), so they run side by side.
 */
import { spawn } from 'node:child_process'
import { globSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { bringChromium } from './install-chromium.ts'
import { bringPoppler } from './install-poppler.ts'

const root = path.resolve(import.meta.dirname, '..')
const patterns = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const flags = process.argv.slice(2).filter((argument) => argument.startsWith('--'))
const files = globSync(
  patterns.length > 0 ? patterns : ['src/**/*.test.ts', 'portal/**/*.test.ts', 'test/**/*.test.ts'],
  { cwd: root },
).sort()
if (files.length === 0) {
  console.error(`No test file matches ${patterns.join(' ')}.`)
  process.exit(2)
}
// Where there can be no browser its tests fail, each with the one sentence that says what is missing.
if (!process.env.TESSERA_NO_BROWSER && files.some((file) => file.startsWith(path.join('test', 'browser'))))
  bringChromium()
if (files.some((file) => file.startsWith(path.join('src', 'documents')))) bringPoppler()
// Tests wait more than they work: with as many files at a time as there are cores, half of these would be idle.
const filesAtATime = availableParallelism() + 1
const child = spawn(
  process.execPath,
  ['--test', `--test-concurrency=${filesAtATime}`, ...flags, ...files],
  // The pool is DuckDB's and argon2's too: the default of four threads would let a query stall a file read.
  { cwd: root, stdio: 'inherit', env: { ...process.env, UV_THREADPOOL_SIZE: process.env.UV_THREADPOOL_SIZE ?? '16' } },
)
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)))
