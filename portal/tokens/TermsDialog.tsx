import { Box, Checkbox, ScrollArea, Skeleton } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, isRefused } from '#portal/kit/ask.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { invalidate, query } from '#portal/kit/queries.ts'
import { ActModal } from './ActModal.tsx'

interface TermsDialogProps {
  readonly opened: boolean
  readonly onClose: (accepted: boolean) => void
}

/** The terms of use of API tokens, to be read and accepted before the first one. */
export function TermsDialog({ opened, onClose }: TermsDialogProps) {
  const terms = useQuery({ ...query('GET /v1/tokens/terms'), enabled: opened })
  const [read, setRead] = useState(false)
  const { mutate, isPending, error } = useMutation({
    mutationFn: (version: string) => ask('POST /v1/tokens/terms/acceptance', { body: { version } }),
    onSuccess: async () => {
      await invalidate('GET /v1/tokens/policy', 'GET /v1/tokens/terms')
      onClose(true)
    },
    onError: (problem) => {
      // Another text came into force while this one was read.
      if (!isRefused(problem, 'terms-changed')) return
      setRead(false)
      void terms.refetch()
    },
  })
  const version = terms.data?.version
  return (
    <ActModal
      title="Terms of use of API tokens"
      opened={opened}
      onClose={() => onClose(false)}
      onClosed={() => setRead(false)}
      verb="Accept and go on"
      onSubmit={() => version && mutate(version)}
      pending={isPending}
      disabled={!read || !version}
      error={error}
    >
      {terms.isPending && <Skeleton height={160} />}
      {terms.error && <ProblemAlert error={terms.error} retry={() => void terms.refetch()} />}
      {terms.data?.text && (
        <ScrollArea.Autosize
          mah="45vh"
          type="auto"
          viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': 'Terms of use' }}
        >
          <Box p="sm" bg="var(--mantine-color-default-hover)" bdrs="md" style={{ whiteSpace: 'pre-wrap' }}>
            {terms.data.text}
          </Box>
        </ScrollArea.Autosize>
      )}
      <Checkbox
        label="I have read these terms and accept them"
        checked={read}
        onChange={(event) => setRead(event.currentTarget.checked)}
      />
    </ActModal>
  )
}
