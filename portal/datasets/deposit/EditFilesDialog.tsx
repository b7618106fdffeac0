import { Button, Group, Modal, Radio, Stack, TagsInput, Text, Textarea, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '#portal/kit/ask.ts'
import { countedText } from '#portal/kit/figures.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { EmbargoFields, usualCategories } from './EditFileDialog.tsx'

interface EditFilesDialogProps {
  readonly dataset: string
  readonly files: readonly number[]
  readonly onClose: () => void
  readonly onDone: () => void
}

/** Many files at once: what is left alone here stays as each has it. */
export function EditFilesDialog({ dataset, files, onClose, onDone }: EditFilesDialogProps) {
  const [directory, setDirectory] = useState('')
  const [moves, setMoves] = useState('no')
  const [description, setDescription] = useState('')
  const [categories, setCategories] = useState<string[]>([])
  const [restricted, setRestricted] = useState('as it is')
  const [embargo, setEmbargo] = useState('as it is')
  const [until, setUntil] = useState<string | null>(null)
  const [reason, setReason] = useState('')
  const edits = {
    ...(moves === 'yes' && { directory }),
    ...(description.trim() !== '' && { description }),
    ...(categories.length > 0 && { categories }),
    ...(restricted !== 'as it is' && { restricted: restricted === 'yes' }),
    ...(embargo === 'none' && { embargo: null }),
    ...(embargo === 'until' && until !== null && { embargo: { until, reason: reason.trim() || null } }),
  }
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      ask('PATCH /v1/datasets/:dataset/files', { params: { dataset }, body: { files: [...files], ...edits } }),
    onSuccess: onDone,
  })
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Edit ${countedText(files.length, 'file')}`}
      size="lg"
      closeOnClickOutside={!isPending}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          mutate()
        }}
      >
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            What you leave empty stays as each file has it.
          </Text>
          <Radio.Group label="Folder" value={moves} onChange={setMoves}>
            <Group gap="md" mt={4}>
              <Radio value="no" label="Stays" />
              <Radio value="yes" label="Move all to one folder" />
            </Group>
          </Radio.Group>
          {moves === 'yes' && (
            <TextInput
              label="To the folder"
              placeholder="Top level"
              value={directory}
              onChange={(event) => setDirectory(event.currentTarget.value)}
            />
          )}
          <Textarea
            label="Description"
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
            autosize
            minRows={2}
          />
          <TagsInput
            label="Categories"
            description="Take the place of those that the files have."
            data={usualCategories}
            value={categories}
            onChange={setCategories}
          />
          <Radio.Group label="Restricted" value={restricted} onChange={setRestricted}>
            <Group gap="md" mt={4}>
              <Radio value="as it is" label="As it is" />
              <Radio value="yes" label="Restrict" />
              <Radio value="no" label="Open to everybody" />
            </Group>
          </Radio.Group>
          <Radio.Group label="Embargo" value={embargo} onChange={setEmbargo}>
            <Group gap="md" mt={4}>
              <Radio value="as it is" label="As it is" />
              <Radio value="until" label="Until a day" />
              <Radio value="none" label="None" />
            </Group>
          </Radio.Group>
          {embargo === 'until' && <EmbargoFields {...{ until, setUntil, reason, setReason }} />}
          {error !== null && <ProblemAlert error={error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose} disabled={isPending}>
              Cancel
            </Button>
            <Button
              type="submit"
              loading={isPending}
              disabled={Object.keys(edits).length === 0 || (embargo === 'until' && until === null)}
            >
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
