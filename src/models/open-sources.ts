import { access } from 'node:fs/promises'
import path from 'node:path'
import type { Database } from '#src/database/change.ts'
import type { TableNeeds } from '#src/datasets/tables/find-table.ts'
import { openPublishedTable } from '#src/datasets/tables/open-published-table.ts'
import { isImportedTable } from '#src/imports/imported-tables.ts'
import { openImportedTables } from '#src/imports/open-imported-tables.ts'
import { snapshotDirectory } from '#src/warehouse/snapshot-directory.ts'
import { BuildRefused } from './build-refused.ts'
import type { CompiledModel } from './compile-model.ts'
import { type FetchSource, fetchSource } from './fetch-source.ts'
import type { BuildTable, ModelTable, RecipeTable } from './recipe.ts'
import { selectFromModel } from './select-from-model.ts'
import { findSourceFiles, type SourceRoots } from './source-files.ts'
import type { SourceProvider } from './source-provider.ts'
import { findCurrent, type Snapshot, type SourceFacts, type SourceKind } from './store.ts'
import { tableDigest } from './table-digest.ts'

export interface SourceNeeds {
  readonly db: Database
  readonly warehouseDirectory: string
  readonly importsDirectory: string
  readonly roots: SourceRoots
  /** Addresses of other databases, by the names that model files call them. */
  readonly connections: Readonly<Record<string, string>>
  /** Null at the command line of an installation that goes nowhere. */
  readonly fetch: FetchSource | null
  /** Tables in datasets. */
  readonly tables: TableNeeds | null
  /** What people filled into reports. */
  readonly reports: SourceProvider | null
  readonly clock: { now(): Date }
}

/** What is known of a source before it is read. */
export interface SourceNotes {
  readonly kind: SourceKind
  readonly files: SourceFacts['files']
  /** When it was last changed; null where only reading it tells. */
  readonly time: Date | null
  readonly digest: string
}

export interface OpenedSources {
  readonly tables: readonly BuildTable[]
  readonly notes: ReadonlyMap<string, SourceNotes>
}

interface Opening {
  readonly model: CompiledModel
  /** What is read now; its rows may be built upon. */
  readonly before: Snapshot | null
  readonly incremental: boolean
  readonly scratch: string
  readonly signal: AbortSignal
  say(text: string): void
}

/** Everything that a refresh reads, as files that the builder can open; only databases are asked by the builder itself. */
export async function openSources(needs: SourceNeeds, opening: Opening): Promise<OpenedSources> {
  const { recipe } = opening.model
  const names = recipe.tables.flatMap((table) =>
    table.kind === 'import' && isImportedTable(table.import) ? [table.import] : [],
  )
  const imported = names.length === 0 ? [] : await openImportedTables(needs, [...new Set(names)], opening.scratch)
  const notes = new Map<string, SourceNotes>()
  const tables: BuildTable[] = []
  for (const table of recipe.tables) {
    opening.signal.throwIfAborted()
    const { table: opened, files = [], time = null } = await open(needs, opening, imported, table)
    tables.push(opened)
    notes.set(table.name, { kind: table.kind, files, time, digest: tableDigest(table) })
  }
  return { tables, notes }
}

interface Opened {
  readonly table: BuildTable
  readonly files?: SourceFacts['files']
  readonly time?: Date | null
}

async function open(
  needs: SourceNeeds,
  opening: Opening,
  imported: Awaited<ReturnType<typeof openImportedTables>>,
  table: RecipeTable,
): Promise<Opened> {
  const { name, unique, notNull, requiredColumns } = table
  const checks = { name, unique, notNull, requiredColumns }
  const unguessed = { delimiter: null, header: null }
  switch (table.kind) {
    case 'sql':
      return { table }
    case 'files': {
      const found = await findSourceFiles(table.files, needs.roots)
      const files = found.map((one) => ({
        name: path.basename(one.path),
        bytes: one.bytes,
        modified_at: one.modifiedAt,
      }))
      const newest = Math.max(...found.map((one) => Date.parse(one.modifiedAt)))
      return { table: { ...table, files: found.map((one) => one.path) }, files, time: new Date(newest) }
    }
    case 'import': {
      const source = imported.find((one) => one.name === table.import)
      if (!source) throw new BuildRefused(`There is no imported table ${table.import}.`)
      const format = source.format === 'parquet' ? 'parquet' : 'json'
      const { files, columns } = source
      return { table: { ...checks, ...unguessed, kind: 'files', files, format, columns }, time: needs.clock.now() }
    }
    case 'url': {
      if (!needs.fetch) throw new BuildRefused(`The source ${name} cannot be fetched from here.`)
      const places = {
        kept: path.join(needs.warehouseDirectory, 'fetched'),
        scratch: opening.scratch,
        model: opening.model.name,
      }
      const fetched = await fetchSource(needs.fetch, table, places, { signal: opening.signal, now: needs.clock.now() })
      opening.say(
        `${name}: ${fetched.changed ? `fetched ${fetched.bytes} bytes` : 'has not changed since it was fetched'}`,
      )
      const { format, columns, delimiter, header } = table
      const files = [{ name: table.url, bytes: fetched.bytes, modified_at: fetched.time.toISOString() }]
      return {
        table: { ...checks, kind: 'files', files: [fetched.file], format, columns, delimiter, header },
        files,
        time: fetched.time,
      }
    }
    case 'query': {
      const address = Object.hasOwn(needs.connections, table.connection)
        ? needs.connections[table.connection]
        : undefined
      if (address === undefined)
        throw new BuildRefused(
          `There is no source called ${table.connection}; write it into [sources] of the settings and start again.`,
        )
      const known = opening.before?.sources.find((source) => source.name === name)
      const same = known?.digest === tableDigest(table)
      const since = opening.incremental && table.incremental && same ? (known.watermark ?? null) : null
      return { table: { ...table, address, since } }
    }
    case 'model':
      return openModel(needs, { ...table, ...checks })
    case 'dataset': {
      if (!needs.tables) throw new BuildRefused(`The source ${name} cannot be read from here: it is a dataset.`)
      const opened = await openPublishedTable(needs.tables, table, opening)
      if ('refused' in opened) throw new BuildRefused(`The source ${name}: ${opened.refused}`)
      const { file, dataset, version, bytes, releasedAt } = opened
      opening.say(`${name}: ${table.file} of ${dataset} ${version}`)
      return {
        table: { ...checks, ...unguessed, kind: 'files', files: [file], format: 'parquet', columns: null },
        files: [{ name: `${dataset} ${version}: ${table.file}`, bytes, modified_at: releasedAt.toISOString() }],
        time: releasedAt,
      }
    }
    case 'report': {
      if (!needs.reports) throw new BuildRefused(`The source ${name} cannot be read from here: it is a report.`)
      const { report, block } = table
      const { time, ...provided } = await needs.reports.open({ report, block }, opening.scratch, opening.signal)
      return { table: { ...checks, ...unguessed, ...provided, kind: 'files' }, time }
    }
  }
}

async function openModel(needs: SourceNeeds, table: ModelTable & RecipeTable): Promise<Opened> {
  const { name, unique, notNull, requiredColumns } = table
  const snapshot = await findCurrent(needs.db, table.model)
  const file = snapshot && path.join(snapshotDirectory(needs.warehouseDirectory), snapshot.file)
  const isThere =
    file !== null &&
    (await access(file).then(
      () => true,
      () => false,
    ))
  if (!snapshot || !isThere)
    throw new BuildRefused(
      `The source ${name} is the model ${table.model}, which was never refreshed; refresh that one first.`,
    )
  const alias = `source of ${name}`
  const select = selectFromModel(snapshot.catalogue, alias, table.rows)
  if (select === null)
    throw new BuildRefused(`The source ${name} reads something that the model ${table.model} does not have.`)
  return {
    table: { name, unique, notNull, requiredColumns, kind: 'snapshot', file, alias, select },
    files: [
      {
        name: `${table.model}@${snapshot.version}`,
        bytes: snapshot.bytes,
        modified_at: snapshot.startedAt.toISOString(),
      },
    ],
    time: snapshot.sourceTime ?? snapshot.startedAt,
  }
}
