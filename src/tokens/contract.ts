import { z } from 'zod'
import { isPermission } from '#src/access/permissions.ts'
import { endpoint } from '#src/http/endpoint.ts'
import { oauthDialect } from './oauth-dialect.ts'

export const tokenStates = ['active', 'pending', 'closing', 'suspended', 'expired', 'revoked'] as const
export type TokenState = (typeof tokenStates)[number]
export const slots = ['xdmod', 'dataverse'] as const
export type Slot = (typeof slots)[number]
/** What a list can be sorted by; falling with a minus before it. */
export const tokenSorts = [
  '-created',
  'created',
  '-expires',
  'expires',
  '-last_used',
  'last_used',
  '-name',
  'name',
] as const
export type TokenSort = (typeof tokenSorts)[number]

/** The public id: names a token everywhere, and is no secret. */
const TokenId = z.string().regex(/^[0-9A-Za-z]{12}$/)
const params = z.object({ token: TokenId })
const moment = z.iso.datetime({ offset: true })
const Grant = z
  .string()
  .max(160)
  .refine((text) => isPermission(text.split(':', 2).join(':')), 'is no permission')
  .meta({
    description: 'A permission (`models:refresh`), or one narrowed to a named resource (`models:refresh:jobs`).',
    examples: ['warehouse:read'],
  })
const Permissions = z.array(Grant).min(1).max(100)
// No line breaks, and nothing that turns the text after it around: a name is read in lists, mails and logs.
const Name = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .regex(/^[^\p{Cc}\u202A-\u202E\u2066-\u2069]*$/u, 'is one line of text, without marks that turn its direction')
const Description = z.string().trim().max(500)
const Reason = z.string().trim().min(1).max(200)

const expiry = {
  expires_at: z.union([moment, z.iso.date()]).optional().meta({
    description: 'A moment, or a day through whose end the token works. Default: the portal’s usual life of a token.',
  }),
  expires_in_days: z
    .int()
    .min(1)
    .max(36_500)
    .optional()
    .meta({ description: 'Instead of `expires_at`; 30, 60 and 90 are usual.' }),
}

export const Token = z
  .object({
    id: TokenId.meta({ description: 'Public id; the second part of the token itself.' }),
    name: z.string(),
    description: z.string(),
    account: z.object({ id: z.uuid(), user_name: z.string(), kind: z.enum(['person', 'service']) }),
    permissions: z.array(z.string()),
    effective_permissions: z
      .array(z.string())
      .meta({ description: 'What the account’s role still leaves of them now.' }),
    slot: z
      .enum(slots)
      .nullable()
      .meta({ description: 'Set for the one token that the XDMoD or Dataverse endpoints manage.' }),
    state: z.enum(tokenStates).meta({
      description: '`closing`: has a successor and works until `closes_at`. `suspended`: its account is disabled.',
    }),
    created_at: moment,
    created_by: z.string().nullable(),
    not_before: moment.nullable(),
    expires_at: moment,
    closes_at: moment.nullable(),
    revoked_at: moment.nullable(),
    revoked_reason: z.string().nullable(),
    predecessor: TokenId.nullable(),
    successor: TokenId.nullable(),
    last_used_at: moment.nullable().meta({ description: 'At most a second late.' }),
    last_used_address: z.string().nullable(),
    last_used_client: z.string().nullable(),
  })
  .meta({ id: 'Token' })

export const IssuedToken = Token.extend({
  secret: z.string().meta({ description: 'The token itself. Shown this once.', examples: ['tsr_…'] }),
}).meta({ id: 'IssuedToken' })

const ListedToken = Token.extend({
  uses: z
    .array(z.int())
    .optional()
    .meta({ description: 'Uses per UTC day, oldest first, today last; with `uses_days`.' }),
}).meta({ id: 'ListedToken' })

export const issueToken = endpoint({
  id: 'issue-token',
  method: 'POST',
  path: '/v1/tokens',
  summary: 'Make an API token',
  description:
    'The token itself is in this reply and nowhere else. It holds no more than its maker; made with a token, it lives no longer than that one.',
  access: 'tokens:write',
  audit: 'token.issued',
  idempotent: true,
  secrets: ['secret'],
  perMinute: 60,
  body: z.object({
    name: Name,
    description: Description.optional(),
    permissions: Permissions,
    ...expiry,
    not_before: moment.optional(),
    account: z
      .string()
      .max(64)
      .optional()
      .meta({ description: 'User name of a service account to make it for (administrators).' }),
  }),
  reply: IssuedToken,
  status: 201,
})

/** What lists and bulk revocation alike find tokens by. */
const criteria = {
  kind: z.enum(['person', 'service']).optional().meta({ description: 'Of the account.' }),
  state: z.enum(tokenStates).optional(),
  permission: Grant.optional().meta({
    description:
      'Was given this permission: `models:refresh` on whatever models, `models:refresh:jobs` on this one or on all.',
  }),
  search: z
    .string()
    .max(100)
    .optional()
    .meta({ description: 'Part of name, description or user name, or a public id.' }),
}

export const listTokens = endpoint({
  id: 'list-tokens',
  method: 'GET',
  path: '/v1/tokens',
  summary: 'List API tokens, dead ones included',
  description: 'One’s own; administrators ask for `everyone=true` or one `account`.',
  access: 'tokens:write',
  query: z.object({
    everyone: z.enum(['true', 'false']).optional(),
    account: z.string().max(64).optional().meta({ description: 'User name.' }),
    ...criteria,
    live: z.enum(['true', 'false']).optional().meta({ description: 'Whether it is neither revoked nor past its end.' }),
    expires_before: moment.optional(),
    unused_since: moment.optional(),
    sort: z
      .enum(tokenSorts)
      .default('-created')
      .meta({ description: 'With a minus: falling. Tokens that were never used come last either way.' }),
    uses_days: z.coerce
      .number()
      .int()
      .min(0)
      .max(90)
      .default(0)
      .meta({ description: 'For how many days, today included, each item tells its uses.' }),
    limit: z.coerce.number().int().min(1).max(200).default(50),
    cursor: z.string().max(1000).optional(),
  }),
  reply: z.object({
    items: z.array(ListedToken),
    total: z.int().meta({ description: 'All that match, on whatever page.' }),
  }),
})

export const readTokenPolicy = endpoint({
  id: 'read-token-policy',
  method: 'GET',
  path: '/v1/tokens/policy',
  summary: 'How long a token may live here',
  access: 'signed_in',
  reply: z.object({
    personal_tokens: z.boolean().meta({ description: 'Whether people may make tokens for themselves.' }),
    default_expires_at: moment.nullable().meta({ description: 'When a token made now would expire.' }),
    maximum_expires_at: moment,
    preset_days: z.array(z.int()),
    pattern: z.string().meta({ description: 'Regular expression that finds tokens, for secret scanners.' }),
    terms: z
      .object({ required: z.boolean(), accepted: z.boolean() })
      .meta({ description: 'Whether there are terms of use, and whether you have accepted them as they are now.' }),
  }),
})

const TermsVersion = z.string().regex(/^[0-9a-f]{12}$/)

const Terms = z
  .object({
    text: z.string().nullable().meta({ description: 'Plain text or Markdown; null when there are none.' }),
    version: TermsVersion.nullable().meta({ description: 'Changes with the text.' }),
    accepted_at: moment.nullable().meta({ description: 'When you accepted this version.' }),
  })
  .meta({ id: 'TokenTerms' })

export const showTerms = endpoint({
  id: 'show-token-terms',
  method: 'GET',
  path: '/v1/tokens/terms',
  summary: 'The terms of use that are accepted before the first token',
  access: 'signed_in',
  reply: Terms,
})

export const acceptTerms = endpoint({
  id: 'accept-token-terms',
  method: 'POST',
  path: '/v1/tokens/terms/acceptance',
  summary: 'Accept those terms',
  description: 'In the version that was read; when the text has changed since, 409. Once accepted, it stays.',
  access: 'signed_in',
  shown: 'session',
  audit: 'token.terms_accepted',
  body: z.object({ version: TermsVersion }),
  reply: Terms,
})

export const listPermissions = endpoint({
  id: 'list-permissions',
  method: 'GET',
  path: '/v1/permissions',
  summary: 'Every permission, and whether you may hand it on',
  access: 'signed_in',
  reply: z.object({
    items: z.array(
      z.object({
        permission: z.string(),
        label: z.string(),
        resource: z.string().nullable().meta({ description: 'What a third part would name.' }),
        held: z.boolean(),
      }),
    ),
  }),
})

export const showCurrentToken = endpoint({
  id: 'show-current-token',
  method: 'GET',
  path: '/v1/tokens/current',
  summary: 'What the token that you show is',
  description: 'The header `Tessera-Token-Expires-At` says when it stops working.',
  access: 'signed_in',
  shown: 'token',
  reply: Token,
})

export const revokeCurrentToken = endpoint({
  id: 'revoke-current-token',
  method: 'DELETE',
  path: '/v1/tokens/current',
  summary: 'Revoke the token that you show',
  access: 'signed_in',
  shown: 'token',
  audit: 'token.revoked',
})

export const showToken = endpoint({
  id: 'show-token',
  method: 'GET',
  path: '/v1/tokens/:token',
  summary: 'Show an API token',
  access: 'tokens:write',
  params,
  reply: Token,
})

export const renameToken = endpoint({
  id: 'rename-token',
  method: 'PATCH',
  path: '/v1/tokens/:token',
  summary: 'Give an API token another name or description',
  access: 'tokens:write',
  audit: 'token.renamed',
  params,
  body: z.object({ name: Name.optional(), description: Description.optional() }),
  reply: Token,
})

export const revokeToken = endpoint({
  id: 'revoke-token',
  method: 'DELETE',
  path: '/v1/tokens/:token',
  summary: 'Revoke an API token',
  description: 'When this has answered, no process accepts it any more.',
  access: 'tokens:write',
  audit: 'token.revoked',
  params,
  query: z.object({ reason: Reason.optional() }),
})

export const narrowToken = endpoint({
  id: 'narrow-token',
  method: 'POST',
  path: '/v1/tokens/:token/narrow',
  summary: 'Take permissions or time from an API token',
  description: 'For good: nothing widens a token. When this has answered, no process grants what was taken.',
  access: 'tokens:write',
  audit: 'token.narrowed',
  params,
  body: z.object({ permissions: Permissions.optional(), ...expiry }),
  reply: Token,
})

const succession = {
  access: 'tokens:write',
  idempotent: true,
  secrets: ['secret'],
  perMinute: 60,
  params,
  reply: IssuedToken,
  status: 201,
} as const

export const rotateToken = endpoint({
  ...succession,
  id: 'rotate-token',
  method: 'POST',
  path: '/v1/tokens/:token/rotate',
  summary: 'Give an API token a successor, with an overlap',
  description:
    'Same name and permissions, and as long a life. The old one works on for `overlap_seconds`; 0 stops it at once. Rotated with a token, the successor lives no longer than that one.',
  audit: 'token.rotated',
  body: z.object({
    ...expiry,
    overlap_seconds: z
      .int()
      .min(0)
      .max(2_592_000)
      .default(86_400)
      .meta({ description: 'Up to 30 days; a day when left out.' }),
  }),
})

export const recreateToken = endpoint({
  ...succession,
  id: 'recreate-token',
  method: 'POST',
  path: '/v1/tokens/:token/recreate',
  summary: 'Make a leaked or expired API token anew',
  description: 'Same name and no more permissions. The old one stops at once.',
  audit: 'token.recreated',
  body: z.object({ ...expiry }).optional(),
})

export const readTokenUses = endpoint({
  id: 'read-token-uses',
  method: 'GET',
  path: '/v1/tokens/:token/uses',
  summary: 'How often a token was used, day by day (UTC), and from where',
  description:
    'Of each day the first 20 pairs of address and client are told apart; all others are one entry without either. From where is known for 400 days.',
  access: 'tokens:write',
  params,
  query: z.object({ days: z.coerce.number().int().min(1).max(366).default(30) }),
  reply: z.object({
    total: z.int(),
    days: z.array(z.object({ day: z.iso.date(), uses: z.int() })),
    sources: z
      .array(
        z.object({
          day: z.iso.date(),
          address: z.string().nullable(),
          client: z.string().nullable().meta({ description: 'The `User-Agent`, shortened.' }),
          uses: z.int(),
          first_at: moment,
          last_at: moment,
        }),
      )
      .meta({ description: 'From where it was used, newest first.' }),
  }),
})

export const readTokenCalendar = endpoint({
  id: 'read-token-calendar',
  method: 'GET',
  path: '/v1/tokens/:token/calendar.ics',
  summary: 'The expiry date as a calendar entry',
  access: 'tokens:write',
  params,
  media: ['text/calendar'],
})

export const showFeed = endpoint({
  id: 'show-token-feed',
  method: 'GET',
  path: '/v1/tokens/feed',
  summary: 'Whether there is a calendar feed of your tokens’ expiry dates',
  access: 'tokens:write',
  reply: z.object({ created_at: moment.nullable() }),
})

export const renewFeed = endpoint({
  id: 'renew-token-feed',
  method: 'POST',
  path: '/v1/tokens/feed',
  summary: 'Make the address of that calendar feed, or a new one',
  description: 'The address opens the calendar and nothing else. It is shown this once; the one before stops working.',
  access: 'tokens:write',
  audit: 'token.feed_renewed',
  secrets: ['address'],
  perMinute: 10,
  reply: z.object({ address: z.url(), created_at: moment }),
  status: 201,
})

export const endFeed = endpoint({
  id: 'end-token-feed',
  method: 'DELETE',
  path: '/v1/tokens/feed',
  summary: 'Stop that calendar feed',
  access: 'tokens:write',
  audit: 'token.feed_ended',
})

export const readFeed = endpoint({
  id: 'read-token-feed',
  method: 'GET',
  path: '/v1/tokens/feed/:feed',
  summary: 'The calendar feed itself',
  access: 'public',
  params: z.object({ feed: z.string().max(100) }),
  perMinute: 60,
  media: ['text/calendar'],
})

const slotParams = z.object({ slot: z.enum(slots) })

export const showSlot = endpoint({
  id: 'show-token-slot',
  method: 'GET',
  path: '/v1/tokens/slots/:slot',
  summary: 'Your one token for XDMoD’s or Dataverse’s clients',
  description: 'Even an expired one: it fills the slot until it is made anew or deleted.',
  access: 'tokens:write',
  params: slotParams,
  reply: z.object({
    token: Token.nullable(),
    next_expires_at: moment.nullable().meta({
      description: 'When a token made now would expire; null where nobody makes tokens for themselves.',
    }),
  }),
})

export const fillSlot = endpoint({
  id: 'fill-token-slot',
  method: 'POST',
  path: '/v1/tokens/slots/:slot',
  summary: 'Make that token, or make it anew',
  description: 'The one before stops at once. The token itself is in this reply and nowhere else.',
  access: 'tokens:write',
  audit: ['token.issued', 'token.recreated'],
  idempotent: true,
  secrets: ['secret'],
  perMinute: 60,
  params: slotParams,
  reply: IssuedToken,
  status: 201,
})

export const emptySlot = endpoint({
  id: 'empty-token-slot',
  method: 'DELETE',
  path: '/v1/tokens/slots/:slot',
  summary: 'Delete that token',
  description: 'When this has answered, no process accepts it any more.',
  access: 'tokens:write',
  audit: 'token.revoked',
  params: slotParams,
})

export const revokeTokens = endpoint({
  id: 'revoke-tokens',
  method: 'POST',
  path: '/v1/tokens/revocations',
  summary: 'Revoke every token that a filter finds',
  description: 'At least one criterion, or `all`. With `dry_run` nothing is changed, only counted.',
  access: 'tokens:admin',
  audit: 'token.revoked',
  body: z
    .object({
      ids: z.array(TokenId).min(1).max(1000).optional(),
      account: z.string().max(64).optional(),
      ...criteria,
      // An empty one finds everything, for which there is `all`.
      search: criteria.search.unwrap().min(1).optional(),
      expires_before: moment.optional(),
      unused_since: moment.optional(),
      issued_before: moment.optional(),
      live: z
        .literal(true)
        .optional()
        .meta({ description: 'Of what is found only those that have not expired, as lists with `live` show them.' }),
      all: z.literal(true).optional(),
      reason: Reason,
      dry_run: z.boolean().default(false),
      expected: z.int().min(0).optional().meta({
        description: 'How many a dry run counted: when it is another number now, nothing is revoked (409).',
      }),
    })
    .refine(
      ({ reason, dry_run, live, expected, ...found }) => Object.values(found).some((value) => value !== undefined),
      'needs a criterion, or all',
    ),
  reply: z.object({ matched: z.int(), revoked: z.int() }),
})

export const reportLeak = endpoint({
  id: 'report-leaked-tokens',
  method: 'POST',
  path: '/v1/tokens/leaked',
  summary: 'Report tokens that were found where they should not be',
  description:
    'Anyone may: who holds a token can stop it. Those that are tokens of ours die at once, and their owners get mail. The reply is the same for all.',
  access: 'public',
  audit: 'token.leaked',
  perMinute: 60,
  body: z.object({
    tokens: z.array(z.string().max(200)).min(1).max(1000),
    found_at: z
      .string()
      .max(500)
      .regex(/^\P{Cc}*$/u, 'is one line of text')
      .optional()
      .meta({ description: 'Where, for the owner: a link, a file.' }),
  }),
  reply: z.object({ received: z.int() }),
  status: 202,
})

const form = ['application/x-www-form-urlencoded']
const shownToken = z.object({ token: z.string().min(1).max(500), token_type_hint: z.string().max(50).optional() })

export const introspect = endpoint({
  id: 'introspect-token',
  method: 'POST',
  path: '/oauth/introspect',
  summary: 'Whether a token is active (RFC 7662)',
  access: 'tokens:introspect',
  reads: true,
  accepts: form,
  dialect: oauthDialect,
  body: shownToken,
  reply: z.union([
    z.object({
      active: z.literal(true),
      scope: z.string(),
      client_id: z.string(),
      username: z.string(),
      token_type: z.literal('Bearer'),
      sub: z.string(),
      jti: z.string(),
      iss: z.string(),
      iat: z.int(),
      nbf: z.int(),
      exp: z.int(),
    }),
    z.object({ active: z.literal(false) }),
  ]),
})

export const oauthRevoke = endpoint({
  id: 'oauth-revoke-token',
  method: 'POST',
  path: '/oauth/revoke',
  summary: 'Revoke a token by showing it (RFC 7009)',
  description: '200 whether or not it was a token of ours.',
  access: 'public',
  audit: 'token.revoked',
  perMinute: 60,
  accepts: form,
  dialect: oauthDialect,
  body: shownToken,
  status: 200,
})
