import { ActionIcon, Group, Loader, MultiSelect, Paper, SegmentedControl, Stack, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconX } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery, useQueries } from '@tanstack/react-query'
import { useState } from 'react'
import { countText } from '#portal/kit/figures.ts'
import { asProblem } from '#portal/kit/problem.ts'
import { pages, query } from '#portal/kit/queries.ts'
import type { Dimension, Filter } from './question.ts'

interface FilterEditorProps {
  readonly model: string
  readonly dimension: Dimension
  readonly filter: Filter
  /** Null: take it away. */
  readonly change: (filter: Filter | null) => void
}

const pageSize = 50
/** Labels are looked up for so many values; beyond that the ids must do. */
const mostLabels = 20

/** One filter: which values of a dimension to keep or to leave out, searched for among all there are. */
export function FilterEditor({ model, dimension, filter, change }: FilterEditorProps) {
  const [search, setSearch] = useState('')
  const [settled] = useDebouncedValue(search, 250)
  const params = { model, dimension: dimension.name }
  const found = useInfiniteQuery({
    ...pages('GET /v1/models/:model/dimensions/:dimension/values', {
      params,
      query: { search: settled, limit: pageSize },
    }),
    placeholderData: keepPreviousData,
  })
  const values = found.data?.pages.flatMap(({ body }) => body.values) ?? []
  const labels = useLabels(params, filter.values, values)
  const isWaiting = search !== settled || found.isPlaceholderData
  const total = found.data?.pages[0]?.body.total ?? 0
  const options = new Map([
    ...filter.values.map((id) => [id, labels.get(id) ?? id] as const),
    ...values.map(({ id, label }) => [id, label] as const),
  ])
  // The server searches; until it has, what was found before is searched here.
  const isFound = new Set(
    values.flatMap(({ id, label }) => (isWaiting && !matches(`${label} ${id}`, search) ? [] : [id])),
  )
  const more = () => {
    if (found.hasNextPage && !found.isFetching) void found.fetchNextPage()
  }
  return (
    <Paper withBorder p="xs">
      <Stack gap={6}>
        <Group justify="space-between" wrap="nowrap">
          <Text size="sm" fw={500} truncate>
            {dimension.label}
          </Text>
          <Group gap={4} wrap="nowrap">
            <SegmentedControl
              size="xs"
              aria-label={`${dimension.label}: keep or leave out`}
              value={filter.exclude ? 'out' : 'keep'}
              data={[
                { value: 'keep', label: 'Keep' },
                { value: 'out', label: 'Leave out' },
              ]}
              onChange={(value) => change({ ...filter, exclude: value === 'out' })}
            />
            <ActionIcon
              variant="subtle"
              aria-label={`Remove the filter on ${dimension.label}`}
              onClick={() => change(null)}
            >
              <IconX size={16} aria-hidden />
            </ActionIcon>
          </Group>
        </Group>
        <MultiSelect
          aria-label={`Values of ${dimension.label}`}
          placeholder={filter.values.length === 0 ? 'Search for values' : ''}
          data={[...options].map(([value, label]) => ({ value, label }))}
          value={[...filter.values]}
          onChange={(chosen) => change({ ...filter, values: chosen })}
          searchable
          hidePickedOptions
          searchValue={search}
          onSearchChange={setSearch}
          filter={({ options: all }) => all.filter((one) => 'value' in one && isFound.has(one.value))}
          nothingFoundMessage={
            found.error ? asProblem(found.error).title : found.isFetching ? 'Searching…' : 'No value matches'
          }
          rightSection={found.isFetching ? <Loader size={14} aria-hidden /> : undefined}
          scrollAreaProps={{ onBottomReached: more }}
          maxDropdownHeight={260}
        />
        <Text size="xs" c="dimmed">
          {countText(total)} {total === 1 ? 'value' : 'values'}
          {settled !== '' && ' match'}
        </Text>
      </Stack>
    </Paper>
  )
}

const matches = (text: string, search: string): boolean =>
  search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.toLowerCase().includes(word))

/** What the chosen ids are called: the address carries ids only. */
function useLabels(
  params: { model: string; dimension: string },
  chosen: readonly string[],
  found: readonly { readonly id: string; readonly label: string }[],
): Map<string, string> {
  const labels = new Map(found.map(({ id, label }) => [id, label]))
  const asked = chosen.slice(0, mostLabels)
  const replies = useQueries({
    queries: asked.map((id) => ({
      ...query('GET /v1/models/:model/dimensions/:dimension/values', { params, query: { search: id, limit: 1000 } }),
      staleTime: 600_000,
      enabled: !labels.has(id),
    })),
  })
  replies.forEach(({ data }, i) => {
    const match = data?.values.find(({ id }) => id === asked[i])
    if (match) labels.set(match.id, match.label)
  })
  return labels
}
