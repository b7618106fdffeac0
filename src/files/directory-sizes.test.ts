import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeDirectorySizes } from './directory-sizes.ts'

test('directories are counted with all below them, and not again at once', async (t) => {
  const root = await mkdtemp(path.join(tmpdir(), 'tessera-sizes-'))
  t.after(() => rm(root, { recursive: true }))
  await mkdir(path.join(root, 'full/below'), { recursive: true })
  await writeFile(path.join(root, 'full/a'), 'x'.repeat(1000))
  await writeFile(path.join(root, 'full/below/b'), 'x'.repeat(234))
  const places = { full: path.join(root, 'full'), missing: path.join(root, 'missing'), none: null }

  const sizes = makeDirectorySizes(places)
  const counted = { full: 1234, missing: 0, none: null }
  assert.deepEqual(await Promise.all([sizes(), sizes()]), [counted, counted])
  await writeFile(path.join(root, 'full/c'), 'x')
  assert.deepEqual(await sizes(), counted, 'still what was counted last')

  const anew = makeDirectorySizes(places, 0)
  await anew()
  await writeFile(path.join(root, 'full/d'), 'x')
  await sleep(5)
  assert.equal((await anew()).full, 1235, 'told at once, while it is counted anew')
  for (let tries = 0; tries < 100 && (await anew()).full !== 1236; tries++) await sleep(5)
  assert.equal((await anew()).full, 1236)
})
