import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { databaseUnavailable } from './problems.ts'

const run = promisify(execFile)

/** The operating-system user that Postgres runs as. */
export interface Account {
  readonly uid: number
  readonly gid: number
}

async function find(name: string): Promise<Account | null> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])])
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
  } catch {
    return null
  }
}

/**
 * Postgres refuses to run as root. So root lends it an unprivileged user: one that is there, else a new system user,
 * else nobody. Anyone else runs it as themselves, which is what `null` says.
 */
export async function pickAccount(): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null
  const present = (await find('postgres')) ?? (await find('tessera'))
  if (present) return present
  await run('useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', 'tessera']).catch(() => null)
  const found = (await find('tessera')) ?? (await find('nobody'))
  if (found) return found
  throw databaseUnavailable({
    detail: 'Postgres cannot run as root, and this machine has no unprivileged user to run it as.',
    hint: 'Run Tessera as an ordinary user, create a user named "tessera", or set [database] url.',
  })
}

/** Whether that user can go into a directory; tried for real, because modes alone don't tell (access lists, mounts). */
export async function canEnter(account: Account, directory: string): Promise<boolean> {
  const { uid, gid } = account
  return run('/bin/sh', ['-c', 'cd -- "$1"', 'sh', directory], { uid, gid, cwd: '/' }).then(
    () => true,
    () => false,
  )
}
