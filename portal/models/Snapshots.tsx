import { Badge, Button, List, Skeleton, Stack, Table, Text, VisuallyHidden } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '#portal/kit/ask.ts'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import { ConfirmDialog } from '#portal/kit/ConfirmDialog.tsx'
import { EmptyState } from '#portal/kit/EmptyState.tsx'
import { bytesText, countText } from '#portal/kit/figures.ts'
import { idempotencyKey } from '#portal/kit/idempotency-key.ts'
import { notifyDone } from '#portal/kit/notify.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { invalidate, query } from '#portal/kit/queries.ts'
import { exactTime, Time } from '#portal/kit/Time.tsx'
import { WideTable } from '#portal/kit/WideTable.tsx'
import type { Model } from './model-words.ts'
import { changedText, rowsChange, type Snapshot, schemaChangeText } from './snapshot-words.ts'

/** The data of earlier refreshes that are kept: what each changed, and the way back to it. */
export function Snapshots({ model }: { model: Model }) {
  const { data, error, isPending, refetch } = useQuery({
    ...query('GET /v1/models/:model/snapshots', { params: { model: model.name } }),
    refetchInterval: 15_000,
  })
  const [back, setBack] = useState<Snapshot | null>(null)
  if (error) return <ProblemAlert error={error} retry={() => void refetch()} />
  if (isPending) return <Skeleton height={200} />
  if (data.snapshots.length === 0)
    return <EmptyState title="No data yet">Refresh now reads the sources for the first time.</EmptyState>
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        Each refresh makes data of its own beside those from before. The last ones are kept, so that one can go back.
      </Text>
      <WideTable label="History of the data" minWidth={820} styles={{ td: { verticalAlign: 'top' } }}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Version</Table.Th>
            <Table.Th>Refreshed</Table.Th>
            <Table.Th ta="right">Rows</Table.Th>
            <Table.Th>What changed</Table.Th>
            <Table.Th ta="right">Size</Table.Th>
            <Table.Th>
              <VisuallyHidden>Acts</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {data.snapshots.map((snapshot) => (
            <SnapshotRow key={snapshot.version} snapshot={snapshot} goBack={() => setBack(snapshot)} />
          ))}
        </Table.Tbody>
      </WideTable>
      <Rollback model={model} to={back} onClose={() => setBack(null)} />
    </Stack>
  )
}

function SnapshotRow({ snapshot, goBack }: { snapshot: Snapshot; goBack: () => void }) {
  const { version, current, run, type, refreshed_at, source_time, rows, schema_changes, bytes } = snapshot
  return (
    <Table.Tr>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        {version}{' '}
        {current && (
          <Badge tt="none" size="sm">
            Read now
          </Badge>
        )}
      </Table.Td>
      <Table.Td>
        <TextLink to="/runs/$run" params={{ run }} inherit>
          <Time at={refreshed_at} />
        </TextLink>
        <Text size="sm" c="dimmed">
          {type === 'full' ? 'All read anew' : 'Only what was new'}
          {source_time !== null && `, sources of ${exactTime(source_time)}`}
        </Text>
      </Table.Td>
      <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
        {countText(rows)}
        <Text size="sm" c="dimmed">
          {rowsChange(snapshot)}
        </Text>
      </Table.Td>
      <Table.Td>
        {changedText(snapshot)}
        {schema_changes.length > 0 && (
          <List size="sm">
            {schema_changes.map((change) => (
              <List.Item key={`${change.table}.${change.column}`}>{schemaChangeText(change)}</List.Item>
            ))}
          </List>
        )}
      </Table.Td>
      <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
        {bytesText(bytes)}
      </Table.Td>
      <Table.Td ta="right">
        {!current && (
          <Button size="compact-sm" variant="default" onClick={goBack} aria-label={`Go back to version ${version}`}>
            Go back to it
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  )
}

function Rollback({ model, to, onClose }: { model: Model; to: Snapshot | null; onClose: () => void }) {
  const back = useMutation({
    mutationFn: ({ version, key }: { version: number; key: string }) =>
      ask('POST /v1/models/:model/rollback', {
        params: { model: model.name },
        body: { version },
        headers: { 'idempotency-key': key },
      }),
    onSuccess: ({ version }) => {
      onClose()
      notifyDone(`${model.label} is read as of version ${version} again.`)
      void invalidate('GET /v1/models', 'GET /v1/models/:model', 'GET /v1/models/:model/snapshots')
    },
  })
  return (
    <ConfirmDialog
      opened={to !== null}
      close={() => {
        back.reset()
        onClose()
      }}
      title={`Go back to version ${to?.version ?? ''} of ${model.label}?`}
      confirm="Go back"
      onConfirm={() => to && back.mutate({ version: to.version, key: idempotencyKey() })}
      busy={back.isPending}
      error={back.error}
    >
      Everybody then reads the {to ? countText(to.rows) : ''} rows of {to && exactTime(to.refreshed_at)}, at once. The
      next refresh reads the sources again, so mend them first where they were wrong.
    </ConfirmDialog>
  )
}
