import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { query } from '#portal/kit/queries.ts'

interface OwnerFieldProps {
  /** The owner's id and name, when there is one. */
  readonly value: { readonly id: string; readonly name: string } | null
  readonly onChange: (owner: { id: string; name: string }) => void
  readonly error?: React.ReactNode
}

/** Chooses the person who answers for a service account, by typing a part of a name. */
export function AdminOwnerField({ value, onChange, error }: OwnerFieldProps) {
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed.trim(), 250)
  // What stands in the field after a choice is no search.
  const asked = search === '' || search === value?.name ? {} : { search }
  const people = useQuery({
    ...query('GET /v1/accounts', { query: { kind: 'person', state: 'active', limit: 50, ...asked } }),
    placeholderData: (before) => before,
  })
  const found = (people.data?.accounts ?? []).map(({ id, user_name }) => ({ value: id, label: user_name }))
  const known = value && !found.some((one) => one.value === value.id) ? [{ value: value.id, label: value.name }] : []
  return (
    <Select
      label="Owner"
      description="The person who answers for this service account and gets its notices."
      data={[...known, ...found]}
      value={value?.id ?? null}
      onChange={(id, option) => id && onChange({ id, name: option?.label ?? '' })}
      searchable
      onSearchChange={setTyped}
      filter={({ options }) => options}
      nothingFoundMessage="There is no such person"
      allowDeselect={false}
      error={error}
    />
  )
}
