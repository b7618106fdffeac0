import type { Caller } from '#src/access/caller.ts'
import type { Change, Database } from '#src/database/change.ts'
import type { Terms } from './open-terms.ts'
import { termsChanged, termsNotAccepted } from './problems.ts'
import { findAcceptance, insertAcceptance } from './store.ts'

/** When the caller accepted these terms; null when they have not. */
export const acceptedAt = async (db: Database, { accountId }: Caller, { version }: Terms): Promise<Date | null> =>
  accountId === null ? null : findAcceptance(db, accountId, version)

/** Notes that the caller accepts the terms, which must be those that are in force. False when they had before. */
export async function acceptTerms(
  { terms, clock }: { terms: Terms | null; clock: { now(): Date } },
  change: Change,
  version: string,
): Promise<boolean> {
  const { accountId } = change.actor.caller
  if (accountId === null) throw new TypeError('a session was promised')
  if (terms?.version !== version)
    throw termsChanged({
      detail: terms === null ? 'There are none here.' : `The version in force is ${terms.version}.`,
      hint: 'GET /v1/tokens/terms shows what there is to accept.',
    })
  if (!(await insertAcceptance(change.tx, { accountId, version, now: clock.now() }))) return false
  change.note({ verb: 'token.terms_accepted', subjectType: 'account', subjectId: accountId, detail: { version } })
  return true
}

/**
 * Refuses a person at a page who makes a token, for themselves or a service account, and has not accepted the terms. Programs
 * with a token and the command line are not asked: nobody reads there.
 */
export async function requireTerms(terms: Terms | null, { actor, tx }: Change): Promise<void> {
  if (terms === null || actor.caller.via !== 'session') return
  if ((await acceptedAt(tx, actor.caller, terms)) !== null) return
  throw termsNotAccepted({
    detail: 'Before a token is made here, its maker accepts the terms of use.',
    hint: 'Read and accept them under My Profile → API Token (GET /v1/tokens/terms).',
    extensions: { version: terms.version },
  })
}
