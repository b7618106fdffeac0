import { z } from 'zod'
import { endpoint } from '#src/http/endpoint.ts'
import { flag, pageQuery } from '#src/http/parameters.ts'
import { ParameterValues } from '#src/reports/definition.ts'
import { runAskMembers, StartedRun } from '#src/runs/contract.ts'
import { ScheduleMembers } from '#src/schedule/shape.ts'
import { definitionMembers, fileFormats, SubscriptionAsk } from './definition.ts'

const moment = () => z.iso.datetime()

// ── Words ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Set by hand, by the end of the schedule, and by age. */
export const subscriptionStates = ['active', 'paused', 'completed', 'archived'] as const
export type SubscriptionState = (typeof subscriptionStates)[number]

export const deliveryStates = [
  'pending',
  'sending',
  'delivered',
  'failed',
  'unconfirmed',
  'skipped',
  'cancelled',
  'unsubscribed',
] as const
export type DeliveryState = (typeof deliveryStates)[number]

/** Addresses below `/v1/subscriptions/`, and the portal's `/subscriptions/`, that are none of a subscription. */
export const reservedIds = ['new', 'policy', 'preview', 'recipients'] as const

const subscriptionId = /^[a-z0-9][a-z0-9-]{0,63}$/
const Id = z.string().regex(subscriptionId).meta({
  description: 'Names the subscription in addresses and permissions (`subscriptions:run:weekly-usage`); never changes.',
})
const params = z.object({ subscription: Id })

// ── What is told of a subscription ───────────────────────────────────────────────────────────────────────────────────

const Recipient = z
  .object({
    recipient: z
      .string()
      .meta({ description: 'Names the recipient in runs and deliveries.', examples: ['ada@example.org'] }),
    account: z.uuid().nullable(),
    address: z.string().nullable(),
    name: z.string(),
    state: z.enum(['active', 'unsubscribed', 'no_address', 'not_allowed', 'disabled', 'unknown']).meta({
      description:
        '`no_address`: an account without a mail address; it gets it in the inbox only. `not_allowed`: an address to which mail may not go now (`allowed_domains`).',
    }),
    unsubscribed_at: moment().nullable(),
  })
  .meta({ id: 'Recipient' })

const LastRun = z.object({ id: z.uuid(), state: z.string(), at: moment() })

export const Subscription = z
  .object({
    id: Id,
    ...definitionMembers,
    parameters: ParameterValues,
    schedule: ScheduleMembers.nullable(),
    failure_addresses: z.array(z.string()),
    state: z.enum(subscriptionStates),
    state_reason: z.string().nullable(),
    owner: z.object({ id: z.uuid(), user_name: z.string(), name: z.string() }),
    report_title: z.string().nullable().meta({ description: 'Null when there is no such report any more.' }),
    resolved_recipients: z.array(Recipient).meta({
      description:
        'All of them, to its owner and administrators. To others these, `recipients`, `burst` and `failure_addresses` name nobody but themselves.',
    }),
    recipient_count: z.int(),
    schedule_text: z.string().nullable().meta({ description: 'The schedule in words.' }),
    next_run_at: moment().nullable(),
    last_run: LastRun.nullable(),
    unsubscribed: z.int().meta({ description: 'How many have unsubscribed.' }),
    may: z.object({ run: z.boolean(), edit: z.boolean() }).meta({ description: 'What you may do with it.' }),
    version: z.int(),
    created_at: moment(),
    updated_at: moment(),
  })
  .meta({ id: 'Subscription' })

const WebhookSecret = z.object({
  webhook: z.string(),
  secret: z
    .string()
    .meta({ description: 'With it the receiver checks the signature. Shown this once.', examples: ['whsec_…'] }),
})

const SavedSubscription = Subscription.extend({
  webhook_secrets: z
    .array(WebhookSecret)
    .optional()
    .meta({ description: 'Of webhooks that are new. Shown this once.' }),
}).meta({ id: 'SavedSubscription' })

const SubscriptionLine = z
  .object({
    id: Id,
    name: z.string(),
    report: z.string(),
    report_title: z.string().nullable(),
    owner: z.object({ id: z.uuid(), user_name: z.string(), name: z.string() }),
    state: z.enum(subscriptionStates),
    schedule_text: z.string().nullable(),
    time_zone: z.string().nullable().meta({ description: 'Of its schedule; null where it has none.' }),
    next_run_at: moment().nullable(),
    recipients: z.int(),
    destinations: z.array(z.enum(['mail', 'webhook', 'folder'])),
    formats: z.array(z.enum(fileFormats)),
    last_run: LastRun.nullable(),
    may: z.object({ run: z.boolean(), edit: z.boolean() }),
    updated_at: moment(),
  })
  .meta({ id: 'SubscriptionLine' })

// ── Subscriptions ────────────────────────────────────────────────────────────────────────────────────────────────────

export const listSubscriptions = endpoint({
  id: 'list-subscriptions',
  method: 'GET',
  path: '/v1/subscriptions',
  summary: 'List subscriptions',
  description: 'Your own, and those that you may run or edit.',
  access: 'signed_in',
  query: z.object({
    ...pageQuery(),
    state: z.enum(subscriptionStates).optional(),
    report: z.string().max(64).optional(),
    search: z.string().max(100).optional().meta({ description: 'Part of id, name or report.' }),
    own: flag().optional(),
  }),
  reply: z.object({ subscriptions: z.array(SubscriptionLine), total: z.int() }),
})

export const readSubscriptionPolicy = endpoint({
  id: 'read-subscription-policy',
  method: 'GET',
  path: '/v1/subscriptions/policy',
  summary: 'What a subscription may contain here: formats, placeholders, allowed domains',
  access: 'signed_in',
  reply: z.object({
    formats: z.array(z.enum(fileFormats)),
    placeholders: z.array(z.object({ name: z.string(), meaning: z.string() })),
    allowed_domains: z
      .array(z.string())
      .nullable()
      .meta({ description: 'Mail addresses outside of accounts must be in one of these. Null: any.' }),
    most_recipients: z.int(),
    mail_via: z
      .enum(['smtp', 'outbox'])
      .meta({ description: '`outbox`: there is no mail server; mails become files.' }),
  }),
})

export const listPossibleRecipients = endpoint({
  id: 'list-possible-recipients',
  method: 'GET',
  path: '/v1/subscriptions/recipients',
  summary: 'Find people with an account to send to',
  access: 'subscriptions:write',
  someResource: true,
  query: z.object({ ...pageQuery(50, 20), search: z.string().max(100).optional() }),
  reply: z.object({
    recipients: z.array(
      z.object({ account: z.uuid(), user_name: z.string(), name: z.string(), has_address: z.boolean() }),
    ),
  }),
})

export const createSubscription = endpoint({
  id: 'create-subscription',
  method: 'POST',
  path: '/v1/subscriptions',
  summary: 'Make a subscription',
  description:
    'You become its owner: it runs with your rights, as they are at each run. Needs, of whoever asks, `reports:read` on the report; `warehouse:read` on the model that the recipients of a burst are read from; `models:refresh` on the models behind the report for `refresh_first`; and `subscriptions:run` on its id for a schedule. Secrets of its webhooks are in this reply and nowhere else.',
  access: 'subscriptions:write',
  someResource: true,
  audit: 'subscription.created',
  idempotent: true,
  secrets: ['webhook_secrets'],
  body: SubscriptionAsk.extend({ id: Id }),
  reply: SavedSubscription,
  status: 201,
})

export const getSubscription = endpoint({
  id: 'get-subscription',
  method: 'GET',
  path: '/v1/subscriptions/:subscription',
  summary: 'Read a subscription',
  access: 'signed_in',
  params,
  reply: Subscription,
})

export const updateSubscription = endpoint({
  id: 'update-subscription',
  method: 'PUT',
  path: '/v1/subscriptions/:subscription',
  summary: 'Change a subscription',
  description:
    'Takes the whole of it, and the `ETag` that you read as `If-Match`. Only its owner or an administrator, with the permissions that making it takes.',
  access: 'subscriptions:write',
  resource: 'subscription',
  audit: 'subscription.updated',
  params,
  body: SubscriptionAsk,
  reply: SavedSubscription,
})

export const deleteSubscription = endpoint({
  id: 'delete-subscription',
  method: 'DELETE',
  path: '/v1/subscriptions/:subscription',
  summary: 'Delete a subscription',
  description: 'Its runs and their deliveries can still be read by who started them.',
  access: 'subscriptions:write',
  resource: 'subscription',
  audit: 'subscription.deleted',
  params,
  status: 204,
})

const stateChange = <const I extends string, const P extends string, const S extends string>(
  id: I,
  path: P,
  summary: S,
) =>
  endpoint({
    id,
    method: 'POST',
    path,
    summary,
    access: 'subscriptions:write',
    resource: 'subscription',
    audit: 'subscription.state_changed',
    params,
    reply: Subscription,
  })

export const pauseSubscription = stateChange(
  'pause-subscription',
  '/v1/subscriptions/:subscription/pause',
  'Pause a subscription: its schedule rests, and nobody can run it',
)
export const resumeSubscription = stateChange(
  'resume-subscription',
  '/v1/subscriptions/:subscription/resume',
  'Let a paused, completed or archived subscription go on',
)
export const archiveSubscription = stateChange(
  'archive-subscription',
  '/v1/subscriptions/:subscription/archive',
  'Put a subscription away',
)

export const changeSubscriptionOwner = endpoint({
  id: 'change-subscription-owner',
  method: 'POST',
  path: '/v1/subscriptions/:subscription/owner',
  summary: 'Give a subscription to another owner',
  description:
    'From then on it runs with the rights of the new owner, and its recipients get their rows: look who they are first. Needs `accounts:admin` besides: only an administrator may.',
  access: 'subscriptions:write',
  resource: 'subscription',
  audit: 'subscription.owner_changed',
  params,
  body: z.object({ account: z.uuid() }),
  reply: Subscription,
})

export const renewWebhookSecret = endpoint({
  id: 'renew-webhook-secret',
  method: 'POST',
  path: '/v1/subscriptions/:subscription/webhooks/:webhook/secret',
  summary: 'Make a new secret for a webhook; the old one signs nothing more',
  access: 'subscriptions:write',
  resource: 'subscription',
  audit: 'subscription.webhook_renewed',
  params: params.extend({ webhook: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/) }),
  reply: WebhookSecret,
})

export const listSubscriptionRecipients = endpoint({
  id: 'list-subscription-recipients',
  method: 'GET',
  path: '/v1/subscriptions/:subscription/recipients',
  summary: 'Who gets a subscription, and who has left it',
  description: 'For its owner and administrators.',
  access: 'subscriptions:write',
  resource: 'subscription',
  params,
  reply: z.object({ recipients: z.array(Recipient) }),
})

// ── What it would do ─────────────────────────────────────────────────────────────────────────────────────────────────

const Preview = z
  .object({
    recipients: z
      .array(
        z.object({
          recipient: z.string(),
          name: z.string(),
          destinations: z.array(z.string()).meta({ description: '`mail`, `inbox`.' }),
          values: z.array(z.string()).nullable().meta({ description: 'Their own values of the burst’s dimension.' }),
          skipped: z.string().nullable().meta({ description: 'Why they would get nothing.' }),
        }),
      )
      .meta({ description: 'At most 200 of them.' }),
    total: z.int(),
    slices: z.int().meta({ description: 'How many different reports would be made.' }),
    destinations: z.array(z.string()).meta({ description: 'Besides people: `webhook:…`, `folder:…`.' }),
    subject: z.string(),
    body: z.string(),
    html: z.string().nullable().meta({ description: 'The mail to the first recipient, as it would look.' }),
    rows: z.int().nullable(),
    notes: z.array(z.string()).meta({ description: 'What the report had to leave out.' }),
    schedule_text: z.string().nullable(),
    next_runs: z.array(moment()).meta({ description: 'The next five.' }),
  })
  .meta({ id: 'SubscriptionPreview' })

export const previewSubscription = endpoint({
  id: 'preview-subscription',
  method: 'POST',
  path: '/v1/subscriptions/preview',
  summary: 'See who would get what from a subscription that is not saved yet',
  description: 'Sends nothing and keeps nothing.',
  access: 'subscriptions:write',
  someResource: true,
  reads: true,
  perMinute: 60,
  body: SubscriptionAsk.extend({ id: Id.optional() }),
  reply: Preview,
})

export const previewSavedSubscription = endpoint({
  id: 'preview-saved-subscription',
  method: 'POST',
  path: '/v1/subscriptions/:subscription/preview',
  summary: 'See who would get what from a subscription now',
  description:
    'Sends nothing and keeps nothing. The mail is shown with your own rights. Only its owner or an administrator.',
  access: 'subscriptions:write',
  resource: 'subscription',
  reads: true,
  perMinute: 60,
  params,
  reply: Preview,
})

// ── Runs ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

export const startSubscriptionRun = endpoint({
  id: 'start-subscription-run',
  method: 'POST',
  path: '/v1/subscriptions/:subscription/runs',
  summary: 'Start a subscription: the report is made and goes to its recipients',
  description:
    'Answers 202 with the address of the run once the run is durably stored. The body may be left out. With `Prefer: wait=30` the answer is held until the run has ended.',
  access: 'subscriptions:run',
  resource: 'subscription',
  audit: ['subscription.run_requested', 'run.cancelled'],
  idempotent: true,
  params,
  body: z
    .object({
      ...runAskMembers,
      parameters: ParameterValues.optional().meta({
        description:
          'Instead of the subscription’s own, one by one. Only its `open_parameters`, unless you own it or are an administrator, and may edit it.',
      }),
      recipients: z
        .array(z.string().max(320))
        .min(1)
        .max(10_000)
        .optional()
        .meta({ description: 'Only these of the subscription’s recipients. Never others.' }),
      formats: z.array(z.enum(fileFormats)).max(4).optional(),
      dry_run: z.boolean().default(false).meta({
        description: 'Makes the files with your own rights, keeps them as artifacts of the run, and sends nothing.',
      }),
      refresh_first: z.boolean().optional().meta({
        description: 'Refreshes the models behind the report first; needs `models:refresh` on each.',
      }),
    })
    .optional(),
  startsRun: true,
  reply: StartedRun,
  status: 202,
})

export const testSubscription = endpoint({
  id: 'test-subscription',
  method: 'POST',
  path: '/v1/subscriptions/:subscription/test',
  summary: 'Send a subscription to yourself only',
  description: 'As you may see it: with your own rights, to your inbox and your mail address.',
  access: 'subscriptions:write',
  resource: 'subscription',
  audit: 'subscription.run_requested',
  idempotent: true,
  params,
  startsRun: true,
  reply: StartedRun,
  status: 202,
})

const Delivery = z
  .object({
    id: z.uuid(),
    recipient: z.string(),
    name: z.string(),
    destination: z.string().meta({ description: '`mail`, `inbox`, `webhook:…` or `folder:…`.' }),
    slice: z.string().nullable().meta({ description: 'In a burst: the values of this recipient.' }),
    state: z.enum(deliveryStates).meta({
      description:
        '`unconfirmed`: it was being sent when the answer was lost. It may have arrived, so it is not sent again by itself.',
    }),
    reason: z.string().nullable(),
    attempts: z.int(),
    message_id: z.string().nullable(),
    next_try_at: moment().nullable(),
    updated_at: moment(),
    delivered_at: moment().nullable(),
  })
  .meta({ id: 'Delivery' })

export const listDeliveries = endpoint({
  id: 'list-deliveries',
  method: 'GET',
  path: '/v1/runs/:run/deliveries',
  summary: 'Read who got what from a run: one row for each recipient and destination',
  description:
    'All rows to the owner of the subscription and to administrators; to others their own. `counts` are of all.',
  access: 'signed_in',
  params: z.object({ run: z.uuid() }),
  query: z.object({ ...pageQuery(1000, 200), state: z.enum(deliveryStates).optional() }),
  reply: z.object({ deliveries: z.array(Delivery), counts: z.record(z.string(), z.int()) }),
})

export const downloadDeliveries = endpoint({
  id: 'download-deliveries',
  method: 'GET',
  path: '/v1/runs/:run/deliveries.csv',
  summary: 'Download the deliveries of a run as CSV',
  access: 'signed_in',
  params: z.object({ run: z.uuid() }),
  media: ['text/csv'],
})

// ── From another application ─────────────────────────────────────────────────────────────────────────────────────────

export const readSubscriptionCalls = endpoint({
  id: 'read-subscription-calls',
  method: 'GET',
  path: '/v1/subscriptions/:subscription/calls',
  summary: 'Ready-made calls that start a subscription from another application',
  access: 'subscriptions:run',
  resource: 'subscription',
  params,
  reply: z.object({
    permission: z.string().meta({ description: 'What a token needs for it.' }),
    calls: z.array(z.object({ title: z.string(), language: z.string(), text: z.string() })),
    postman: z.string().meta({ description: 'Address of a Postman collection.' }),
  }),
})

export const readSubscriptionPostman = endpoint({
  id: 'read-subscription-postman',
  method: 'GET',
  path: '/v1/subscriptions/:subscription/postman.json',
  summary: 'The same as a Postman collection',
  access: 'subscriptions:run',
  resource: 'subscription',
  params,
  media: ['application/json'],
})
