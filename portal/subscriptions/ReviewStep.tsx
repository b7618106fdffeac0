import { Alert, List, Paper, Skeleton, Stack, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ask } from '#portal/kit/ask.ts'
import { Facts } from '#portal/kit/Facts.tsx'
import { countedText } from '#portal/kit/figures.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { WideTable } from '#portal/kit/WideTable.tsx'
import { askOf, missingIn, steps } from './draft.ts'
import { stepLabels } from './EditorSteps.tsx'
import { MailFrame } from './MailFrame.tsx'
import { TimeList } from './NextTimes.tsx'
import { scheduleOf } from './schedule-form.ts'
import type { StepProps } from './step-props.ts'
import { formatWords, type Preview } from './subscription.ts'

/** What would happen, asked of the server as it stands: who gets what, when next, and how the mail looks. */
export function ReviewStep({ draft, report, saved }: StepProps) {
  const missing = steps.flatMap((step) => missingIn(step, draft).map((says) => ({ step, says })))
  const body = { ...askOf(draft), ...((saved || draft.id !== '') && { id: draft.id }) }
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['POST /v1/subscriptions/preview', body],
    enabled: missing.length === 0,
    queryFn: ({ signal }) => ask('POST /v1/subscriptions/preview', { body, signal }),
    staleTime: 30_000,
    retry: false,
  })
  if (missing.length > 0)
    return (
      <Alert color="orange" variant="light" title="Something is still missing">
        <List size="sm">
          {missing.map(({ step, says }) => (
            <List.Item key={says}>
              {stepLabels[step]}: {says}
            </List.Item>
          ))}
        </List>
      </Alert>
    )
  return (
    <Stack gap="lg">
      <Paper withBorder p="md">
        <Facts
          facts={[
            { label: 'Subscription', value: draft.name },
            { label: 'Report', value: report?.title ?? draft.report },
            { label: 'When', value: data?.schedule_text ?? (scheduleOf(draft.schedule) ? '…' : 'Only when asked') },
            {
              label: 'Formats',
              value: draft.formats.map((format) => formatWords[format]).join(', ') || 'In the mail only',
            },
          ]}
        />
      </Paper>
      {error && <ProblemAlert error={error} retry={() => void refetch()} />}
      {isPending && (
        <div aria-busy="true">
          <Skeleton height={160} />
        </div>
      )}
      {data && (
        <Previewed preview={data} zone={draft.schedule.timeZone} scheduled={draft.schedule.frequency !== 'api'} />
      )}
    </Stack>
  )
}

function Previewed({ preview, zone, scheduled }: { preview: Preview; zone: string; scheduled: boolean }) {
  const { recipients, total, slices, destinations, subject, body, html, rows, notes, next_runs } = preview
  return (
    <>
      {scheduled && (
        <section>
          <Title order={2} size="h4" mb="xs">
            Next times
          </Title>
          <TimeList times={next_runs} zone={zone} />
        </section>
      )}
      <section>
        <Title order={2} size="h4">
          Who gets what
        </Title>
        <Text size="sm" c="dimmed" mb="xs">
          {countedText(total, 'recipient')}
          {slices > 1 && `, ${countedText(slices, 'different report')}`}
          {rows !== null && `, ${countedText(rows, 'row')}`}
          {destinations.length > 0 && `; besides: ${destinations.join(', ')}`}
        </Text>
        {recipients.length > 0 && <RecipientTable recipients={recipients} total={total} />}
      </section>
      {notes.length > 0 && (
        <Alert color="orange" variant="light" title="The report leaves something out, and says so">
          <List size="sm">
            {notes.map((note) => (
              <List.Item key={note}>{note}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      <section>
        <Title order={2} size="h4" mb="xs">
          The mail to the first recipient
        </Title>
        <Paper withBorder p="md">
          <Text fw={600}>{subject}</Text>
          {html === null ? (
            <Text size="sm" mt="sm" style={{ whiteSpace: 'pre-wrap' }}>
              {body}
            </Text>
          ) : (
            <MailFrame html={html} title="The mail as it would look" />
          )}
        </Paper>
      </section>
    </>
  )
}

function RecipientTable({ recipients, total }: Pick<Preview, 'recipients' | 'total'>) {
  return (
    <>
      <WideTable label="Who gets what" minWidth={460}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Recipient</Table.Th>
            <Table.Th>Where</Table.Th>
            <Table.Th>Rows</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {recipients.map((each) => (
            <Table.Tr key={each.recipient}>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>
                {each.name}
                {each.name !== each.recipient && (
                  <Text size="sm" c="dimmed">
                    {each.recipient}
                  </Text>
                )}
              </Table.Td>
              <Table.Td>{each.skipped ?? each.destinations.join(', ')}</Table.Td>
              <Table.Td>{each.values === null ? 'All' : each.values.join(', ')}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </WideTable>
      {total > recipients.length && (
        <Text size="sm" c="dimmed">
          The first {recipients.length} are shown.
        </Text>
      )}
    </>
  )
}
