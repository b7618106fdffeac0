import { Loader, MultiSelect, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useInfiniteQuery, useQueries } from '@tanstack/react-query'
import { useState } from 'react'
import { countText } from '#portal/kit/figures.ts'
import { asProblem } from '#portal/kit/problem.ts'
import { pages, query } from '#portal/kit/queries.ts'

interface ValuesSelectProps {
  readonly model: string
  readonly dimension: string
  /** Names the field: seen, or only heard. */
  readonly label: string
  readonly isLabelSeen?: boolean
  readonly chosen: readonly string[]
  readonly most?: number
  readonly change: (chosen: string[]) => void
}

const pageSize = 50
/** Labels are looked up for so many values; beyond that the ids must do. */
const mostLabels = 20

/** Values of a dimension, by id, searched for among all there are. */
export function ValuesSelect({
  model,
  dimension,
  label,
  isLabelSeen = false,
  chosen,
  most = 10_000,
  change,
}: ValuesSelectProps) {
  const [search, setSearch] = useState('')
  const [settled] = useDebouncedValue(search, 250)
  const params = { model, dimension }
  const found = useInfiniteQuery({
    ...pages('GET /v1/models/:model/dimensions/:dimension/values', {
      params,
      query: { search: settled, limit: pageSize },
    }),
    placeholderData: keepPreviousData,
  })
  const values = found.data?.pages.flatMap(({ body }) => body.values) ?? []
  const labels = useLabels(params, chosen, values)
  const isWaiting = search !== settled || found.isPlaceholderData
  const total = found.data?.pages[0]?.body.total ?? 0
  const options = new Map([
    ...chosen.map((id) => [id, labels.get(id) ?? id] as const),
    ...values.map(({ id, label: text }) => [id, text] as const),
  ])
  // The server searches; until it has, what was found before is searched here.
  const isFound = new Set(
    values.flatMap(({ id, label: text }) => (isWaiting && !matches(`${text} ${id}`, search) ? [] : [id])),
  )
  const more = () => {
    if (found.hasNextPage && !found.isFetching) void found.fetchNextPage()
  }
  return (
    <>
      <MultiSelect
        {...(isLabelSeen ? { label } : { 'aria-label': label })}
        placeholder={chosen.length === 0 ? 'Search for values' : ''}
        data={[...options].map(([value, text]) => ({ value, label: text }))}
        value={[...chosen]}
        onChange={(ids) => change(most === 1 ? ids.slice(-1) : ids)}
        maxValues={most === 1 ? 2 : most}
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
      {!isLabelSeen && (
        <Text size="xs" c="dimmed">
          {countText(total)} {total === 1 ? 'value' : 'values'}
          {settled !== '' && ' match'}
        </Text>
      )}
    </>
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
