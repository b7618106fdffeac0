import type { Caller } from '#src/access/caller.ts'
import type { Database } from '#src/database/change.ts'
import { accountNotFound } from './problems.ts'
import { type Account, type AccountFilter, findAccount, findAccountByName, findAccounts } from './store.ts'

export type { Account } from './store.ts'

type Needs = { readonly db: Database }

/** One account, by id. */
export async function showAccount({ db }: Needs, id: string): Promise<Account> {
  return (await findAccount(db, id)) ?? missing()
}

/** One account, by user name in whatever case. */
export async function showAccountNamed({ db }: Needs, userName: string): Promise<Account> {
  return (await findAccountByName(db, userName)) ?? missing(userName)
}

/** The account that asks. The person at the command line is none. */
export async function showCurrentAccount({ db }: Needs, caller: Caller): Promise<Account> {
  return (caller.accountId === null ? null : await findAccount(db, caller.accountId)) ?? missing()
}

/** Accounts in the order of their user names, beyond `after`. */
export const listAccounts = (
  { db }: Needs,
  filter: AccountFilter,
  page: { after: string | null; limit: number },
): Promise<Account[]> => findAccounts(db, filter, page)

function missing(userName?: string): never {
  throw accountNotFound(userName === undefined ? {} : { detail: `Nobody is called ${userName}.` })
}
