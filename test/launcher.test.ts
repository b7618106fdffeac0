import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, copyFile, mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'

const run = promisify(execFile)
const launcher = path.resolve(import.meta.dirname, '../tessera')

describe('./tessera', () => {
  let root: string
  let elsewhere: string
  before(async () => {
    root = await realpath(await mkdtemp(path.join(tmpdir(), 'tessera launcher ')))
    elsewhere = path.join(root, 'elsewhere')
    await mkdir(path.join(root, 'product/src'), { recursive: true })
    await mkdir(path.join(root, 'bare'))
    await mkdir(path.join(root, 'old'))
    await mkdir(elsewhere)
    for (const directory of ['product', 'bare']) await copyFile(launcher, path.join(root, directory, 'tessera'))
    await mkdir(path.join(root, 'product/node_modules/.bin'), { recursive: true })
    await symlink(process.execPath, path.join(root, 'product/node_modules/.bin/node'))
    await writeFile(path.join(root, 'product/package.json'), '{ "type": "module" }')
    await writeFile(
      path.join(root, 'product/src/main.ts'),
      `const told: string[] = process.argv.slice(2)
       if (told[0] === 'serve') process.on('SIGTERM', () => process.exit(7)) && setInterval(() => {}, 1000)
       console.log(JSON.stringify({ told, pool: process.env.UV_THREADPOOL_SIZE, cwd: process.cwd(), pid: process.pid }))`,
    )
    await writeFile(
      path.join(root, 'old/node'),
      `#!/bin/sh\nif [ "$1" = --version ]; then echo v20.11.0; else exec "${process.execPath}" -e 'process.exit(1)'; fi\n`,
    )
    await chmod(path.join(root, 'old/node'), 0o755)
  })
  after(() => rm(root, { recursive: true }))

  test('hands on its arguments as they are, and starts from anywhere, through links too', async () => {
    await symlink('../product/tessera', path.join(elsewhere, 'first'))
    await symlink(path.join(elsewhere, 'first'), path.join(elsewhere, 'second'))
    const { stdout } = await run(path.join(elsewhere, 'second'), ['a b', '', '--c=$d'], { cwd: elsewhere })
    const { told, pool, cwd } = JSON.parse(stdout) as { told: string[]; pool: string; cwd: string }
    assert.deepEqual({ told, pool, cwd }, { told: ['a b', '', '--c=$d'], pool: '16', cwd: elsewhere })
  })

  test('leaves a chosen size of the thread pool alone', async () => {
    const env = { ...process.env, UV_THREADPOOL_SIZE: '32' }
    const { stdout } = await run(path.join(root, 'product/tessera'), { env })
    assert.equal((JSON.parse(stdout) as { pool: string }).pool, '32')
  })

  test('keeps what Node compiles, so that the next start is quicker', async () => {
    await run(path.join(root, 'product/tessera'))
    const kept = await readdir(path.join(root, 'product/node_modules/.cache/tessera'), { recursive: true })
    assert.ok(kept.length > 1, String(kept))
  })

  test('becomes the server itself, so signals and the exit code are the server’s own', async () => {
    const child = spawn(path.join(root, 'product/tessera'), ['serve'], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = (await once(child.stdout, 'data')) as [Buffer]
    assert.equal((JSON.parse(String(line)) as { pid: number }).pid, child.pid)
    child.kill('SIGTERM')
    assert.deepEqual(await once(child, 'exit'), [7, null])
  })

  test('takes the Node of the machine where npm brought none, unless it is too old', async () => {
    const pinned = path.join(root, 'product/node_modules/.bin/node')
    await rm(pinned)
    await writeFile(pinned, 'of another machine', { mode: 0o755 })
    const product = path.join(root, 'product/tessera')
    const found = (directory: string) => ({ env: { PATH: `${directory}:/usr/bin:/bin` } })
    const { stdout } = await run(product, ['x'], found(path.dirname(process.execPath)))
    assert.deepEqual((JSON.parse(stdout) as { told: string[] }).told, ['x'])
    await assert.rejects(run(product, found(path.join(root, 'old'))), {
      code: 1,
      stderr: /^tessera: Node v20\.11\.0 is too old; 24\.7 is needed\. Run `npm ci`/,
    })
  })

  test('says what to do in a checkout without packages', async () => {
    await assert.rejects(run(path.join(root, 'bare/tessera')), {
      code: 1,
      stderr: /not installed\. Run `npm ci` in .*bare/,
    })
  })
})
