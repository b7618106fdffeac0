import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { floors } from '#scripts/floors.ts'

const root = path.resolve(import.meta.dirname, '..')
const biome = path.join(root, 'node_modules/.bin/biome')

async function lint(file: string): Promise<string> {
  const run = promisify(execFile)(biome, ['lint', '--max-diagnostics=50', file], { cwd: root })
  const { stdout, stderr } = await run.catch((failed: { stdout: string; stderr: string }) => failed)
  return stdout + stderr
}

async function lintPlanted(room: string, text: string): Promise<string> {
  const folder = await mkdtemp(path.join(root, 'src', room, 'planted-'))
  try {
    const file = path.join(folder, 'planted.ts')
    await writeFile(file, text)
    return await lint(file)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

test('every room stands on a floor, and every floor holds rooms that exist', () => {
  const rooms = readdirSync(path.join(root, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  assert.deepEqual(rooms.map((entry) => entry.name).sort(), floors.flat().sort())
})

test('the guard sees an import that goes up', async () => {
  assert.match(await lintPlanted('access', `import '#src/tokens/contract.ts'\n`), /lower floors/)
})

test('the guard sees an import of a neighbour', async () => {
  assert.match(await lintPlanted('queue', `import '#src/mail/send-mail.ts'\n`), /lower floors/)
})

test("the guard sees an import of another room's store", async () => {
  assert.match(await lintPlanted('tokens', `import '#src/accounts/store.ts'\n`), /private/)
})

test('the guard lets an import that goes down pass', async () => {
  assert.ok(existsSync(path.join(root, 'src/problem/problem.ts')))
  assert.doesNotMatch(await lintPlanted('tokens', `import '#src/problem/problem.ts'\n`), /noRestrictedImports/)
})
