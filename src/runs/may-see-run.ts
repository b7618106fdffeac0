import type { Caller } from '#src/access/caller.ts'
import { type Grants, type GrantText, parseGrant } from '#src/access/grants.ts'
import type { Run } from './run.ts'

/**
 * One's own runs, and those that one might have started oneself: who asks for what is under way already is given that
 * run's address, and must be able to follow it.
 */
export function maySeeRun(caller: Caller, run: Run): boolean {
  return isOwn(caller, run) || (!run.personal && caller.grants.allows(run.permission, run.subject.id))
}

/**
 * What a run made holds the rows of who asked for it, so that nobody else gets it, whatever they may start; and they only
 * for as long as they may.
 */
export function mayReadArtifacts(caller: Caller, run: Run): boolean {
  const { grants, tokenId, accountId } = caller
  if (!grants.allows(run.permission, run.subject.id)) return false
  if (run.filesNeed !== null && !holds(grants, run.filesNeed)) return false
  if (grants.allows('runs:admin')) return true
  const { trigger } = run
  return (tokenId !== null && trigger.tokenId === tokenId) || (accountId !== null && trigger.accountId === accountId)
}

function holds(grants: Grants, text: GrantText): boolean {
  const grant = parseGrant(text)
  return grant !== null && grants.allows(grant.permission, grant.resource ?? undefined)
}

/** Who may start it may stop it, among one's own. */
export function mayCancelRun(caller: Caller, run: Run): boolean {
  if (caller.grants.allows('runs:admin')) return true
  return isOwn(caller, run) && caller.grants.allows(run.permission, run.subject.id)
}

/** What lists hold. A token always sees what it started itself. */
function isOwn({ grants, tokenId, accountId }: Caller, { trigger }: Run): boolean {
  if (grants.allows('runs:admin')) return true
  if (tokenId !== null && trigger.tokenId === tokenId) return true
  return accountId !== null && trigger.accountId === accountId && grants.allows('runs:read')
}

/** What a kind of run asks besides, at every reading, of who may have what its runs made. */
export type MayReadMade = (caller: Caller, run: Run) => boolean
