import { createHash } from 'node:crypto'
import type { Caller } from '#src/access/caller.ts'
import { callerOfAccount } from '#src/accounts/find-people.ts'
import type { Database } from '#src/database/change.ts'
import type { Definition } from './definition.ts'
import { destinationName } from './definition.ts'
import type { NewDelivery } from './delivery-store.ts'
import type { Recipient } from './recipients.ts'
import type { SliceOf } from './report-maker.ts'

/** A report that is made once, for everybody who gets the same. */
export interface PlannedSlice extends SliceOf {
  /** In a burst the values, in words; else null. */
  readonly label: string | null
  /** As `label`, but of no other values; the same in every run. */
  readonly key: string | null
}

export interface Plan {
  readonly slices: readonly PlannedSlice[]
  readonly deliveries: readonly NewDelivery[]
}

interface PlanAsk {
  readonly owner: Caller
  readonly definition: Pick<Definition, 'rows' | 'burst' | 'destinations'>
  readonly recipients: readonly Recipient[]
  /** Only these pairs of recipient and destination. */
  readonly only: readonly (readonly [string, string])[] | null
}

const longestLabel = 80

/** Who gets which slice where. Pure but for asking what rights recipients have. */
export async function planRun({ db }: { db: Database }, ask: PlanAsk): Promise<Plan> {
  const { owner, definition, recipients } = ask
  const { burst, rows } = definition
  const slices: PlannedSlice[] = []
  const places = new Map<string, number>()
  const deliveries: NewDelivery[] = []
  const addresses = new Map<string, string>()

  const sliceOf = (caller: Caller, values: readonly string[] | null): number => {
    const key = JSON.stringify([caller.accountId, values && [...values].sort()])
    const before = places.get(key)
    if (before !== undefined) return before
    const only = burst && values ? { dimension: burst.by, values: [...values] } : null
    places.set(key, slices.length)
    return slices.push({ caller, only, label: values && labelOf(values), key: values && keyOf(values) }) - 1
  }

  for (const recipient of recipients) {
    const gone = goneOf(recipient)
    const caller = rows === 'owner' || recipient.account === null ? owner : await callerOfAccount(db, recipient.account)
    const nobody = rows === 'recipient' && (recipient.account === null || caller === null)
    const skipped =
      gone ?? (nobody ? { state: 'skipped' as const, reason: 'There is no account whose rows it could have.' } : null)
    const slice = skipped ? -1 : sliceOf(caller ?? owner, recipient.values)
    const base = {
      recipient: recipient.recipient,
      name: recipient.name,
      accountId: recipient.account,
      address: recipient.address,
      slice,
      sliceLabel: recipient.values && labelOf(recipient.values),
    }
    const add = (destination: string, left: Left | null): void => {
      const { state, reason } = left ?? { state: 'pending' as const, reason: null }
      deliveries.push({ ...base, destination, state, reason })
    }
    if (recipient.account !== null) add('inbox', skipped)
    if (definition.destinations.some(({ type }) => type === 'mail'))
      add('mail', skipped ?? twiceOf(recipient, slice, addresses))
  }
  for (const destination of definition.destinations) {
    if (destination.type === 'mail') continue
    const name = destinationName(destination)
    const sets = burst ? uniqueSets(recipients) : [null]
    for (const values of sets) {
      const base = { name: name, accountId: null, address: null, destination: name }
      deliveries.push({
        ...base,
        recipient: values ? keyOf(values) : '',
        slice: sliceOf(owner, values),
        sliceLabel: values && labelOf(values),
        state: 'pending',
        reason: null,
      })
    }
  }
  return { slices, deliveries: ask.only ? onlyThese(deliveries, ask.only) : deliveries }
}

interface Left {
  readonly state: 'unsubscribed' | 'skipped'
  readonly reason: string
}

function goneOf({ state }: Recipient): Left | null {
  if (state === 'unsubscribed') return { state, reason: 'The recipient has left the subscription.' }
  if (state === 'disabled') return { state: 'skipped', reason: 'The account is disabled.' }
  if (state === 'not_allowed')
    return { state: 'skipped', reason: 'Mail may not go to this address ([mailer] allowed_domains).' }
  if (state === 'unknown') return { state: 'skipped', reason: 'There is no such account any more.' }
  return null
}

/** Two recipients with one address who get the same get one mail. */
function twiceOf(recipient: Recipient, slice: number, addresses: Map<string, string>): Left | null {
  if (recipient.address === null) return { state: 'skipped', reason: 'The account has no mail address.' }
  const key = `${slice} ${recipient.address.toLowerCase()}`
  const before = addresses.get(key)
  if (before !== undefined) return { state: 'skipped', reason: `The same address gets it as ${before}.` }
  addresses.set(key, recipient.recipient)
  return null
}

function uniqueSets(recipients: readonly Recipient[]): (readonly string[])[] {
  const sets = recipients.flatMap(({ values }) => (values ? [values] : []))
  return [...new Map(sets.map((values) => [JSON.stringify([...values].sort()), values])).values()]
}

function onlyThese(deliveries: readonly NewDelivery[], only: readonly (readonly [string, string])[]): NewDelivery[] {
  const wanted = new Set(only.map((pair) => JSON.stringify(pair)))
  return deliveries.filter(({ recipient, destination }) => wanted.has(JSON.stringify([recipient, destination])))
}

export function labelOf(values: readonly string[]): string {
  const text = values.join(', ')
  return text.length <= longestLabel ? text : `${text.slice(0, longestLabel - 1)}…`
}

/** The label, where it tells these values from others; else with a digest of them. */
function keyOf(values: readonly string[]): string {
  const sorted = [...values].sort()
  const label = labelOf(sorted)
  if (label === sorted.join(', ') && !values.some((value) => value.includes(', '))) return label
  return `${label} #${createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 12)}`
}
