import type { Archetype, Cluster, Partition } from './demo-center.ts'
import type { DemoUser } from './people.ts'
import { type Random, risingSums } from './seeded-random.ts'

/** A job as the made-up scheduler ran it. Times are Unix seconds; a job not yet ended has no end, a waiting one no start. */
export interface DemoJob {
  readonly id: number
  /** Element of an array, or −1. */
  readonly element: number
  readonly user: DemoUser
  readonly archetype: Archetype
  readonly partition: Partition
  readonly cores: number
  readonly gpus: number
  readonly nodes: number
  readonly submit: number
  readonly start: number
  readonly end: number
  readonly limit: number
  readonly state: string
  readonly exitCode: string
}

const hour = 3600
const day = 24 * hour

/** People submit by day and on working days, more in term than in summer and between the years, and more every year. */
export function submissionRate(time: number): number {
  const date = new Date(time * 1000)
  const hourOfDay = date.getUTCHours()
  const daily =
    0.25 + Math.max(0, Math.sin(((hourOfDay - 6) / 15) * Math.PI)) * (hourOfDay >= 6 && hourOfDay <= 21 ? 1 : 0)
  const weekday = date.getUTCDay()
  const weekly = weekday === 0 ? 0.35 : weekday === 6 ? 0.4 : weekday === 5 ? 0.85 : 1
  const month = date.getUTCMonth()
  const quiet = (month === 11 && date.getUTCDate() > 22) || (month === 0 && date.getUTCDate() < 4)
  return daily * weekly * (quiet ? 0.3 : month === 7 ? 0.6 : month === 2 || month === 9 ? 1.2 : 1)
}

/** Moments of submission, rising. */
function submissionTimes(random: Random, count: number, from: number, until: number): Float64Array {
  const hours = Math.floor((until - from) / hour)
  const sums = risingSums(
    Array.from({ length: hours }, (_, at) => submissionRate(from + at * hour) * (1 + (0.5 * at) / hours)),
  )
  return Float64Array.from({ length: count }, () => from + random.place(sums) * hour + random.whole(0, hour - 1)).sort()
}

interface Submission {
  readonly user: DemoUser
  readonly archetype: Archetype
  readonly submit: number
  readonly cores: number
  readonly gpus: number
  /** Elements of an array; 0 for a job of its own. */
  readonly elements: number
}

/** All of a cluster's jobs submitted between two moments, some `count` of them, in the order of submission. */
export function* simulateCluster(
  cluster: Cluster,
  users: readonly DemoUser[],
  random: Random,
  { count, from, until }: { count: number; from: number; until: number },
): Generator<DemoJob> {
  const submissions = submit(cluster, users, random, { count, from, until })
  const runtimes = drawRuntimes(cluster, submissions, random, until - from)
  const queues = new Map(
    cluster.partitions.map((partition) => [partition.name, makeQueue(partition.nodes * cluster.coresPerNode)]),
  )
  let id = 100_000
  let at = 0
  for (const { user, archetype, submit, cores, gpus, elements } of submissions) {
    id += random.whole(1, 3)
    const partition = partitionOf(cluster, archetype)
    const queue = queues.get(partition.name)
    for (let element = elements > 0 ? 1 : 0; element <= elements; element++) {
      const wanted = runtimes[at++] ?? 0
      const outcome = drawOutcome(random, wanted, partition, user)
      const start = queue?.(submit + random.whole(0, 20), outcome.runtime, cores) ?? submit
      yield {
        id,
        element: elements > 0 ? element : -1,
        user,
        archetype,
        partition,
        cores,
        gpus,
        nodes: Math.max(1, Math.ceil(cores / cluster.coresPerNode)),
        submit,
        start,
        end: start + outcome.runtime,
        limit: outcome.limit,
        state: outcome.state,
        exitCode: outcome.exitCode,
      }
    }
    // The elements have raw numbers of their own.
    id += elements
  }
}

function submit(
  cluster: Cluster,
  users: readonly DemoUser[],
  random: Random,
  { count, from, until }: { count: number; from: number; until: number },
): Submission[] {
  const byWeight = risingSums(
    users.map((user) => user.activity * (cluster.gpusPerNode > 0 === user.prefersGpus ? 1 : 0.12)),
  )
  const byKind = risingSums(cluster.archetypes.map((archetype) => archetype.weight))
  const submissions: Omit<Submission, 'submit'>[] = []
  for (let jobs = 0; jobs < count; ) {
    const user = users[random.place(byWeight)]
    const archetype = cluster.archetypes[random.place(byKind)]
    if (!user || !archetype) throw new RangeError('a cluster needs users and kinds of jobs')
    const elements = random.next() < archetype.arrays ? Math.min(random.whole(3, 30), count - jobs) : 0
    const size = random.whole(0, 99) / 100
    submissions.push({
      user,
      archetype,
      cores: archetype.cores[Math.floor(size * archetype.cores.length)] ?? 1,
      gpus: archetype.gpus[Math.floor(size * archetype.gpus.length)] ?? 0,
      elements,
    })
    jobs += Math.max(1, elements)
  }
  const times = submissionTimes(random, submissions.length, from, until)
  return submissions.map((submission, at) => ({ ...submission, submit: times[at] ?? from }))
}

const partitionOf = (cluster: Cluster, archetype: Archetype): Partition => {
  const partition = cluster.partitions.find(({ name }) => name === archetype.partition)
  if (!partition) throw new RangeError(`${cluster.code} has no partition ${archetype.partition}`)
  return partition
}

/** Seconds that each job would run, shortened where a partition would be fuller than its cluster should be. */
function drawRuntimes(
  cluster: Cluster,
  submissions: readonly Submission[],
  random: Random,
  length: number,
): Float64Array {
  const jobs: Submission[] = []
  for (const submission of submissions) {
    for (let copies = Math.max(1, submission.elements); copies > 0; copies--) jobs.push(submission)
  }
  const runtimes = Float64Array.from(jobs, ({ archetype }) => random.skewed(archetype.hours * hour, archetype.spread))
  for (const partition of cluster.partitions) {
    const limit = partition.limitHours * hour
    const capacity = partition.nodes * cluster.coresPerNode * length * cluster.load
    const inPartition = [...jobs.keys()].filter((at) => jobs[at]?.archetype.partition === partition.name)
    const runtime = (at: number, factor: number): number => Math.min((runtimes[at] ?? 0) * factor, limit)
    const usedWith = (factor: number): number => {
      let used = 0
      for (const at of inPartition) used += (jobs[at]?.cores ?? 0) * runtime(at, factor)
      return used
    }
    // Jobs are never drawn out. Limits cut the longest ones, so a few rounds come nearer than one.
    let factor = 1
    for (let round = 0; round < 4; round++) factor = Math.min(1, (factor * capacity) / usedWith(factor))
    for (const at of inPartition) runtimes[at] = runtime(at, factor)
  }
  return runtimes
}

interface Outcome {
  readonly runtime: number
  readonly limit: number
  readonly state: string
  readonly exitCode: string
}

const limits = [0.5, 1, 2, 4, 8, 12, 24, 48, 72, 96, 168, 240]

function drawOutcome(random: Random, wanted: number, partition: Partition, user: DemoUser): Outcome {
  const enough = limits.find((hours) => hours * hour >= wanted * 1.2) ?? partition.limitHours
  const limit = Math.min(enough, partition.limitHours) * hour
  const runtime = Math.max(1, Math.min(Math.round(wanted), limit))
  const fate = random.next()
  if (runtime >= limit || fate < 0.02) return { runtime: limit, limit, state: 'TIMEOUT', exitCode: '0:0' }
  if (fate < 0.09) {
    // Most failures come early: a wrong path, a missing module.
    const early = Math.max(1, Math.round(runtime * random.next() ** 3))
    return { runtime: early, limit, state: 'FAILED', exitCode: `${random.pick([1, 1, 1, 2, 127, 134, 139])}:0` }
  }
  if (fate < 0.13) {
    const stopped = Math.max(1, Math.round(runtime * random.next()))
    return { runtime: stopped, limit, state: `CANCELLED by ${user.uid}`, exitCode: '0:15' }
  }
  if (fate < 0.137) return { runtime, limit, state: 'OUT_OF_MEMORY', exitCode: '0:125' }
  if (fate < 0.139) return { runtime, limit, state: 'NODE_FAIL', exitCode: '1:0' }
  return { runtime, limit, state: 'COMPLETED', exitCode: '0:0' }
}

/** First come, first served over a number of cores: answers when a job may start. Waiting follows from the load. */
function makeQueue(cores: number): (ready: number, runtime: number, needs: number) => number {
  const running = makeHeap()
  let free = cores
  let turn = 0
  return (ready, runtime, needs) => {
    turn = Math.max(turn, ready)
    while (running.size() > 0 && (running.firstEnd() <= turn || free < needs)) {
      turn = Math.max(turn, running.firstEnd())
      free += running.removeFirst()
    }
    free -= needs
    running.add(turn + runtime, needs)
    return turn
  }
}

/** Running jobs, the one that ends first on top. */
function makeHeap() {
  const ends: number[] = []
  const held: number[] = []
  const swap = (a: number, b: number): void => {
    ;[ends[a], ends[b]] = [ends[b] as number, ends[a] as number]
    ;[held[a], held[b]] = [held[b] as number, held[a] as number]
  }
  const end = (at: number): number => ends[at] ?? Number.POSITIVE_INFINITY
  return {
    size: () => ends.length,
    firstEnd: () => end(0),
    add(endsAt: number, cores: number): void {
      let at = ends.push(endsAt) - 1
      held.push(cores)
      for (let parent = (at - 1) >> 1; at > 0 && end(at) < end(parent); parent = (at - 1) >> 1) {
        swap(at, parent)
        at = parent
      }
    },
    removeFirst(): number {
      swap(0, ends.length - 1)
      ends.pop()
      const cores = held.pop() ?? 0
      for (let at = 0; ; ) {
        const child = end(2 * at + 1) <= end(2 * at + 2) ? 2 * at + 1 : 2 * at + 2
        if (end(child) >= end(at)) return cores
        swap(at, child)
        at = child
      }
    },
  }
}

export const daysBefore = (time: number, days: number): number => time - days * day
