import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after } from 'node:test'
import { createDataset } from '#src/datasets/create-dataset.ts'
import { publishDataset } from '#src/datasets/publish-dataset.ts'
import { uploadRoutes } from '#src/datasets/uploads/routes.ts'
import { openPartialContents } from '#src/files/partial-content.ts'
import { datasetsHouse, plainMetadata } from './datasets.ts'

interface Answer {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects
  readonly body: any
  readonly bytes: Buffer
}

type Body = object | string | Uint8Array | ReadableStream

/** The repository over PostgreSQL, a disk and a port, for all tests of a file. */
export async function filesHouse(
  limits: {
    largestFile?: number
    largestDataset?: number
    zipDownloadLimit?: number
    tableDownloadLimit?: number
  } = {},
  { queued = false } = {},
) {
  const partials = await mkdtemp(path.join(tmpdir(), 'tessera-partials-'))
  after(() => rm(partials, { recursive: true, force: true }))
  const house = await datasetsHouse({
    limits,
    queued,
    moreRoutes: ({ db, clock }, changer, { contents }) =>
      uploadRoutes({
        db,
        clock,
        changer,
        contents,
        partials: openPartialContents(path.join(partials, 'uploads')),
        expiry: (from) => new Date(from.getTime() + 86_400_000),
        limits: { file: 50e6, quota: 50e6, open: 20 },
      }),
  })
  const url = await house.app.listen({ host: '127.0.0.1', port: 0 })

  /** Over the wire; null: as nobody. */
  async function ask(
    who: string | null,
    method: string,
    at: string,
    body?: Body,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const streamed = body instanceof ReadableStream
    const raw = body instanceof Uint8Array || streamed
    const reply = await fetch(url + at, {
      method,
      headers: {
        ...(who !== null && { authorization: `Bearer ${who}` }),
        ...(body !== undefined && !raw && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: raw ? body : JSON.stringify(body) }),
      ...(streamed && { duplex: 'half' }),
    } as RequestInit)
    const bytes = Buffer.from(await reply.arrayBuffer())
    const json = reply.headers.get('content-type')?.includes('json') && bytes.length > 0
    return { status: reply.status, headers: reply.headers, body: json ? JSON.parse(bytes.toString()) : null, bytes }
  }

  /** The number of a new dataset. */
  const makeDataset = async (who: string, title = 'Tide pools'): Promise<number> =>
    (
      await house.change(who, (change) =>
        createDataset(house.needs, change, 'root', { metadata: plainMetadata({ title }) }),
      )
    ).id

  const publish = (who: string, dataset: number): Promise<unknown> =>
    house.change(who, (change) => publishDataset(house.needs, change, dataset, 'major'))

  /** Sends a body to a place in a dataset, as `curl -T` does. */
  const put = (
    who: string | null,
    dataset: number,
    place: string,
    body: string | Uint8Array | ReadableStream,
    headers: Record<string, string> = {},
  ): Promise<Answer> =>
    ask(
      who,
      'PUT',
      `/v1/datasets/${dataset}/content/${place}`,
      typeof body === 'string' ? Buffer.from(body) : body,
      headers,
    )

  /** The same where nothing may go wrong: the number of the file. */
  async function deposit(who: string, dataset: number, place: string, body: string | Uint8Array): Promise<number> {
    const reply = await put(who, dataset, place, body)
    assert.ok(reply.status < 300, reply.bytes.toString())
    return reply.body.items[0].id
  }

  /** Names of all that is on disk, drafts included. */
  async function onDisk(): Promise<string[]> {
    const entries = await readdir(house.contentsDirectory, { recursive: true, withFileTypes: true }).catch(() => [])
    return entries.filter((entry) => entry.isFile()).map((entry) => entry.name)
  }

  /** A finished upload's id. */
  async function upload(who: string, dataset: number, name: string, content: string | Uint8Array): Promise<string> {
    const bytes = Buffer.from(content)
    const reply = await ask(who, 'POST', `/v1/datasets/${dataset}/uploads`, bytes, {
      'tus-resumable': '1.0.0',
      'upload-length': String(bytes.length),
      'upload-metadata': `filename ${Buffer.from(name).toString('base64')}`,
      'content-type': 'application/offset+octet-stream',
    })
    assert.equal(reply.status, 201, reply.bytes.toString())
    return reply.headers.get('location')!.split('/').at(-1)!
  }

  return { ...house, url, upload, ask, put, deposit, makeDataset, publish, onDisk }
}
