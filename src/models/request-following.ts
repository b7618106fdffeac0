import type { Change } from '#src/database/change.ts'
import type { RunStarter } from '#src/runs/start-run.ts'
import type { CompiledModel } from './compile-model.ts'
import { requestRefresh } from './request-refresh.ts'

/**
 * Asks for refreshes of the models that come after this one, in the change that puts its new snapshot in place: both happen
 * or neither. One that is being refreshed already has perhaps read what was there before, so another waits behind it.
 */
export async function requestFollowing(
  { runs, models }: { readonly runs: RunStarter; readonly models: readonly Pick<CompiledModel, 'name' | 'after'>[] },
  change: Change,
  { model, run }: { readonly model: string; readonly run: string },
): Promise<void> {
  // Whoever asked for the first may not be one who may refresh the others; it is the model file that says so.
  const { actor } = change
  const ours: Change = { ...change, actor: { ...actor, caller: { ...actor.caller, tokenId: null } } }
  const modelNames = models.map(({ name }) => name)
  for (const following of models.filter(({ after }) => after.includes(model)))
    await requestRefresh({ runs, modelNames }, ours, following.name, {
      cause: `after ${model} (run ${run})`,
      triggerType: 'dependency',
      ifRunning: 'queue',
    })
}
