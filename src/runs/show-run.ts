import type { z } from 'zod'
import type * as contract from './contract.ts'
import type { Artifact, Run } from './run.ts'

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
      address: trigger.address,
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
    duration_ms: run.startedAt && run.finishedAt && run.finishedAt.getTime() - run.startedAt.getTime(),
    scheduled_for: run.scheduledFor?.toISOString() ?? null,
    rerun_of: run.rerunOf,
    artifacts: run.artifacts,
    callbacks: run.callbacks.map(({ host, state, attempts, failure }) => ({ host, state, attempts, failure })),
    links: {
      self: addressOfRun(run.id),
      log: `${addressOfRun(run.id)}/log`,
      artifacts: `${addressOfRun(run.id)}/artifacts`,
      cancel: `${addressOfRun(run.id)}/cancel`,
      rerun: `${addressOfRun(run.id)}/rerun`,
    },
  }
}

export const addressOfRun = (id: string): string => `/v1/runs/${id}`

export const showArtifact = (artifact: Artifact): z.input<typeof contract.Artifact> => ({
  id: artifact.id,
  name: artifact.name,
  media_type: artifact.mediaType,
  bytes: artifact.bytes,
  sha256: artifact.sha256,
  created_at: artifact.createdAt.toISOString(),
  expires_at: artifact.expiresAt.toISOString(),
  expired: artifact.expired,
  url: `${addressOfRun(artifact.runId)}/artifacts/${artifact.id}`,
})
