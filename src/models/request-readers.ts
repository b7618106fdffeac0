import type { Change } from '#src/database/change.ts'
import type { RunStarter } from '#src/runs/start-run.ts'
import type { CompiledModel } from './compile-model.ts'
import { requestRefresh } from './request-refresh.ts'

/** Asks for refreshes of the models that read a dataset, in the change that publishes a version of it. */
export async function requestReaders(
  { runs, models }: { readonly runs: RunStarter; readonly models: readonly Pick<CompiledModel, 'name' | 'recipe'>[] },
  change: Change,
  { dataset, version }: { readonly dataset: string; readonly version: string },
): Promise<void> {
  // Whoever publishes need not be one who may refresh models; it is the model file that says so. What they did is told by
  // the note of the publication, and what came of it by the run.
  const { actor } = change
  const ours: Change = {
    ...change,
    actor: { ...actor, caller: { ...actor.caller, tokenId: null } },
    note: () => undefined,
  }
  const reads = ({ recipe }: Pick<CompiledModel, 'recipe'>) =>
    recipe.tables.some((table) => table.kind === 'dataset' && table.dataset.toLowerCase() === dataset.toLowerCase())
  for (const { name } of models.filter(reads))
    await requestRefresh({ runs, modelNames: models.map((model) => model.name) }, ours, name, {
      cause: `${dataset} ${version} was published`,
      triggerType: 'dependency',
      ifRunning: 'queue',
    })
}
