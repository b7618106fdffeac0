import { createHash, randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Random, seededRandom } from '#src/imports/demo/seeded-random.ts'
import { type Installation, makeInstallation } from './installation.ts'
import { Broken, must } from './ledger.ts'

interface RoundsAsk {
  readonly rounds: number
  readonly seed: number
  readonly print: (line: string) => void
}

/** A file that was sent; `stored` once the server has said so. */
interface Sent {
  readonly dataset: string
  readonly name: string
  readonly sha256: string
  readonly bytes: number
  stored: boolean
}

interface Stage {
  readonly installation: Installation
  readonly random: Random
  readonly token: string
  readonly datasets: string[]
  readonly sent: Map<string, Sent>
  /** Versions that publishing was acknowledged for, and how often it was asked, by dataset. */
  readonly published: Map<string, { acknowledged: Set<string>; asked: number }>
  /** Uploads that were begun, and up to where the server has said that it has them. */
  readonly open: Map<string, { readonly content: Buffer; offset: number }>
  count: number
  readonly done: { streamed: number; resumed: number; tus: number; published: number }
}

/**
 * Kills the server while files come in, whole and in parts, and datasets are published; true when all that was acknowledged
 * is there, can be read and is what was sent, version numbers have no holes, uploads go on, and nothing is left over.
 */
export async function killDeposits({ rounds, seed, print }: RoundsAsk): Promise<boolean> {
  const began = performance.now()
  const installation = await makeInstallation()
  let passed = 0
  try {
    const stage = await setUp(installation, seededRandom(seed))
    for (let round = 1; round <= rounds; round++) {
      await playRound(stage).catch((error: unknown) => {
        throw new Error(`round ${round}`, { cause: error })
      })
      passed++
      if (round % 10 === 0 || round === rounds) {
        const { streamed, tus, resumed, published } = stage.done
        print(
          `  ${round} rounds, ${seconds(began)} s: ${streamed} files streamed, ${tus} uploaded in parts, ${resumed} uploads gone on with after a kill, ${published} versions published`,
        )
      }
    }
    await settle(stage)
    print(`✔ ${passed} rounds of deposits passed, 0 failed, ${seconds(began)} s`)
    return true
  } catch (error) {
    print(told(error))
    print(`✖ ${passed} rounds of deposits passed, 1 failed, seed ${seed}`)
    for (const line of installation.errors.slice(-5)) print(`  ${line.slice(0, 1000)}`)
    return false
  } finally {
    await installation.remove()
  }
}

async function setUp(installation: Installation, random: Random): Promise<Stage> {
  await installation.start()
  const words = ['--account', 'admin', '--name', 'deposits', '--days', '300', '--json', '--permission']
  const issued = installation.command('token', 'issue', ...words, 'datasets:read', 'datasets:write', 'datasets:publish')
  const { code, output, complaint } = await issued.ended
  if (code !== 0) throw new Error(`no token could be issued: ${complaint}`)
  const { secret: token } = JSON.parse(output) as { secret: string }
  const stage: Stage = {
    installation,
    random,
    token,
    datasets: [],
    sent: new Map(),
    published: new Map(),
    open: new Map(),
    count: 0,
    done: { streamed: 0, resumed: 0, tus: 0, published: 0 },
  }
  await expect(stage, 'POST', '/v1/collections', { parent: 'root', alias: 'kill', name: 'Kill' })
  await expect(stage, 'POST', '/v1/collections/kill/publish')
  for (let i = 0; i < 3; i++) {
    const { id } = (await expect(stage, 'POST', '/v1/collections/kill/datasets', { metadata })) as { id: number }
    stage.datasets.push(`/v1/datasets/${id}`)
    stage.published.set(`/v1/datasets/${id}`, { acknowledged: new Set(), asked: 0 })
  }
  return stage
}

/** The least that a dataset can say of itself. */
const metadata = {
  citation: {
    title: 'Killed',
    author: [{ authorName: 'Ames, Alice' }],
    datasetContact: [{ datasetContactEmail: 'alice@example.org' }],
    dsDescription: [{ dsDescriptionValue: 'Deposited under fire.' }],
    subject: ['Other'],
  },
}

async function playRound(stage: Stage): Promise<void> {
  const { installation, random, datasets } = stage
  const stop = new AbortController()
  /** Does it again until the server is gone. */
  const again = async (deed: () => Promise<void>): Promise<void> => {
    while (!stop.signal.aborted)
      await deed().catch((error: unknown) => {
        // Connections break when a server is killed; wrong answers never come.
        if (error instanceof Broken) throw error
      })
  }
  const at = (nr: number): string => datasets[nr % datasets.length] as string
  const work = [
    again(() => stream(stage, at(0))),
    again(() => stream(stage, at(1))),
    again(() => inParts(stage, at(1))),
    again(() => inParts(stage, at(2))),
    again(() => publish(stage, at(random.whole(0, 2)))),
  ]
  await sleep(random.whole(100, 1800))
  await installation.killServer()
  stop.abort()
  await Promise.all(work)
  await installation.start()
  await goOn(stage)
  await judge(stage)
}

async function stream(stage: Stage, dataset: string): Promise<void> {
  const { file, content } = make(stage, dataset)
  const body = pieces(content)
  const reply = await ask(stage, 'PUT', `${dataset}/content/${file.name}`, body, 'application/octet-stream')
  must(reply.status < 300, `a streamed file is refused: ${reply.status} ${JSON.stringify(reply.body)}`)
  file.stored = true
  stage.done.streamed++
}

/** As networks bring it: so that there is a middle to be killed in. */
async function* pieces(content: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += 1 << 18) {
    yield content.subarray(at, at + (1 << 18))
    await sleep(1)
  }
}

async function inParts(stage: Stage, dataset: string): Promise<void> {
  const { file, content } = make(stage, dataset)
  const begun = await ask(stage, 'POST', `${dataset}/uploads`, undefined, undefined, {
    'upload-length': String(content.length),
    'upload-metadata': `filename ${Buffer.from(file.name).toString('base64')}`,
  })
  must(begun.status === 201, `an upload is refused: ${begun.status} ${JSON.stringify(begun.body)}`)
  const url = String(begun.headers.get('location'))
  const upload = { content, offset: 0 }
  stage.open.set(url, upload)
  while (upload.offset < content.length) await sendPart(stage, url, upload, content.length / 3)
  await makeFile(stage, dataset, url, file)
  stage.done.tus++
}

async function sendPart(
  stage: Stage,
  url: string,
  upload: { content: Buffer; offset: number },
  size: number,
): Promise<void> {
  const { offset, content } = upload
  const part = content.subarray(offset, offset + Math.max(1, Math.ceil(size)))
  const reply = await ask(stage, 'PATCH', url, pieces(part), 'application/offset+octet-stream', {
    'upload-offset': String(offset),
  })
  must(reply.status === 204, `a part is refused: ${reply.status} ${JSON.stringify(reply.body)}`)
  upload.offset = Number(reply.headers.get('upload-offset'))
}

async function makeFile(stage: Stage, dataset: string, url: string, file: Sent): Promise<void> {
  const reply = await ask(stage, 'POST', `${dataset}/files`, {
    files: [{ upload: url.split('/').at(-1), name: file.name }],
  })
  must(reply.status === 201, `an upload does not become a file: ${reply.status} ${JSON.stringify(reply.body)}`)
  file.stored = true
  stage.open.delete(url)
}

async function publish(stage: Stage, dataset: string): Promise<void> {
  await sleep(100)
  const known = stage.published.get(dataset)!
  known.asked++
  const reply = await ask(stage, 'POST', `${dataset}/publish`, { type: 'major' })
  if (reply.status !== 200) {
    // There is no draft when nothing was changed since.
    must(reply.status < 500 && reply.status >= 400, `publishing fails: ${reply.status} ${JSON.stringify(reply.body)}`)
    known.asked--
    return
  }
  known.acknowledged.add(reply.body.version.number)
  stage.done.published++
}

function make(stage: Stage, dataset: string): { file: Sent; content: Buffer } {
  const content = randomBytes(
    stage.random.whole(0, 4) === 0 ? stage.random.whole(0, 2000) : stage.random.whole(1e5, 8e6),
  )
  const name = `f-${++stage.count}.bin`
  const sha256 = createHash('sha256').update(content).digest('hex')
  const file: Sent = { dataset, name, sha256, bytes: content.length, stored: false }
  stage.sent.set(name, file)
  return { file, content }
}

/** Takes up uploads where the server says that they are: no earlier than it had said before it was killed. */
async function goOn(stage: Stage): Promise<void> {
  for (const [url, upload] of stage.open) {
    const { status, body } = await ask(stage, 'GET', url)
    const file = stage.sent.get(body?.name)
    // It may have become a file whose answer was lost.
    if (status === 404) {
      stage.open.delete(url)
      continue
    }
    must(status === 200 && file !== undefined, `an upload cannot be read: ${status}`)
    must(
      body.offset >= upload.offset,
      `of an upload ${upload.offset} bytes were acknowledged, and ${body.offset} are there`,
    )
    upload.offset = body.offset
    while (upload.offset < upload.content.length) await sendPart(stage, url, upload, upload.content.length)
    await makeFile(stage, file!.dataset, url, file!)
    stage.done.resumed++
  }
}

async function judge(stage: Stage): Promise<void> {
  for (const dataset of stage.datasets) {
    await judgeVersions(stage, dataset)
    const there = await filesOf(stage, dataset)
    for (const file of stage.sent.values())
      if (file.stored && file.dataset === dataset)
        must(there.has(file.name), `${file.name} was acknowledged, and is gone`)
    for (const [name, { id, bytes, checksums }] of there) {
      const file = stage.sent.get(name)
      must(
        file !== undefined && file.bytes === bytes && file.sha256 === checksums.sha256,
        `${name} is not what was sent`,
      )
      if (judged.has(id)) continue
      judged.add(id)
      const reply = await fetch(new URL(`/v1/files/${id}/content`, stage.installation.address), {
        headers: auth(stage),
      })
      const content = Buffer.from(await reply.arrayBuffer())
      const sha256 = createHash('sha256').update(content).digest('hex')
      must(reply.status === 200 && sha256 === file!.sha256, `${name} cannot be read as it was sent: ${reply.status}`)
    }
  }
}

/** What was read once stays as it is: contents are never written again. */
const judged = new Set<number>()

interface Listed {
  readonly id: number
  readonly name: string
  readonly bytes: number
  readonly checksums: { readonly sha256: string }
}

async function filesOf(stage: Stage, dataset: string): Promise<Map<string, Listed>> {
  const files = new Map<string, Listed>()
  let next: string | null = `${dataset}/versions/latest/files?limit=200`
  while (next !== null) {
    const { status, body, headers } = await ask(stage, 'GET', next)
    must(status === 200, `files cannot be listed: ${status} ${JSON.stringify(body)}`)
    for (const file of body.items as Listed[]) files.set(file.name, file)
    next = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1] ?? null
  }
  return files
}

async function judgeVersions(stage: Stage, dataset: string): Promise<void> {
  const { status, body } = await ask(stage, 'GET', `${dataset}/versions`)
  must(status === 200, `versions cannot be listed: ${status}`)
  const released = (body.items as { number: string; state: string }[]).filter(({ state }) => state === 'released')
  const numbers = released.map(({ number }) => number).sort((a, b) => Number(a) - Number(b))
  const known = stage.published.get(dataset)!
  must(
    numbers.every((number, at) => number === `${at + 1}.0`),
    `the versions of ${dataset} are ${numbers}`,
  )
  for (const number of known.acknowledged)
    must(numbers.includes(number), `version ${number} was acknowledged, and is gone`)
  must(numbers.length <= known.asked, `${numbers.length} versions, though only ${known.asked} were asked for`)
}

/** All uploads ended and the server started once more: what is on the disk is what files name. */
async function settle(stage: Stage): Promise<void> {
  const { installation } = stage
  const { body } = await ask(stage, 'GET', '/v1/uploads')
  for (const { id } of body.uploads) await ask(stage, 'DELETE', `/v1/uploads/${id}`)
  await installation.stop()
  await installation.start()
  const named = new Set<string>()
  for (const dataset of stage.datasets)
    for (const file of (await filesOf(stage, dataset)).values()) named.add(file.checksums.sha256)
  const contents = path.join(installation.data, 'contents')
  for (let attempt = 0; ; attempt++) {
    const entries = await readdir(contents, { recursive: true, withFileTypes: true })
    const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name)
    const over = files.filter((name) => !named.has(name))
    if (over.length === 0 && files.length === named.size) break
    must(
      attempt < 100,
      `${over.length} files are left over, such as ${over[0]}; ${files.length} of ${named.size} are there`,
    )
    await sleep(200)
  }
  const code = await installation.stop()
  must(code === 0, `told to stop, the server ended with ${code}`)
}

const auth = ({ token }: Stage): Record<string, string> => ({ authorization: `Bearer ${token}` })

async function ask(
  stage: Stage,
  method: string,
  where: string,
  body?: object | AsyncIterable<Uint8Array>,
  type = 'application/json',
  more: Record<string, string> = {},
) {
  const streamed = body !== undefined && Symbol.asyncIterator in body
  const reply = await fetch(new URL(where, stage.installation.address), {
    method,
    headers: { ...auth(stage), ...(body !== undefined && { 'content-type': type }), ...more },
    ...(body !== undefined && {
      body: streamed ? (body as never) : JSON.stringify(body),
      duplex: 'half',
    }),
    signal: AbortSignal.timeout(60_000),
  } as RequestInit)
  const text = await reply.text()
  // biome-ignore lint/suspicious/noExplicitAny: each caller knows what it has asked
  return { status: reply.status, headers: reply.headers, body: (text === '' ? null : JSON.parse(text)) as any }
}

async function expect(stage: Stage, method: string, where: string, body?: object): Promise<unknown> {
  const reply = await ask(stage, method, where, body)
  if (reply.status >= 300) throw new Error(`${method} ${where}: ${reply.status} ${JSON.stringify(reply.body)}`)
  return reply.body
}

const seconds = (since: number): string => ((performance.now() - since) / 1000).toFixed(0)

const told = (error: unknown): string =>
  error instanceof Error && error.cause
    ? `${error.message}: ${told(error.cause)}`
    : String((error as Error).stack ?? error)
