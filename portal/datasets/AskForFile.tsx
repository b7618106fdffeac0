import { Alert, Button, Group, Text } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useYou } from '#portal/instance/instance.ts'
import { ask } from '#portal/kit/ask.ts'
import { ButtonLink } from '#portal/kit/ButtonLink.tsx'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { invalidate } from '#portal/kit/queries.ts'
import { exactDay } from '#portal/kit/Time.tsx'
import type { FileFacts } from './dataset.ts'

/** Why one may not have a file, and the way to ask for it. */
export function AskForFile({ file }: { file: FileFacts }) {
  const you = useYou()
  const { id, may, access_request, embargo } = file
  const request = useMutation({
    mutationFn: () => ask('PUT /v1/files/:file/access-request', { params: { file: String(id) } }),
    onSuccess: () => invalidate('GET /v1/files/:file'),
  })
  if (may.download) return null
  return (
    <Alert color="orange" icon={<IconLock aria-hidden />} title="You may not have this file">
      <Group gap="sm" justify="space-between">
        <Text size="sm">{reason()}</Text>
        {you && may.request_access && access_request !== 'open' && (
          <Button size="compact-md" loading={request.isPending} onClick={() => request.mutate()}>
            Request access
          </Button>
        )}
        {!you && (
          <ButtonLink to="/sign-in" search={{ to: `/files/${id}` }} size="compact-md">
            Sign In
          </ButtonLink>
        )}
      </Group>
      {request.error && <ProblemAlert error={request.error} />}
    </Alert>
  )

  function reason(): string {
    if (access_request === 'open') return 'You have asked for it; whoever answers for the dataset decides.'
    if (file.access === 'embargoed' && embargo) return `Anybody may have it from ${exactDay(embargo.until)}.`
    if (access_request === 'rejected') return 'Your request was refused. You can ask again.'
    if (!you) return 'Who is signed in may have been given it, or may ask for it.'
    return may.request_access
      ? 'It is given to those who ask and are granted it.'
      : 'Those who deposited it give it to whom they choose.'
  }
}
