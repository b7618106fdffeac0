import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

export interface FirstStart {
  /** Where it listens. */
  readonly address: string
  /** Everything that it printed until it was ready. */
  readonly said: string
  /** For commands beside it. */
  readonly environment: NodeJS.ProcessEnv
  stop(): Promise<void>
}

/** Starts `./tessera serve` on nothing, as a newcomer does, with its demo data; on a free port, since 8080 may be taken. */
export async function firstStart(root: string): Promise<FirstStart> {
  const directory = await mkdtemp(path.join(tmpdir(), 'tessera-first-'))
  // As root the embedded PostgreSQL runs as another user, who must get in.
  await chmod(directory, 0o755)
  const environment = {
    ...process.env,
    TESSERA_GENERAL__DATA_DIRECTORY: path.join(directory, 'var'),
    TESSERA_GENERAL__PORT: '0',
    TESSERA_LOGGER__LEVEL: 'warn',
  }
  const server = spawn(path.join(root, 'tessera'), ['serve'], {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(server, 'exit')
  const stop = async () => {
    server.kill('SIGTERM')
    await ended
    await rm(directory, { recursive: true, force: true })
  }
  let said = ''
  try {
    await new Promise<void>((resolve, reject) => {
      for (const stream of [server.stdout, server.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => {
          said += text
          if (said.includes('Ctrl-C stops.')) resolve()
        })
      server.on('exit', () => reject(new Error(`the first start failed:\n${said}`)))
      server.on('error', reject)
    })
  } catch (error) {
    await stop()
    throw error
  }
  const address = /ready: (\S+)/.exec(said)?.[1] ?? ''
  return { address, said, environment, stop }
}
