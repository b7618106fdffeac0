import type { Change } from '#src/database/change.ts'
import { findSchedule, removeSchedule, setSchedule } from '#src/runs/schedules/set-schedule.ts'
import { runSubscription } from './jobs.ts'
import type { Subscription } from './store.ts'

export const scheduleKey = (id: string) => ({ kind: runSubscription.name, subject: { type: 'subscription', id } })

/** Lets the clock start it as it says, while it is active. */
export async function keepSchedule(
  needs: { clock: { now(): Date } },
  change: Change,
  { id, definition, owner, state }: Pick<Subscription, 'id' | 'definition' | 'owner' | 'state'>,
): Promise<void> {
  const key = scheduleKey(id)
  if (definition.schedule === null) {
    if (await findSchedule(change.tx, key)) await removeSchedule(change, key)
    return
  }
  await setSchedule(needs, change, {
    ...key,
    schedule: definition.schedule,
    owner: { accountId: owner.id, accountName: owner.userName },
    paused: state !== 'active',
  })
}
