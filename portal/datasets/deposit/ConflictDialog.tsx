import { Button, Group, Modal, Paper, Radio, Stack, Text } from '@mantine/core'
import { useMemo, useState } from 'react'
import { type Block, type FieldAt, fieldLabel, valueAt, valueText, withValue } from './metadata.ts'
import { mergeWritten, type Written } from './written.ts'

interface ConflictDialogProps {
  readonly blocks: readonly Block[]
  readonly base: Written
  readonly mine: Written
  readonly theirs: Written
  /** Who was quicker; null where nobody knows. */
  readonly by: string | null
  readonly busy: boolean
  readonly onCancel: () => void
  readonly onSave: (written: Written) => void
  readonly onTakeTheirs: () => Promise<void>
}

/** Somebody else has saved meanwhile: what only they changed is taken over, and what both changed is chosen here. */
export function ConflictDialog({
  blocks,
  base,
  mine,
  theirs,
  by,
  busy,
  onCancel,
  onSave,
  onTakeTheirs,
}: ConflictDialogProps) {
  const { merged, conflicts, taken } = useMemo(
    () => mergeWritten(blocks, { base, mine, theirs }),
    [blocks, base, mine, theirs],
  )
  const [chosen, setChosen] = useState<Readonly<Record<string, string>>>({})
  const keyOf = ({ block, field }: FieldAt) => `${block} ${field}`
  const save = () => {
    let metadata = merged.metadata
    for (const at of conflicts)
      if (chosen[keyOf(at)] === 'theirs') metadata = withValue(metadata, at, valueAt(theirs.metadata, at))
    onSave({ ...merged, metadata })
  }
  return (
    <Modal
      opened
      onClose={onCancel}
      size="xl"
      title={`${by ?? 'Somebody'} has changed the dataset since you began`}
      closeOnClickOutside={false}
    >
      <Stack gap="md">
        <Text>Nothing is lost: your changes and theirs are put together.</Text>
        {taken.length > 0 && (
          <div>
            <Text fw={600}>Changed by them, and taken over</Text>
            <ul style={{ margin: 0 }}>
              {taken.map((at) => (
                <li key={keyOf(at)}>
                  <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                    {fieldLabel(blocks, at)}: {valueText(valueAt(theirs.metadata, at)) || 'taken out'}
                  </Text>
                </li>
              ))}
            </ul>
          </div>
        )}
        {conflicts.map((at) => (
          <Paper key={keyOf(at)} withBorder p="sm">
            <Radio.Group
              label={`${fieldLabel(blocks, at)}: both of you changed it`}
              value={chosen[keyOf(at)] ?? 'mine'}
              onChange={(way) => setChosen({ ...chosen, [keyOf(at)]: way })}
            >
              <Stack gap="xs" mt="xs">
                <Radio value="mine" label="Yours" description={valueText(valueAt(mine.metadata, at)) || 'empty'} />
                <Radio value="theirs" label="Theirs" description={valueText(valueAt(theirs.metadata, at)) || 'empty'} />
              </Stack>
            </Radio.Group>
          </Paper>
        ))}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onCancel} disabled={busy}>
            Go on editing
          </Button>
          <Button variant="default" onClick={() => void onTakeTheirs()} disabled={busy}>
            Take theirs, drop mine
          </Button>
          <Button onClick={save} loading={busy}>
            Save both together
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
