import type { Caller } from '#src/access/caller.ts'
import type { Database } from '#src/database/change.ts'
import { getRun } from '#src/runs/get-run.ts'
import { countDeliveries, type Delivery, type DeliveryPage, findDeliveries, findSince } from './delivery-store.ts'
import { mayKnowRecipients } from './may-see-subscription.ts'
import { findSubscription } from './store.ts'

/** For whoever may see the run; to who may not know the recipients, their own only. */
export async function listDeliveries(
  needs: { db: Database },
  caller: Caller,
  runId: string,
  page: Omit<DeliveryPage, 'account'>,
): Promise<{ deliveries: Delivery[]; counts: Record<string, number> }> {
  const account = await accountFor(needs, caller, runId)
  const [deliveries, counts] = await Promise.all([
    account === null ? [] : findDeliveries(needs.db, runId, { ...page, account }),
    countDeliveries(needs.db, runId),
  ])
  return { deliveries, counts: counts as Record<string, number> }
}

/**
 * Whose deliveries a caller sees: undefined: all; null: none. Of a subscription that is gone all are an administrator's,
 * also when another has its id.
 */
async function accountFor({ db }: { db: Database }, caller: Caller, runId: string): Promise<string | null | undefined> {
  const { subject } = await getRun({ db }, caller, runId)
  const [subscription, since] = await Promise.all([findSubscription(db, subject.id), findSince(db, runId)])
  const stands = subscription !== null && since?.getTime() === subscription.createdAt.getTime()
  const whole = stands ? mayKnowRecipients(caller, subscription) : caller.grants.allows('runs:admin')
  return whole ? undefined : caller.accountId
}

const columns = ['recipient', 'name', 'destination', 'slice', 'state', 'reason', 'attempts', 'delivered_at'] as const
const rowsAtOnce = 1000

/** All of them as CSV, in constant memory; whoever may see the run has been made sure of when the first line comes. */
export async function csvOfDeliveries(
  needs: { db: Database },
  caller: Caller,
  runId: string,
): Promise<AsyncGenerator<string>> {
  return linesOf(needs, runId, await accountFor(needs, caller, runId))
}

async function* linesOf(
  { db }: { db: Database },
  runId: string,
  account: string | null | undefined,
): AsyncGenerator<string> {
  yield `${columns.join(',')}\r\n`
  if (account === null) return
  let after: DeliveryPage['after'] = null
  for (;;) {
    const rows: Delivery[] = await findDeliveries(db, runId, { account, after, limit: rowsAtOnce })
    yield rows.map(lineOf).join('')
    const last = rows.at(-1)
    if (!last || rows.length < rowsAtOnce) return
    after = { recipient: last.recipient, destination: last.destination }
  }
}

function lineOf(one: Delivery): string {
  const { recipient, name, destination, sliceLabel, state, reason, attempts, deliveredAt } = one
  const cells = [recipient, name, destination, sliceLabel, state, reason, String(attempts), deliveredAt?.toISOString()]
  return `${cells.map((cell) => cellOf(cell ?? '')).join(',')}\r\n`
}

/** Nothing that a spreadsheet would take for a formula; names come from people. */
function cellOf(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
