import { z } from 'zod'
import { roles } from '#src/access/permissions.ts'
import { endpoint } from '#src/http/endpoint.ts'
import { pageQuery } from '#src/http/parameters.ts'

export const role = z.enum(roles)
const kind = z.enum(['person', 'service'])
const state = z.enum(['active', 'disabled'])

export const Account = z
  .object({
    id: z.uuid(),
    user_name: z.string(),
    kind,
    role,
    state,
    display_name: z.string(),
    first_name: z.string().nullable(),
    last_name: z.string().nullable(),
    email: z.string().nullable(),
    owner_id: z.uuid().nullable().meta({ description: 'Of a service account: the person who answers for it.' }),
    owner_name: z.string().nullable().meta({ description: 'That person’s user name.' }),
    has_password: z.boolean().meta({ description: 'False until somebody invited has set one.' }),
    password_changed_at: z.iso.datetime().nullable(),
    last_signed_in_at: z.iso.datetime().nullable(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
    disabled_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Account', description: 'A person or a service account.' })

export const Session = z
  .object({
    id: z.uuid(),
    current: z.boolean().meta({ description: 'Whether this session sent the request.' }),
    created_at: z.iso.datetime(),
    authenticated_at: z.iso.datetime().meta({ description: 'When the person last proved who they are.' }),
    last_seen_at: z.iso.datetime().meta({ description: 'To the minute.' }),
    expires_at: z.iso.datetime().meta({ description: 'It ends then, or earlier when unused for too long.' }),
    address: z.string().nullable(),
    client: z.string().nullable().meta({ description: 'What the browser called itself.' }),
  })
  .meta({ id: 'Session', description: 'A browser or script that is signed in.' })

const oneLine = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    // Also none that turn or break a line wherever the name is told.
    .regex(/^[^\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/u, 'must be one line')

export const userName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$/,
    'must be 1 to 64 letters, digits or ._@+- and begin with a letter or digit',
  )
export const displayName = oneLine(120)
export const email = z.email().max(254)

const profile = {
  display_name: displayName.optional(),
  first_name: oneLine(80).nullable().optional(),
  last_name: oneLine(80).nullable().optional(),
  email: email.nullable().optional(),
}

/** Room for what its rules then judge with a better complaint. */
const newPassword = z.string().max(10_000).meta({
  description:
    'At least 12 characters (`[sign_in] password_minimum_length`), any characters, nothing that guessers try first.',
})
const shownPassword = z.string().min(1).max(10_000)
const account = z.object({ account: z.uuid() })
const forPeople = { access: 'signed_in', shown: 'session' } as const

// — Sessions

export const signIn = endpoint({
  id: 'sign-in',
  method: 'POST',
  path: '/v1/session',
  summary: 'Sign in with user name and password',
  description:
    'Sets the session cookie. After many failures from one place the next attempt from there has to wait (429).',
  access: 'public',
  opensChange: true,
  audit: 'account.signed_in',
  body: z.object({ user_name: z.string().trim().min(1).max(200), password: shownPassword }),
  reply: z.object({ account: Account, session: Session }),
  status: 201,
})

export const signOut = endpoint({
  ...forPeople,
  id: 'sign-out',
  method: 'DELETE',
  path: '/v1/session',
  summary: 'Sign out',
  audit: 'account.signed_out',
  status: 204,
})

export const showSession = endpoint({
  ...forPeople,
  id: 'show-session',
  method: 'GET',
  path: '/v1/session',
  summary: 'The session that asks, its account, and what it may do',
  reply: z.object({ account: Account, session: Session, permissions: z.array(z.string()) }),
})

export const listSessions = endpoint({
  ...forPeople,
  id: 'list-sessions',
  method: 'GET',
  path: '/v1/sessions',
  summary: 'Where one is signed in',
  reply: z.object({ sessions: z.array(Session) }),
})

export const endSession = endpoint({
  ...forPeople,
  id: 'end-session',
  method: 'DELETE',
  path: '/v1/sessions/:session',
  summary: 'End one of one’s sessions',
  audit: 'account.session_ended',
  params: z.object({ session: z.uuid() }),
  status: 204,
})

export const endOtherSessions = endpoint({
  ...forPeople,
  id: 'end-other-sessions',
  method: 'DELETE',
  path: '/v1/sessions',
  summary: 'End all of one’s sessions but this one',
  audit: 'account.sessions_ended',
  reply: z.object({ ended: z.int() }),
})

// — One's own account

export const showCurrentAccount = endpoint({
  id: 'show-current-account',
  method: 'GET',
  path: '/v1/accounts/current',
  summary: 'The account that asks, and what it may do',
  access: 'signed_in',
  reply: Account.extend({
    permissions: z.array(z.string()).meta({ description: 'With a token: what the token may do.' }),
  }),
})

export const updateCurrentAccount = endpoint({
  ...forPeople,
  id: 'update-current-account',
  method: 'PATCH',
  path: '/v1/accounts/current',
  summary: 'Change one’s profile',
  audit: 'account.updated',
  body: z.object(profile),
  reply: Account,
})

export const changePassword = endpoint({
  ...forPeople,
  id: 'change-password',
  method: 'PUT',
  path: '/v1/accounts/current/password',
  summary: 'Change one’s password',
  description: 'Ends all of one’s sessions; this browser gets a new one. Tokens stay.',
  opensChange: true,
  audit: ['account.password_changed', 'account.signed_in'],
  body: z.object({ current_password: shownPassword, new_password: newPassword }),
  reply: z.object({ session: Session }),
})

// — Links to set a password

const linkSecret = z.string().min(1).max(200)

export const showPasswordLink = endpoint({
  id: 'show-password-link',
  method: 'POST',
  path: '/v1/password-links/current',
  summary: 'Whose one-time link it is',
  description: 'The secret is what stands behind the `#` of the link.',
  access: 'public',
  reads: true,
  perMinute: 60,
  body: z.object({ secret: linkSecret }),
  reply: z.object({
    user_name: z.string(),
    display_name: z.string(),
    purpose: z.enum(['invitation', 'reset']),
    expires_at: z.iso.datetime(),
  }),
})

export const usePasswordLink = endpoint({
  id: 'use-password-link',
  method: 'PUT',
  path: '/v1/password-links/current/password',
  summary: 'Set a password through a one-time link',
  access: 'public',
  opensChange: true,
  perMinute: 60,
  audit: ['account.password_link_used', 'account.password_changed'],
  body: z.object({ secret: linkSecret, new_password: newPassword }),
  status: 204,
})

// — Everybody's accounts

export const listAccounts = endpoint({
  id: 'list-accounts',
  method: 'GET',
  path: '/v1/accounts',
  summary: 'Accounts by user name',
  access: 'accounts:admin',
  query: z.object({
    search: z.string().trim().min(1).max(200).optional().meta({
      description: 'Part of a user name, display name or e-mail address.',
    }),
    kind: kind.optional(),
    role: role.optional(),
    state: state.optional(),
    ...pageQuery(),
  }),
  reply: z.object({ accounts: z.array(Account) }),
})

export const createAccount = endpoint({
  id: 'create-account',
  method: 'POST',
  path: '/v1/accounts',
  summary: 'Make an account for a person or a service',
  description:
    'A person then gets a one-time link to set a password; a service account gets tokens. A token cannot make administrators.',
  access: 'accounts:admin',
  audit: 'account.created',
  idempotent: true,
  body: z.object({
    user_name: userName,
    kind: kind.default('person'),
    role: role.default('member'),
    ...profile,
    owner_id: z.uuid().optional().meta({ description: 'Of a service account. Default: who makes it.' }),
  }),
  reply: Account,
  status: 201,
})

export const showAccount = endpoint({
  id: 'show-account',
  method: 'GET',
  path: '/v1/accounts/:account',
  summary: 'One account',
  access: 'accounts:admin',
  params: account,
  reply: Account,
})

export const updateAccount = endpoint({
  id: 'update-account',
  method: 'PATCH',
  path: '/v1/accounts/:account',
  summary: 'Change an account: profile, role, owner; disable or enable it',
  description:
    'When `state` becomes `disabled`, the account’s sessions have ended and its tokens have stopped everywhere by the time of the answer.',
  access: 'accounts:admin',
  audit: ['account.updated', 'account.role_changed', 'account.owner_changed', 'account.disabled', 'account.enabled'],
  params: account,
  body: z.object({ ...profile, role: role.optional(), owner_id: z.uuid().optional(), state: state.optional() }),
  reply: Account,
})

export const endAccountSessions = endpoint({
  id: 'end-account-sessions',
  method: 'DELETE',
  path: '/v1/accounts/:account/sessions',
  summary: 'End all sessions of an account',
  access: 'accounts:admin',
  audit: 'account.sessions_ended',
  params: account,
  reply: z.object({ ended: z.int() }),
})

export const makePasswordLink = endpoint({
  id: 'make-password-link',
  method: 'POST',
  path: '/v1/accounts/:account/password-link',
  summary: 'Make a one-time link to set a password',
  description:
    'Shown once, works once, for 72 hours; a link made before stops working. The password stays until it is used.',
  access: 'accounts:admin',
  // A token that could hand out passwords could become anybody.
  shown: 'session',
  audit: 'account.password_link_made',
  params: account,
  reply: z.object({ url: z.string(), purpose: z.enum(['invitation', 'reset']), expires_at: z.iso.datetime() }),
  secrets: ['url'],
  status: 201,
})
