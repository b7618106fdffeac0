import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { owner } from './delivery-setup.ts'
import type { Installation } from './installation.ts'
import { connect } from './judge.ts'
import { type Ledger, must } from './ledger.ts'
import type { Arrived, PostOffice } from './post-office.ts'
import { generationOf } from './read-report.ts'
import { parts, rowsOf, rowsOfPart } from './sources.ts'

export interface DeliveryLedger {
  /** Runs of subscriptions whose beginning was acknowledged. */
  readonly runs: Set<string>
  keys: number
}

/**
 * No mail has arrived twice: not under its own id, and not by another that says the same. Only the notices to the owner
 * may, under the same id: better twice than never.
 */
export function judgeArrivals({ arrived }: PostOffice): Map<string, Arrived> {
  const seen = new Map<string, Arrived>()
  for (const one of arrived) {
    must(one.messageId !== '', `a mail to ${one.to} has no Message-ID`)
    must(one.to === owner || !seen.has(one.messageId), `the mail ${one.messageId} to ${one.to} has arrived twice`)
    seen.set(one.messageId, one)
  }
  return seen
}

interface Row {
  readonly id: string
  readonly run_id: string
  readonly recipient: string
  readonly destination: string
  readonly state: string
  readonly message_id: string | null
  readonly reason: string | null
}

interface RunRow {
  readonly id: string
  readonly kind: string
  readonly state: string
  readonly attempt: number
  readonly subject_id: string
  readonly error: { readonly code: string; readonly message: string } | null
}

interface JudgeAsk {
  readonly installation: Installation
  readonly office: PostOffice
  readonly ledger: DeliveryLedger
  readonly models: Ledger
  /** Which of them the report asks. */
  readonly model: string
}

/** Waits until all runs have ended, and compares what they say with what has arrived. */
export async function judgeDeliveries(ask: JudgeAsk): Promise<string[]> {
  const { installation, office, ledger, models } = ask
  const db = await connect(installation.data)
  try {
    const planned = await completed(db)
    const runs = await ended(db)
    for (const id of planned) {
      const { length } = runs.filter(({ subject_id }) => subject_id === id)
      must(length === 1, `the subscription ${id} was planned for once and has ${length} runs`)
    }
    const byId = new Map(runs.map((run) => [run.id, run]))
    for (const id of ledger.runs) must(byId.has(id), `the run ${id} was acknowledged and is not there`)
    const arrived = judgeArrivals(office)
    const { rows } = await db.query<Row>(
      'select id, run_id, recipient, destination, state, message_id, reason from deliveries',
    )
    const ofRun = Map.groupBy(rows, ({ run_id }) => run_id)
    const known = new Set<string>()
    for (const row of rows) {
      const { id, state, recipient, message_id } = row
      const came = message_id !== null && arrived.has(message_id)
      if (message_id !== null) known.add(message_id)
      if (came) {
        const { to } = arrived.get(message_id) as Arrived
        must(to === recipient, `the delivery ${id} to ${recipient} has reached ${to}`)
      }
      must(!['pending', 'sending'].includes(state), `the delivery ${id} is still ${state} though its run has ended`)
      if (state === 'delivered') must(came, `the delivery ${id} says delivered, and nothing has arrived`)
      else if (state !== 'unconfirmed') must(!came, `the delivery ${id} says ${state}, and its mail has arrived`)
    }
    for (const run of runs.filter(({ kind }) => kind === 'run-subscription')) judgeRun(run, ofRun.get(run.id) ?? [])
    const stray = [...arrived.values()].filter(({ messageId, to }) => !known.has(messageId) && to !== owner)
    must(stray.length === 0, `a mail to ${stray[0]?.to} belongs to no delivery`)
    for (const one of arrived.values()) if (one.to !== owner) judgeMail(one, models, ask.model)
    const told = await judgeNotices(office, rows, runs)
    return [
      counts('runs', runs, ({ kind, state }) => `${kind} ${state}`),
      counts('deliveries', rows, (r) => r.state),
      told,
    ]
  } finally {
    await db.end()
  }
}

/** What a run says of itself is true of its deliveries. */
function judgeRun({ id, state, subject_id, error }: RunRow, deliveries: readonly Row[]): void {
  const states = new Set(deliveries.map(({ state }) => state))
  const all = deliveries.every(({ state }) => state === 'delivered')
  const says = `the run ${id} of ${subject_id} says ${state} and has deliveries ${[...states].join(', ') || 'none'}; ${error?.code}: ${error?.message}`
  if (state === 'succeeded') must(deliveries.length > 0 && all, says)
  if (state === 'partially_failed') must(!all && states.has('delivered'), says)
  if (state === 'failed') must(deliveries.length > 0 && !states.has('delivered'), says)
  must(['succeeded', 'partially_failed', 'failed'].includes(state), says)
}

/** What stands in a mail comes from one snapshot, and in a burst from the recipient's own rows alone. */
function judgeMail({ to, mail }: Arrived, models: Ledger, model: string): void {
  const text = mail.text ?? ''
  const number = (name: string): number =>
    Number(new RegExp(`^The ${name}: ([\\d,]+)$`, 'm').exec(text)?.[1]?.replaceAll(',', ''))
  const numbers = { rows: number('rows'), least: number('least'), most: number('most'), total: number('total') }
  const part = /^part: (\d+)$/m.exec(text)?.[1]
  const own = /^burst-\w+-(\d+)@/.exec(to)?.[1]
  must((part === undefined) === (own === undefined), `the mail to ${to} is of part ${part}`)
  must(own === undefined || Number(part) === Number(own) % parts, `the mail to ${to} has the rows of part ${part}`)
  generationOf(models, model, numbers, part === undefined ? rowsOf : (of) => rowsOfPart(of, Number(part)))
}

/** Of every run in which something was not delivered for certain, the owner has heard, by one mail. */
async function judgeNotices(office: PostOffice, rows: readonly Row[], runs: readonly RunRow[]): Promise<string> {
  const amiss = new Set(
    rows.flatMap(({ run_id, state }) => (state === 'unconfirmed' || state === 'failed' ? [run_id] : [])),
  )
  const owed = runs.filter(
    ({ id, kind, state }) => kind === 'run-subscription' && (amiss.has(id) || state === 'failed'),
  )
  const arrivals = (id: string) => office.arrived.filter(({ to, mail }) => to === owner && mail.text?.includes(id))
  const told = (id: string): number => new Set(arrivals(id).map(({ messageId }) => messageId)).size
  // They are sent behind the runs; what a killed process had in hand is noticed, and waits its time, before it is tried again.
  for (const until = performance.now() + 240_000; performance.now() < until; await sleep(500))
    if (owed.every(({ id }) => told(id) > 0)) break
  for (const { id, subject_id, state } of owed)
    must(told(id) === 1, `of the run ${id} of ${subject_id}, which ${state}, the owner has been told ${told(id)} times`)
  const again = owed.filter(({ id }) => arrivals(id).length > 1)
  return `the owner was told of ${owed.length} runs, of ${again.length} by a mail that came again`
}

/** Those that the clock starts once: waits until they have come to their end. */
async function completed(db: pg.Client): Promise<string[]> {
  for (const until = performance.now() + 240_000; ; await sleep(500)) {
    const { rows } = await db.query<{ id: string; state: string }>(
      "select id, state from subscriptions where definition -> 'schedule' <> 'null'",
    )
    const left = rows.filter(({ state }) => state !== 'completed')
    must(
      performance.now() < until || left.length === 0,
      `subscriptions have not come to their end: ${left.map(({ id, state }) => `${id} ${state}`).join(', ')}`,
    )
    if (left.length === 0) return rows.map(({ id }) => id)
  }
}

async function ended(db: pg.Client): Promise<RunRow[]> {
  for (const until = performance.now() + 180_000; ; await sleep(500)) {
    const { rows } = await db.query<RunRow>('select id, kind, state, attempt, subject_id, error from runs')
    const open = rows.filter(({ state }) => state === 'running' || state === 'queued')
    must(
      performance.now() < until || open.length === 0,
      `runs do not end: ${open.map(({ id, kind, state, attempt }) => `${kind} ${id} ${state} (attempt ${attempt})`).join(', ')}`,
    )
    if (open.length === 0) return rows
  }
}

function counts<T>(what: string, items: readonly T[], of: (item: T) => string): string {
  const sums = Map.groupBy(items, of)
  return `${items.length} ${what}: ${[...sums].map(([name, { length }]) => `${length} ${name}`).join(', ')}`
}
