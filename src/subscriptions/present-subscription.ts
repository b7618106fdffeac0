import type { z } from 'zod'
import { anonymous, type Caller } from '#src/access/caller.ts'
import { callerOfAccount } from '#src/accounts/find-people.ts'
import type { Database, Tx } from '#src/database/change.ts'
import { Problem } from '#src/problem/problem.ts'
import { findSchedule, listSchedules } from '#src/runs/schedules/set-schedule.ts'
import { describeSchedule } from '#src/schedule/describe-schedule.ts'
import type * as contract from './contract.ts'
import type { Definition, RecipientAsk } from './definition.ts'
import { runSubscription } from './jobs.ts'
import { scheduleKey } from './keep-schedule.ts'
import { mayEdit, mayKnowRecipients, mayRun } from './may-see-subscription.ts'
import type { SubscriptionNeeds } from './needs.ts'
import { type Recipient, resolveRecipients } from './recipients.ts'
import { findLastRuns, type LastRun, type Subscription } from './store.ts'

type Shown = z.input<typeof contract.Subscription>
type Line = z.input<typeof contract.listSubscriptions.reply>['subscriptions'][number]
type Needs = Pick<SubscriptionNeeds, 'reports' | 'readMapping' | 'allowedDomains'> & { readonly db: Database | Tx }

export const presentRecipient = ({ unsubscribedAt, values: _, ...one }: Recipient) => ({
  ...one,
  unsubscribed_at: unsubscribedAt?.toISOString() ?? null,
})

/** Everything about it, as far as the caller may see it. */
export async function presentSubscription(needs: Needs, caller: Caller, subscription: Subscription): Promise<Shown> {
  const { db } = needs
  const { id, definition, owner } = subscription
  const kept = await findSchedule(db, scheduleKey(id))
  const last = (await findLastRuns(db, [id])).get(id)
  const recipients = await recipientsNow(needs, subscription)
  const whole = mayKnowRecipients(caller, subscription)
  const shown = whole
    ? recipients
    : recipients.filter(({ account }) => account !== null && account === caller.accountId)
  return {
    ...definition,
    ...(!whole && ownPart(caller, definition)),
    id,
    destinations: definition.destinations.map((one) =>
      // An address may be as good as a key.
      one.type === 'webhook' && !mayEdit(caller, subscription) ? { ...one, url: new URL(one.url).origin } : one,
    ),
    failure_addresses: whole ? failureAddresses(subscription) : [],
    state: subscription.state,
    state_reason: subscription.stateReason,
    owner: { id: owner.id, user_name: owner.userName, name: owner.name },
    report_title: await titleOf(needs, subscription),
    resolved_recipients: shown.map(presentRecipient),
    recipient_count: recipients.length,
    schedule_text: definition.schedule && describeSchedule(definition.schedule),
    next_run_at: kept?.nextAt?.toISOString() ?? null,
    last_run: presentLast(last),
    unsubscribed: recipients.filter(({ state }) => state === 'unsubscribed').length,
    may: mayDo(caller, subscription),
    version: subscription.version,
    created_at: subscription.createdAt.toISOString(),
    updated_at: subscription.updatedAt.toISOString(),
  }
}

/** Of those that are named, none but the caller. */
function ownPart({ accountId }: Caller, { recipients, burst }: Definition): Pick<Definition, 'recipients' | 'burst'> {
  const isOwn = (ask: RecipientAsk): boolean => 'account' in ask && ask.account === accountId
  const own = { recipients: recipients.filter(isOwn) }
  if (!burst || 'from' in burst) return { ...own, burst }
  const mine = burst.recipients.filter(({ recipient }) => isOwn(recipient))
  return { ...own, burst: mine.length === 0 ? null : { ...burst, recipients: mine } }
}

export async function presentLines(
  needs: Needs,
  caller: Caller,
  subscriptions: readonly Subscription[],
): Promise<Line[]> {
  const { db } = needs
  const ids = subscriptions.map(({ id }) => id)
  const last = await findLastRuns(db, ids)
  const next = new Map(
    (await listSchedules(db, runSubscription.name)).map(({ key, nextAt }) => [key.subject.id, nextAt]),
  )
  const titles = new Map<string, string | null>()
  const lines: Line[] = []
  for (const subscription of subscriptions) {
    const { id, definition, owner, state, updatedAt } = subscription
    const { report, burst, recipients, destinations } = definition
    const known = `${owner.id} ${report}`
    if (!titles.has(known)) titles.set(known, await titleOf(needs, subscription))
    lines.push({
      id,
      name: definition.name,
      report,
      report_title: titles.get(known) ?? null,
      owner: { id: owner.id, user_name: owner.userName, name: owner.name },
      state,
      schedule_text: definition.schedule && describeSchedule(definition.schedule),
      time_zone: definition.schedule?.time_zone ?? null,
      next_run_at: next.get(id)?.toISOString() ?? null,
      recipients: burst && 'recipients' in burst ? burst.recipients.length : recipients.length,
      destinations: [...new Set(destinations.map(({ type }) => type))],
      formats: definition.formats,
      last_run: presentLast(last.get(id)),
      may: mayDo(caller, subscription),
      updated_at: updatedAt.toISOString(),
    })
  }
  return lines
}

const mayDo = (caller: Caller, subscription: Subscription) => ({
  run: mayRun(caller, subscription),
  edit: mayEdit(caller, subscription),
})

const presentLast = (last: LastRun | undefined) =>
  last ? { id: last.id, state: last.state, at: last.at.toISOString() } : null

/** Its owner's, unless others were named. */
export const failureAddresses = ({ definition, owner }: Pick<Subscription, 'definition' | 'owner'>): string[] =>
  definition.failure_addresses ?? (owner.email === null ? [] : [owner.email])

/** As the owner sees it; null when there is none that they may see. */
async function titleOf({ db, reports }: Needs, { owner, definition }: Subscription): Promise<string | null> {
  const caller = await callerOfAccount(db, owner.id)
  if (!caller) return null
  return reports.describe(db, caller, definition.report).then(
    ({ title }) => title,
    (error: unknown) => {
      if (error instanceof Problem) return null
      throw error
    },
  )
}

/** Of a burst whose option set cannot be read now there are none to show. */
export async function recipientsNow(needs: Needs, subscription: Subscription): Promise<Recipient[]> {
  const owner = await callerOfAccount(needs.db, subscription.owner.id)
  if (!owner) return resolveRecipients({ ...needs, readMapping: async () => [] }, anonymous, subscription)
  return resolveRecipients(needs, owner, subscription).catch((error: unknown) => {
    if (error instanceof Problem) return []
    throw error
  })
}
