import { Table, Text, VisuallyHidden } from '@mantine/core'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import { countedText, durationText } from '#portal/kit/figures.ts'
import { Time } from '#portal/kit/Time.tsx'
import { WideTable } from '#portal/kit/WideTable.tsx'
import { CancelRun } from './CancelRun.tsx'
import { countedStates } from './delivery-words.ts'
import { RunStateBadge } from './RunStateBadge.tsx'
import { isOpen, kindWords, type Run, reasonOf, triggerWords } from './run-words.ts'
import { SubjectLink } from './SubjectLink.tsx'
import { useLength } from './use-length.ts'

interface RunsTableProps {
  readonly runs: readonly Run[]
  /** All are about the same, which is said elsewhere. */
  readonly sameSubject?: boolean
  readonly withCancel?: boolean
  readonly label?: string
}

export function RunsTable({ runs, sameSubject = false, withCancel = false, label = 'Runs' }: RunsTableProps) {
  return (
    <WideTable label={label} minWidth={sameSubject ? 640 : 760}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Asked for</Table.Th>
          <Table.Th>State</Table.Th>
          {!sameSubject && <Table.Th>What</Table.Th>}
          <Table.Th>By</Table.Th>
          <Table.Th ta="right">Took</Table.Th>
          <Table.Th>Outcome</Table.Th>
          {withCancel && (
            <Table.Th>
              <VisuallyHidden>Cancel</VisuallyHidden>
            </Table.Th>
          )}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {runs.map((run) => (
          <RunRow key={run.id} run={run} sameSubject={sameSubject} withCancel={withCancel} />
        ))}
      </Table.Tbody>
    </WideTable>
  )
}

function RunRow({ run, sameSubject, withCancel }: { run: Run; sameSubject: boolean; withCancel: boolean }) {
  const length = useLength(run)
  return (
    <Table.Tr>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        <TextLink to="/runs/$run" params={{ run: run.id }} inherit>
          <Time at={run.created_at} />
        </TextLink>
      </Table.Td>
      <Table.Td>
        <RunStateBadge run={run} />
      </Table.Td>
      {!sameSubject && (
        <Table.Td>
          {kindWords(run.kind)} <SubjectLink subject={run.subject} />
        </Table.Td>
      )}
      <Table.Td>
        {triggerWords(run)}
        <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {reasonOf(run)}
        </Text>
      </Table.Td>
      <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
        {length === null ? '' : durationText(length)}
      </Table.Td>
      <Table.Td maw={360}>
        <Outcome run={run} />
      </Table.Td>
      {withCancel && (
        <Table.Td ta="right">
          <CancelRun run={run} compact />
        </Table.Td>
      )}
    </Table.Tr>
  )
}

function Outcome({ run: { state, error, counts, progress } }: { run: Run }) {
  if (error)
    return (
      <Text size="sm" lineClamp={3} style={{ overflowWrap: 'anywhere' }}>
        {error.message}
      </Text>
    )
  if (isOpen({ state })) return <Text size="sm">{Math.round(progress.fraction * 100)}%</Text>
  if (counts.delivered !== undefined) return <Text size="sm">{countedStates(counts)}</Text>
  return counts.rows === undefined ? null : <Text size="sm">{countedText(counts.rows, 'row')}</Text>
}
