import '@mantine/dates/styles.css'
import { Button, Checkbox, Group, Modal, Stack, TagsInput, Textarea, TextInput } from '@mantine/core'
import { DateInput } from '@mantine/dates'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '#portal/kit/ask.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { fieldErrors } from '#portal/kit/problem.ts'
import type { DraftFile } from './draft-files.ts'

/** What people mostly call their files, as Dataverse offers it. */
export const usualCategories = ['Data', 'Documentation', 'Code']

interface EditFileDialogProps {
  readonly file: DraftFile
  readonly onClose: () => void
  readonly onDone: (name: string) => void
}

/** One file: how it is called, where it stands, what it is, and who may have it when. */
export function EditFileDialog({ file, onClose, onDone }: EditFileDialogProps) {
  const [name, setName] = useState(file.name)
  const [directory, setDirectory] = useState(file.directory)
  const [description, setDescription] = useState(file.description)
  const [categories, setCategories] = useState<string[]>([...file.categories])
  const [restricted, setRestricted] = useState(file.restricted)
  const [until, setUntil] = useState<string | null>(file.embargo?.until ?? null)
  const [reason, setReason] = useState(file.embargo?.reason ?? '')
  const embargo = until === null ? null : { until, reason: reason.trim() || null }
  const isEmbargoNew = JSON.stringify(embargo) !== JSON.stringify(file.embargo)
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      ask('PATCH /v1/files/:file', {
        params: { file: String(file.id) },
        // Only what was changed: what somebody else changes meanwhile stays as they have it.
        body: {
          ...(name !== file.name && { name }),
          ...(directory !== file.directory && { directory }),
          ...(description !== file.description && { description }),
          ...(categories.join('\n') !== file.categories.join('\n') && { categories }),
          ...(restricted !== file.restricted && { restricted }),
          ...(isEmbargoNew && { embargo }),
        },
      }),
    onSuccess: () => onDone(name),
  })
  const says = fieldErrors(error)
  return (
    <Modal opened onClose={onClose} title={`Edit ${file.name}`} size="lg" closeOnClickOutside={!isPending}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          mutate()
        }}
      >
        <Stack gap="sm">
          <TextInput
            label="Name"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            required
            data-autofocus
            error={says.name}
          />
          <TextInput
            label="Folder"
            description="Such as raw/2026; empty: the top level."
            value={directory}
            onChange={(event) => setDirectory(event.currentTarget.value)}
            error={says.directory}
          />
          <Textarea
            label="Description"
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
            autosize
            minRows={2}
            error={says.description}
          />
          <TagsInput
            label="Categories"
            data={usualCategories}
            value={categories}
            onChange={setCategories}
            error={says.categories}
          />
          <Checkbox
            label="Restricted"
            description="Everybody sees that it is there; only those who are given access download it."
            checked={restricted}
            onChange={(event) => setRestricted(event.currentTarget.checked)}
          />
          <EmbargoFields {...{ until, setUntil, reason, setReason }} error={says.embargo} />
          {error !== null && Object.keys(says).length === 0 && <ProblemAlert error={error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose} disabled={isPending}>
              Cancel
            </Button>
            <Button type="submit" loading={isPending} disabled={name.trim() === ''}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

interface EmbargoFieldsProps {
  readonly until: string | null
  readonly setUntil: (day: string | null) => void
  readonly reason: string
  readonly setReason: (reason: string) => void
  readonly error?: string | undefined
}

/** Until when nobody may have it, and why. */
export const EmbargoFields = ({ until, setUntil, reason, setReason, error }: EmbargoFieldsProps) => (
  <Group gap="sm" align="flex-start">
    <DateInput
      label="Embargo until"
      description="The first day on which anybody may have it."
      value={until}
      onChange={setUntil}
      placeholder="None"
      valueFormat="YYYY-MM-DD"
      clearable
      clearButtonProps={{ 'aria-label': 'Clear embargo' }}
      error={error}
      w={240}
    />
    {until !== null && (
      <TextInput
        label="Reason"
        description="Stands beside the file."
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        maxLength={1000}
        flex="1 1 200px"
      />
    )}
  </Group>
)
