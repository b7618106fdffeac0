import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const main = path.resolve(import.meta.dirname, '../../src/main.ts')

/** One of the product's own commands, beside the running server; its standard output. */
export type Tessera = (...words: string[]) => Promise<string>

export interface Server {
  readonly address: string
  /** Its data directory. */
  readonly data: string
  readonly tessera: Tessera
  stop(): Promise<void>
}

/**
 * Starts the product on an empty data directory and a free port, without demo data and without limits, and hands it to `fill`.
 * What `fill` gives is given back; when it fails, so does this, with all that the server said. `more` continues the section
 * `[general]` of the settings.
 */
export async function startServer<T>(
  directory: string,
  more: string,
  fill: (server: Server) => Promise<T>,
): Promise<T> {
  const port = await freePort()
  const data = path.join(directory, 'var')
  await mkdir(data)
  const settings = path.join(directory, 'portal_settings.ini')
  const address = `http://127.0.0.1:${port}`
  await writeFile(
    settings,
    `[general]
host = 127.0.0.1
port = ${port}
site_address = ${address}
demo = off
data_directory = ${data}
${more}
[rate_limit]
per_token = 0
per_address = 0
[logger]
level = warn
`,
  )
  const env = { ...process.env, UV_THREADPOOL_SIZE: '16' }
  const program = [main, '--settings', settings]
  const server = spawn(process.execPath, [...program, 'serve'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const said: string[] = []
  for (const stream of [server.stdout, server.stderr])
    stream.setEncoding('utf8').on('data', (t: string) => said.push(t))
  const tessera: Tessera = async (...words) =>
    (await run(process.execPath, [...program, ...words], { env, maxBuffer: 1e8 })).stdout
  try {
    await untilReady(address, server)
    return await fill({ address, data, tessera, stop: () => stop(server) })
  } catch (error) {
    await stop(server)
    throw new Error(`the portal did not come up:\n${said.join('')}`, { cause: error })
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number }
  probe.close()
  await once(probe, 'close')
  return port
}

async function untilReady(address: string, server: ChildProcess): Promise<void> {
  for (const until = Date.now() + 120_000; Date.now() < until; ) {
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`)
    const ready = await fetch(`${address}/health/ready`).then(
      (reply) => reply.ok,
      () => false,
    )
    if (ready) return
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  throw new Error('the server was not ready within two minutes')
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const ended = once(server, 'exit')
  server.kill('SIGTERM')
  await ended
}
