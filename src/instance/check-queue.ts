import type { Queue, QueueFacts } from '#src/queue/queue.ts'
import { counted, type Finding, figure, type Part, sayAll, worst } from './finding.ts'

/** Longer than a worker needs to take up a job that has its way free. */
const waitsLongSeconds = 60

export async function checkQueue(queue: Pick<Queue, 'describe'>): Promise<Finding> {
  return judgeQueue(await queue.describe())
}

export function judgeQueue(queues: readonly QueueFacts[]): Finding {
  const parts = queues.map(partOf)
  const sum = (of: (queue: QueueFacts) => number): number => queues.reduce((total, queue) => total + of(queue), 0)
  const waits = queues.flatMap(({ oldestWaitingSeconds }) => oldestWaitingSeconds ?? [])
  const troubles = parts.flatMap(({ label, says }) => (says === null ? [] : [`${label}: ${says}`]))
  return {
    state: worst(parts.map(({ state }) => state)),
    says: sayAll(troubles, 'Jobs are taken up as they come.'),
    facts: [
      figure(
        'count',
        'waiting',
        'Waiting',
        sum(({ waiting }) => waiting),
      ),
      figure(
        'count',
        'later',
        'Wait for their time',
        sum(({ later }) => later),
      ),
      figure(
        'count',
        'active',
        'At work',
        sum(({ active }) => active),
      ),
      figure(
        'count',
        'failed',
        'Given up within a day',
        sum(({ failed }) => failed),
      ),
      figure('seconds', 'oldest_waiting', 'The oldest has waited', waits.length === 0 ? null : Math.max(...waits)),
      figure(
        'count',
        'workers',
        'Workers of this process',
        sum(({ workers }) => workers),
      ),
    ],
    parts,
  }
}

function partOf({ name, waiting, later, active, failed, oldestWaitingSeconds, workers }: QueueFacts): Part {
  const troubles: string[] = []
  if ((oldestWaitingSeconds ?? 0) >= waitsLongSeconds && active === 0)
    troubles.push(
      `${counted(waiting, 'job waits', 'jobs wait')} and nobody takes them up: start a server, or \`tessera work\`.`,
    )
  if (failed > 0) troubles.push(`${counted(failed, 'job was', 'jobs were')} given up within a day; the log says why.`)
  return {
    name,
    label: name,
    state: troubles.length === 0 ? 'ok' : 'degraded',
    says: troubles.length === 0 ? null : troubles.join(' '),
    facts: [
      figure('count', 'waiting', 'Waiting', waiting),
      figure('count', 'later', 'Wait for their time', later),
      figure('count', 'active', 'At work', active),
      figure('count', 'failed', 'Given up within a day', failed),
      figure('seconds', 'oldest_waiting', 'The oldest has waited', oldestWaitingSeconds),
      figure('count', 'workers', 'Workers of this process', workers),
    ],
  }
}
