import type { Caller } from '#src/access/caller.ts'
import type { Run } from './run.ts'

/** One's own runs; a token always sees what it started itself, so that it can follow the address it was given. */
export function maySeeRun({ grants, tokenId, accountId }: Caller, { trigger }: Run): boolean {
  if (grants.allows('runs:admin')) return true
  if (tokenId !== null && trigger.tokenId === tokenId) return true
  return accountId !== null && trigger.accountId === accountId && grants.allows('runs:read')
}

/** Who may start it may stop it, among one's own. */
export function mayCancelRun(caller: Caller, run: Run): boolean {
  if (caller.grants.allows('runs:admin')) return true
  return maySeeRun(caller, run) && caller.grants.allows(run.permission, run.subject.id)
}
