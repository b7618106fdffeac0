import { createHash, type Hash } from 'node:crypto'
import { hireHasher, type WorkerHash } from './hash-workers.ts'

export type Algorithm = 'md5' | 'sha1' | 'sha256' | 'sha512'

/** In hexadecimal. Those of SHA-1 and SHA-512 where they were asked for. */
export interface Checksums {
  readonly md5: string
  readonly sha1: string | null
  readonly sha256: string
  readonly sha512: string | null
}

/** Sums up content block by block. */
export interface Hasher {
  /** The block must stay as it is until what is returned has come to pass. */
  update(block: Uint8Array): Promise<void> | undefined
  digest(): Promise<Checksums>
  /** Bytes of the content that it keeps in memory. */
  holds(): number
  /** Frees what it holds, and fails what is asked of it meanwhile and from then on; harmless after `digest`. */
  drop(): void
}

/** Content is summed up in this thread alone up to here; hiring a worker costs more. */
const aloneBytes = 4 * 1024 * 1024

/**
 * MD5 and SHA-256, and others if asked for. Of long contents everything but SHA-256 is left to a worker thread: MD5 alone
 * takes twice as long as SHA-256, and one after the other they would be slower than a disk.
 */
export function openHasher(more: readonly Algorithm[] = []): Hasher {
  const sha256 = createHash('sha256')
  const others = [...new Set<Algorithm>(['md5', ...more])].filter((name) => name !== 'sha256')
  /** What the others have not seen yet: their state cannot move to a worker, so they wait until it is clear where they belong. */
  let held: Uint8Array[] | null = []
  let heldBytes = 0
  let worker: WorkerHash | null = null

  const alone = (): Map<Algorithm, string> => {
    const hashes = others.map((name): [Algorithm, Hash] => [name, createHash(name)])
    for (const block of held ?? []) for (const [, hash] of hashes) hash.update(block)
    return new Map(hashes.map(([name, hash]) => [name, hash.digest('hex')]))
  }

  return {
    update(block) {
      sha256.update(block)
      if (worker) return worker.update(block)
      // Small blocks may be parts of a larger one that its owner fills anew.
      held?.push(new Uint8Array(block))
      heldBytes += block.byteLength
      if (heldBytes < aloneBytes) return undefined
      const hired = hireHasher(others)
      worker = hired
      const seen = Promise.all((held ?? []).map((one) => hired.update(one))).then(() => undefined)
      held = null
      return seen
    },
    async digest() {
      const found = worker ? await worker.digest() : alone()
      return {
        md5: found.get('md5') as string,
        sha1: found.get('sha1') ?? null,
        sha256: sha256.digest('hex'),
        sha512: found.get('sha512') ?? null,
      }
    },
    holds: () => (held ? heldBytes : 0),
    drop: () => worker?.drop(),
  }
}
