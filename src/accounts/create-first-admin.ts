import { actor, localCaller } from '#src/access/caller.ts'
import type { AccountsNeeds } from './needs.ts'
import { makeReadablePassword } from './secrets.ts'
import { hasAccounts, insertAccount } from './store.ts'

/**
 * Makes the first account, `admin`, where there is none at all, and returns its password: the only time that it is
 * known. Null when there are accounts. Of several processes that start together one makes it.
 */
export async function createFirstAdmin({
  db,
  change,
  passwords,
  clock,
}: Pick<AccountsNeeds, 'db' | 'change' | 'passwords' | 'clock'>): Promise<{
  userName: string
  password: string
} | null> {
  if (await hasAccounts(db)) return null
  const userName = 'admin'
  const password = makeReadablePassword()
  const passwordHash = await passwords.hash(password)
  const made = await change(actor(localCaller('system', 'first start')), async (change) => {
    const id = await insertAccount(change.tx, {
      user_name: userName,
      kind: 'person',
      role: 'admin',
      display_name: 'Administrator',
      first_name: null,
      last_name: null,
      email: null,
      owner_id: null,
      password_hash: passwordHash,
      created_at: clock.now(),
    })
    if (id === null) return false
    change.note({
      verb: 'account.created',
      subjectType: 'account',
      subjectId: id,
      detail: { user_name: userName, kind: 'person', role: 'admin', owner_id: null },
    })
    return true
  })
  return made ? { userName, password } : null
}
