import type { Caller } from '#src/access/caller.ts'
import type { Database } from '#src/database/change.ts'
import { getRun } from '#src/runs/get-run.ts'
import { countDeliveries, type Delivery, type DeliveryPage, findDeliveries } from './delivery-store.ts'

/** For whoever may see the run. */
export async function listDeliveries(
  needs: { db: Database },
  caller: Caller,
  runId: string,
  page: DeliveryPage,
): Promise<{ deliveries: Delivery[]; counts: Record<string, number> }> {
  await getRun(needs, caller, runId)
  const [deliveries, counts] = await Promise.all([
    findDeliveries(needs.db, runId, page),
    countDeliveries(needs.db, runId),
  ])
  return { deliveries, counts: counts as Record<string, number> }
}

const columns = ['recipient', 'name', 'destination', 'slice', 'state', 'reason', 'attempts', 'delivered_at'] as const
const rowsAtOnce = 1000

/** All of them as CSV, in constant memory; whoever may see the run has been made sure of when the first line comes. */
export async function csvOfDeliveries(
  needs: { db: Database },
  caller: Caller,
  runId: string,
): Promise<AsyncGenerator<string>> {
  await getRun(needs, caller, runId)
  return linesOf(needs, runId)
}

async function* linesOf({ db }: { db: Database }, runId: string): AsyncGenerator<string> {
  yield `${columns.join(',')}\r\n`
  let after: DeliveryPage['after'] = null
  for (;;) {
    const rows: Delivery[] = await findDeliveries(db, runId, { after, limit: rowsAtOnce })
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
