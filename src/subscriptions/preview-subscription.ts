import type { Caller } from '#src/access/caller.ts'
import { callerOfAccount } from '#src/accounts/find-people.ts'
import type { Database } from '#src/database/change.ts'
import type { Press } from '#src/documents/press.ts'
import { Problem } from '#src/problem/problem.ts'
import { holidaysOf } from '#src/runs/schedules/holiday-calendar.ts'
import { describeSchedule } from '#src/schedule/describe-schedule.ts'
import { upcoming } from '#src/schedule/due-times.ts'
import { checkSubscription } from './check-subscription.ts'
import type { Definition } from './definition.ts'
import { fillMail, withPictures } from './mail-bundle.ts'
import { makeMail, recipientMark, valuesOf } from './make-slice.ts'
import type { SubscriptionNeeds } from './needs.ts'
import { fillPlaceholders } from './placeholders.ts'
import { type PlannedSlice, planRun } from './plan-run.ts'
import { notReadable, ownerMayNot } from './problems.ts'
import { resolveRecipients } from './recipients.ts'
import { requireOwn, requireRefresh } from './require-own.ts'

export interface PreviewNeeds extends SubscriptionNeeds {
  readonly db: Database
  readonly press: Press
}

const mostShown = 200

/**
 * Who would get what, and how the first mail would look. Recipients are as the owner's rights find them; the report that is
 * shown is the one that the caller may read.
 */
export async function previewSubscription(
  needs: PreviewNeeds,
  caller: Caller,
  ask: { id: string | null; definition: Definition; owner: { id: string; name: string } | null },
  signal: AbortSignal,
) {
  const { db, reports, press, clock } = needs
  const { id, definition } = ask
  const me = caller.accountId === null ? null : await callerOfAccount(db, caller.accountId)
  const owner = ask.owner ? await callerOfAccount(db, ask.owner.id) : me
  if (!me || !owner) throw ownerMayNot({ detail: 'A preview needs an account whose rights it has.' })
  // A token sees no more than it may itself.
  const reader: Caller = { ...caller, role: me.role }
  requireOwn(caller, id, definition)
  const { models } = await checkSubscription(needs, owner, definition)
  if (definition.refresh_first) requireRefresh(caller, models)
  const recipients = await resolveRecipients(needs, owner, { id, definition })
  const plan = await planRun(needs, { owner, definition, recipients, only: null })
  const first = plan.slices[0]
  const open = await reports.open(definition.report, definition.parameters, [
    { caller: reader, only: first?.only ?? null },
  ])
  try {
    const made = await open.slices[0]?.make(signal)
    if (!made) throw new Error('the report was opened but is not there')
    const at = clock.now()
    const timeZone = definition.schedule?.time_zone ?? needs.timeZone
    const name = recipients[0]?.name ?? ''
    const values = valuesOf({ made, at, timeZone, subscription: definition.name })
    const bundle = await makeMail(
      { press, site: needs.site },
      {
        made,
        reportId: definition.report,
        subscription: definition.name,
        owner: ask.owner?.name ?? caller.accountName ?? '',
        inBody: definition.in_body,
        linked: false,
        body: definition.body,
        timeZone,
        expiresAt: at,
        signal,
      },
      values,
      [],
    )
    const { html } = fillMail(bundle, { recipient: name, unsubscribe: 'preview', fileSecret: () => 'preview' })
    const own = (text: string): string => fillPlaceholders(text, values).replaceAll(recipientMark, () => name)
    const barred = await barredOf(needs, definition, plan.slices)
    const isHoliday = definition.schedule ? await holidaysOf(db, definition.schedule) : null
    return {
      recipients: recipients.slice(0, mostShown).map(({ recipient, name: shown, values: mine }) => {
        const theirs = plan.deliveries.filter((one) => one.recipient === recipient)
        const pending = theirs.filter(({ state }) => state === 'pending')
        const reached = pending.filter(({ slice }) => !barred.has(slice))
        const why = pending.length > 0 ? notReadable : theirs[0]?.reason
        return {
          recipient,
          name: shown,
          destinations: reached.map(({ destination }) => destination),
          values: mine ? [...mine] : null,
          skipped: reached.length > 0 ? null : (why ?? 'There is no way to reach them.'),
        }
      }),
      total: recipients.length,
      slices: plan.slices.length,
      destinations: [
        ...new Set(plan.deliveries.map(({ destination }) => destination).filter((one) => one.includes(':'))),
      ],
      subject: own(definition.subject),
      body: own(definition.body),
      html: withPictures(html, bundle.images),
      rows: made.rows,
      notes: [...made.notes],
      schedule_text: definition.schedule && describeSchedule(definition.schedule),
      next_runs: definition.schedule
        ? upcoming(definition.schedule, at, 5, isHoliday ?? undefined).map((time) => time.toISOString())
        : [],
    }
  } finally {
    open.release()
  }
}

/** Which of the slices that are shown are for somebody who may not read the report. */
async function barredOf(
  { db, reports }: PreviewNeeds,
  { rows, report }: Definition,
  slices: readonly PlannedSlice[],
): Promise<ReadonlySet<number>> {
  const barred = new Set<number>()
  if (rows === 'owner') return barred
  for (const [at, { caller }] of slices.slice(0, mostShown).entries())
    await reports.describe(db, caller, report).catch((error: unknown) => {
      if (!(error instanceof Problem)) throw error
      barred.add(at)
    })
  return barred
}
