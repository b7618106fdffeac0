import { ActionIcon, Badge, Checkbox, Group, Table, Text, UnstyledButton, VisuallyHidden } from '@mantine/core'
import { IconDownload, IconEye, IconFolder } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import { bytesText, countedText } from '#portal/kit/figures.ts'
import { exactDay } from '#portal/kit/Time.tsx'
import { AccessBadge } from './AccessBadge.tsx'
import { contentAddress, type DatasetFile } from './dataset.ts'
import { FileIcon } from './FileIcon.tsx'
import { typeAndSize } from './file-words.ts'
import type { Folder } from './folders.ts'
import { mayBeTable, previewKind } from './preview-kind.ts'

const PreviewDialog = lazy(() =>
  import('./PreviewDialog.tsx').then(({ PreviewDialog: component }) => ({ default: component })),
)

interface FileListProps {
  readonly files: readonly DatasetFile[]
  readonly folders: readonly Folder[]
  readonly version: string
  /** Whether each file says in which folder it lies. */
  readonly withPath: boolean
  readonly selected: ReadonlySet<number>
  readonly select: (files: ReadonlySet<number>) => void
  readonly openFolder: (path: string) => void
}

/** Folders first, then files; each file with what it is and what can be done with it. */
export function FileList({ files, folders, version, withPath, selected, select, openFolder }: FileListProps) {
  const [shown, show] = useState<DatasetFile | null>(null)
  const open = files.filter(({ may_download }) => may_download)
  const all = open.length > 0 && open.every(({ id }) => selected.has(id))
  const toggle = (ids: readonly number[], on: boolean) => {
    const next = new Set(selected)
    for (const id of ids) on ? next.add(id) : next.delete(id)
    select(next)
  }
  return (
    <>
      <Table verticalSpacing="xs" aria-label="Files" layout="fixed" styles={{ td: { verticalAlign: 'top' } }}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={44}>
              <Checkbox
                aria-label="Select all files that are listed"
                checked={all}
                indeterminate={!all && selected.size > 0}
                disabled={open.length === 0}
                onChange={({ currentTarget }) =>
                  toggle(
                    open.map(({ id }) => id),
                    currentTarget.checked,
                  )
                }
              />
            </Table.Th>
            <Table.Th>Name</Table.Th>
            <Table.Th w={{ base: 88, sm: 96 }} ta="right">
              <VisuallyHidden>Preview and download</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {folders.map((folder) => (
            <FolderRow key={folder.path} folder={folder} open={() => openFolder(folder.path)} />
          ))}
          {files.map((file) => (
            <FileRow
              key={file.id}
              file={file}
              version={version}
              name={withPath ? file.path : file.name}
              isSelected={selected.has(file.id)}
              select={(on) => toggle([file.id], on)}
              preview={() => show(file)}
            />
          ))}
        </Table.Tbody>
      </Table>
      {shown && (
        <Suspense fallback={null}>
          <PreviewDialog file={shown} version={version} close={() => show(null)} />
        </Suspense>
      )}
    </>
  )
}

function FolderRow({ folder: { name, count, bytes }, open }: { folder: Folder; open: () => void }) {
  return (
    <Table.Tr>
      <Table.Td />
      <Table.Td colSpan={2}>
        <Group gap="xs" wrap="nowrap" align="flex-start">
          <IconFolder size={20} stroke={1.5} aria-hidden style={{ flexShrink: 0 }} />
          <div style={{ minWidth: 0 }}>
            <UnstyledButton
              onClick={open}
              c="var(--mantine-color-anchor)"
              td="underline"
              style={{ overflowWrap: 'anywhere' }}
            >
              {name}
            </UnstyledButton>
            <Text size="sm" c="dimmed">
              {countedText(count, 'file')} · {bytesText(bytes)}
            </Text>
          </div>
        </Group>
      </Table.Td>
    </Table.Tr>
  )
}

interface FileRowProps {
  readonly file: DatasetFile
  readonly version: string
  readonly name: string
  readonly isSelected: boolean
  readonly select: (on: boolean) => void
  readonly preview: () => void
}

function FileRow({ file, version, name, isSelected, select, preview }: FileRowProps) {
  const { id, media_type, description, categories, tags, downloads, created_at, published_at, may_download } = file
  return (
    <Table.Tr>
      <Table.Td>
        <Checkbox
          aria-label={`Select ${name}`}
          checked={isSelected}
          disabled={!may_download}
          onChange={({ currentTarget }) => select(currentTarget.checked)}
        />
      </Table.Td>
      <Table.Td>
        <Group gap="xs" wrap="nowrap" align="flex-start">
          <FileIcon mediaType={media_type} />
          <div style={{ minWidth: 0 }}>
            <Group gap={6}>
              <TextLink
                to="/files/$file"
                params={{ file: String(id) }}
                search={{ version }}
                style={{ overflowWrap: 'anywhere' }}
              >
                {name}
              </TextLink>
              <AccessBadge file={file} />
            </Group>
            {description !== '' && (
              <Text size="sm" lineClamp={3} style={{ overflowWrap: 'anywhere' }}>
                {description}
              </Text>
            )}
            <Text size="sm" c="dimmed">
              {typeAndSize(file)} · {exactDay(published_at ?? created_at)}
              {downloads > 0 && ` · ${countedText(downloads, 'download')}`}
            </Text>
            {categories.length + tags.length > 0 && (
              <Group gap={4} mt={4}>
                {[...categories, ...tags].map((word) => (
                  <Badge key={word} variant="default" tt="none" fw={500} maw="100%">
                    {word}
                  </Badge>
                ))}
              </Group>
            )}
          </div>
        </Group>
      </Table.Td>
      <Table.Td>
        {may_download && (
          <Group gap={6} justify="flex-end" wrap="nowrap">
            {(previewKind(media_type) !== null || mayBeTable(file.name)) && (
              <ActionIcon variant="default" size="lg" aria-label={`Preview ${name}`} title="Preview" onClick={preview}>
                <IconEye size={18} aria-hidden />
              </ActionIcon>
            )}
            <ActionIcon
              component="a"
              href={contentAddress(id, version)}
              variant="default"
              size="lg"
              aria-label={`Download ${name}`}
              title="Download"
            >
              <IconDownload size={18} aria-hidden />
            </ActionIcon>
          </Group>
        )}
      </Table.Td>
    </Table.Tr>
  )
}
