import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { type Actor, type AuditNote, actor, localCaller } from '#src/access/caller.ts'
import { type Changer, makeChanger } from '#src/database/change.ts'
import { importResources } from '#src/imports/import-resources.ts'
import { type ImportSummary, importSlurmLogs } from '#src/imports/import-slurm-logs.ts'
import { openImportedTables } from '#src/imports/open-imported-tables.ts'
import type { BadLine } from '#src/imports/stage-slurm-logs.ts'
import { type TestDatabase, testDatabase } from './postgres.ts'

/** An installation that takes imports: a database, a directory, and ears for what is said. */
export interface ImportBench extends AsyncDisposable {
  readonly db: TestDatabase['db']
  readonly url: string
  readonly directory: string
  readonly importsDirectory: string
  readonly timeZone: string
  readonly change: Changer
  readonly actor: Actor
  readonly notes: AuditNote[]
  readonly warnings: string[]
  readonly bad: BadLine[]
  /** Writes a file and answers its path. */
  write(name: string, contents: string | Uint8Array): Promise<string>
  /** Brings in resources given as YAML. */
  resources(yaml: string): Promise<void>
  slurm(resource: string, ...files: string[]): Promise<ImportSummary>
  /** All jobs as a model would read them, by job number. */
  jobs(): Promise<Record<string, unknown>[]>
}

export async function importBench(): Promise<ImportBench> {
  const opened = await testDatabase()
  const { db } = opened
  const directory = await mkdtemp(join(tmpdir(), 'tessera-imports-'))
  const importsDirectory = join(directory, 'imports')
  const notes: AuditNote[] = []
  const warnings: string[] = []
  const bad: BadLine[] = []
  const change = makeChanger(db, async (_tx, _actor, told) => void notes.push(...told))
  const who = actor(localCaller('command', 'tester'))
  const write = async (name: string, contents: string | Uint8Array): Promise<string> => {
    await writeFile(join(directory, name), contents)
    return join(directory, name)
  }
  const needs = { db, importsDirectory, timeZone: 'UTC', change }
  return {
    ...needs,
    url: opened.url,
    directory,
    actor: who,
    notes,
    warnings,
    bad,
    write,
    resources: async (yaml) => {
      const file = await write('resources.yml', yaml)
      await change(who, (made) => importResources(made, file))
    },
    slurm: (resource, ...files) =>
      importSlurmLogs(
        needs,
        who,
        { resource, files },
        { badLine: (line) => bad.push(line), warning: (text) => warnings.push(text) },
      ),
    jobs: async () => {
      const [table] = await openImportedTables(needs, ['slurm_jobs'], join(directory, 'scratch'))
      return table && table.files.length > 0
        ? rowsOf(`read_parquet([${table.files.map((file) => `'${file}'`).join()}])`)
        : []
    },
    [Symbol.asyncDispose]: async () => {
      await opened.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function rowsOf(table: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    const rows = (await connection.runAndReadAll(`select * from ${table} order by job_number`)).getRowObjects()
    return rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([key, value]) => [key, typeof value === 'bigint' ? Number(value) : value]),
      ),
    )
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** One cluster, as most tests need it. */
export const oneCluster = `
organizations: [{ abbreviation: tdc, name: Test Data Center }]
resources:
  - code: anvil
    name: Anvil
    organization: tdc
    specifications: [{ valid_from: 2020-01-01, nodes: 100, cores: 400 }]
`

/** A line of a log: a job that ended well, with what the test wants to be different. */
export function sacctLine(different: Partial<Record<keyof typeof usualLine, string>> = {}): string {
  return Object.values({ ...usualLine, ...different }).join('|')
}

const usualLine = {
  jobid: '101',
  jobidraw: '101',
  cluster: 'anvil',
  partition: 'short',
  qos: 'normal',
  account: 'account1',
  group: 'lab1',
  gid: '5001',
  user: 'ada',
  uid: '7001',
  submit: '2026-03-01T20:00:00',
  eligible: '2026-03-01T20:00:00',
  start: '2026-03-01T22:00:00',
  end: '2026-03-02T06:00:00',
  elapsed: '08:00:00',
  exitcode: '0:0',
  state: 'COMPLETED',
  nnodes: '1',
  ncpus: '4',
  reqcpus: '4',
  reqmem: '16000Mn',
  reqtres: 'cpu=4,mem=16000M,node=1',
  alloctres: 'billing=4,cpu=4,mem=16000M,node=1',
  timelimit: '1-00:00:00',
  nodelist: 'n01',
  jobname: 'alpha',
}
