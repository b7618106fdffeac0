import { z } from 'zod'
import { ParameterValues } from '#src/reports/definition.ts'
import { Schedule } from '#src/schedule/schedule.ts'

/** What a subscription is. What its names mean is checked whenever it is saved. */

export const fileFormats = ['pdf', 'xlsx', 'csv', 'png'] as const
export type FileFormat = (typeof fileFormats)[number]

/** One line: read in lists, subjects and logs. Nothing that ends the line or turns the text after it around. */
const oneLine = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .regex(/^[^\p{Cc}\u202A-\u202E\u2066-\u2069]*$/u, 'is one line of text, without marks that turn its direction')

const Address = z.email().max(254).meta({ description: 'A mail address.' })

const RecipientAsk = z
  .union([
    z.strictObject({ account: z.uuid().meta({ description: 'The id of a person’s account.' }) }),
    z.strictObject({ address: Address, name: oneLine(100).optional() }),
  ])
  .meta({
    id: 'RecipientAsk',
    description:
      'A person with an account (gets it in the inbox and, with an address in the profile, by mail), or a mail address.',
  })

const DestinationAsk = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('mail') }),
    z.strictObject({
      type: z.literal('webhook'),
      id: z
        .string()
        .regex(/^[a-z0-9][a-z0-9-]{0,31}$/)
        .meta({ description: 'Names this webhook within the subscription.' }),
      url: z.url({ protocol: /^https?$/ }).max(2000),
    }),
    z.strictObject({
      type: z.literal('folder'),
      path: z
        .string()
        .min(1)
        .max(200)
        .meta({ description: 'Names below `delivered/` in the data directory, e.g. `monthly/usage`.' }),
    }),
  ])
  .meta({
    id: 'DestinationAsk',
    description:
      '`mail`: one mail to each recipient. `webhook`: one signed POST (Standard Webhooks). `folder`: files on the server. The inbox of recipients with an account needs no entry.',
  })

const Burst = z
  .union([
    z.strictObject({
      by: z.string().max(100).meta({ description: 'The dimension whose values part the report.' }),
      recipients: z
        .array(
          z.strictObject({
            recipient: RecipientAsk,
            values: z.array(z.string().max(500)).min(1).max(1000),
          }),
        )
        .min(1)
        .max(10_000),
    }),
    z.strictObject({
      by: z.string().max(100),
      from: z.strictObject({
        model: z.string().max(100),
        option_set: z.string().max(100),
        address: z.enum(['id', 'label']).meta({ description: 'Which of the two is the mail address (or user name).' }),
        value: z.enum(['id', 'label']).meta({ description: 'Which of the two is the value of the dimension.' }),
      }),
    }),
  ])
  .meta({
    id: 'Burst',
    description:
      'One run, each recipient their own rows: values of a dimension by recipient, written down or read from an option set of a model at every run. Recipients of a burst are those named here.',
  })

const Condition = z
  .strictObject({
    only_if_rows: z.boolean().optional().meta({ description: 'Nothing is sent when the report has no rows.' }),
    only_if_changed: z
      .boolean()
      .optional()
      .meta({ description: 'Nothing is sent when it is what was delivered last.' }),
    threshold: z
      .strictObject({
        block: z.string().max(64).meta({ description: 'The id of a number block of the report.' }),
        is: z.enum(['above', 'below', 'up_by_percent', 'down_by_percent']).meta({
          description: '`up_by_percent`, `down_by_percent`: against the value at the run before.',
        }),
        value: z.number(),
      })
      .optional(),
  })
  .meta({ id: 'DeliveryCondition', description: 'All that are given must hold; otherwise the run ends as `skipped`.' })

const template = (most: number) => z.string().max(most)

export const definitionMembers = {
  name: oneLine(120),
  description: z.string().trim().max(1000).default(''),
  report: z.string().max(64).meta({ description: 'The id of the report.' }),
  parameters: ParameterValues.default({}),
  open_parameters: z.array(z.string().max(64)).max(50).default([]).meta({
    description:
      'Parameters of the report that whoever starts a run may set; all others only the owner and administrators. Dry runs, which have the rights of who asks, may set any.',
  }),
  schedule: Schedule.nullable().default(null).meta({ description: 'Null: it runs only when asked.' }),
  refresh_first: z
    .boolean()
    .default(false)
    .meta({ description: 'Whether the models behind the report are refreshed before each run.' }),
  recipients: z.array(RecipientAsk).max(10_000).default([]),
  destinations: z
    .array(DestinationAsk)
    .max(20)
    .default([{ type: 'mail' }]),
  formats: z.array(z.enum(fileFormats)).max(4).default(['pdf']).meta({
    description: 'Files that are made. None: the report stands in the mail itself and nowhere else.',
  }),
  in_body: z
    .boolean()
    .default(true)
    .meta({ description: 'Whether the mail shows the report, and not the message only.' }),
  files: z.enum(['attached', 'linked']).default('attached').meta({
    description: 'How files reach people by mail: attached, or behind a link of their own that expires.',
  }),
  link_days: z.int().min(1).max(365).default(30).meta({ description: 'How long links to files hold.' }),
  subject: template(200).default('{{report}}'),
  body: template(5000).default(''),
  rows: z.enum(['owner', 'recipient']).default('owner').meta({
    description: 'Whose rights decide which rows are in it: the owner’s, or each recipient’s own (accounts only).',
  }),
  burst: Burst.nullable().default(null),
  condition: Condition.nullable().default(null),
  failure_addresses: z.array(Address).max(20).optional().meta({
    description: 'Who is told when a run fails. Default: the owner’s address.',
  }),
}

export const SubscriptionAsk = z.object(definitionMembers)

/** What a subscription says, as it is kept. */
export type Definition = z.output<typeof SubscriptionAsk>
export type RecipientAsk = Definition['recipients'][number]
export type DestinationAsk = Definition['destinations'][number]
export type WebhookAsk = Extract<DestinationAsk, { type: 'webhook' }>
export type Burst = NonNullable<Definition['burst']>
export type Condition = NonNullable<Definition['condition']>

export const webhooksOf = ({ destinations }: Pick<Definition, 'destinations'>): WebhookAsk[] =>
  destinations.filter((one) => one.type === 'webhook')

/** Names a destination in deliveries. */
export const destinationName = (destination: DestinationAsk): string =>
  destination.type === 'mail'
    ? 'mail'
    : destination.type === 'webhook'
      ? `webhook:${destination.id}`
      : `folder:${destination.path}`
