import type { Checkpoints } from '#src/audit/checkpoints.ts'
import { describeTrail, type TrailFacts } from '#src/audit/describe-trail.ts'
import type { Database } from '#src/database/change.ts'
import { counted, type Finding, figure, time } from './finding.ts'

/** It is noted every minute. */
const lateMs = 5 * 60_000

export async function checkAudit(needs: {
  db: Database
  checkpoints: Pick<Checkpoints, 'latest'>
  clock: { now(): Date }
}): Promise<Finding> {
  return judgeTrail(await describeTrail(needs), needs.clock.now())
}

export function judgeTrail(trail: TrailFacts, now: Date): Finding {
  const { events, lastEventAt, checkpoint, unnotedSince, whole } = trail
  const late = unnotedSince !== null && now.getTime() - unnotedSince.getTime() > lateMs
  return {
    state: whole === false ? 'failing' : late ? 'degraded' : 'ok',
    says:
      whole === false
        ? 'The audit trail is not the one that was noted last: run `tessera audit verify`.'
        : late
          ? 'Its end has not been noted for some minutes: look whether audit/ in the data directory can be written.'
          : `${counted(events, 'event')}; the end is noted beside the data every minute.`,
    facts: [
      figure('count', 'events', 'Events', events),
      time('last_event_at', 'Last event', lastEventAt),
      time('checkpoint_at', 'End noted', checkpoint?.at ?? null),
      figure('count', 'checkpoint_event', 'Noted up to event', checkpoint?.id ?? null, events),
    ],
  }
}
