import { Code } from '@mantine/core'
import { Facts } from '#portal/kit/Facts.tsx'
import { countedText } from '#portal/kit/figures.ts'
import { NextDue } from './NextDue.tsx'
import { ReportLink } from './ReportLink.tsx'
import { SubscriptionStateBadge } from './SubscriptionStateBadge.tsx'
import { formatWords, type Subscription } from './subscription.ts'

/** What a subscription is, in a word or two each. */
export function SubscriptionFacts({ subscription }: { subscription: Subscription }) {
  const { report, report_title, schedule, schedule_text, formats, files, link_days, burst, rows } = subscription
  return (
    <Facts
      least={210}
      facts={[
        { label: 'State', value: <SubscriptionStateBadge state={subscription.state} /> },
        {
          label: 'Report',
          value: <ReportLink report={report} title={report_title} />,
        },
        { label: 'Next', value: <NextDue at={subscription.next_run_at} zone={schedule?.time_zone ?? null} /> },
        { label: 'Schedule', value: schedule_text ?? 'None: it runs when it is asked to' },
        {
          label: 'Recipients',
          value:
            burst && 'from' in burst
              ? `Read from ${burst.from.model} at every run`
              : countedText(subscription.recipient_count, 'recipient'),
        },
        { label: 'Goes to', value: subscription.destinations.map(destinationText).join(', ') || 'Inbox' },
        {
          label: 'Files',
          value:
            formats.length === 0
              ? 'None: it stands in the mail'
              : `${formats.map((format) => formatWords[format]).join(', ')}, ${files === 'attached' ? 'attached' : `linked for ${countedText(link_days, 'day')}`}`,
        },
        {
          label: 'Rows',
          value: burst
            ? `Each their own, by ${burst.by}`
            : rows === 'owner'
              ? 'As its owner may see'
              : 'As each may see',
        },
        ...conditionFacts(subscription),
        { label: 'Owner', value: subscription.owner.name },
        { label: 'Name in addresses', value: <Code>{subscription.id}</Code> },
      ]}
    />
  )
}

function destinationText(destination: Subscription['destinations'][number]): string {
  if (destination.type === 'mail') return 'Mail'
  return destination.type === 'webhook' ? `Webhook ${destination.id}` : `Folder ${destination.path}`
}

const comparisons = {
  above: 'is above',
  below: 'is below',
  up_by_percent: 'has gone up, in percent, by',
  down_by_percent: 'has gone down, in percent, by',
} as const

function conditionFacts({ condition }: Subscription) {
  if (condition === null) return []
  const { only_if_rows, only_if_changed, threshold } = condition
  const says = [
    ...(only_if_rows ? ['it has rows'] : []),
    ...(only_if_changed ? ['it has changed'] : []),
    ...(threshold ? [`${threshold.block} ${comparisons[threshold.is]} ${threshold.value}`] : []),
  ]
  return says.length === 0 ? [] : [{ label: 'Only when', value: says.join(', and ') }]
}
