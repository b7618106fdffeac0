import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { ask } from '#portal/kit/ask.ts'
import { query } from '#portal/kit/queries.ts'
import type { Choice, InputState, RowKey } from './report-data.ts'

const shownAtOnce = 200

interface Options {
  readonly options: readonly Choice[]
  /** How many there are besides, to be found by searching. */
  readonly more: number
  readonly isWaiting: boolean
  readonly error: unknown
}

/** Whether all options came along with the report, so that they are searched here. */
const isWhole = ({ options }: InputState): boolean =>
  options !== null && !options.by_row && options.problem === null && options.total <= options.items.length

/** What may be chosen in a cell, by what was typed; it is the option set as it is now, also when it changes meanwhile. */
export function useOptions(report: string, column: InputState, row: RowKey, search: string): Options {
  const [settled] = useDebouncedValue(search, 200)
  const whole = isWhole(column)
  const asked = useQuery({
    ...query('GET /v1/reports/:report/columns/:column/options', {
      params: { report, column: column.id },
      query: { search: settled, row: JSON.stringify(row), limit: shownAtOnce },
    }),
    // Another version of the option set is another question.
    queryKey: ['options', report, column.id, row, settled, column.options?.version ?? null],
    placeholderData: keepPreviousData,
    enabled: !whole,
  })
  if (whole) {
    const options = (column.options?.items ?? []).filter((choice) => !choice.retired && matches(choice, search))
    return {
      options: options.slice(0, shownAtOnce),
      more: Math.max(0, options.length - shownAtOnce),
      isWaiting: false,
      error: null,
    }
  }
  const items = (asked.data?.items ?? []).filter(({ retired }) => !retired)
  return {
    options: settled === search ? items : items.filter((choice) => matches(choice, search)),
    more: Math.max(0, (asked.data?.total ?? items.length) - items.length),
    isWaiting: asked.isFetching || settled !== search,
    error: asked.error,
  }
}

const matches = ({ id, label }: Choice, search: string): boolean =>
  search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => `${label} ${id}`.toLowerCase().includes(word))

const isCalled = ({ id, label }: Choice, text: string): boolean =>
  id === text || label.toLowerCase() === text.toLowerCase() || id.toLowerCase() === text.toLowerCase()

/** The option that a pasted text means: by its label or id, whole. Null: there is none. */
export async function findOption(
  report: string,
  column: InputState,
  row: RowKey,
  text: string,
): Promise<Choice | null> {
  const items = isWhole(column)
    ? (column.options?.items ?? [])
    : (
        await ask('GET /v1/reports/:report/columns/:column/options', {
          params: { report, column: column.id },
          query: { search: text, row: JSON.stringify(row), limit: shownAtOnce },
        })
      ).items
  const offered = items.filter(({ retired }) => !retired)
  return offered.find(({ id }) => id === text) ?? offered.find((choice) => isCalled(choice, text)) ?? null
}
