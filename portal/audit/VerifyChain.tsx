import { Alert, Button, Code, List, Text } from '@mantine/core'
import { IconAlertTriangle, IconShieldCheck } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { ask } from '#portal/kit/ask.ts'
import type { Reply } from '#portal/kit/contracts.ts'
import { countedText } from '#portal/kit/figures.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { exactTime } from '#portal/kit/Time.tsx'

type Verification = Reply<'GET /v1/audit/verification'>

/** Asks the server to read the whole chain and say whether it is whole. */
export function useVerification() {
  return useMutation({
    mutationFn: async () => ({ at: new Date(), found: await ask('GET /v1/audit/verification') }),
  })
}

type Verifying = ReturnType<typeof useVerification>

export function VerifyButton({ verifying }: { verifying: Verifying }) {
  return (
    <Button
      variant="default"
      leftSection={<IconShieldCheck size={18} aria-hidden />}
      loading={verifying.isPending}
      onClick={() => verifying.mutate()}
    >
      Verify the chain
    </Button>
  )
}

export function VerificationResult({ verifying: { data, error, isPending, reset, mutate } }: { verifying: Verifying }) {
  if (error) return <ProblemAlert error={error} retry={() => mutate()} />
  if (isPending)
    return (
      <Text c="dimmed" role="status">
        Every event is read and compared; on a long trail that takes its time.
      </Text>
    )
  return data ? <Verdict found={data.found} at={data.at} onClose={reset} /> : null
}

function Verdict({ found, at, onClose }: { found: Verification; at: Date; onClose: () => void }) {
  const { whole, events, last, checkpoints, faults } = found
  const compared = `${countedText(events, 'event')} read and ${countedText(checkpoints, 'noted end')} compared, ${exactTime(at)}.`
  const close = { withCloseButton: true, closeButtonLabel: 'Put away', onClose }
  if (whole)
    return (
      <Alert color="teal" icon={<IconShieldCheck aria-hidden />} title="The audit trail is whole" {...close}>
        <Text size="sm">No event was edited, moved, added or taken away. {compared}</Text>
        {events > 0 && (
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            It ends with event {last.id}, hash <Code>{last.hash}</Code>.
          </Text>
        )}
      </Alert>
    )
  return (
    <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title="The audit trail is not whole" {...close}>
      <Text size="sm">
        {countedText(faults.length, 'fault')} found{faults.length >= 100 && ', and there may be more'}. {compared} Keep
        the database and its backups as they are, export the trail, and find out who can write to the database.
      </Text>
      <List size="sm" mt="xs">
        {faults.map(({ kind, event, says }) => (
          <List.Item key={`${kind}${event}${says}`} style={{ overflowWrap: 'anywhere' }}>
            {says.charAt(0).toUpperCase() + says.slice(1)}.
          </List.Item>
        ))}
      </List>
    </Alert>
  )
}
