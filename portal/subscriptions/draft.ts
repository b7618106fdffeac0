import { emptySchedule, type ScheduleForm, scheduleFormOf, scheduleOf } from './schedule-form.ts'
import type { FileFormat, ParameterValues, Subscription, SubscriptionAsk } from './subscription.ts'

/** Somebody in the list of recipients, with the rows that are theirs should the report be parted. */
export interface DraftRecipient {
  /** The id of an account; null for a mere address. */
  readonly account: string | null
  readonly address: string | null
  readonly name: string
  readonly values: readonly string[]
}

type Threshold = NonNullable<NonNullable<SubscriptionAsk['condition']>['threshold']>
type OptionSetSource = Extract<NonNullable<SubscriptionAsk['burst']>, { from: unknown }>['from']

/** A subscription as its editor holds it: what is chosen, and what was chosen before it was switched off. */
export interface Draft {
  readonly id: string
  /** The id follows the name until somebody writes one. */
  readonly ownId: boolean
  readonly name: string
  readonly description: string
  readonly report: string | null
  readonly parameters: ParameterValues
  readonly openParameters: readonly string[]
  readonly schedule: ScheduleForm
  readonly refreshFirst: boolean
  readonly recipients: readonly DraftRecipient[]
  readonly mail: boolean
  readonly webhooks: readonly { readonly id: string; readonly url: string }[]
  readonly folders: readonly string[]
  readonly formats: readonly FileFormat[]
  readonly inBody: boolean
  readonly files: 'attached' | 'linked'
  readonly linkDays: number
  readonly subject: string
  readonly body: string
  readonly rows: 'owner' | 'recipient'
  readonly burst: 'none' | 'named' | 'model'
  readonly burstBy: string
  readonly burstFrom: OptionSetSource
  readonly onlyIfRows: boolean
  readonly onlyIfChanged: boolean
  readonly threshold: Threshold | null
  readonly failureAddresses: readonly string[] | null
}

export const emptyDraft = (timeZone: string): Draft => ({
  id: '',
  ownId: false,
  name: '',
  description: '',
  report: null,
  parameters: {},
  openParameters: [],
  schedule: emptySchedule(timeZone),
  refreshFirst: false,
  recipients: [],
  mail: true,
  webhooks: [],
  folders: [],
  formats: ['pdf'],
  inBody: true,
  files: 'attached',
  linkDays: 30,
  subject: '{{report}}',
  body: '',
  rows: 'owner',
  burst: 'none',
  burstBy: '',
  burstFrom: { model: '', option_set: '', address: 'id', value: 'label' },
  onlyIfRows: false,
  onlyIfChanged: false,
  threshold: null,
  failureAddresses: null,
})

/** What the server is given. */
export function askOf(draft: Draft): SubscriptionAsk {
  const { onlyIfRows, onlyIfChanged, threshold, failureAddresses } = draft
  const condition = {
    ...(onlyIfRows && { only_if_rows: true }),
    ...(onlyIfChanged && { only_if_changed: true }),
    ...(threshold && { threshold }),
  }
  return {
    name: draft.name,
    description: draft.description,
    report: draft.report ?? '',
    parameters: draft.parameters,
    open_parameters: [...draft.openParameters],
    schedule: scheduleOf(draft.schedule) as NonNullable<SubscriptionAsk['schedule']> | null,
    refresh_first: draft.refreshFirst,
    recipients: draft.burst === 'none' ? draft.recipients.map(recipientAsk) : [],
    destinations: [
      ...(draft.mail ? [{ type: 'mail' as const }] : []),
      ...draft.webhooks.map((webhook) => ({ type: 'webhook' as const, ...webhook })),
      ...draft.folders.map((path) => ({ type: 'folder' as const, path })),
    ],
    formats: [...draft.formats],
    in_body: draft.inBody,
    files: draft.files,
    link_days: draft.linkDays,
    subject: draft.subject,
    body: draft.body,
    rows: draft.rows,
    burst: burstOf(draft),
    condition: Object.keys(condition).length === 0 ? null : condition,
    ...(failureAddresses !== null && { failure_addresses: [...failureAddresses] }),
  }
}

type RecipientAsk = NonNullable<SubscriptionAsk['recipients']>[number]

const recipientAsk = ({ account, address, name }: DraftRecipient): RecipientAsk =>
  account !== null ? { account } : { address: address ?? '', ...(name !== '' && name !== address && { name }) }

function burstOf({ burst, burstBy: by, burstFrom, recipients }: Draft): SubscriptionAsk['burst'] {
  if (burst === 'none') return null
  if (burst === 'model') return { by, from: burstFrom }
  return {
    by,
    recipients: recipients.map((each) => ({ recipient: recipientAsk(each), values: [...each.values] })),
  }
}

/** The draft of a subscription that there is. */
export function draftOf(subscription: Subscription, timeZone: string): Draft {
  const { burst, condition, destinations } = subscription
  const known = new Map(subscription.resolved_recipients.map((each) => [each.account ?? each.address, each]))
  const recipient = (asked: RecipientAsk, values: readonly string[] = []): DraftRecipient => {
    const key = 'account' in asked ? asked.account : asked.address
    const found = known.get(key)
    const name = ('name' in asked ? asked.name : undefined) ?? found?.name ?? key
    return 'account' in asked
      ? { account: asked.account, address: found?.address ?? null, name, values }
      : { account: null, address: asked.address, name, values }
  }
  const empty = emptyDraft(timeZone)
  return {
    ...empty,
    id: subscription.id,
    ownId: true,
    name: subscription.name,
    description: subscription.description,
    report: subscription.report,
    parameters: subscription.parameters,
    openParameters: subscription.open_parameters,
    schedule: scheduleFormOf(subscription.schedule, timeZone),
    refreshFirst: subscription.refresh_first,
    recipients:
      burst && 'recipients' in burst
        ? burst.recipients.map((each) => recipient(each.recipient, each.values))
        : subscription.recipients.map((each) => recipient(each)),
    mail: destinations.some(({ type }) => type === 'mail'),
    webhooks: destinations.flatMap((each) => (each.type === 'webhook' ? [{ id: each.id, url: each.url }] : [])),
    folders: destinations.flatMap((each) => (each.type === 'folder' ? [each.path] : [])),
    formats: subscription.formats,
    inBody: subscription.in_body,
    files: subscription.files,
    linkDays: subscription.link_days,
    subject: subscription.subject,
    body: subscription.body,
    rows: subscription.rows,
    burst: burst === null ? 'none' : 'from' in burst ? 'model' : 'named',
    burstBy: burst?.by ?? '',
    burstFrom: burst && 'from' in burst ? burst.from : empty.burstFrom,
    onlyIfRows: condition?.only_if_rows ?? false,
    onlyIfChanged: condition?.only_if_changed ?? false,
    threshold: condition?.threshold ?? null,
    failureAddresses: subscription.failure_addresses,
  }
}

/** What is kept for the next one by "Save and add another": the report, as it is asked and told. */
export function nextDraft(draft: Draft, timeZone: string): Draft {
  const { report, parameters, formats, inBody, files, linkDays, subject, body } = draft
  return { ...emptyDraft(timeZone), report, parameters, formats, inBody, files, linkDays, subject, body }
}

/** "Weekly usage, by PI" as an id: "weekly-usage-by-pi". */
export const idFrom = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 64)
    .replace(/-+$/, '')

export const steps = ['report', 'frequency', 'destinations', 'review'] as const
export type Step = (typeof steps)[number]

/** What a step still wants before the next can be gone to; empty when it is done. The rest is for the server to judge. */
export function missingIn(step: Step, draft: Draft): string[] {
  if (step === 'report')
    return [
      ...(draft.report === null ? ['Choose a report.'] : []),
      ...(draft.name.trim() === '' ? ['Give the subscription a name.'] : []),
    ]
  if (step === 'frequency') {
    const { frequency, on, weekdays, monthBy, monthDays, cron } = draft.schedule
    return [
      ...(frequency === 'once' && on === null ? ['Choose the day.'] : []),
      ...(frequency === 'weekly' && weekdays.length === 0 ? ['Choose at least one day of the week.'] : []),
      ...(frequency === 'monthly' && monthBy === 'day' && monthDays.length === 0
        ? ['Choose at least one day of the month.']
        : []),
      ...(frequency === 'cron' && cron.trim() === '' ? ['Write the cron expression.'] : []),
    ]
  }
  if (step === 'destinations')
    return [
      ...(draft.burst !== 'model' &&
      draft.recipients.length === 0 &&
      draft.webhooks.length === 0 &&
      draft.folders.length === 0
        ? ['Name at least one recipient, webhook or folder.']
        : []),
      ...(draft.burst !== 'none' && draft.burstBy === '' ? ['Choose by which dimension the report is parted.'] : []),
      ...(draft.burst === 'named' && draft.recipients.some(({ values }) => values.length === 0)
        ? ['Give every recipient at least one value of their own.']
        : []),
    ]
  return []
}
