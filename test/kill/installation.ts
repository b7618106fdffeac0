import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const launcher = path.resolve(import.meta.dirname, '../../tessera')
const patienceMs = 120_000

/** A subcommand that runs, and how it ended. */
export interface Command {
  readonly child: ChildProcess
  /** Null where it was killed; the output is worth something only when this is 0. */
  readonly ended: Promise<{ code: number | null; output: string; complaint: string }>
}

/** An installation of its own in a temporary directory: a server, subcommands beside it, and a Postgres, all of which can be killed. */
export interface Installation {
  readonly directory: string
  readonly data: string
  readonly models: string
  readonly address: string
  /** Starts the server and waits until it is ready; returns how long that took, in milliseconds. */
  start(): Promise<number>
  serving(): boolean
  killServer(): Promise<void>
  /** Starts a process that only works, beside the server, and waits until it does. */
  startWorker(): Promise<void>
  working(): boolean
  killWorker(): Promise<void>
  /** Kills the postmaster alone: what it has started notices by itself, as after any crash. */
  killPostgres(): Promise<void>
  /** SIGTERM, and waits for the end; the exit code. */
  stop(): Promise<number | null>
  command(...words: string[]): Command
  postmaster(): Promise<number | null>
  /** Lines of the server's log that tell of errors, from all its lives. */
  readonly errors: readonly string[]
  /** Kills whatever still runs here, and removes everything. */
  remove(): Promise<void>
}

const standing = new Set<Installation>()

/** Whoever stops the test finds nothing of it left. */
async function removeAll(): Promise<void> {
  await Promise.allSettled([...standing].map((installation) => installation.remove()))
  process.exit(130)
}
process.once('SIGINT', removeAll).once('SIGTERM', removeAll)

/** `settings` go over those that every such installation has, as environment variables. */
export async function makeInstallation(settings: Readonly<Record<string, string>> = {}): Promise<Installation> {
  const directory = await mkdtemp(path.join(tmpdir(), 'tessera-kill-'))
  // Root hands Postgres to another user, who must get there.
  await chmod(directory, 0o755)
  const data = path.join(directory, 'var')
  const models = path.join(directory, 'models')
  for (const made of [data, models]) await mkdir(made)
  const port = await freePort()
  const env = {
    ...process.env,
    TESSERA_GENERAL__DATA_DIRECTORY: data,
    TESSERA_GENERAL__PORT: String(port),
    TESSERA_GENERAL__DEMO: 'off',
    TESSERA_MODELS__DIRECTORY: models,
    TESSERA_RATE_LIMIT__PER_TOKEN: '0',
    TESSERA_RATE_LIMIT__PER_ADDRESS: '0',
    TESSERA_LOGGER__LEVEL: 'warn',
    ...settings,
  }
  const errors: string[] = []
  const children = new Set<ChildProcess>()
  let server: ChildProcess | null = null
  let worker: ChildProcess | null = null

  const run = (words: readonly string[]): ChildProcess => {
    const child = spawn(launcher, words, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    children.add(child)
    child.once('close', () => children.delete(child))
    return child
  }

  /** Resolves when the process says that it is ready. */
  async function ready(child: ChildProcess, word: string): Promise<void> {
    let said = ''
    const isReady = new Promise<void>((resolve, reject) => {
      child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        said = (said + text).slice(-20_000)
        errors.push(...text.split('\n').filter((line) => /"level":"(error|fatal)"/.test(line)))
        if (said.includes(word)) resolve()
      })
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        said = (said + text).slice(-20_000)
      })
      child.once('exit', (code, signal) => reject(new Error(`it ended with ${signal ?? code}:\n${said}`)))
    })
    const late = sleep(patienceMs, undefined, { ref: false }).then(() => {
      throw new Error(`it is not ready after ${patienceMs / 1000} s:\n${said}`)
    })
    await Promise.race([isReady, late])
  }

  async function start(): Promise<number> {
    const began = performance.now()
    server = run(['serve'])
    await ready(server, 'Tessera is ready')
    return performance.now() - began
  }

  const lives = (child: ChildProcess | null): boolean =>
    child !== null && child.exitCode === null && child.signalCode === null

  async function kill(child: ChildProcess | null): Promise<void> {
    if (!child || !lives(child)) return
    const closed = once(child, 'close')
    child.kill('SIGKILL')
    await closed
  }

  async function postmaster(): Promise<number | null> {
    const pid = Number(
      (await readFile(path.join(data, 'postgres/data/postmaster.pid'), 'utf8').catch(() => '')).split('\n')[0],
    )
    return pid && (await worksIn(pid, path.join(data, 'postgres/data'))) ? pid : null
  }

  const installation: Installation = {
    directory,
    data,
    models,
    address: `http://127.0.0.1:${port}`,
    errors,
    start,
    serving: () => lives(server),
    killServer: () => kill(server),
    async startWorker() {
      worker = run(['work'])
      await ready(worker, 'Working.')
    },
    working: () => lives(worker),
    killWorker: () => kill(worker),
    async killPostgres() {
      const pid = await postmaster()
      if (pid) process.kill(pid, 'SIGKILL')
    },
    async stop() {
      if (!server) return null
      const closed = once(server, 'close')
      server.kill('SIGTERM')
      return (await closed)[0] as number | null
    },
    command(...words) {
      const child = run(words)
      const [told, complained]: [string[], string[]] = [[], []]
      child.stdout?.setEncoding('utf8').on('data', (text: string) => told.push(text))
      child.stderr?.setEncoding('utf8').on('data', (text: string) => complained.push(text))
      const ended = once(child, 'close').then(([code]) => ({
        code: code as number | null,
        output: told.join(''),
        complaint: complained.join(''),
      }))
      return { child, ended }
    },
    postmaster,
    async remove() {
      for (const child of children) await kill(child)
      const pid = await postmaster()
      if (pid) {
        process.kill(pid, 'SIGQUIT')
        while (await postmaster()) await sleep(20)
      }
      await rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
      standing.delete(installation)
    },
  }
  standing.add(installation)
  return installation
}

/** Processes whose working directory lies in this one: what a killed installation may have left behind. */
export async function processesIn(directory: string): Promise<number[]> {
  const pids = (await readdir('/proc').catch(() => [])).map(Number).filter((pid) => pid > 0)
  const there = await Promise.all(pids.map((pid) => worksIn(pid, directory)))
  return pids.filter((_, i) => there[i])
}

async function worksIn(pid: number, directory: string): Promise<boolean> {
  const place = await readlink(`/proc/${pid}/cwd`).catch(() => '')
  return place === directory || place.startsWith(`${directory}/`)
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  return typeof address === 'object' && address ? address.port : 0
}
