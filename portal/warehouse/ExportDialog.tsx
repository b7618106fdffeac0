import { Anchor, Button, Group, Modal, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { ask } from '#portal/kit/ask.ts'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import type { Args } from '#portal/kit/contracts.ts'
import { bytesText } from '#portal/kit/figures.ts'
import { idempotencyKey } from '#portal/kit/idempotency-key.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { asProblem } from '#portal/kit/problem.ts'
import { query } from '#portal/kit/queries.ts'
import { exactTime } from '#portal/kit/Time.tsx'
import { RunFailure } from '#portal/runs/RunFailure.tsx'
import { RunProgress } from '#portal/runs/RunProgress.tsx'
import { isOpen, type Run } from '#portal/runs/run-words.ts'
import { useRun } from '#portal/runs/use-run.ts'

type Export = Args<'POST /v1/exports'>['body']
export type Exported = Pick<Export, 'query' | 'raw'>

const formats = [
  { value: 'csv', label: 'CSV' },
  { value: 'parquet', label: 'Parquet' },
  { value: 'ndjson', label: 'NDJSON' },
] as const satisfies readonly { value: Export['format']; label: string }[]

interface ExportDialogProps {
  /** What is exported: all of its rows, however many. */
  readonly asked: Exported
  readonly opened: boolean
  readonly close: () => void
}

/** All rows of a question as a file that is made in the background, for what would be too much to wait for. */
export function ExportDialog({ asked, opened, close }: ExportDialogProps) {
  const [format, setFormat] = useState<Export['format']>('csv')
  const [name, setName] = useState('')
  const key = useRef(idempotencyKey())
  const start = useMutation({
    mutationFn: () =>
      ask('POST /v1/exports', {
        body: { ...asked, format, ...(name.trim() !== '' && { name: name.trim() }) },
        headers: { 'idempotency-key': key.current },
      }),
    onError: (error) => {
      // What was refused was not begun; what got no answer may have been.
      const { status } = asProblem(error)
      if (status >= 400 && status < 500) key.current = idempotencyKey()
    },
  })
  const leave = () => {
    close()
    start.reset()
    key.current = idempotencyKey()
  }
  return (
    <Modal opened={opened} onClose={leave} title="Export all rows">
      {start.data ? (
        <Exporting run={start.data.id} again={leave} />
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            start.mutate()
          }}
        >
          <Stack>
            <Text size="sm">
              A file with every row is made in the background, and is kept for some days. You may close this and come
              back later: it stands among your runs.
            </Text>
            <NativeSelect
              label="Format"
              data={[...formats]}
              value={format}
              onChange={({ currentTarget }) => setFormat(currentTarget.value as Export['format'])}
              data-autofocus
            />
            <TextInput
              label="Name of the file"
              placeholder="the model and the moment"
              maxLength={150}
              value={name}
              onChange={({ currentTarget }) => setName(currentTarget.value)}
            />
            {start.error && <ProblemAlert error={start.error} />}
            <Group justify="flex-end">
              <Button variant="default" onClick={leave}>
                Not now
              </Button>
              <Button type="submit" loading={start.isPending}>
                Export
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  )
}

function Exporting({ run: id, again }: { run: string; again: () => void }) {
  const { data: run, error } = useRun(id)
  return (
    <Stack>
      {error && !run && <ProblemAlert error={error} />}
      {run && isOpen(run) && <RunProgress run={run} label="Progress of the export" />}
      {run?.error && <RunFailure run={run} />}
      {run?.state === 'succeeded' && <Files run={run} />}
      {run?.state === 'cancelled' && <Text>The export was cancelled.</Text>}
      <Group justify="space-between">
        <TextLink to="/runs/$run" params={{ run: id }} size="sm">
          All about this run
        </TextLink>
        <Button variant="default" onClick={again}>
          Close
        </Button>
      </Group>
    </Stack>
  )
}

/** The file, with what it takes to know that it has arrived whole. */
function Files({ run }: { run: Run }) {
  const { data, error } = useQuery(query('GET /v1/runs/:run/artifacts', { params: { run: run.id } }))
  if (error) return <ProblemAlert error={error} />
  return (
    <Stack gap="xs" role="status">
      {data?.artifacts.map(({ id, name, bytes, sha256, expires_at, url }) => (
        <div key={id}>
          <Anchor href={url} download={name} fw={600} style={{ overflowWrap: 'anywhere' }}>
            <IconDownload size={16} aria-hidden /> {name}
          </Anchor>
          <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {bytesText(bytes)}, kept until {exactTime(expires_at)}. SHA-256 {sha256}
          </Text>
        </div>
      ))}
    </Stack>
  )
}
