import { Table, Text } from '@mantine/core'
import { EmptyState } from '#portal/kit/EmptyState.tsx'
import { countedText } from '#portal/kit/figures.ts'
import { Time } from '#portal/kit/Time.tsx'
import { WideTable } from '#portal/kit/WideTable.tsx'
import { recipientWords, type Subscription } from './subscription.ts'

/** Who gets it, and who has left it and when. */
export function RecipientList({
  subscription: { resolved_recipients: recipients, recipient_count: total, burst, may },
}: {
  subscription: Subscription
}) {
  if (recipients.length === 0 && total > 0 && !may.edit)
    return (
      <EmptyState title={countedText(total, 'recipient')}>Who they are is for its owner and administrators.</EmptyState>
    )
  if (recipients.length === 0)
    return (
      <EmptyState title={burst && 'from' in burst ? 'Recipients are read at every run' : 'Nobody is named'}>
        {burst && 'from' in burst
          ? `They stand in the option set ${burst.from.option_set} of the model ${burst.from.model}.`
          : 'It goes to its webhooks and folders only.'}
      </EmptyState>
    )
  return (
    <WideTable label="Recipients" minWidth={420}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Recipient</Table.Th>
          <Table.Th>State</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {recipients.map((each) => (
          <Table.Tr key={each.recipient}>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>
              {each.name}
              {(each.address ?? each.recipient) !== each.name && (
                <Text size="sm" c="dimmed">
                  {each.address ?? each.recipient}
                </Text>
              )}
            </Table.Td>
            <Table.Td>
              {recipientWords[each.state]}
              {each.unsubscribed_at !== null && (
                <>
                  {' '}
                  <Time at={each.unsubscribed_at} />
                </>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  )
}
