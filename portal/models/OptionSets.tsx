import { NativeSelect, Skeleton, Stack, Table, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { EmptyState } from '#portal/kit/EmptyState.tsx'
import { countedText } from '#portal/kit/figures.ts'
import { LoadMore } from '#portal/kit/LoadMore.tsx'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { pages } from '#portal/kit/queries.ts'
import { WideTable } from '#portal/kit/WideTable.tsx'
import type { Model } from './model-words.ts'

type OptionSet = Model['option_sets'][number]

/** The choices that reports offer in their data-input columns, as the data that are read now have them. */
export function OptionSets({ model }: { model: Model }) {
  const { option_sets: sets } = model
  const [chosen, setChosen] = useState(sets[0]?.name ?? '')
  const set = sets.find(({ name }) => name === chosen) ?? sets[0]
  if (!set) return null
  return (
    <Stack>
      {sets.length > 1 && (
        <NativeSelect
          label="Option set"
          data={sets.map(({ name, label }) => ({ value: name, label }))}
          value={set.name}
          onChange={({ currentTarget }) => setChosen(currentTarget.value)}
          maw={420}
        />
      )}
      <Options key={set.name} model={model} set={set} />
    </Stack>
  )
}

function Options({ model, set }: { model: Model; set: OptionSet }) {
  const [search, setSearch] = useState('')
  const [asked] = useDebouncedValue(search.trim(), 250)
  const list = useInfiniteQuery({
    ...pages('GET /v1/models/:model/option-sets/:set', {
      params: { model: model.name, set: set.name },
      query: { search: asked, limit: 100 },
    }),
    // Another snapshot has other options.
    queryKey: [
      'GET /v1/models/:model/option-sets/:set',
      { model: model.name, set: set.name, asked, version: model.freshness?.version },
      'pages',
    ],
    placeholderData: keepPreviousData,
    enabled: model.freshness !== null,
  })
  if (model.freshness === null)
    return <EmptyState title="No options yet">The model was never refreshed, so there is nothing to choose.</EmptyState>
  const options = list.data?.pages.flatMap(({ body }) => body.options) ?? []
  const total = list.data?.pages[0]?.body.total ?? 0
  return (
    <>
      <Text size="sm">
        {set.description || `What “${set.label}” offers in data-input columns of reports.`}
        {set.filter_by !== null && ` Each row of a report gets only those that are for its ${set.filter_by}.`}
      </Text>
      <TextInput
        label="Find an option"
        type="search"
        placeholder="Part of label or id"
        leftSection={<IconSearch size={18} aria-hidden />}
        value={search}
        onChange={({ currentTarget }) => setSearch(currentTarget.value)}
        maw={420}
      />
      <Text size="sm" c="dimmed" role="status">
        {list.data && `${countedText(total, 'option')}${asked === '' ? '' : ' found'}`}
      </Text>
      {list.isError && <ProblemAlert error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <Skeleton height={160} />}
      {options.length > 0 && (
        <>
          <WideTable label={`Options of ${set.label}`} minWidth={set.filter_by === null ? 320 : 480}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Label</Table.Th>
                <Table.Th>Id, which is stored</Table.Th>
                {set.filter_by !== null && <Table.Th>Only for {set.filter_by}</Table.Th>}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {options.map(({ id, label, only_for }) => (
                <Table.Tr key={id}>
                  <Table.Td style={{ overflowWrap: 'anywhere' }}>{label}</Table.Td>
                  <Table.Td ff="monospace" fz="sm" style={{ overflowWrap: 'anywhere' }}>
                    {id}
                  </Table.Td>
                  {set.filter_by !== null && <Table.Td>{only_for === null ? 'all' : only_for.join(', ')}</Table.Td>}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </WideTable>
          <LoadMore list={list} shown={countedText(options.length, 'option')} />
        </>
      )}
    </>
  )
}
