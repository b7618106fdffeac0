import { Skeleton, Table } from '@mantine/core'
import { keepPreviousData, useQueries } from '@tanstack/react-query'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import { countText } from '#portal/kit/figures.ts'
import { query } from '#portal/kit/queries.ts'
import { WideTable } from '#portal/kit/WideTable.tsx'
import { questionOf, type RunSearch, spans } from './run-search.ts'
import { type RunState, stateWords } from './run-words.ts'

const states = Object.keys(stateWords) as RunState[]

/** How many runs of these days are in each state, of those that the other filters leave; each leads to its list. */
export function RunCounts({ search }: { search: RunSearch }) {
  const { state: _state, days: _days, ...others } = search
  const replies = useQueries({
    queries: spans.map(({ days }) => ({
      ...query('GET /v1/runs/counts', { query: questionOf({ ...others, days }) }),
      placeholderData: keepPreviousData,
      refetchInterval: 5000,
    })),
  })
  if (replies.some(({ isPending }) => isPending)) return <Skeleton height={150} />
  return (
    <WideTable label="How many runs" minWidth={720} withTableBorder>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Asked for</Table.Th>
          <Table.Th ta="right">All</Table.Th>
          {states.map((state) => (
            <Table.Th key={state} ta="right">
              {stateWords[state]}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {spans.map(({ days, label }, at) => {
          const counts = replies[at]?.data
          return (
            <Table.Tr key={days}>
              <Table.Th scope="row">{label}</Table.Th>
              <Table.Td ta="right">
                <TextLink to="/admin/runs" search={{ ...others, days }} inherit>
                  {countText(counts?.total ?? 0)}
                </TextLink>
              </Table.Td>
              {states.map((state) => (
                <Table.Td key={state} ta="right">
                  {counts?.states[state] ? (
                    <TextLink to="/admin/runs" search={{ ...others, days, state }} inherit>
                      {countText(counts.states[state])}
                    </TextLink>
                  ) : (
                    0
                  )}
                </Table.Td>
              ))}
            </Table.Tr>
          )
        })}
      </Table.Tbody>
    </WideTable>
  )
}
