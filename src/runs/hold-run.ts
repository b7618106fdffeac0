import type { Tx } from '#src/database/change.ts'
import { holdAttempt } from './store.ts'

/**
 * Keeps a run this attempt's until the transaction ends; asked by whatever makes or writes down what the run will bring about.
 * A worker that was taken for dead and comes back must not mix its own into what another makes. Throws where it is so no longer.
 */
export async function holdRun(
  tx: Tx,
  { runId, attempt }: { readonly runId: string; readonly attempt: number },
): Promise<void> {
  if (!(await holdAttempt(tx, { id: runId, attempt }))) throw new Error(`the run ${runId} is no longer this attempt’s`)
}
