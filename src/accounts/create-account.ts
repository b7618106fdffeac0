import type { Role } from '#src/access/permissions.ts'
import type { Change } from '#src/database/change.ts'
import type { AccountsNeeds } from './needs.ts'
import { refuseWeakPassword } from './password-rules.ts'
import { accountUnsuitable, adminBySessionOnly, userNameTaken } from './problems.ts'
import { type Account, findAccount, insertAccount } from './store.ts'

export interface CreateAccountAsk {
  readonly userName: string
  readonly kind: 'person' | 'service'
  readonly role: Role
  readonly displayName?: string | undefined
  readonly firstName?: string | null | undefined
  readonly lastName?: string | null | undefined
  readonly email?: string | null | undefined
  /** Of a service account: the person who answers for it. Default: who makes it. */
  readonly ownerId?: string | null | undefined
  /** From `preparePassword`; a person without one gets in by a one-time link. */
  readonly passwordHash?: string | null
}

/** Makes an account. Nobody chooses a password for somebody else: people set theirs through a one-time link. */
export async function createAccount(
  { clock }: Pick<AccountsNeeds, 'clock'>,
  change: Change,
  ask: CreateAccountAsk,
): Promise<Account> {
  refuseAdminByToken(change, ask.role)
  const owner_id = ask.kind === 'service' ? await ownerOf(change, ask.ownerId) : refuseOwner(ask.ownerId)
  const fullName = [ask.firstName, ask.lastName].filter(Boolean).join(' ')
  const id = await insertAccount(change.tx, {
    user_name: ask.userName,
    kind: ask.kind,
    role: ask.role,
    display_name: ask.displayName || fullName || ask.userName,
    first_name: ask.firstName ?? null,
    last_name: ask.lastName ?? null,
    email: ask.email ?? null,
    owner_id,
    password_hash: ask.passwordHash ?? null,
    created_at: clock.now(),
  })
  if (id === null) {
    throw userNameTaken({
      detail: `${ask.userName} is taken; upper and lower case make no difference.`,
      errors: [{ pointer: '#/user_name', detail: 'is taken' }],
    })
  }
  change.note({
    verb: 'account.created',
    subjectType: 'account',
    subjectId: id,
    detail: { user_name: ask.userName, kind: ask.kind, role: ask.role, owner_id },
  })
  return (await findAccount(change.tx, id))!
}

/** Judges a new account's password and hashes it, before a change is opened. */
export async function preparePassword(
  { passwords, policy, site }: Pick<AccountsNeeds, 'passwords' | 'policy' | 'site'>,
  password: string,
  person: { userName: string; names: readonly (string | null)[] },
  pointer: string,
): Promise<string> {
  const context = { ...person, minimumLength: policy.passwordMinimumLength, siteName: site.title }
  refuseWeakPassword(password, context, pointer)
  return passwords.hash(password)
}

/** A token is no sign that a person is present, so it never makes anyone mightier than it could be itself. */
export function refuseAdminByToken({ actor }: Change, role: Role): void {
  if (role !== 'admin' || actor.caller.via !== 'token') return
  throw adminBySessionOnly({ hint: 'Sign in to the portal, or use the command `tessera account`.' })
}

/** Finds and checks the person who is to answer for a service account. */
export async function ownerOf({ tx, actor }: Change, asked: string | null | undefined): Promise<string> {
  const id = asked ?? actor.caller.accountId
  const owner = id === null ? null : await findAccount(tx, id)
  if (owner?.kind === 'person' && owner.state === 'active') return owner.id
  throw accountUnsuitable({
    detail: 'A service account needs an owner: an active account of a person.',
    errors: [{ pointer: '#/owner_id', detail: 'is not an active person' }],
  })
}

function refuseOwner(asked: string | null | undefined): null {
  if (asked === undefined || asked === null) return null
  throw accountUnsuitable({
    detail: 'Only service accounts have an owner.',
    errors: [{ pointer: '#/owner_id', detail: 'belongs to service accounts' }],
  })
}
