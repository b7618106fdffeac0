import { createWriteStream } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { stringify } from 'yaml'
import { type Cluster, clusters, hierarchy, organization, partner } from './demo-center.ts'
import { type DemoGroup, type DemoUser, makePeople } from './people.ts'
import { seededRandom } from './seeded-random.ts'
import { type DemoJob, daysBefore, simulateCluster } from './simulate-cluster.ts'

export interface DemoAsk {
  readonly directory: string
  /** Until when there are jobs. */
  readonly now: Date
  readonly seed?: number
  readonly jobs?: number
  readonly days?: number
}

/** What `tessera import …` takes, one after the other. */
export interface DemoFiles {
  readonly resources: string
  readonly names: string
  readonly hierarchy: string
  readonly groupToHierarchy: string
  readonly logs: readonly { readonly resource: string; readonly file: string }[]
}

/** Writes logs and reference files of the made-up centre. The same seed and the same moment give the same files. */
export async function writeDemo({ directory, now, seed = 1, jobs = 200_000, days = 730 }: DemoAsk): Promise<DemoFiles> {
  await mkdir(directory, { recursive: true })
  const until = Math.floor(now.getTime() / 1000)
  const from = daysBefore(until, days)
  const random = seededRandom(seed)
  const { groups, users } = makePeople(random)
  const files = {
    resources: join(directory, 'resources.yml'),
    names: join(directory, 'names.csv'),
    hierarchy: join(directory, 'hierarchy.csv'),
    groupToHierarchy: join(directory, 'group-to-hierarchy.csv'),
    logs: clusters.map(({ code }) => ({ resource: code, file: join(directory, `${code}.log`) })),
  }
  await writeFile(files.resources, stringify(resourcesOf(dayOf(from))))
  await writeFile(files.names, csv(namesOf(groups, users)))
  await writeFile(files.hierarchy, csv(hierarchy))
  await writeFile(files.groupToHierarchy, csv(groups.map(({ name, item }) => [name, item])))
  for (const cluster of clusters) {
    const count = Math.round(jobs * cluster.share)
    const simulated = simulateCluster(cluster, users, random, { count, from, until })
    const log = Readable.from(logOf(cluster, simulated, until), { objectMode: false })
    await pipeline(log, createWriteStream(join(directory, `${cluster.code}.log`)))
  }
  return files
}

const csv = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `${row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\n`).join('')

const namesOf = (groups: readonly DemoGroup[], users: readonly DemoUser[]): string[][] => [
  ...groups.map(({ name, first, last }) => [name, first, last, organization.abbreviation]),
  ...users.map((user) => [user.name, user.first, user.last, user.organization]),
]

const resourcesOf = (validFrom: string): object => ({
  organizations: [organization, partner],
  resources: clusters.map(({ code, name, partitions, coresPerNode, gpusPerNode }) => {
    const nodes = partitions.reduce((sum, partition) => sum + partition.nodes, 0)
    return {
      code,
      name,
      organization: organization.abbreviation,
      time_zone: 'UTC',
      specifications: [{ valid_from: validFrom, nodes, cores: nodes * coresPerNode, gpus: nodes * gpusPerNode }],
    }
  }),
})

/** Lines in pieces of some 64 kB. */
function* logOf(cluster: Cluster, jobs: Iterable<DemoJob>, until: number): Generator<Buffer> {
  const isoTime = makeTimeWriter()
  let piece = ''
  for (const job of jobs) {
    piece += logLine(cluster, job, until, isoTime)
    if (piece.length < 1 << 16) continue
    yield Buffer.from(piece)
    piece = ''
  }
  yield Buffer.from(piece)
}

/** One job as `sacct` would tell of it at the moment `until`: ended, running or still waiting. */
function logLine(cluster: Cluster, job: DemoJob, until: number, isoTime: (seconds: number) => string): string {
  const { user, partition, cores, gpus, nodes } = job
  const waiting = job.start > until
  const ended = job.end <= until
  const elapsed = waiting ? 0 : Math.min(job.end, until) - job.start
  const memory = cores * cluster.memoryPerCoreMb
  const tres = `cpu=${cores},mem=${memory}M,node=${nodes}`
  return `${[
    job.element < 0 ? job.id : `${job.id}_${job.element}`,
    job.element < 0 ? job.id : job.id + job.element,
    cluster.code,
    partition.name,
    partition.limitHours <= 2 ? 'debug' : user.activity > 4 ? 'priority' : 'normal',
    user.group.name,
    user.group.name,
    user.group.gid,
    user.name,
    user.uid,
    isoTime(job.submit),
    isoTime(job.submit),
    waiting ? 'Unknown' : isoTime(job.start),
    ended ? isoTime(job.end) : 'Unknown',
    duration(elapsed),
    ended ? job.exitCode : '0:0',
    waiting ? 'PENDING' : ended ? job.state : 'RUNNING',
    nodes,
    cores,
    cores,
    `${cluster.memoryPerCoreMb}Mc`,
    tres,
    waiting ? '' : `billing=${cores},cpu=${cores}${gpus > 0 ? `,gres/gpu=${gpus}` : ''},mem=${memory}M,node=${nodes}`,
    duration(job.limit),
    waiting ? 'None assigned' : nodeList(cluster, nodes, job.id),
    `${user.group.item}-${job.id % 97}`,
  ].join('|')}\n`
}

const two = (value: number): string => (value < 10 ? `0${value}` : `${value}`)

const clockOf = (seconds: number): string =>
  `${two(Math.floor(seconds / 3600) % 24)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`

function duration(seconds: number): string {
  const days = Math.floor(seconds / 86_400)
  return days > 0 ? `${days}-${clockOf(seconds)}` : clockOf(seconds)
}

/** Writes Unix seconds as `YYYY-MM-DDTHH:MM:SS`; days come again and again, and Date is slow at writing them. */
function makeTimeWriter(): (seconds: number) => string {
  const days = new Map<number, string>()
  return (seconds) => {
    const number = Math.floor(seconds / 86_400)
    let day = days.get(number)
    if (day === undefined) {
      day = dayOf(seconds)
      days.set(number, day)
    }
    return `${day}T${clockOf(seconds)}`
  }
}

const dayOf = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10)

function nodeList(cluster: Cluster, nodes: number, id: number): string {
  const all = cluster.partitions.reduce((sum, partition) => sum + partition.nodes, 0)
  const first = 1 + (id % Math.max(1, all - nodes + 1))
  return nodes === 1
    ? `${cluster.nodePrefix}${two(first)}`
    : `${cluster.nodePrefix}[${two(first)}-${two(first + nodes - 1)}]`
}
