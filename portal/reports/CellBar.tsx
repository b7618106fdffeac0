import { Button, Group, Paper, Stack, Text } from '@mantine/core'
import { IconHistory, IconListDetails } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Time } from '#portal/kit/Time.tsx'
import { type ShownCell, valueText } from './cell-words.ts'
import type { InputCell, InputState } from './report-data.ts'

interface CellBarProps {
  readonly id: string
  readonly column: InputState
  /** What the row is called. */
  readonly rowName: string
  readonly cell: ShownCell
  readonly kept: InputCell
  /** Why it can't be filled in; null: it can. */
  readonly locked: string | null
  readonly acts: {
    readonly retry: () => void
    readonly insist: () => void
    readonly drop: () => void
    readonly history: () => void
    readonly options: (() => void) | null
  }
}

/** All about the cell where one is: its whole value, by whom and when, and what there is to decide about it. */
export function CellBar({ id, column, rowName, cell, kept, locked, acts }: CellBarProps) {
  const { draft, text } = cell
  return (
    <Paper withBorder p="xs" role="group" aria-label="The cell">
      <Group justify="space-between" align="flex-start" gap="xs">
        <Stack gap={2} flex="1 1 260px" id={id} miw={0}>
          <Text size="sm" fw={600}>
            {column.label}
            {column.required && ' (required)'} · {rowName}
          </Text>
          {column.type !== 'checkbox' && text !== '' && (
            <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }} lineClamp={6}>
              {text}
            </Text>
          )}
          <Text size="sm" c="dimmed">
            {kept.changed_at === null ? (
              'Never filled in'
            ) : (
              <>
                Filled in by {kept.changed_by ?? 'nobody known'}, <Time at={kept.changed_at} />
              </>
            )}
            {locked !== null && ` · ${locked}`}
            {column.description !== '' && ` · ${column.description}`}
          </Text>
        </Stack>
        <Group gap="xs">
          {acts.options && (
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconListDetails size={14} aria-hidden />}
              onClick={acts.options}
            >
              Options
            </Button>
          )}
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconHistory size={14} aria-hidden />}
            onClick={acts.history}
          >
            History
          </Button>
        </Group>
      </Group>
      <div role="status">{draft && <DraftTold column={column} cell={cell} acts={acts} />}</div>
    </Paper>
  )
}

function DraftTold({ column, cell: { draft }, acts }: Pick<CellBarProps, 'column' | 'cell' | 'acts'>) {
  if (!draft || draft.state === 'waiting' || draft.state === 'saving') return null
  if (draft.state === 'conflict' && draft.theirs)
    return (
      <Told
        says={
          <>
            <b>Somebody else was quicker.</b> {draft.theirs.changed_by ?? 'Somebody'} wrote{' '}
            <Quoted text={valueText(column, draft.theirs.value, draft.theirs.choices ?? [])} />
            {draft.theirs.changed_at !== null && (
              <>
                {' '}
                <Time at={draft.theirs.changed_at} />
              </>
            )}
            ; you wrote <Quoted text={valueText(column, draft.value, draft.choices)} />.
          </>
        }
      >
        <Button size="compact-sm" onClick={acts.insist}>
          Keep mine
        </Button>
        <Button size="compact-sm" variant="default" onClick={acts.drop}>
          Take theirs
        </Button>
      </Told>
    )
  return (
    <Told
      says={
        <>
          <b>Not saved.</b> {draft.complaint}
        </>
      }
    >
      {draft.state === 'failed' && (
        <Button size="compact-sm" onClick={acts.retry}>
          Try again
        </Button>
      )}
      <Button size="compact-sm" variant="default" onClick={acts.drop}>
        Let go of it
      </Button>
    </Told>
  )
}

function Told({ says, children }: { says: ReactNode; children: ReactNode }) {
  return (
    <Group gap="xs" mt={6}>
      <Text size="sm" c="var(--mantine-color-error)" flex="1 1 260px" style={{ overflowWrap: 'anywhere' }}>
        {says}
      </Text>
      {children}
    </Group>
  )
}

const Quoted = ({ text }: { text: string }) => (text === '' ? <i>nothing</i> : <>“{text}”</>)
