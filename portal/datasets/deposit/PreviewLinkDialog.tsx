import { Button, Group, Modal, Skeleton, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { ask, isRefused } from '#portal/kit/ask.ts'
import { CodeBlock } from '#portal/kit/CodeBlock.tsx'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { invalidate } from '#portal/kit/queries.ts'
import { Time } from '#portal/kit/Time.tsx'
import type { DatasetDialogProps } from '../DatasetActions.tsx'

/** A link that shows the draft to whoever has it, for reviewers without an account. */
export function PreviewLinkDialog({ dataset, onClose }: DatasetDialogProps) {
  const params = { dataset: String(dataset.id) }
  const link = useQuery({
    queryKey: ['GET /v1/datasets/:dataset/preview-link', params],
    // That there is none yet is no failure here.
    queryFn: ({ signal }) =>
      ask('GET /v1/datasets/:dataset/preview-link', { params, signal }).catch((problem: unknown) => {
        if (isRefused(problem, 'preview-link-not-found')) return null
        throw problem
      }),
    gcTime: 0,
  })
  const settled = () => void invalidate('GET /v1/datasets/:dataset/preview-link')
  const make = useMutation({
    mutationFn: () => ask('POST /v1/datasets/:dataset/preview-link', { params }),
    gcTime: 0,
    onSuccess: settled,
  })
  const end = useMutation({
    mutationFn: () => ask('DELETE /v1/datasets/:dataset/preview-link', { params }),
    onSuccess: settled,
  })
  const error = link.error ?? make.error ?? end.error
  return (
    <Modal opened onClose={onClose} title="Preview link" size="lg">
      <Stack gap="md">
        <Text>
          Whoever has the link reads this draft and downloads its files, without signing in, until the draft is
          published or the link is ended. Give it to reviewers; keep it from everybody else.
        </Text>
        {link.isPending && (
          <div aria-busy="true">
            <Skeleton height={44} />
          </div>
        )}
        {link.data && (
          <>
            <CodeBlock code={link.data.url} label="preview link" />
            <Text size="sm" c="dimmed">
              Made <Time at={link.data.created_at} />.
            </Text>
          </>
        )}
        {error && <ProblemAlert error={error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
          {link.data === null && (
            <Button onClick={() => make.mutate()} loading={make.isPending} data-autofocus>
              Make a preview link
            </Button>
          )}
          {link.data && (
            <Button color="red" variant="default" onClick={() => end.mutate()} loading={end.isPending}>
              End the link
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  )
}
