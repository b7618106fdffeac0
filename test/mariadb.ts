import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import mysql from 'mysql2/promise'
import { bringMariadb, mariadbWanted } from '#scripts/install-mariadb.ts'
import { roomyDirectory } from './postgres.ts'

export interface TestMariadb extends AsyncDisposable {
  /** As it would stand in the settings; the account may only read. */
  readonly address: string
  readonly port: number
  /** As somebody who may do anything. */
  query(sql: string, values?: readonly unknown[]): Promise<unknown>
}

/** A MariaDB of your own, on a directory and a port of its own. Fails where there is none and none can be installed. */
export async function testMariadb(): Promise<TestMariadb> {
  const programs = bringMariadb()
  if (!programs) throw new Error(mariadbWanted)
  const directory = await mkdtemp(path.join(await roomyDirectory(), `tessera-mariadb-`))
  const port = await freePort()
  const user = process.getuid?.() === 0 ? ['--user=root'] : []
  const place = ['--no-defaults', `--datadir=${directory}/data`, ...user]
  await promisify(execFile)(programs.install, [...place, '--auth-root-authentication-method=normal', '--skip-test-db'])
  const server = spawn(
    programs.server,
    [
      ...place,
      `--socket=${directory}/socket`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      '--innodb-flush-log-at-trx-commit=0',
      '--innodb-buffer-pool-size=64M',
      '--character-set-server=utf8mb4',
    ],
    { stdio: 'ignore' },
  )
  const pool = mysql.createPool({ socketPath: `${directory}/socket`, user: 'root', connectionLimit: 2, timezone: 'Z' })
  await answering(server, () => pool.query('select 1'))
  await pool.query('create database shop')
  await pool.query("create user 'reader'@'127.0.0.1' identified by 'hush hush'")
  await pool.query("grant select on shop.* to 'reader'@'127.0.0.1'")
  await pool.query('use shop')
  return {
    address: `mysql://reader:hush%20hush@127.0.0.1:${port}/shop`,
    port,
    async query(sql, values) {
      const [rows] = await pool.query(sql, values as unknown[])
      return rows
    },
    async [Symbol.asyncDispose]() {
      await pool.end()
      const gone = once(server, 'exit')
      server.kill('SIGTERM')
      await gone
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function answering(server: ChildProcess, ask: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (server.exitCode !== null) throw new Error(`mariadbd ended with ${server.exitCode}`)
    try {
      await ask()
      return
    } catch {
      await sleep(100)
    }
  }
  throw new Error('mariadbd did not answer within 30 seconds')
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
