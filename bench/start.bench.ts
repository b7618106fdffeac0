import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { type BenchRow, median } from './row.ts'

const launcher = path.resolve(import.meta.dirname, '../tessera')
const rounds = 5

/** How long `./tessera serve` takes until it says that it is ready, and how quick the command line answers. */
export async function run(): Promise<BenchRow[]> {
  const directory = await mkdtemp(path.join(tmpdir(), 'tessera-bench-start-'))
  // Root hands Postgres to another user, who must get there.
  await chmod(directory, 0o755)
  try {
    const env = {
      ...process.env,
      TESSERA_GENERAL__DATA_DIRECTORY: path.join(directory, 'var'),
      TESSERA_GENERAL__PORT: '0',
    }
    const first = await startAndStop(env)
    const again: Start[] = []
    const [help, bare]: [number[], number[]] = [[], []]
    for (let round = 0; round < rounds; round++) {
      again.push(await startAndStop(env))
      bare.push(await secondsOf(process.execPath, '-e', '0'))
      help.push(await secondsOf(launcher, '--help'))
    }
    const ready = median(again.map(({ seconds }) => seconds))
    return [
      {
        name: 'ready on an empty var/, with its demo data',
        ours: told(first.seconds),
        baseline: `processor time of the server alone: ${told(first.processor)}`,
        ratio: null,
        bar: '≤ 15 s',
        met: first.seconds <= 15,
        note: '200,000 jobs made and imported, two models refreshed',
      },
      {
        name: 'ready on an existing var/',
        ours: told(ready),
        baseline: `processor time: ${told(median(again.map(({ processor }) => processor)))}`,
        ratio: null,
        bar: '≤ 2 s',
        met: ready <= 2,
        note: `median of ${rounds}, slowest ${told(Math.max(...again.map(({ seconds }) => seconds)))}; Postgres started as well`,
      },
      {
        name: '`./tessera --help`',
        ours: told(median(help)),
        baseline: `Node doing nothing: ${told(median(bare))}`,
        ratio: median(help) / median(bare),
        bar: 'none',
        met: true,
      },
    ]
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

interface Start {
  readonly seconds: number
  /** Of the process that serves, until it was ready. */
  readonly processor: number
}

async function startAndStop(env: NodeJS.ProcessEnv): Promise<Start> {
  const began = performance.now()
  const server = spawn(launcher, ['serve'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(server, 'close')
  const ready = new Promise<void>((resolve, reject) => {
    let said = ''
    server.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (said.includes('Tessera is ready')) resolve()
    })
    server.once('exit', () => reject(new Error(`the server did not come up:\n${said}`)))
  })
  await ready
  const seconds = (performance.now() - began) / 1000
  const processor = await processorSeconds(server.pid ?? 0)
  server.kill('SIGTERM')
  await ended
  return { seconds, processor }
}

/** User and system time so far, where /proc tells it; in hundredths of a second. */
async function processorSeconds(pid: number): Promise<number> {
  const facts = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const [user = 0, system = 0] = facts.slice(facts.lastIndexOf(')')).split(' ').slice(12, 14).map(Number)
  return (user + system) / 100
}

async function secondsOf(command: string, ...words: string[]): Promise<number> {
  const began = performance.now()
  await promisify(execFile)(command, words)
  return (performance.now() - began) / 1000
}

const told = (seconds: number): string => (seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(1)} s`)
