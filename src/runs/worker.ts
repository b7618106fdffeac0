import type { Database } from '#src/database/change.ts'
import type { Sealer } from '#src/files/sealed.ts'
import type { Outbound } from '#src/outbound/open-outbound.ts'
import type { Queue } from '#src/queue/queue.ts'
import { sendCallbackJob } from './callbacks.ts'
import { sendCallback } from './jobs.ts'

/** Says that those who wanted to know of a run's end are told from here. */
export async function workOnCallbacks(needs: {
  db: Database
  queue: Queue
  sealer: Sealer
  outbound: Outbound
}): Promise<void> {
  await needs.queue.work(sendCallback, sendCallbackJob(needs))
}
