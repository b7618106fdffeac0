import type { Caller } from '#src/access/caller.ts'
import { anonymous } from '#src/access/caller.ts'
import { Grants } from '#src/access/grants.ts'
import type { Database, Tx } from '#src/database/change.ts'
import { type Account, findAccount, findAccountsByIds, findAccountsByNames, findActivePeople } from './store.ts'

/** These accounts, in whatever state; those that do not exist are missing. */
export const findPeople = (db: Database | Tx, ids: readonly string[]): Promise<Account[]> =>
  ids.length === 0 ? Promise.resolve([]) : findAccountsByIds(db, ids)

/** The same of those with these user names, in any case. */
export const findPeopleNamed = (db: Database | Tx, userNames: readonly string[]): Promise<Account[]> =>
  userNames.length === 0 ? Promise.resolve([]) : findAccountsByNames(db, userNames)

/** Active people whose name, display name or address contains the text, by user name. */
export const searchPeople = (
  db: Database | Tx,
  search: string | undefined,
  page: { after: string | null; limit: number },
): Promise<Account[]> => findActivePeople(db, search, page)

/** Who an account is when work is done in its name: with the rights that it has now. Null when it is disabled or gone. */
export async function callerOfAccount(db: Database | Tx, id: string): Promise<Caller | null> {
  const account = await findAccount(db, id)
  if (account?.state !== 'active') return null
  return {
    ...anonymous,
    // As this person, who sees what they see when signed in; `system` would see everything.
    via: 'session',
    accountId: account.id,
    accountName: account.user_name,
    role: account.role,
    grants: Grants.ofRole(account.role),
  }
}
