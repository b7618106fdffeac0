import { Button, Group } from '@mantine/core'

interface SaveBarProps {
  readonly isNew: boolean
  readonly pending: boolean
  readonly disabled: boolean
  readonly onSave: (way: 'only' | 'another' | 'test') => void
}

/** The ends of the editor. */
export function SaveBar({ isNew, pending, disabled, onSave }: SaveBarProps) {
  return (
    <Group gap="xs" justify="flex-end">
      {isNew && (
        <Button variant="default" disabled={disabled || pending} onClick={() => onSave('another')}>
          Save and add another
        </Button>
      )}
      <Button variant="default" disabled={disabled || pending} onClick={() => onSave('test')}>
        Save and send a test to me
      </Button>
      <Button disabled={disabled} loading={pending} onClick={() => onSave('only')}>
        Save
      </Button>
    </Group>
  )
}
