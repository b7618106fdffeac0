import type { Command } from 'commander'
import type { Actor } from '#src/access/caller.ts'
import type { Changer, Database } from '#src/database/change.ts'
import { importGroupToHierarchy } from './import-group-to-hierarchy.ts'
import { importHierarchy } from './import-hierarchy.ts'
import { importNames } from './import-names.ts'
import { importResources } from './import-resources.ts'
import { type ImportSummary, importSlurmLogs } from './import-slurm-logs.ts'
import { listImports } from './list-imports.ts'
import { listResources } from './list-resources.ts'
import type { ReferenceSummary, Warn } from './read-reference-file.ts'

export interface ImportCommandNeeds {
  readonly db: Database
  readonly change: Changer
  readonly actor: Actor
  /** `<data_directory>/imports`. */
  readonly importsDirectory: string
  /** [general] time_zone. */
  readonly timeZone: string
}

type WithNeeds = (body: (needs: ImportCommandNeeds) => Promise<void>) => Promise<void>

const asJson = ['--json', 'print the outcome as JSON'] as const
/** Members in snake_case, as on the wire. */
const inJson = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) =>
    member !== null && typeof member === 'object' && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).map(([key, value]) => [snake(key), value]))
      : member,
  )
const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** `tessera import …`: logs and reference files. What they change shows after the next refresh of a model. */
export function importCommands(
  program: Command,
  withNeeds: WithNeeds,
  { stdout, stderr }: Pick<NodeJS.Process, 'stdout' | 'stderr'> = process,
): void {
  const say = (text: string): boolean => stdout.write(`${text}\n`)
  const warn: Warn = (text) => void stderr.write(`${text}\n`)
  const group = program
    .command('import')
    .description('bring in logs of a cluster, its resources, and names for what is in them')

  group
    .command('slurm')
    .description('import sacct logs of a resource; lines that cannot be used are reported, the rest goes in')
    .requiredOption('--resource <code>', 'short code of the resource that the logs are from')
    .option(...asJson)
    .argument('<file...>', 'logs, plain or gzip; - reads the standard input')
    .action((files: string[], options: { resource: string; json?: true }) =>
      withNeeds(async (needs) => {
        const report = {
          badLine: ({ file, line, reason }: { file: string; line: number; reason: string }) =>
            warn(`${file}:${line}: ${reason}`),
          warning: warn,
        }
        const summary = await importSlurmLogs(needs, needs.actor, { resource: options.resource, files }, report)
        say(options.json ? inJson(summary) : told(summary))
      }),
    )

  const references = [
    ['names', importNames, 'import names of users and groups (CSV: name, first name, last name[, organization])'],
    ['hierarchy', importHierarchy, 'import the three-level hierarchy (CSV: item, description, parent)'],
    ['group-to-hierarchy', importGroupToHierarchy, 'import where groups belong (CSV: group, bottom item)'],
  ] as const
  for (const [name, act, description] of references) {
    group
      .command(name)
      .description(description)
      .option(...asJson)
      .argument('<file>', 'the CSV file, without header')
      .action((file: string, options: { json?: true }) =>
        withNeeds(async ({ change, actor }) => {
          const summary: ReferenceSummary = await change(actor, (opened) => act(opened, file, warn))
          say(options.json ? inJson(summary) : `${counted(summary.taken, 'line')} taken, ${summary.skipped} left out`)
        }),
      )
  }

  group
    .command('resources')
    .description('import resources with their properties (YAML), or list them when no file is given')
    .option(...asJson)
    .argument('[file]', 'the resources file')
    .action((file: string | undefined, options: { json?: true }) =>
      withNeeds(async ({ db, change, actor }) => {
        if (file !== undefined) await change(actor, (opened) => importResources(opened, file))
        const resources = await listResources({ db })
        if (options.json) return void say(inJson(resources))
        for (const { code, name, organizationAbbreviation, specifications } of resources) {
          const last = specifications.at(-1)
          say(
            `${code}\t${name} (${organizationAbbreviation})\t${last?.nodes ?? 0} nodes, ${last?.cores ?? 0} cores, ${last?.gpus ?? 0} GPUs`,
          )
        }
      }),
    )

  group
    .command('list')
    .description('list what logs have been imported')
    .option(...asJson)
    .action((options: { json?: true }) =>
      withNeeds(async ({ db }) => {
        const batches = await listImports({ db })
        if (options.json) return void say(inJson(batches))
        for (const { importedAt, resource, jobs, earliestEnd, latestEnd, sources } of batches) {
          say(
            `${importedAt}\t${resource}\t${counted(jobs, 'job')} ended ${earliestEnd} to ${latestEnd}\t${sources.join(' ')}`,
          )
        }
      }),
    )
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

function told({ lines, jobs, added, duplicates, bad, skipped }: ImportSummary): string {
  const reasons = Object.entries(skipped).map(([reason, count]) => `  ${count} left out: ${reason}`)
  return [
    `${counted(lines, 'line')}, ${counted(jobs, 'job')}: ${added} new, ${duplicates} already there`,
    ...(bad > 0 ? [`  ${counted(bad, 'line')} could not be used (see above)`] : []),
    ...reasons,
    ...(added > 0 ? ['They show after the next refresh: tessera model refresh jobs'] : []),
  ].join('\n')
}
