import type { z } from 'zod'
import type * as contract from './contract.ts'
import type { Run } from './run.ts'

/** A run as it is told to others. */
export function showRun(run: Run): z.input<typeof contract.Run> {
  const { trigger } = run
  return {
    id: run.id,
    kind: run.kind,
    subject: run.subject,
    state: run.state,
    trigger: {
      type: trigger.type,
      token_id: trigger.tokenId,
      account_id: trigger.accountId,
      account: trigger.accountName,
      cause: trigger.cause,
    },
    attempt: run.attempt,
    progress: { fraction: run.progress, text: run.progressText },
    steps: run.steps.map(({ name, state, startedAt, finishedAt }) => ({
      name,
      state,
      started_at: startedAt,
      finished_at: finishedAt,
    })),
    counts: run.counts,
    error: run.error,
    cancel_requested: run.cancelRequested,
    created_at: run.createdAt.toISOString(),
    started_at: run.startedAt?.toISOString() ?? null,
    finished_at: run.finishedAt?.toISOString() ?? null,
  }
}
