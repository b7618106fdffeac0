import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { buildPortal, builtPortal, isPortalBuilt } from '#src/pages/build-portal.ts'

const lock = `${builtPortal}.lock`

/** Builds the portal where it isn't built from the sources as they are; of several test processes one does, the others wait. */
export async function bringPortal(): Promise<void> {
  await mkdir(path.dirname(lock), { recursive: true })
  while (!(await isPortalBuilt())) {
    if (await takeLock()) return await buildUnderLock()
    await sleep(100)
  }
}

async function buildUnderLock(): Promise<void> {
  try {
    if (!(await isPortalBuilt())) await buildPortal()
  } finally {
    await rm(lock, { force: true })
  }
}

/** The lock names its holder, so that what a killed one left is cleared away. */
async function takeLock(): Promise<boolean> {
  try {
    await writeFile(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch {
    const holder = Number(await readFile(lock, 'utf8').catch(() => ''))
    if (holder && !isAlive(holder)) await rm(lock, { force: true })
    return false
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
