import type { Command } from 'commander'
import type { Database } from '#src/database/change.ts'
import { reindex } from './search/reindex.ts'

/** `tessera datasets …` */
export function datasetCommands(
  program: Command,
  withNeeds: (body: (needs: { readonly db: Database }) => Promise<void>) => Promise<void>,
): void {
  const datasets = program.command('datasets').description('look after the repository')

  datasets
    .command('reindex')
    .description('bring what can be found up to what is there; searching goes on meanwhile')
    .option('--anew', 'make every document again, also those that seem to be right')
    .action(({ anew = false }: { anew?: boolean }) =>
      withNeeds(async ({ db }) => {
        const done = await reindex(db, { anew })
        process.stdout.write(`Looked at ${done.collections} collections and ${done.datasets} datasets.\n`)
      }),
    )
}
