import { createWriteStream } from 'node:fs'
import { mkdir, open, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { S3mini, S3ServiceError, type UploadPart } from 's3mini'
import { draftFile } from './drafts.ts'
import { storageAway } from './problems.ts'
import { relativePath, type Shelf, type Shelved } from './shelf.ts'
import type { Written } from './write-blocks.ts'

export interface S3Place {
  /** Of the service, without the bucket. */
  readonly endpoint: string
  readonly bucket: string
  readonly region: string
  readonly accessKey: string
  readonly secretKey: string
}

/** Larger contents go in parts, so that none of them is in memory as a whole. */
const partBytes = 16 * 1024 * 1024
const mostParts = 9000
const partsAtOnce = 2
/** What came later is left alone by sweeps: its transaction may still be under way. */
const freshMs = 3_600_000
/** Half-done uploads of living processes are younger. */
const abandonedMs = 24 * 3_600_000
const attempts = 3

interface Options {
  readonly place: S3Place
  /** Where contents are put for what needs a file. */
  readonly drafts: string
  readonly freshMs?: number
}

/** Contents as objects of a bucket: `ab/abcd…`, as they would stand on a disk. */
export function s3Shelf({ place, drafts, freshMs: graceMs = freshMs }: Options): Shelf {
  const s3 = new S3mini({
    endpoint: `${place.endpoint.replace(/\/+$/, '')}/${place.bucket}`,
    region: place.region,
    accessKeyId: place.accessKey,
    secretAccessKey: place.secretKey,
  })

  const sizeOf = (sha256: string): Promise<number | null> =>
    asked(() => s3.getContentLength(relativePath(sha256)).catch(orAbsent))

  const put = async (file: string, { checksums, bytes }: Written): Promise<void> => {
    const key = relativePath(checksums.sha256)
    if (bytes <= partBytes) await putWhole(s3, key, file, checksums.sha256, bytes)
    else await putInParts(s3, key, file, bytes)
    const stored = await sizeOf(checksums.sha256)
    if (stored !== bytes) throw storageAway({ detail: 'The storage has another size of a file than was sent to it.' })
  }

  const bring = async (file: string, written: Written): Promise<void> => {
    // The same content is the same object: what is there already needn't go again.
    if ((await sizeOf(written.checksums.sha256)) !== written.bytes) await put(file, written)
  }

  const read: Shelf['read'] = async (sha256, range) => {
    const key = relativePath(sha256)
    const response = await asked(() =>
      s3.getObjectRaw(key, range === undefined, range?.start, range && range.end + 1).catch(orAbsent),
    )
    if (!response?.body) return response && Readable.from([], { objectMode: false })
    return Readable.fromWeb(response.body as ReadableStream, { highWaterMark: 1 << 18 })
  }

  return {
    bring,
    // It may have been swept since it was brought; the draft is still here.
    place: bring,
    read,

    async withFile(sha256, use) {
      const content = await read(sha256)
      if (!content) return null
      await mkdir(drafts, { recursive: true, mode: 0o700 })
      using file = draftFile(drafts)
      await pipeline(content, createWriteStream(file.path, { flags: 'wx', mode: 0o600 }))
      try {
        return await use(file.path)
      } finally {
        await rm(file.path, { force: true })
      }
    },

    async *list() {
      let next: string | undefined
      do {
        const page = await asked(() => s3.listObjectsPaged('/', '', 1000, next))
        const old = (page?.objects ?? []).filter(
          ({ LastModified }) => Date.now() - Number(new Date(LastModified)) > graceMs,
        )
        yield old.flatMap(({ Key, Size }): Shelved[] => {
          const sha256 = /^[0-9a-f]{2}\/([0-9a-f]{64})$/.exec(Key)?.[1]
          return sha256 === undefined ? [] : [{ sha256, bytes: Number(Size) }]
        })
        next = page?.nextContinuationToken
      } while (next !== undefined)
    },

    async remove(sha256) {
      const bytes = await sizeOf(sha256)
      if (bytes !== null) await asked(() => s3.deleteObject(relativePath(sha256)))
      return bytes
    },

    async tidy() {
      for (const { key, uploadId, since } of await unfinished(s3))
        if (Date.now() - since > abandonedMs) await asked(() => s3.abortMultipartUpload(key, uploadId))
    },

    async check() {
      if (!(await asked(() => s3.bucketExists()))) throw storageAway({ detail: 'The bucket is not there.' })
    },
  }
}

async function putWhole(s3: S3mini, key: string, file: string, sha256: string, bytes: number): Promise<void> {
  await using handle = await open(file)
  const content = await handle.readFile()
  // The service refuses what arrives otherwise.
  const sums = { 'x-amz-checksum-sha256': Buffer.from(sha256, 'hex').toString('base64') } as const
  await asked(() => s3.putObject(key, content, 'application/octet-stream', undefined, sums, bytes))
}

async function putInParts(s3: S3mini, key: string, file: string, bytes: number): Promise<void> {
  const size = Math.max(partBytes, Math.ceil(bytes / mostParts))
  const count = Math.ceil(bytes / size)
  const upload = await asked(() => s3.getMultipartUploadId(key, 'application/octet-stream'))
  await using handle = await open(file)
  const parts: UploadPart[] = []
  let next = 0
  const carry = async (): Promise<void> => {
    const memory = Buffer.alloc(Math.min(size, bytes))
    while (next < count) {
      const at = next++
      const length = Math.min(size, bytes - at * size)
      await readFully(handle, memory.subarray(0, length), at * size)
      parts[at] = await asked(() => s3.uploadPart(key, upload, memory.subarray(0, length), at + 1))
    }
  }
  try {
    await Promise.all(Array.from({ length: Math.min(partsAtOnce, count) }, carry))
    await asked(() => s3.completeMultipartUpload(key, upload, parts))
  } catch (error) {
    await s3.abortMultipartUpload(key, upload).catch(() => undefined)
    throw error
  }
}

async function readFully(handle: Awaited<ReturnType<typeof open>>, into: Buffer, position: number): Promise<void> {
  for (let at = 0; at < into.length; ) {
    const { bytesRead } = await handle.read(into, at, into.length - at, position + at)
    if (bytesRead === 0) throw new Error('a draft is shorter than it was')
    at += bytesRead
  }
}

/** Uploads in parts that nobody has completed. Services that cannot list them clear them away by their own rules. */
async function unfinished(s3: S3mini): Promise<{ key: string; uploadId: string; since: number }[]> {
  const listed = await s3.listMultipartUploads().catch(() => ({}))
  const { uploads, upload } = {
    ...listed,
    ...('listMultipartUploadsResult' in listed ? listed.listMultipartUploadsResult : {}),
  } as {
    uploads?: unknown
    upload?: unknown
  }
  return [upload ?? uploads ?? []].flat().flatMap((one) => {
    const { key, uploadId, initiated } = one as { key?: string; uploadId?: string; initiated?: string }
    const ours = /^[0-9a-f]{2}\/[0-9a-f]{64}$/.test(key ?? '')
    return ours && key && uploadId && initiated ? [{ key, uploadId, since: Date.parse(initiated) }] : []
  })
}

const statusOf = (error: unknown): number | null => {
  if (error instanceof S3ServiceError) return error.status
  const { cause } = error as Error
  return cause instanceof S3ServiceError ? cause.status : null
}

const orAbsent = (error: unknown): null => {
  if (statusOf(error) === 404) return null
  throw error
}

/** Asks again where the network or the service stumbled; then says that the storage is away. */
async function asked<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask()
    } catch (cause) {
      const status = statusOf(cause)
      if (attempt < attempts && (status === null || status >= 500 || status === 429)) {
        await new Promise((resolve) => setTimeout(resolve, 200 * attempt))
        continue
      }
      throw storageAway({ cause })
    }
  }
}
