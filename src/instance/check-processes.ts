import type { Database } from '#src/database/change.ts'
import type { Lease } from '#src/database/lease.ts'
import { type LeasedProcess, listProcesses } from '#src/database/list-processes.ts'
import { counted, type Finding, figure } from './finding.ts'

/** One that has not renewed for so long is gone; its row is cleared away by the others. */
const goneMs = 5_000

export async function checkProcesses(needs: {
  db: Database
  lease: Pick<Lease, 'held'>
  startedAt: Date
  clock: { now(): Date }
}): Promise<Finding> {
  const processes = await listProcesses(needs.db)
  return judgeProcesses(processes, {
    held: needs.lease.held(),
    seconds: (needs.clock.now().getTime() - needs.startedAt.getTime()) / 1000,
    memoryBytes: process.memoryUsage.rss(),
  })
}

export function judgeProcesses(
  processes: readonly LeasedProcess[],
  own: { held: boolean; seconds: number; memoryBytes: number },
): Finding {
  const live = processes.filter(({ renewedMsAgo }) => renewedMsAgo < goneMs)
  return {
    state: own.held ? 'ok' : 'degraded',
    says: own.held
      ? `${counted(live.length, 'process runs and hears', 'processes run and hear')} of every revocation at once.`
      : 'The process that answers does not hold its lease, so it asks the database about every token: look after the database and the way to it.',
    facts: [
      figure('count', 'processes', 'Live processes', live.length),
      figure('seconds', 'uptime', 'This process runs for', own.seconds),
      figure('bytes', 'memory', 'Memory of this process', own.memoryBytes),
    ],
    parts: live.map(({ id, renewedMsAgo, behind }) => ({
      name: id,
      label: id.slice(0, 8),
      state: 'ok',
      says: null,
      facts: [
        figure('milliseconds', 'renewed', 'Lease renewed', renewedMsAgo),
        figure('count', 'behind', 'Changes of rights not heard yet', behind),
      ],
    })),
  }
}
