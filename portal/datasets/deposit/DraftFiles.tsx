import {
  ActionIcon,
  Badge,
  Button,
  Checkbox,
  Group,
  Menu,
  Skeleton,
  Stack,
  Table,
  Text,
  TextInput,
  VisuallyHidden,
} from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconDots, IconPencil, IconSearch, IconTrash } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { memo, useCallback, useRef, useState } from 'react'
import { ask } from '#portal/kit/ask.ts'
import { ConfirmDialog } from '#portal/kit/ConfirmDialog.tsx'
import { bytesText, countedText } from '#portal/kit/figures.ts'
import { LoadMore } from '#portal/kit/LoadMore.tsx'
import { notifyDone } from '#portal/kit/notify.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { WideTable } from '#portal/kit/WideTable.tsx'
import { type DraftFile, draftFiles, everyDraftFile } from './draft-files.ts'
import { EditFileDialog } from './EditFileDialog.tsx'
import { EditFilesDialog } from './EditFilesDialog.tsx'
import { filesChanged } from './repository.ts'
import { keptName } from './upload-items.ts'
import type { Queue } from './upload-queue.ts'

interface DraftFilesProps {
  readonly dataset: string
  readonly queue: Queue
}

type Asked =
  | { readonly act: 'edit'; readonly file: DraftFile }
  | { readonly act: 'edit many' | 'delete'; readonly files: readonly number[]; readonly says: string }

/** The files of a draft, to be found, described, restricted, moved, replaced and taken out; one, several or all. */
export function DraftFiles({ dataset, queue }: DraftFilesProps) {
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed.trim(), 250)
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set())
  const [asked, setAsked] = useState<Asked | null>(null)
  const list = useInfiniteQuery({ ...draftFiles(dataset, search), placeholderData: keepPreviousData })
  const selectAll = useMutation({
    mutationFn: () => everyDraftFile(dataset),
    onSuccess: (files) => setSelected(new Set(files.map(({ id }) => id))),
  })
  const done = (says: string) => {
    setAsked(null)
    setSelected(new Set())
    notifyDone(says)
    void filesChanged()
  }
  const toggle = useCallback(
    (ids: readonly number[], on: boolean) =>
      setSelected((before) => {
        const next = new Set(before)
        for (const id of ids) {
          if (on) next.add(id)
          else next.delete(id)
        }
        return next
      }),
    [],
  )
  const edit = useCallback((file: DraftFile) => setAsked({ act: 'edit', file }), [])
  const remove = useCallback((file: DraftFile) => setAsked({ act: 'delete', files: [file.id], says: file.path }), [])
  if (list.error) return <ProblemAlert error={list.error} retry={() => void list.refetch()} />
  if (!list.data)
    return (
      <div aria-busy="true">
        <Skeleton height={120} />
      </div>
    )
  const files = list.data.pages.flatMap(({ body }) => body.items)
  const total = list.data.pages[0]?.body.total ?? 0
  if (total === 0 && search === '' && typed === '') return <Text c="dimmed">There are no files in it yet.</Text>
  const chosen = [...selected]
  return (
    <Stack gap="sm">
      <Group justify="space-between" align="flex-end" gap="sm">
        <TextInput
          label="Find a file"
          placeholder="Name, folder or description"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          leftSection={<IconSearch size={16} aria-hidden />}
          maxLength={200}
          w={280}
          maw="100%"
        />
        <Group gap="xs" role="group" aria-label="Selected files">
          <Text size="sm" c="dimmed" role="status">
            {selected.size === 0 ? '' : `${selected.size} selected`}
          </Text>
          {selected.size > 0 && (
            <>
              <Button
                size="sm"
                variant="default"
                leftSection={<IconPencil size={16} aria-hidden />}
                onClick={() => setAsked({ act: 'edit many', files: chosen, says: countedText(chosen.length, 'file') })}
              >
                Edit selected…
              </Button>
              <Button
                size="sm"
                variant="default"
                leftSection={<IconTrash size={16} aria-hidden />}
                onClick={() => setAsked({ act: 'delete', files: chosen, says: countedText(chosen.length, 'file') })}
              >
                Delete selected…
              </Button>
            </>
          )}
          {selected.size > 0 && selected.size < total && search === '' && (
            <Button size="sm" variant="subtle" loading={selectAll.isPending} onClick={() => selectAll.mutate()}>
              Select all {total}
            </Button>
          )}
        </Group>
      </Group>
      <FileTable files={files} selected={selected} onToggle={toggle} queue={queue} onEdit={edit} onDelete={remove} />
      <LoadMore list={list} shown={countedText(files.length, 'file')} />
      {asked?.act === 'edit' && (
        <EditFileDialog
          key={asked.file.id}
          file={asked.file}
          onClose={() => setAsked(null)}
          onDone={(name) => done(`${name} is saved.`)}
        />
      )}
      {asked?.act === 'edit many' && (
        <EditFilesDialog
          dataset={dataset}
          files={asked.files}
          onClose={() => setAsked(null)}
          onDone={() => done(`${asked.says} saved.`)}
        />
      )}
      {asked?.act === 'delete' && (
        <DeleteFiles
          dataset={dataset}
          files={asked.files}
          says={asked.says}
          onClose={() => setAsked(null)}
          onDone={() => done(`${asked.says} deleted.`)}
        />
      )}
    </Stack>
  )
}

interface FileTableProps {
  readonly files: readonly DraftFile[]
  readonly selected: ReadonlySet<number>
  readonly onToggle: (ids: readonly number[], on: boolean) => void
  readonly queue: Queue
  readonly onEdit: (file: DraftFile) => void
  readonly onDelete: (file: DraftFile) => void
}

function FileTable({ files, selected, onToggle, ...acts }: FileTableProps) {
  const all = files.length > 0 && files.every(({ id }) => selected.has(id))
  return (
    <WideTable label="Files" minWidth={300}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={40}>
            <Checkbox
              aria-label="Select all that are shown"
              checked={all}
              indeterminate={!all && selected.size > 0}
              onChange={(event) =>
                onToggle(
                  files.map(({ id }) => id),
                  event.currentTarget.checked,
                )
              }
            />
          </Table.Th>
          <Table.Th>Name</Table.Th>
          <Table.Th w={56}>
            <VisuallyHidden>Acts</VisuallyHidden>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {files.map((file) => (
          <FileRow key={file.id} file={file} isSelected={selected.has(file.id)} onToggle={onToggle} {...acts} />
        ))}
      </Table.Tbody>
    </WideTable>
  )
}

interface FileRowProps extends FileMenuProps {
  readonly isSelected: boolean
  readonly onToggle: (ids: readonly number[], on: boolean) => void
}

/** Drawn anew only when the file is another: while thousands come in, the list is asked for again and again. */
const FileRow = memo(function FileRow({ file, isSelected, onToggle, ...acts }: FileRowProps) {
  return (
    <Table.Tr>
      <Table.Td>
        <Checkbox
          aria-label={`Select ${file.path}`}
          checked={isSelected}
          onChange={(event) => onToggle([file.id], event.currentTarget.checked)}
        />
      </Table.Td>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>
        {file.directory !== '' && (
          <Text span size="sm" c="dimmed">
            {file.directory}/
          </Text>
        )}
        {file.name}
        <Text size="sm" c="dimmed">
          {file.media_type} · {bytesText(file.bytes)}
        </Text>
        <FileMarks file={file} />
        {file.description !== '' && (
          <Text size="sm" c="dimmed" lineClamp={2}>
            {file.description}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <FileMenu file={file} {...acts} />
      </Table.Td>
    </Table.Tr>
  )
})

function FileMarks({ file: { restricted, embargo, published_at, categories } }: { file: DraftFile }) {
  const marks = [
    ...(published_at === null ? ['new'] : []),
    ...(restricted ? ['restricted'] : []),
    ...(embargo === null ? [] : [`embargo until ${embargo.until}`]),
    ...categories,
  ]
  if (marks.length === 0) return null
  return (
    <Group gap={4} mt={2}>
      {marks.map((mark) => (
        <Badge key={mark} size="sm" variant="default" tt="none">
          {mark}
        </Badge>
      ))}
    </Group>
  )
}

interface FileMenuProps {
  readonly file: DraftFile
  readonly queue: Queue
  readonly onEdit: (file: DraftFile) => void
  readonly onDelete: (file: DraftFile) => void
}

function FileMenu({ file, queue, onEdit, onDelete }: FileMenuProps) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size={32} aria-label={`What to do with ${file.path}`}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => onEdit(file)}>Edit…</Menu.Item>
          <Menu.Item onClick={() => input.current?.click()}>Replace by another file…</Menu.Item>
          {file.may_download && (
            <Menu.Item component="a" href={file.url}>
              Download
            </Menu.Item>
          )}
          <Menu.Item color="red" onClick={() => onDelete(file)}>
            Delete…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={`File that replaces ${file.path}`}
        onChange={(event) => {
          const [chosen] = event.currentTarget.files ?? []
          if (chosen)
            queue.add([{ file: chosen, name: keptName(chosen.name), directory: file.directory, replaces: file.id }])
          event.currentTarget.value = ''
        }}
      />
    </>
  )
}

interface DeleteFilesProps {
  readonly dataset: string
  readonly files: readonly number[]
  /** `3 files`, or the name of one. */
  readonly says: string
  readonly onClose: () => void
  readonly onDone: () => void
}

function DeleteFiles({ dataset, files, says, onClose, onDone }: DeleteFilesProps) {
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      ask('POST /v1/datasets/:dataset/files/deletion', { params: { dataset }, body: { files: [...files] } }),
    onSuccess: onDone,
  })
  return (
    <ConfirmDialog
      opened
      close={onClose}
      title={`Delete ${says}?`}
      confirm="Delete"
      onConfirm={() => mutate()}
      busy={isPending}
      error={error}
    >
      What was never published is gone for good. What was published stays in the versions that have it, and will not be
      in the next.
    </ConfirmDialog>
  )
}
