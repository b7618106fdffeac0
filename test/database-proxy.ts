import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, connect as dial, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { ClientConfig } from 'pg'

/** A way to Postgres that a test can block, as a failing network does: nothing passes, and nobody is told. */
export interface DatabaseProxy {
  /** The same database, through the proxy. */
  readonly connection: ClientConfig
  /** Holds back every byte in both directions; connections stay open. */
  block(): void
  /** Lets what was held back pass, late. */
  unblock(): void
  /** Breaks all connections; new ones are accepted. */
  cut(): void
  close(): Promise<void>
}

export async function databaseProxy(connection: ClientConfig): Promise<DatabaseProxy> {
  const directory = await mkdtemp(path.join(tmpdir(), 'tessera-proxy-'))
  const target = `${connection.host}/.s.PGSQL.${connection.port ?? 5432}`
  const open = new Set<Socket>()
  let blocked = false
  const server = createServer((near) => {
    const far = dial(target)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from)
      if (blocked) from.pause()
      from.on('data', (bytes) => to.write(bytes))
      from.on('error', () => undefined)
      from.on('close', () => {
        open.delete(from)
        to.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(path.join(directory, '.s.PGSQL.5432'), resolve))
  return {
    connection: { ...connection, host: directory, port: 5432 },
    block() {
      blocked = true
      for (const socket of open) socket.pause()
    },
    unblock() {
      blocked = false
      for (const socket of open) socket.resume()
    },
    cut() {
      for (const socket of open) socket.destroy()
    },
    async close() {
      for (const socket of open) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
      await rm(directory, { recursive: true, force: true })
    },
  }
}
