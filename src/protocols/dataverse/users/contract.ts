import { z } from 'zod'
import { displayName, email, userName } from '#src/accounts/contract.ts'
import { dataverseEndpoint, openDataverseEndpoint } from '../endpoint.ts'
import { envelope, Said } from '../envelope.ts'
import { parameter } from '../parameters.ts'

/** Not a member more: pyDataverse 0.4 refuses what it does not know. */
const User = z.object({
  id: z.int(),
  identifier: z.string(),
  displayName: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  email: z.string(),
  superuser: z.boolean(),
  deactivated: z.boolean(),
  persistentUserId: z.string(),
  createdTime: z.string(),
  lastLoginTime: z.string(),
  lastApiUseTime: z.string(),
  authenticationProviderId: z.literal('builtin'),
})

export const showUser = dataverseEndpoint({
  id: 'dataverse-show-user',
  method: 'GET',
  path: '/api/users/:identifier',
  summary: 'Dataverse: who asks (:me)',
  params: z.object({ identifier: z.literal(':me') }),
  reply: envelope(User),
})

export const signOut = dataverseEndpoint({
  id: 'dataverse-sign-out',
  method: 'POST',
  path: '/api/logout',
  summary: 'Dataverse: end the session that asks',
  audit: 'account.signed_out',
  reply: Said,
})

export const makeUser = openDataverseEndpoint({
  id: 'dataverse-make-user',
  method: 'POST',
  path: '/api/builtin-users',
  summary: 'Dataverse: make an account and its token, for test set-ups',
  description:
    'Needs `[dataverse] builtin_users_key` as `key`; without that setting nobody can. Where `[api_token] expiration_interval` lets nobody make tokens, no account is made either.',
  opensChange: true,
  audit: ['account.created', 'token.issued'],
  perMinute: 60,
  query: z.looseObject({
    password: parameter('Of the new account.'),
    key: parameter('The key of the settings.'),
  }),
  body: z.looseObject({
    userName,
    firstName: displayName,
    lastName: displayName,
    email: email.nullish(),
  }),
  reply: envelope(
    z.object({
      user: z.object({ id: z.int(), userName: z.string() }),
      authenticatedUser: User,
      apiToken: z.string(),
    }),
  ),
  secrets: ['apiToken'],
})

export const lookUpToken = openDataverseEndpoint({
  id: 'dataverse-look-up-token',
  method: 'GET',
  path: '/api/builtin-users/:user/api-token',
  summary: 'Dataverse: looking up a token with a password; switched off, as no secret is kept',
  params: z.object({ user: z.string() }),
  reply: Said,
})
