import type { Caller } from '#src/access/caller.ts'
import type { GrantText } from '#src/access/grants.ts'
import type { Change } from '#src/database/change.ts'
import type { Queue } from '#src/queue/queue.ts'
import { jobOfRuns } from './jobs.ts'
import type { Run, RunKind, Subject, TriggerType } from './run.ts'
import { insertRun } from './store.ts'

export interface CreateRunAsk<Data extends object> {
  kind: RunKind<Data>
  subject: Subject
  data: Data
  /** Default: by who asks (a token `api`, a person `manual`, the product itself `schedule`). */
  triggerType?: TriggerType
  /** Default: the request's id. */
  cause?: string | undefined
  /** The moment of the schedule that it is the run of. */
  scheduledFor?: Date | undefined
  /** The run that it does again. */
  rerunOf?: string | undefined
  /** This one alone is `personal`, where its kind is not. */
  personal?: boolean | undefined
  /** What its files take besides, where they show more than whoever may start such a run may see. */
  filesNeed?: GrantText | undefined
}

export interface CreateRunNeeds {
  readonly queue: Queue | null
}

/**
 * Makes a run and sends it to work: both exist exactly if the change commits. Without a queue (the command line)
 * nobody is sent for; the caller performs it. Whether the caller may is for the room that asks; what is audited, too.
 */
export async function createRun<Data extends object>(
  { queue }: CreateRunNeeds,
  change: Change,
  ask: CreateRunAsk<Data>,
): Promise<Run> {
  const { kind, subject, triggerType, cause, scheduledFor, rerunOf, personal, filesNeed } = ask
  const { caller, requestId, address } = change.actor
  const run = await insertRun(change.tx, {
    kind: kind.name,
    subject,
    permission: kind.permission,
    lockKey: kind.oneAtATime ? `${kind.name} ${subject.type} ${subject.id}` : null,
    data: kind.data.parse(ask.data),
    trigger: {
      type: triggerType ?? triggerOf(caller),
      tokenId: caller.tokenId,
      accountId: caller.accountId,
      accountName: caller.accountName,
      cause: cause ?? requestId,
      address,
    },
    scheduledFor: scheduledFor ?? null,
    rerunOf: rerunOf ?? null,
    personal: personal ?? kind.personal ?? false,
    filesNeed: filesNeed ?? null,
  })
  if (queue) await queue.send(change.tx, jobOfRuns(kind), { run_id: run.id })
  return run
}

const triggerOf = ({ via }: Caller): TriggerType => (via === 'token' ? 'api' : via === 'system' ? 'schedule' : 'manual')
