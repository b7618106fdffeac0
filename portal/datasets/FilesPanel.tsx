import { Alert, Button, Group, NativeSelect, Skeleton, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconDownload, IconFiles, IconSearch, IconX } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { EmptyState } from '#portal/kit/EmptyState.tsx'
import { bytesText, countedText } from '#portal/kit/figures.ts'
import { LoadMore } from '#portal/kit/LoadMore.tsx'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { pages, query } from '#portal/kit/queries.ts'
import { ChecksumsButton } from './ChecksumsButton.tsx'
import { zipAddress } from './dataset.ts'
import { FileList } from './FileList.tsx'
import { FolderPath } from './FolderPath.tsx'
import { typeName } from './file-words.ts'
import { foldersIn } from './folders.ts'

interface FilesPanelProps {
  readonly dataset: number
  /** As addresses have it: `1.0`, `draft`. */
  readonly version: string
}

/** What is asked for at once in one ZIP. */
const mostSelected = 1000

const orders = [
  { value: 'path', label: 'Name, A to Z' },
  { value: '-name', label: 'Name, Z to A' },
  { value: 'newest', label: 'Newest first' },
  { value: 'oldest', label: 'Oldest first' },
  { value: 'size', label: 'Largest first' },
  { value: 'type', label: 'Type' },
] as const
type Order = (typeof orders)[number]['value']

const accessLabels = {
  public: 'Open',
  restricted: 'Restricted',
  embargoed: 'Embargoed',
  embargoed_restricted: 'Embargoed, then restricted',
} as const
type Access = keyof typeof accessLabels

type Key = 'find' | 'directory' | 'type' | 'access' | 'sort'

/** The files of a version: folder by folder, or all that are found; to be looked at and downloaded one by one or together. */
export function FilesPanel({ dataset, version }: FilesPanelProps) {
  const { find = '', directory = '', type = '', access = '', sort = 'path' } = useSearch({ from: '/datasets/$' })
  const navigate = useNavigate({ from: '/datasets/$' })
  const [selected, select] = useState<ReadonlySet<number>>(new Set())
  const set = (key: Key, value: string) => {
    select(new Set())
    void navigate({
      search: ({ [key]: _, ...rest }) => (value === '' ? rest : { ...rest, [key]: value }),
      replace: key === 'find',
      resetScroll: false,
    })
  }
  const params = { dataset: String(dataset), version }
  const narrowed = find !== '' || type !== '' || access !== ''
  const counts = useQuery(query('GET /v1/datasets/:dataset/versions/:version/files/counts', { params }))
  const folders = counts.data && !narrowed ? foldersIn(counts.data.directories, directory) : []
  const list = useInfiniteQuery({
    ...pages('GET /v1/datasets/:dataset/versions/:version/files', {
      params,
      query: {
        ...(find !== '' && { search: find }),
        ...(type !== '' && { type }),
        ...(access !== '' && { access: access as Access }),
        ...(directory !== '' && { directory }),
        // Folder by folder, unless something is looked for: then whatever lies below counts as well.
        ...(!narrowed && { directory, flat: true }),
        order: orders.some(({ value }) => value === sort) ? (sort as Order) : 'path',
        limit: 100,
      },
    }),
    placeholderData: keepPreviousData,
  })
  const files = list.data?.pages.flatMap(({ body }) => body.items) ?? []
  const total = list.data?.pages[0]?.body.total ?? 0
  if (counts.error) return <ProblemAlert error={counts.error} retry={() => void counts.refetch()} />
  if (!counts.data) return <Skeleton height={240} aria-busy="true" aria-label="Loading" />
  if (counts.data.total === 0)
    return (
      <EmptyState icon={IconFiles} title="There are no files">
        This version has metadata only.
      </EmptyState>
    )
  return (
    <Stack gap="sm">
      <Group gap="sm" align="flex-end">
        <FindField value={find} onSet={(value) => set('find', value)} />
        <NativeSelect
          label="Type"
          data={[
            { value: '', label: 'Any type' },
            ...counts.data.types.map(({ value, count }) => ({ value, label: `${typeName(value)} (${count})` })),
          ]}
          value={type}
          onChange={({ currentTarget }) => set('type', currentTarget.value)}
          w={{ base: '100%', xs: 200 }}
        />
        {counts.data.access.some(({ value }) => value !== 'public') && (
          <NativeSelect
            label="Access"
            data={[
              { value: '', label: 'Any access' },
              ...counts.data.access.map(({ value, count }) => ({
                value,
                label: `${accessLabels[value as Access] ?? value} (${count})`,
              })),
            ]}
            value={access}
            onChange={({ currentTarget }) => set('access', currentTarget.value)}
            w={{ base: '100%', xs: 200 }}
          />
        )}
        <NativeSelect
          label="Order"
          data={orders.map(({ value, label }) => ({ value, label }))}
          value={sort}
          onChange={({ currentTarget }) => set('sort', currentTarget.value === 'path' ? '' : currentTarget.value)}
          w={{ base: '100%', xs: 160 }}
        />
      </Group>
      <Group justify="space-between" gap="xs" mih={36}>
        <FolderPath directory={directory} open={(to) => set('directory', to)} />
        <Group gap="xs">
          <ChecksumsButton dataset={dataset} version={version} />
          <Button
            component="a"
            href={zipAddress(dataset, version)}
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
            aria-label="Download all files as one ZIP"
          >
            All files ({bytesText(counts.data.bytes)})
          </Button>
        </Group>
      </Group>
      {selected.size > 0 && (
        <Alert color="teal" p="xs" role="status">
          <Group gap="sm" justify="space-between">
            <Text size="sm">
              {countedText(selected.size, 'file')} selected
              {selected.size > mostSelected && `; at most ${mostSelected} come in one ZIP`}
            </Text>
            <Group gap="xs">
              {selected.size <= mostSelected && (
                <Button
                  component="a"
                  size="compact-md"
                  href={zipAddress(dataset, version, [...selected])}
                  leftSection={<IconDownload size={16} aria-hidden />}
                >
                  Download selected
                </Button>
              )}
              <Button
                size="compact-md"
                variant="default"
                leftSection={<IconX size={16} aria-hidden />}
                onClick={() => select(new Set())}
              >
                Select none
              </Button>
            </Group>
          </Group>
        </Alert>
      )}
      {list.isError && <ProblemAlert error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <Skeleton height={180} aria-busy="true" aria-label="Loading" />}
      {list.isSuccess && files.length === 0 && folders.length === 0 && (
        <EmptyState title="No file is like that">
          {narrowed ? 'Take back what narrows the list to see more.' : 'This folder is empty in this version.'}
        </EmptyState>
      )}
      {(files.length > 0 || folders.length > 0) && (
        <FileList
          files={files}
          folders={folders}
          version={version}
          withPath={narrowed}
          selected={selected}
          select={select}
          openFolder={(path) => set('directory', path)}
        />
      )}
      {files.length > 0 && (
        <LoadMore
          list={list}
          shown={list.hasNextPage ? `${files.length} of ${countedText(total, 'file')}` : countedText(total, 'file')}
        />
      )}
    </Stack>
  )
}

function FindField({ value, onSet }: { value: string; onSet: (value: string) => void }) {
  const [typed, setTyped] = useState(value)
  const later = useDebouncedCallback((text: string) => onSet(text.trim()), 250)
  return (
    <TextInput
      type="search"
      label="Find a file"
      placeholder="Name, folder or description"
      leftSection={<IconSearch size={16} aria-hidden />}
      value={typed}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value)
        later(currentTarget.value)
      }}
      w={{ base: '100%', xs: 260 }}
    />
  )
}
