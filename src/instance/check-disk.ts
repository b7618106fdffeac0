import { stat, statfs } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Finding, figure, inBytes, type Part, type State, sayAll, text, worst } from './finding.ts'

const gib = 2 ** 30
/** Sizes that take longer to count are told the next time. */
const countMs = 1_500

/** What fills the disk, by name. */
export type KeptBytes = Readonly<Record<'postgres' | 'warehouse' | 'imports' | 'contents' | 'outbox', number | null>>

export interface DiskNeeds {
  readonly dataDirectory: string
  /** Where the embedded PostgreSQL keeps its files; null when there is none. */
  readonly postgres: string | null
  readonly sizes: () => Promise<KeptBytes>
}

export interface DiskFacts {
  readonly name: string
  readonly label: string
  readonly directory: string
  readonly freeBytes: number
  readonly totalBytes: number
}

export async function checkDisk(needs: DiskNeeds): Promise<Finding> {
  const [disks, kept] = await Promise.all([
    findDisks(needs),
    Promise.race([needs.sizes(), sleep(countMs, null, { ref: false })]),
  ])
  return judgeDisks(disks, kept, needs.postgres !== null)
}

/** The disk of the data directory, and that of PostgreSQL where it is another one. */
async function findDisks({ dataDirectory, postgres }: DiskNeeds): Promise<DiskFacts[]> {
  const data = await diskOf('data', 'Data directory', dataDirectory)
  if (postgres === null || (await stat(postgres)).dev === (await stat(dataDirectory)).dev) return [data]
  return [data, await diskOf('postgres', 'PostgreSQL', postgres)]
}

async function diskOf(name: string, label: string, directory: string): Promise<DiskFacts> {
  const { bavail, blocks, bsize } = await statfs(directory)
  return { name, label, directory, freeBytes: bavail * bsize, totalBytes: blocks * bsize }
}

export function judgeDisks(disks: readonly DiskFacts[], kept: KeptBytes | null, embedded: boolean): Finding {
  const parts = disks.map(partOf)
  const troubles = parts.flatMap(({ label, says }) => (says === null ? [] : [`${label}: ${says}`]))
  const [{ freeBytes, totalBytes } = { freeBytes: 0, totalBytes: 0 }] = disks
  return {
    state: worst(parts.map(({ state }) => state)),
    says: sayAll(troubles, `${inBytes(freeBytes)} of ${inBytes(totalBytes)} are free.`),
    facts: [
      figure('bytes', 'free', 'Free', freeBytes, totalBytes),
      ...(embedded ? [figure('bytes', 'postgres', 'PostgreSQL', kept?.postgres ?? null)] : []),
      figure('bytes', 'warehouse', 'Warehouse', kept?.warehouse ?? null),
      figure('bytes', 'imports', 'Imports', kept?.imports ?? null),
      figure('bytes', 'contents', 'Files of runs', kept?.contents ?? null),
      figure('bytes', 'outbox', 'Outbox', kept?.outbox ?? null),
    ],
    parts,
  }
}

function partOf({ name, label, directory, freeBytes, totalBytes }: DiskFacts): Part {
  const state = stateOf(freeBytes, totalBytes)
  return {
    name,
    label,
    state,
    says:
      state === 'ok'
        ? null
        : `Only ${inBytes(freeBytes)} of ${inBytes(totalBytes)} are free: make room, or move [general] data_directory to a larger disk.`,
    facts: [text('directory', 'Directory', directory), figure('bytes', 'free', 'Free', freeBytes, totalBytes)],
  }
}

function stateOf(free: number, total: number): State {
  if (free < gib / 10) return 'failing'
  return free < gib || free < total / 10 ? 'degraded' : 'ok'
}
