import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import { ask } from '#portal/kit/ask.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { invalidate, queryClient } from '#portal/kit/queries.ts'
import { isOpen, type Run, titleOf } from './run-words.ts'
import { runKey } from './use-run.ts'

/** Stops a run that is under way, after asking. Nothing when it has ended, or stops already. */
export function CancelRun({ run, compact = false }: { run: Run; compact?: boolean }) {
  const [asking, { open, close }] = useDisclosure()
  const cancel = useMutation({
    mutationFn: () => ask('POST /v1/runs/:run/cancel', { params: { run: run.id } }),
    onSuccess: async () => {
      close()
      await queryClient.invalidateQueries({ queryKey: runKey(run.id) })
      await invalidate('GET /v1/runs')
    },
  })
  const offered = isOpen(run) && !run.cancel_requested
  return (
    <>
      {offered && (
        <Button
          variant="default"
          color="red"
          size={compact ? 'compact-sm' : 'sm'}
          onClick={open}
          {...(compact && { 'aria-label': `Cancel run: ${titleOf(run)}` })}
        >
          {compact ? 'Cancel' : 'Cancel run'}
        </Button>
      )}
      <Modal opened={asking} onClose={close} title={`Cancel “${titleOf(run)}”?`}>
        <Stack>
          <Text>
            {run.kind === 'run-subscription'
              ? 'What has been delivered stays delivered; nobody else gets anything.'
              : 'What it has done so far is thrown away; what was there before stays.'}
          </Text>
          {cancel.isError && <ProblemAlert error={cancel.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Let it run
            </Button>
            <Button color="red" loading={cancel.isPending} disabled={!offered} onClick={() => cancel.mutate()}>
              Cancel run
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  )
}
