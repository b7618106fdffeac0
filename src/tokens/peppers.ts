import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { pepperMissing, pepperUnreadable } from './problems.ts'

/** What stands in the database instead of a secret. */
export interface Sealed {
  /** Number of the pepper. */
  readonly pepper: number
  readonly hash: Buffer
}

/**
 * The keys under which secrets are hashed, kept outside the database: who steals only that cannot even try guesses.
 * Several at a time, so that a new one can be brought in while old tokens go on working.
 */
export interface Peppers {
  /** The form in which a secret is stored, under the newest pepper. */
  seal(secret: string): Sealed
  /** Whether this is the secret that was sealed, in constant time. Throws when its pepper is missing. */
  matches(secret: string, sealed: Sealed): boolean
  /** Number of the newest one. */
  newest(): number
  /** Makes a new one the newest, and drops those that `inUse` doesn't name. Returns its number. */
  rotate(inUse: readonly number[]): number
}

const pepperFile = z.object({ newest: z.int().positive(), peppers: z.record(z.string().regex(/^\d+$/), z.base64()) })

interface Keys {
  readonly newest: number
  readonly byNumber: ReadonlyMap<number, Buffer>
  /** Which state of the file this is. */
  readonly stamp: string
}

/**
 * Opens the pepper file (mode 600), making it when it is missing. It is read again when it has changed, so that a rotation
 * at the command line reaches a running server.
 */
export function openPeppers(file: string): Peppers {
  let keys = read(file) ?? create(file)

  const current = (): Keys => {
    if (stampOf(file) !== keys.stamp) keys = read(file) ?? keys
    return keys
  }
  const keyOf = (pepper: number): Buffer => {
    const key = keys.byNumber.get(pepper) ?? current().byNumber.get(pepper)
    if (!key)
      throw pepperMissing({ cause: new Error(`${file} has no pepper ${pepper}`), headers: { 'retry-after': '60' } })
    return key
  }

  return {
    seal(secret) {
      const { newest } = current()
      return { pepper: newest, hash: seal(secret, keyOf(newest)) }
    },
    matches: (secret, { pepper, hash }) => timingSafeEqual(seal(secret, keyOf(pepper)), hash),
    newest: () => current().newest,
    rotate(inUse) {
      const before = current()
      const newest = Math.max(...before.byNumber.keys()) + 1
      const kept = [...before.byNumber].filter(([number]) => number === before.newest || inUse.includes(number))
      write(file, { newest, byNumber: new Map([...kept, [newest, randomBytes(32)]]) }, renameSync)
      return current().newest
    },
  }
}

const seal = (secret: string, key: Buffer): Buffer => createHmac('sha256', key).update(secret).digest()

function read(file: string): Keys | null {
  const stamp = stampOf(file)
  if (stamp === null) return null
  try {
    const { newest, peppers } = pepperFile.parse(JSON.parse(readFileSync(file, 'utf8')))
    const byNumber = new Map(
      Object.entries(peppers).map(([number, key]) => [Number(number), Buffer.from(key, 'base64')]),
    )
    if (!byNumber.has(newest) || [...byNumber.values()].some((key) => key.length < 32))
      throw new Error('a key is missing or short')
    return { newest, byNumber, stamp }
  } catch (cause) {
    throw pepperUnreadable({
      detail: `${file} does not hold what it should.`,
      hint: 'Restore it from a backup: without it no token that exists can be checked.',
      cause,
    })
  }
}

function stampOf(file: string): string | null {
  const stats = statSync(file, { throwIfNoEntry: false })
  return stats ? `${stats.ino} ${stats.mtimeMs} ${stats.size}` : null
}

function create(file: string): Keys {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  try {
    // A link fails when another process was first, and then its peppers hold.
    write(file, { newest: 1, byNumber: new Map([[1, randomBytes(32)]]) }, linkSync)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return read(file)!
}

/** Whole and on disk, or not there at all: tokens sealed under a pepper that is lost are lost with it. */
function write(
  file: string,
  { newest, byNumber }: Omit<Keys, 'stamp'>,
  place: (from: string, to: string) => void,
): void {
  const draft = `${file}.${process.pid}-${randomBytes(4).toString('hex')}`
  const peppers = Object.fromEntries([...byNumber].map(([number, key]) => [number, key.toString('base64')]))
  try {
    const handle = openSync(draft, 'wx', 0o600)
    try {
      writeSync(handle, `${JSON.stringify({ newest, peppers }, null, 2)}\n`)
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
    place(draft, file)
    const directory = openSync(path.dirname(file), 'r')
    fsyncSync(directory)
    closeSync(directory)
  } finally {
    rmSync(draft, { force: true })
  }
}
