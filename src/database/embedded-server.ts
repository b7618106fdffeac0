import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, openSync } from 'node:fs'
import { chown, mkdir, readdir, readFile, readlink, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type Place, socketName } from './embedded-place.ts'
import { databaseUnavailable } from './problems.ts'

const run = promisify(execFile)

export const superuser = 'tessera'
const environment = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }

/** How hard a server tries to keep what it acknowledged; `throwaway` is for tests, where the machine's crash loses nothing. */
export type Durability = 'durable' | 'throwaway'

/** Makes the data directory if there is none. Drawn up beside and renamed, so that a start cut short leaves nothing half. */
export async function initialise(place: Place, durability: Durability): Promise<void> {
  if (await stat(path.join(place.data, 'PG_VERSION')).catch(() => null)) return refuseOtherMajor(place)
  await sweepDrafts(place)
  const draft = path.join(place.home, `data.${process.pid}.${randomBytes(4).toString('hex')}`)
  const passwordFile = `${draft}.password`
  await writeFile(passwordFile, place.password, { mode: 0o600 })
  try {
    if (place.account) await chown(passwordFile, place.account.uid, place.account.gid)
    await run(
      path.join(place.binaries.directory, 'bin', 'initdb'),
      [
        `--pgdata=${draft}`,
        `--username=${superuser}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        // The same order and case everywhere, whatever locales the machine has.
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--no-instructions',
        ...(durability === 'throwaway' ? ['--no-sync'] : []),
      ],
      { ...place.account, cwd: place.home, env: environment },
    )
    await rename(draft, place.data).catch(async (error: NodeJS.ErrnoException) => {
      // Someone else's was ready first: same password, so theirs is as good as ours.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
    })
  } catch (error) {
    const told = (error as { stderr?: string }).stderr?.trim() || (error as Error).message
    throw databaseUnavailable({
      detail: `A database could not be made in ${place.home}: ${told}`,
      hint: 'Look whether the disk is full, and whether this user may write there and stands in /etc/passwd.',
      cause: error,
    })
  } finally {
    await rm(passwordFile, { force: true })
    await rm(draft, { recursive: true, force: true })
  }
}

async function refuseOtherMajor(place: Place): Promise<void> {
  const found = (await readFile(path.join(place.data, 'PG_VERSION'), 'utf8')).trim()
  const ours = place.binaries.version.split('.')[0]
  if (found === ours) return
  throw databaseUnavailable({
    detail: `${place.data} was made by PostgreSQL ${found}; this version of Tessera brings PostgreSQL ${ours}.`,
    hint: 'Make a backup with the version of Tessera that made it, and restore that with this one.',
  })
}

/** What a start that was killed left behind. Its maker's pid stands in the name. */
async function sweepDrafts(place: Place): Promise<void> {
  for (const name of await readdir(place.home)) {
    const pid = /^data\.(\d+)\.[0-9a-f]+(\.password)?$/.exec(name)?.[1]
    if (pid && !isAlive(Number(pid))) await rm(path.join(place.home, name), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

export interface Postmaster {
  readonly pid: number
  readonly socketDirectory: string
  /** It has been told to stop; whoever is still let in is thrown out in a moment. */
  readonly stopping: boolean
}

/** The server that runs on this data now, by its own `postmaster.pid`; null when that is missing or a leftover. */
export async function findPostmaster(place: Place): Promise<Postmaster | null> {
  const lines = (await readFile(path.join(place.data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
  const pid = Number(lines[0])
  if (!pid || !(await isPostmaster(pid, place))) return null
  return { pid, socketDirectory: lines[4]?.trim() || place.socketDirectory, stopping: lines[7]?.trim() === 'stopping' }
}

/** Process ids are used again, after a reboot soon: the file's number proves nothing by itself. */
async function isPostmaster(pid: number, place: Place): Promise<boolean> {
  if (!isAlive(pid)) return false
  if (process.platform === 'linux') return (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === place.data
  const { stdout } = await run('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: '' }))
  return stdout.includes('postgres') && stdout.includes(place.data)
}

/**
 * Postgres cleans up after a dead postmaster itself, except when its pid now belongs to another process of the same user.
 * Taken away by renaming, so that a file which a quicker starter has just written can be put back.
 */
async function clearLeftover(place: Place): Promise<void> {
  const file = path.join(place.data, 'postmaster.pid')
  const seen = await readFile(file, 'utf8').catch(() => null)
  const pid = Number(seen?.split('\n')[0])
  if (!seen || !pid || !isAlive(pid) || (await isPostmaster(pid, place))) return
  const aside = `${file}.${randomBytes(4).toString('hex')}`
  await rename(file, aside).catch(() => undefined)
  if ((await readFile(aside, 'utf8').catch(() => null)) !== seen) {
    await rename(aside, file).catch(() => undefined)
    return
  }
  await rm(aside, { force: true })
  await rm(path.join(place.socketDirectory, `${socketName}.lock`), { force: true })
}

/** Sized for a small machine that has other things to do; a larger site names its own server in [database] url. */
const settings: Record<string, string> = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  max_connections: '100',
  shared_buffers: '96MB',
  effective_cache_size: '512MB',
  max_wal_size: '512MB',
  // One server, no replicas: less to write.
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_logical_replication_workers: '0',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'warning',
  cluster_name: 'tessera',
}

const throwawaySettings: Record<string, string> = {
  // Many test processes at a time, each with pools of ten.
  max_connections: '400',
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  shared_buffers: '64MB',
  max_wal_size: '64MB',
  autovacuum: 'off',
  io_method: 'sync',
  // A killed server leaves its shared memory behind; this kind goes with the directory.
  dynamic_shared_memory_type: 'mmap',
}

/** Starts Postgres in a process group of its own: Ctrl-C reaches us, and it stays until we have drained and stop it. */
export async function spawnPostgres(place: Place, durability: Durability): Promise<ChildProcess> {
  await clearLeftover(place)
  await mkdir(place.home, { recursive: true })
  await keepLogSmall(place.log)
  const chosen = {
    ...settings,
    ...(durability === 'throwaway' ? throwawaySettings : {}),
    unix_socket_directories: `"${place.socketDirectory.replaceAll('"', '""')}"`,
  }
  const log = openSync(place.log, 'a', 0o600)
  try {
    const child = spawn(
      path.join(place.binaries.directory, 'bin', 'postgres'),
      ['-D', place.data, ...Object.entries(chosen).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      { ...place.account, cwd: place.home, env: environment, detached: true, stdio: ['ignore', log, log] },
    )
    child.on('error', () => undefined)
    child.unref()
    return child
  } finally {
    closeSync(log)
  }
}

async function keepLogSmall(log: string): Promise<void> {
  const size = (await stat(log).catch(() => null))?.size ?? 0
  if (size > 5_000_000) await rename(log, `${log}.old`)
}

export async function logTail(place: Place): Promise<string> {
  const text = await readFile(place.log, 'utf8').catch(() => '')
  return text.trimEnd().split('\n').slice(-5).join('\n')
}

/** Fast shutdown: open transactions roll back, everything committed is on disk when this returns. */
export async function stopPostgres(place: Place): Promise<boolean> {
  const running = await findPostmaster(place)
  if (!running) return true
  process.kill(running.pid, 'SIGINT')
  for (const until = performance.now() + 30_000; performance.now() < until; ) {
    if ((await findPostmaster(place))?.pid !== running.pid) return true
    await sleep(5)
  }
  return false
}
