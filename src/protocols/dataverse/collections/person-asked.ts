import type { Caller } from '#src/access/caller.ts'
import { callerOfAccount, findPeopleNamed } from '#src/accounts/find-people.ts'
import type { DatasetNeeds } from '#src/datasets/needs.ts'
import { authenticatedOnly, refused } from '../problems.ts'

/** The person whose rights are asked for: oneself, or for administrators anybody. */
export async function personAsked(
  { db }: Pick<DatasetNeeds, 'db'>,
  caller: Caller,
  identifier: string,
): Promise<Caller> {
  if (caller.accountName === null) throw authenticatedOnly()
  const name = identifier.replace(/^@/, '')
  if (name === ':me' || name.toLowerCase() === caller.accountName.toLowerCase()) return caller
  if (caller.role !== 'admin' || !caller.grants.allows('datasets:read'))
    throw refused(403, 'This API call can only be used by superusers or for oneself.')
  const [account] = await findPeopleNamed(db, [name])
  const person = account && (await callerOfAccount(db, account.id))
  if (!person) throw refused(404, `User @${name} not found.`)
  return person
}
