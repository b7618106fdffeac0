import { sourcesSince } from './check-password.ts'
import { type AccountsNeeds, liveAt } from './needs.ts'
import { deleteOutdated } from './store.ts'
import { attemptsSince } from './throttle.ts'

/** Deletes what time has made useless: ended sessions, expired links, old attempts. Nothing rests on when it runs. */
export async function sweepAccounts(needs: Pick<AccountsNeeds, 'db' | 'clock' | 'policy'>): Promise<void> {
  const live = liveAt(needs)
  await deleteOutdated(needs.db, {
    ...live,
    attemptsSince: attemptsSince(live.now),
    sourcesSince: sourcesSince(live.now),
  })
}
