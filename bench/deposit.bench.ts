import { type ChildProcess, spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { chmod, mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { type BenchRow, median } from './row.ts'

const bytes = Number(process.env.DEPOSIT_BENCH_MIB ?? 1024) * 2 ** 20
const told = `${(bytes / 2 ** 20).toLocaleString('en')} MiB`
const rounds = 3
/** What is sent, again and again, with a number in front: no two uploads are the same. */
const piece = randomBytes(1 << 20)

/** A file of 1 GiB (or `DEPOSIT_BENCH_MIB`) into a dataset and out again, beside the least that a disk and SHA-256 would need for it. */
export async function run(): Promise<BenchRow[]> {
  await using server = await product()
  const { ask, dataset } = server
  const times = {
    streamed: [] as number[],
    inParts: [] as number[],
    fetched: [] as number[],
    write: [] as number[],
    read: [] as number[],
  }
  const memory = { streamed: 0, inParts: 0, fetched: 0 }
  for (let round = 0; round < rounds; round++) {
    times.write.push(await timed(() => writeAlone(server.directory, round * 2)))
    memory.streamed = Math.max(
      memory.streamed,
      await server.grows(async () => {
        times.streamed.push(await timed(() => send(server, 'PUT', `${dataset}/content/streamed-${round}.bin`, {})))
      }),
    )
    times.write.push(await timed(() => writeAlone(server.directory, round * 2 + 1)))
    const begun = await ask('POST', `${dataset}/uploads`, undefined, {
      'upload-length': String(bytes),
      'upload-metadata': `filename ${Buffer.from(`parts-${round}.bin`).toString('base64')}`,
    })
    const part = { 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' }
    memory.inParts = Math.max(
      memory.inParts,
      await server.grows(async () => {
        times.inParts.push(await timed(() => send(server, 'PATCH', String(begun.headers.location), part)))
      }),
    )
    const { body } = await ask('GET', `${dataset}/versions/latest/files`)
    const file = JSON.parse(body).items.at(-1).id
    times.read.push(await timed(() => readAlone(server.directory, round * 2 + 1)))
    memory.fetched = Math.max(
      memory.fetched,
      await server.grows(async () => {
        times.fetched.push(await timed(() => fetchAll(server, `/v1/files/${file}/content`)))
      }),
    )
  }
  const speed = (took: readonly number[]): string => `${Math.round(bytes / 1e3 / median(took))} MB/s`
  const row = (name: string, ours: readonly number[], alone: readonly number[], what: string): BenchRow => {
    const ratio = median(alone) / median(ours)
    return {
      name,
      ours: speed(ours),
      baseline: `${what}: ${speed(alone)}`,
      ratio,
      bar: '≥ 0.7',
      met: ratio >= 0.7,
      note: `${told}, medians; ours ${ours.map((took) => (took / 1000).toFixed(2)).join(', ')} s, beside it ${alone.map((took) => (took / 1000).toFixed(2)).join(', ')} s; ours sums up MD5 as well, and shares two cores with its client; load of the machine ${Math.round(loadavg()[0]!)}`,
    }
  }
  const grown = (name: string, by: number): BenchRow => ({
    name: `${name}: memory of the server above what it has when idle`,
    ours: `${Math.round(by / 2 ** 20)} MiB`,
    baseline: `the file: ${told}`,
    ratio: null,
    bar: '≤ 150 MiB',
    met: by <= 150 * 2 ** 20,
  })
  const alone = 'one loop that writes, flushes and sums up SHA-256'
  return [
    row('upload in one piece (`curl -T`)', times.streamed, times.write, alone),
    row('upload over tus', times.inParts, times.write, alone),
    grown('upload in one piece', memory.streamed),
    grown('upload over tus', memory.inParts),
    {
      ...row('download', times.fetched, times.read, 'reading the file in a loop'),
      bar: 'none in the design',
      met: true,
      note: `${told} from the memory of the system; over HTTP to a client on the same two cores`,
    },
    grown('download', memory.fetched),
  ]
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

/** Into a new file, as every upload is: writing over an old one would find its pages in memory. */
async function writeAlone(directory: string, nth: number): Promise<void> {
  const file = path.join(directory, `alone-${nth}`)
  {
    await using handle = await open(file, 'w')
    const hash = createHash('sha256')
    for (let at = 0; at < bytes; at += piece.length) {
      hash.update(piece)
      await handle.write(piece)
    }
    await handle.sync()
    hash.digest('hex')
  }
}

async function readAlone(directory: string, nth: number): Promise<void> {
  for await (const _ of createReadStream(path.join(directory, `alone-${nth}`), { highWaterMark: 1 << 20 }));
}

type Server = Awaited<ReturnType<typeof product>>

/** Rejects unless the server says that it is well. */
async function send(server: Server, method: string, where: string, headers: Record<string, string>): Promise<void> {
  const sending = request(new URL(where, server.address), {
    method,
    headers: { authorization: `Bearer ${server.token}`, 'content-length': String(bytes), ...headers },
  })
  const answered = once(sending, 'response')
  sending.write(Buffer.concat([randomBytes(16), piece.subarray(16)]))
  for (let at = piece.length; at < bytes; at += piece.length) if (!sending.write(piece)) await once(sending, 'drain')
  sending.end()
  const [reply] = await answered
  reply.resume()
  if (reply.statusCode >= 300) throw new Error(`${method} ${where}: ${reply.statusCode}`)
}

async function fetchAll(server: Server, where: string): Promise<void> {
  const asking = request(new URL(where, server.address), { headers: { authorization: `Bearer ${server.token}` } }).end()
  const [reply] = await once(asking, 'response')
  let came = 0
  for await (const chunk of reply) came += chunk.length
  if (came !== bytes) throw new Error(`${where}: ${reply.statusCode}, ${came} bytes`)
}

async function product() {
  const directory = await mkdtemp(path.join(tmpdir(), 'tessera-deposit-'))
  await chmod(directory, 0o755)
  const env = {
    ...process.env,
    TESSERA_GENERAL__DATA_DIRECTORY: path.join(directory, 'var'),
    TESSERA_GENERAL__PORT: '18734',
    TESSERA_GENERAL__DEMO: 'off',
    TESSERA_LOGGER__LEVEL: 'warn',
  }
  const node = (...words: string[]): ChildProcess =>
    spawn(process.execPath, ['src/main.ts', ...words], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const child = node('serve')
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', (text) => String(text).includes('Tessera is ready') && resolve())
    child.once('exit', () => reject(new Error('the server does not start')))
  })
  const words = ['--account', 'admin', '--name', 'bench', '--days', '30', '--json', '--permission']
  const issuing = node('token', 'issue', ...words, 'datasets:read', 'datasets:write', 'datasets:publish')
  let said = ''
  issuing.stdout?.on('data', (text) => {
    said += text
  })
  await once(issuing, 'close')
  const { secret: token } = JSON.parse(said) as { secret: string }
  const address = 'http://127.0.0.1:18734'
  const ask = async (method: string, where: string, json?: object, headers: Record<string, string> = {}) => {
    const reply = await fetch(new URL(where, address), {
      method,
      headers: { authorization: `Bearer ${token}`, ...(json && { 'content-type': 'application/json' }), ...headers },
      ...(json && { body: JSON.stringify(json) }),
    })
    const body = await reply.text()
    if (!reply.ok) throw new Error(`${method} ${where}: ${reply.status} ${body}`)
    return { body, headers: Object.fromEntries(reply.headers) }
  }
  const citation = {
    title: 'Bench',
    author: [{ authorName: 'Ames, Alice' }],
    datasetContact: [{ datasetContactEmail: 'alice@example.org' }],
    dsDescription: [{ dsDescriptionValue: 'Bytes.' }],
    subject: ['Other'],
  }
  const made = await ask('POST', '/v1/collections/root/datasets', { metadata: { citation } })
  const resident = async (): Promise<number> =>
    Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${child.pid}/status`, 'utf8'))?.[1]) * 1024
  const idle = await resident()
  return {
    directory,
    address,
    token,
    ask,
    dataset: `/v1/datasets/${JSON.parse(made.body).id}`,
    /** How much memory the server takes at most while something goes on, above what it had when it had done nothing yet. */
    async grows(work: () => Promise<void>): Promise<number> {
      let most = 0
      const looking = setInterval(() => {
        void resident().then((now) => {
          most = Math.max(most, now)
        })
      }, 50)
      await work()
      clearInterval(looking)
      return most - idle
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await once(child, 'close')
      await rm(directory, { recursive: true, force: true })
    },
  }
}
