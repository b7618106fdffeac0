/**
 * The input that both sides of the comparison read: accounting logs of three made-up resources, and the files that
 * name people and sciences. Nothing is random: the same text every time.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'

export interface Resource {
  readonly code: string
  readonly name: string
  readonly cores: number
  readonly log: string
}

const iso = (epochSeconds: number): string => new Date(epochSeconds * 1000).toISOString().slice(0, 19)
const at = (text: string): number => Date.parse(`${text}Z`) / 1000

interface Job {
  id: number
  queue?: string
  qos?: string
  group: string
  user: string
  submit: number
  start: number
  end: number
  nodes: number
  cores: number
  gpus?: number
  state?: string
}

/** One line as `sacct --parsable2` writes it: 26 fields, the last of which may hold any character. */
function line(resource: string, job: Job): string {
  const wall = job.end - job.start
  const clock = [Math.floor((wall % 86_400) / 3600), Math.floor((wall % 3600) / 60), wall % 60]
  const elapsed = `${Math.floor(wall / 86_400)}-${clock.map((part) => String(part).padStart(2, '0')).join(':')}`
  const gpus = job.gpus ? `,gres/gpu=${job.gpus}` : ''
  const tres = `cpu=${job.cores},mem=16000M,node=${job.nodes}`
  return [
    job.id, job.id, resource, job.queue ?? 'short', job.qos ?? 'normal', job.group, job.group, 5001, job.user, 7001,
    iso(job.submit), iso(job.submit), iso(job.start), iso(job.end), elapsed, '0:0', job.state ?? 'COMPLETED',
    job.nodes, job.cores, job.cores, '16000Mn', tres, `billing=${job.cores},${tres}${gpus}`, '1-00:00:00', 'n01',
    'a job | with a bar',
  ].join('|') // biome-ignore format: one line of the log
}

/** Three jobs whose every metric is known from paper: over midnight, with GPUs, and of no length at all. */
const anvil: Job[] = [
  { id: 101, group: 'lab1', user: 'ada', submit: at('2026-03-01T20:00:00'), start: at('2026-03-01T22:00:00'), end: at('2026-03-02T06:00:00'), nodes: 1, cores: 4 },
  { id: 102, group: 'lab1', user: 'bo', submit: at('2026-03-02T00:30:00'), start: at('2026-03-02T01:30:00'), end: at('2026-03-02T03:30:00'), nodes: 2, cores: 10, gpus: 2 },
  { id: 103, group: 'lab1', user: 'ada', submit: at('2026-03-02T23:50:00'), start: at('2026-03-03T00:10:00'), end: at('2026-03-03T00:10:00'), nodes: 1, cores: 1 },
] // biome-ignore format: a table

/** A few hundred jobs over seven months: every bucket of size and time, runs of days, waits over month ends. */
function bigIron(): Job[] {
  let state = 20_260_301
  const next = (below: number): number => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
  const pick = <T>(from: readonly T[]): T => from[next(from.length)] as T
  const walls = [0, 1, 20, 900, 2400, 9000, 30_000, 50_000, 90_000, 400_000]
  const waits = [0, 5, 25, 1000, 2000, 7000, 20_000, 40_000, 200_000]
  return Array.from({ length: 400 }, (_, index) => {
    const wall = pick(walls) + (next(4) === 0 ? 0 : next(60))
    const wait = pick(waits)
    const end = at('2025-08-03T00:00:00') + index * 45_000 + next(40_000)
    const nodes = pick([1, 1, 1, 2, 3, 8, 40])
    return {
      id: 1000 + index,
      queue: pick(['short', 'long', 'gpu;debug', 'a,b 50%']),
      qos: pick(['normal', 'high', 'Größe']),
      group: pick(['lab1', 'lab2', 'lab3', 'unmapped']),
      user: pick(['ada', 'bo', 'cyd', 'dee', 'eve', 'fay & gil']),
      submit: end - wall - wait,
      start: end - wall,
      end,
      nodes,
      cores: nodes * pick([1, 2, 3, 12, 24, 64, 128]),
      gpus: pick([0, 0, 0, 1, 2, 4, 12, 40]),
      state: pick(['COMPLETED', 'FAILED', 'TIMEOUT', 'CANCELLED by 7001']),
    }
  })
}

/** More people than one page of dimension values holds, and more jobs than one page of raw data. */
export const crowdSize = 10_050

const crowd = (): Job[] =>
  Array.from({ length: crowdSize }, (_, index) => {
    const start = at('2026-04-01T00:00:00') + index * 10
    const user = `u${String(index).padStart(5, '0')}`
    return { id: 50_000 + index, group: 'lab2', user, submit: start - 5, start, end: start + 60, nodes: 1, cores: 1 }
  })

const names = `ada,,ada
bo,Bö,Müller
cyd,"Cyd ""Sid""",O'Neill
dee,,Dee <Service>
lab1,,Lab One
lab2,Große,Gruppe
`
const hierarchy = `"soc","Sociology","ses"
"ses","Social and Economic Science","sbe"
"sbe","Social Sciences",""
"opt","Optics & Laser","phy"
"phy","Physics","mps"
"mps","Mathematical, Physical Sciences",""
`
const groups = `"lab1","soc"
"lab2","opt"
"lab3","opt"
`

export const resources: readonly Resource[] = [
  { code: 'anvil', name: 'Anvil Cluster', cores: 100, log: 'anvil.log' },
  { code: 'big-iron', name: 'Big Iron', cores: 6000, log: 'big-iron.log' },
  { code: 'crowd', name: 'The Crowd', cores: 2000, log: 'crowd.log' },
]

/** JSON is YAML. */
const resourceFile = JSON.stringify({
  organizations: [{ abbreviation: 'scw', name: 'Screwdriver' }],
  resources: resources.map(({ code, name, cores }) => ({
    code,
    name,
    organization: 'scw',
    specifications: [{ valid_from: '2020-01-01', nodes: cores, cores }],
  })),
})

/** Writes everything into `directory`, for `tessera import …` and for test/clients/xdmod/expect.py. */
export async function writeInput(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true })
  const jobs: Readonly<Record<string, Job[]>> = { anvil, 'big-iron': bigIron(), crowd: crowd() }
  for (const { code, log } of resources) {
    const lines = (jobs[code] ?? []).map((job) => `${line(code, job)}\n`)
    await writeFile(path.join(directory, log), lines.join(''))
  }
  await writeFile(path.join(directory, 'names.csv'), names)
  await writeFile(path.join(directory, 'hierarchy.csv'), hierarchy)
  await writeFile(path.join(directory, 'group-to-hierarchy.csv'), groups)
  await writeFile(path.join(directory, 'resources.json'), JSON.stringify(resources))
  await writeFile(path.join(directory, 'resources.yml'), resourceFile)
}
