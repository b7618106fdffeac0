import type { Readable } from 'node:stream'
import type { Written } from './write-blocks.ts'

/** A content as it stands on a shelf. */
export interface Shelved {
  readonly sha256: string
  readonly bytes: number
}

/** Where contents stand: a disk, or a storage that speaks S3. */
export interface Shelf {
  /** Brings a flushed file as near as can be before the transaction that keeps it; what is not kept is swept. */
  bring(file: string, written: Written): Promise<void>
  /** Puts it in its place, in that transaction. */
  place(file: string, written: Written): Promise<void>
  read(sha256: string, range?: { start: number; end: number }): Promise<Readable | null>
  /** Gives a file with the content to a function, for as long as that takes; null when it is not there. */
  withFile<T>(sha256: string, use: (file: string) => Promise<T>): Promise<T | null>
  /** What stands there and may be looked at by a sweep, in batches. */
  list(): AsyncIterable<readonly Shelved[]>
  /** The bytes that were freed; null: it is not there. */
  remove(sha256: string): Promise<number | null>
  /** Clears away what crashed processes have left half done, and rejects where the storage does not work. */
  tidy(): Promise<void>
  /** Rejects where the storage does not work. */
  check(): Promise<void>
}

/** Below a shelf; also how backups name it. */
export const relativePath = (sha256: string): string => {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error('this is no SHA-256')
  return `${sha256.slice(0, 2)}/${sha256}`
}
