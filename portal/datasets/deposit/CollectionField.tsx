import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { query } from '#portal/kit/queries.ts'

interface CollectionFieldProps {
  /** Its alias. */
  readonly value: string | null
  readonly onChange: (alias: string | null) => void
  readonly label?: string
  readonly error?: string | undefined
}

/** Finds a collection by its name. */
export function CollectionField({ value, onChange, label = 'Collection', error }: CollectionFieldProps) {
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed.trim(), 200)
  const { data } = useQuery({
    ...query('GET /v1/collections', { query: { limit: 50, ...(search !== '' && { search }) } }),
    placeholderData: keepPreviousData,
  })
  const chosen = useQuery({
    ...query('GET /v1/collections/:collection', { params: { collection: value ?? '' } }),
    enabled: value !== null,
  })
  const found = (data?.items ?? []).map(({ alias, name }) => ({ value: alias, label: name }))
  const own =
    value === null || found.some((one) => one.value === value) ? [] : [{ value, label: chosen.data?.name ?? value }]
  return (
    <Select
      label={label}
      description="Where it belongs: whoever manages the collection can see and publish it."
      placeholder="Choose a collection"
      data={[...own, ...found]}
      value={value}
      onChange={onChange}
      searchable
      onSearchChange={(text) => setTyped(found.some((one) => one.label === text) ? '' : text)}
      filter={({ options }) => options}
      nothingFoundMessage="No collection is called that"
      withAsterisk
      error={error}
      maw={520}
    />
  )
}
