import type { Caller } from '#src/access/caller.ts'
import { findPeople, findPeopleNamed } from '#src/accounts/find-people.ts'
import type { Database, Tx } from '#src/database/change.ts'
import { isOneAddress } from '#src/mail/mail.ts'
import { isAllowedAddress } from './check-subscription.ts'
import type { Burst, Definition, RecipientAsk } from './definition.ts'
import { subscriptionInvalid } from './problems.ts'
import { findUnsubscribed } from './store.ts'

export interface Recipient {
  /** A user name, or a mail address in small letters. Names the recipient in runs, deliveries and links. */
  readonly recipient: string
  readonly account: string | null
  readonly address: string | null
  readonly name: string
  readonly state: 'active' | 'unsubscribed' | 'no_address' | 'not_allowed' | 'disabled' | 'unknown'
  readonly unsubscribedAt: Date | null
  /** In a burst: which values of its dimension are theirs. */
  readonly values: readonly string[] | null
}

/** Who gets how much in a burst whose recipients are read from an option set. */
export type ReadMapping = (
  caller: Caller,
  from: Extract<Burst, { from: object }>['from'],
) => Promise<readonly { address: string; value: string }[]>

export const mostRecipients = 10_000

/**
 * What a subscription's recipients come to now: accounts as they are, addresses as the settings let them be now, who has
 * left, and whose rows each gets.
 */
export async function resolveRecipients(
  {
    db,
    readMapping,
    allowedDomains,
  }: { db: Database | Tx; readMapping: ReadMapping; allowedDomains: readonly string[] },
  owner: Caller,
  { id, definition }: { id: string | null; definition: Pick<Definition, 'recipients' | 'burst'> },
): Promise<Recipient[]> {
  const { burst } = definition
  const asked: readonly { ask: RecipientAsk | { userName: string }; values: readonly string[] | null }[] = !burst
    ? definition.recipients.map((ask) => ({ ask, values: null }))
    : 'from' in burst
      ? await fromMapping(await readMapping(owner, burst.from))
      : burst.recipients.map(({ recipient, values }) => ({ ask: recipient, values }))
  const accounts = new Map(
    (
      await findPeople(
        db,
        asked.flatMap(({ ask }) => ('account' in ask ? [ask.account] : [])),
      )
    ).map((one) => [one.id, one]),
  )
  const named = new Map(
    (
      await findPeopleNamed(
        db,
        asked.flatMap(({ ask }) => ('userName' in ask ? [ask.userName] : [])),
      )
    ).map((one) => [one.user_name.toLowerCase(), one]),
  )
  const gone = id === null ? new Map<string, Date>() : await findUnsubscribed(db, id)
  const found: Recipient[] = []
  for (const { ask, values } of asked) {
    if ('address' in ask) {
      const recipient = ask.address.toLowerCase()
      const name = ask.name ?? ask.address
      const one = stateOf(gone, { recipient, account: null, address: ask.address, name, values })
      const allowed = isOneAddress(ask.address) && isAllowedAddress(ask.address, allowedDomains)
      found.push(allowed || one.state === 'unsubscribed' ? one : { ...one, state: 'not_allowed' })
      continue
    }
    const account = 'account' in ask ? accounts.get(ask.account) : named.get(ask.userName.toLowerCase())
    const key = 'account' in ask ? ask.account : ask.userName
    if (!account) {
      found.push({
        recipient: key,
        account: null,
        address: null,
        name: key,
        state: 'unknown',
        unsubscribedAt: null,
        values,
      })
      continue
    }
    const { user_name: recipient, display_name: name, email: address, state } = account
    const one = stateOf(gone, { recipient, account: account.id, address, name, values })
    found.push(state === 'active' ? one : { ...one, state: 'disabled' })
  }
  return merge(found)
}

/** More than a subscription may name are not cut: whoever was left out would never learn of it. */
function fromMapping(rows: readonly { address: string; value: string }[]) {
  const byAddress = Map.groupBy(rows, ({ address }) => address.trim())
  byAddress.delete('')
  if (byAddress.size > mostRecipients)
    throw subscriptionInvalid({
      detail: `The option set names ${byAddress.size} recipients; a subscription has ${mostRecipients} at most.`,
      hint: 'Part the option set, and make a subscription for each. Nothing was sent.',
    })
  return [...byAddress].map(([address, own]) => ({
    ask: isLikeAddress(address) ? { address } : { userName: address },
    values: own.map(({ value }) => value),
  }))
}

const isLikeAddress = (text: string): boolean => text.includes('@') && text.includes('.', text.indexOf('@'))

function stateOf(gone: ReadonlyMap<string, Date>, one: Omit<Recipient, 'state' | 'unsubscribedAt'>): Recipient {
  const unsubscribedAt = gone.get(one.recipient) ?? null
  const state = unsubscribedAt ? 'unsubscribed' : one.address === null ? 'no_address' : 'active'
  return { ...one, state, unsubscribedAt }
}

/** Named twice in a burst: the values of both. */
function merge(found: readonly Recipient[]): Recipient[] {
  const merged = new Map<string, Recipient>()
  for (const one of found) {
    const before = merged.get(one.recipient)
    const values = before && one.values ? [...new Set([...(before.values ?? []), ...one.values])] : one.values
    merged.set(one.recipient, { ...one, values })
  }
  return [...merged.values()]
}
