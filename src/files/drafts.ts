import { createHash, randomBytes } from 'node:crypto'
import { readdir, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import path from 'node:path'
import { isAliveBeside } from './alive-beside.ts'

/** Drafts are named by machine and process, so that whoever tidies up knows whom to ask whether they are in work. */
const here = createHash('sha256').update(hostname()).digest('hex').slice(0, 8)
/** Files that this process is writing. */
const inWork = new Set<string>()
/** A draft of a living process, or of one on another machine, is left alone for so long after its last write. */
const staleMs = 6 * 3_600_000

/** A name for a draft, which no sweep of this process touches until it is let go. */
export function draftFile(directory: string): Disposable & { readonly path: string; letGo(): void } {
  const file = path.join(directory, `${here}-${process.pid}-${randomBytes(9).toString('hex')}`)
  inWork.add(file)
  const letGo = (): void => void inWork.delete(file)
  return { path: file, letGo, [Symbol.dispose]: letGo }
}

/** Deletes what crashed processes have left. */
export async function dropLeftovers(directory: string): Promise<void> {
  const names = await readdir(directory).catch(() => [])
  for (const name of names.filter((one) => /^[0-9a-f]{8}-\d+-[0-9a-f]{18}$/.test(one))) {
    const file = path.join(directory, name)
    const facts = await stat(file).catch(() => null)
    if (!facts || inWork.has(file)) continue
    const [machine, pid] = name.split('-')
    const mayBeInWork = machine !== here || isAliveBeside(Number(pid))
    if (!mayBeInWork || Date.now() - facts.mtimeMs > staleMs) await rm(file, { force: true })
  }
}
