import type { FileHandle } from 'node:fs/promises'
import { type Algorithm, type Checksums, type Hasher, openHasher } from './checksums.ts'

export class ContentTooLarge extends Error {}

/** Pieces as they come from the network are gathered into blocks: fewer, larger writes. */
const blockBytes = 1024 * 1024
/** Of one content, between network and disk. */
const blocksInWork = 4
/** So much may be written before the disk is asked to have it, so that the end needn't wait for all at once. */
const syncBytes = 32 * 1024 * 1024

/** Memory that workers see without its being copied, used again and again. */
const spare: Uint8Array[] = []

export interface Written {
  readonly bytes: number
  readonly checksums: Checksums
}

export interface WriteOptions {
  readonly maxBytes: number
  readonly checksums?: readonly Algorithm[] | undefined
  readonly onBytes?: ((bytes: number) => void) | undefined
  /** Whether the pieces are nobody else's, so that their memory can be freed as soon as they are copied. */
  readonly spend?: boolean | undefined
}

/** Writes a stream to a file and flushes it, while it is summed up, in constant memory. */
export async function writeBlocks(
  handle: FileHandle,
  content: AsyncIterable<unknown> | Iterable<unknown>,
  options: WriteOptions,
): Promise<Written> {
  const hasher = openHasher(options.checksums)
  const writer = new BlockWriter(handle, hasher, 0)
  try {
    let bytes = 0
    for await (const chunk of content) {
      const piece = typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Uint8Array)
      bytes += piece.byteLength
      if (bytes > options.maxBytes) throw new ContentTooLarge(`more than ${options.maxBytes} bytes`)
      const full = writer.take(piece)
      if (options.spend) free(piece)
      if (full) await full
      options.onBytes?.(bytes)
    }
    await writer.flush()
    return { bytes, checksums: await hasher.digest() }
  } finally {
    await writer.settled()
    hasher.drop()
  }
}

/** Gathers pieces into blocks, and has each summed up and written while the next are gathered. */
export class BlockWriter {
  readonly #handle: FileHandle
  readonly #hasher: Hasher | null
  readonly #onDurable: ((position: number) => void) | undefined
  #block: Uint8Array | null = null
  #filled = 0
  /** Where in the file the next block belongs. */
  #position: number
  #unsynced = 0
  #syncing: Promise<void> | null = null
  /** One at a time: several at once into one file only wait for each other, and burn a processor while they do. */
  #writing: Promise<void> = Promise.resolve()
  /** What is being written, and where in the file it begins; in this order. */
  readonly #inWork = new Map<Promise<void>, number>()
  #failed: unknown = null

  /** Without a hasher nothing is summed up. `onDurable` hears up to where the file is on disk for good. */
  constructor(handle: FileHandle, hasher: Hasher | null, position: number, onDurable?: (position: number) => void) {
    this.#handle = handle
    this.#hasher = hasher
    this.#position = position
    this.#onDurable = onDurable
  }

  /** Copies a piece. What is returned, if anything, has to come to pass before the next piece is given. */
  take(piece: Uint8Array): Promise<void> | undefined {
    if (this.#failed !== null) throw this.#failed
    for (let at = 0; at < piece.byteLength; ) {
      this.#block ??= spare.pop() ?? new Uint8Array(new SharedArrayBuffer(blockBytes))
      const length = Math.min(piece.byteLength - at, blockBytes - this.#filled)
      this.#block.set(piece.subarray(at, at + length), this.#filled)
      this.#filled += length
      at += length
      if (this.#filled === blockBytes) this.#send()
    }
    return this.#inWork.size >= blocksInWork ? this.#room() : undefined
  }

  /** Where in the file the next piece will be written. */
  get position(): number {
    return this.#position + this.#filled
  }

  /** Everything taken is on disk for good when this has come to pass. */
  async flush(): Promise<void> {
    if (this.#filled > 0) this.#send()
    while (this.#inWork.size > 0) await Promise.race(this.#inWork.keys())
    await this.#syncing
    if (this.#failed !== null) throw this.#failed
    await this.#handle.datasync()
  }

  /** Comes to pass when nothing is written any more, whatever became of it. */
  async settled(): Promise<void> {
    while (this.#inWork.size > 0) await Promise.race(this.#inWork.keys())
    await this.#syncing
    if (this.#block) spare.push(this.#block)
    this.#block = null
  }

  async #room(): Promise<void> {
    while (this.#inWork.size >= blocksInWork) await Promise.race(this.#inWork.keys())
    if (this.#failed !== null) throw this.#failed
  }

  #send(): void {
    const block = this.#block as Uint8Array
    const piece = block.subarray(0, this.#filled)
    const position = this.#position
    this.#position += piece.byteLength
    this.#block = null
    this.#filled = 0
    this.#writing = this.#writing.then(() => writeAt(this.#handle, piece, position))
    const work = Promise.all([this.#writing, this.#hasher?.update(piece)])
      .then(
        () => this.#wrote(piece.byteLength),
        (error: unknown) => {
          this.#failed ??= error
        },
      )
      .then(() => {
        this.#inWork.delete(work)
        if (spare.length < 2 * blocksInWork) spare.push(block)
      })
    this.#inWork.set(work, position)
  }

  #wrote(bytes: number): void {
    this.#unsynced += bytes
    if (this.#unsynced < syncBytes || this.#syncing) return
    this.#unsynced = 0
    const written = Math.min(this.#position, ...this.#inWork.values())
    this.#syncing = this.#handle
      .datasync()
      .then(
        () => this.#onDurable?.(written),
        (error: unknown) => {
          this.#failed ??= error
        },
      )
      .then(() => {
        this.#syncing = null
      })
  }
}

/**
 * Frees the memory of a piece that is nobody else's and has been seen to the end. Left to the collector, the pieces of a long
 * body would have it look through everything that the process holds each 30 MB.
 */
export function free({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && byteLength === buffer.byteLength) buffer.transfer(0)
}

async function writeAt(handle: FileHandle, piece: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < piece.byteLength; )
    at += (await handle.write(piece, at, piece.byteLength - at, position + at)).bytesWritten
}
