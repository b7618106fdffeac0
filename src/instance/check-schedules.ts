import type { Database } from '#src/database/change.ts'
import { describeSchedules } from '#src/runs/schedules/describe-schedules.ts'
import { counted, type Finding, figure, sayAll, time } from './finding.ts'

type ScheduleFigures = Awaited<ReturnType<typeof describeSchedules>>

export async function checkSchedules(needs: { db: Database; clock: { now(): Date } }): Promise<Finding> {
  return judgeSchedules(await describeSchedules(needs))
}

export function judgeSchedules(figures: ScheduleFigures): Finding {
  const { active, paused, completed, overdue, failing, oldestDue, next } = figures
  const unseen = overdue - failing
  const troubles = [
    ...(failing > 0
      ? [`What is due by ${counted(failing, 'schedule')} cannot be started and is tried again; the log says why.`]
      : []),
    ...(unseen > 0
      ? [`${counted(unseen, 'schedule is', 'schedules are')} due and nobody takes them up: start the server again.`]
      : []),
  ]
  return {
    state: troubles.length === 0 ? 'ok' : 'degraded',
    says: sayAll(troubles, 'What is due is started in time.'),
    facts: [
      figure('count', 'active', 'Active', active),
      figure('count', 'paused', 'Paused', paused),
      figure('count', 'completed', 'Come to their end', completed),
      figure('count', 'overdue', 'Overdue', overdue),
      time('oldest_due', 'The oldest was due', oldestDue),
      time('next', 'The next is due', next),
    ],
  }
}
