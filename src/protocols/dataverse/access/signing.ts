import { callerOfAccount } from '#src/accounts/find-people.ts'
import { callerOfToken } from '#src/tokens/verify-token.ts'
import type { DataverseNeeds } from '../needs.ts'
import type { SigningNeeds } from './signed-url.ts'

export function signingOf({ accounts, datasets, siteAddress, signingKey }: DataverseNeeds): SigningNeeds {
  const { clock, db } = datasets
  return {
    signingKey,
    siteAddress,
    clock,
    callerOfToken: (id) => callerOfToken({ pool: accounts.pool, now: () => clock.now().getTime() }, id),
    callerOfAccount: (id) => callerOfAccount(db, id),
  }
}
