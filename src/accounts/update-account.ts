import type { Updateable } from 'kysely'
import type { Role } from '#src/access/permissions.ts'
import type { Change } from '#src/database/change.ts'
import type { Accounts } from '#src/database/tables.ts'
import { ownerOf, refuseAdminByToken } from './create-account.ts'
import { disableAccount, enableAccount, refuseLastAdmin } from './disable-account.ts'
import type { AccountsNeeds } from './needs.ts'
import { accountNotFound, accountUnsuitable } from './problems.ts'
import { type Account, findAccount, lockAccount, lockAdmins, updateAccount as writeAccount } from './store.ts'

export interface Profile {
  readonly displayName?: string | undefined
  readonly firstName?: string | null | undefined
  readonly lastName?: string | null | undefined
  readonly email?: string | null | undefined
}

type Needs = Pick<AccountsNeeds, 'announce' | 'clock'>

/** Whatever an administrator may change of an account, each part with its own line in the audit trail. False: nothing to change. */
export async function updateAccount(
  needs: Needs,
  change: Change,
  id: string,
  ask: Profile & { role?: Role | undefined; ownerId?: string | undefined; state?: Account['state'] | undefined },
): Promise<{ account: Account; changed: boolean }> {
  if (ask.role !== undefined || ask.state !== undefined) await lockAdmins(change.tx)
  const changes = [
    await updateProfile(needs, change, id, ask),
    ask.ownerId !== undefined && (await changeOwner(needs, change, id, ask.ownerId)),
    ask.role !== undefined && (await changeRole(needs, change, id, ask.role)),
    ask.state === 'disabled' && (await disableAccount(needs, change, id)),
    ask.state === 'active' && (await enableAccount(needs, change, id)),
  ]
  return { account: (await findAccount(change.tx, id))!, changed: changes.some(Boolean) }
}

/** What people may change of their own account. */
export async function updateProfile(
  { clock }: Pick<Needs, 'clock'>,
  change: Change,
  id: string,
  ask: Profile,
): Promise<boolean> {
  const account = await lockedAccount(change, id)
  const asked = {
    display_name: ask.displayName,
    first_name: ask.firstName,
    last_name: ask.lastName,
    email: ask.email,
  }
  const differing = Object.entries(asked).filter(
    ([column, value]) => value !== undefined && value !== account[column as keyof typeof asked],
  )
  if (differing.length === 0) return false
  const values: Updateable<Accounts> = Object.fromEntries(differing)
  await writeAccount(change.tx, id, { ...values, updated_at: clock.now() })
  change.note({
    verb: 'account.updated',
    subjectType: 'account',
    subjectId: id,
    // Which, not what: names and addresses of people don't belong into a trail that is kept for ever.
    detail: { members: differing.map(([column]) => column) },
  })
  return true
}

/** Gives another role. Every process knows of it when the change has returned. */
export async function changeRole({ announce, clock }: Needs, change: Change, id: string, role: Role): Promise<boolean> {
  const admins = await lockAdmins(change.tx)
  const account = await lockedAccount(change, id)
  if (account.role === role) return false
  refuseAdminByToken(change, role)
  refuseLastAdmin(admins, id)
  await writeAccount(change.tx, id, { role, updated_at: clock.now() })
  change.note({
    verb: 'account.role_changed',
    subjectType: 'account',
    subjectId: id,
    detail: { from: account.role, to: role },
  })
  await announce(change, `account:${id}`)
  return true
}

/** Makes another person answer for a service account. */
export async function changeOwner(
  { clock }: Pick<Needs, 'clock'>,
  change: Change,
  id: string,
  ownerId: string,
): Promise<boolean> {
  const account = await lockedAccount(change, id)
  if (account.owner_id === ownerId) return false
  if (account.kind !== 'service') {
    throw accountUnsuitable({
      detail: 'Only service accounts have an owner.',
      errors: [{ pointer: '#/owner_id', detail: 'belongs to service accounts' }],
    })
  }
  await writeAccount(change.tx, id, { owner_id: await ownerOf(change, ownerId), updated_at: clock.now() })
  change.note({
    verb: 'account.owner_changed',
    subjectType: 'account',
    subjectId: id,
    detail: { from: account.owner_id, to: ownerId },
  })
  return true
}

/** The account, held against other changes. */
export async function lockedAccount(change: Change, id: string): Promise<Account> {
  const account = await lockAccount(change.tx, id)
  if (!account) throw accountNotFound()
  return account
}
