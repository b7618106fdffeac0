import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { query } from '#portal/kit/queries.ts'
import { audiences } from './assignments.ts'

interface AssigneeFieldProps {
  /** A user name, or an audience. */
  readonly value: string | null
  readonly onChange: (assignee: string | null) => void
}

/** Finds a person by their name while one types; or everybody. */
export function AssigneeField({ value, onChange }: AssigneeFieldProps) {
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed.trim(), 200)
  const { data } = useQuery({
    ...query('GET /v1/repository-people', { query: { search, limit: 20 } }),
    placeholderData: keepPreviousData,
  })
  const people = (data?.items ?? []).map(({ user_name, display_name }) => ({
    value: user_name,
    label: display_name === user_name ? user_name : `${display_name} (${user_name})`,
  }))
  const own =
    value === null || value.startsWith(':') || people.some((one) => one.value === value)
      ? []
      : [{ value, label: value }]
  const wide = audiences.filter(({ label }) => label.toLowerCase().includes(search.toLowerCase()))
  return (
    <Select
      label="Who"
      placeholder="Name of a person"
      data={[
        { group: 'People', items: [...own, ...people] },
        { group: 'Everybody', items: [...wide] },
      ].filter(({ items }) => items.length > 0)}
      value={value}
      onChange={onChange}
      searchable
      onSearchChange={setTyped}
      filter={({ options }) => options}
      nothingFoundMessage="Nobody is called that"
      w={300}
      maw="100%"
    />
  )
}
