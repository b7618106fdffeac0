import { Button, Group, Paper, Select, Stack, Text, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useInstance } from '#portal/instance/instance.ts'
import { CodeBlock } from '#portal/kit/CodeBlock.tsx'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { offline } from '#portal/kit/problem.ts'
import type { Operation } from './api-document.ts'
import { CredentialFields } from './CredentialFields.tsx'
import { useCredential } from './credential.ts'
import { Part } from './Part.tsx'
import { buildRequest, curlOf, firstTry, keyOf, missingOf } from './request.ts'
import { type ShownReply, sendRequest } from './send-request.ts'
import { TryParameter } from './TryParameter.tsx'
import { TryReply } from './TryReply.tsx'

/** Fields for what an operation takes, the same as a line for the terminal, and what came of sending it. */
export function TryOperation({ operation }: { operation: Operation }) {
  const [tried, setTried] = useState(() => firstTry(operation))
  const { credential } = useCredential()
  const { site_address } = useInstance()
  const abort = useRef<AbortController>(null)
  const { parameters, body, done, method } = operation
  const request = buildRequest(operation, tried)
  const missing = missingOf(operation, tried)
  const send = useMutation({
    gcTime: 0,
    mutationFn: async (): Promise<ShownReply | null> => {
      abort.current = new AbortController()
      const { signal } = abort.current
      try {
        return await sendRequest(request, credential, signal)
      } catch {
        if (signal.aborted) return null
        throw offline()
      }
    },
  })
  return (
    <Part title="Try it">
      <Paper
        withBorder
        p="md"
        component="form"
        onSubmit={(event) => {
          event.preventDefault()
          send.mutate()
        }}
      >
        <Stack gap="md">
          <CredentialFields />
          {parameters.map((parameter) => (
            <TryParameter
              key={keyOf(parameter)}
              parameter={parameter}
              value={tried.parameters[keyOf(parameter)] ?? ''}
              onChange={(value) =>
                setTried({ ...tried, parameters: { ...tried.parameters, [keyOf(parameter)]: value } })
              }
            />
          ))}
          {body && (
            <Textarea
              label={body.media[0]?.endsWith('json') ? 'Body (JSON)' : 'Body (one name=value on each line)'}
              value={tried.body}
              onChange={({ currentTarget }) => setTried({ ...tried, body: currentTarget.value })}
              autosize
              minRows={3}
              maxRows={18}
              spellCheck={false}
              styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
            />
          )}
          {done.media.length > 1 && (
            <Select
              label="Answer as"
              placeholder="What the server prefers"
              data={[...done.media]}
              value={tried.accept || null}
              onChange={(accept) => setTried({ ...tried, accept: accept ?? '' })}
              clearable
              clearButtonProps={{ 'aria-label': 'Clear' }}
              maw={420}
            />
          )}
          <CodeBlock code={curlOf(request, site_address, credential.by === 'token')} label="curl command" />
          <Group gap="sm">
            <Button type="submit" loading={send.isPending} disabled={missing.length > 0}>
              Send
            </Button>
            {send.isPending && (
              <Button variant="default" onClick={() => abort.current?.abort()}>
                Stop
              </Button>
            )}
            <Text size="sm" c="dimmed">
              {missing.length > 0
                ? `Fill in ${missing.join(', ')} first.`
                : method !== 'GET' && 'It is sent for real, and what it changes stays changed.'}
            </Text>
          </Group>
          <div aria-live="polite">
            {send.isError && <ProblemAlert error={send.error} />}
            {send.data && <TryReply reply={send.data} name={operation.id} />}
          </div>
        </Stack>
      </Paper>
    </Part>
  )
}
