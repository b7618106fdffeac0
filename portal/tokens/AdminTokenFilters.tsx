import '@mantine/dates/styles.css'
import { Group, Select, TextInput } from '@mantine/core'
import { DateInput } from '@mantine/dates'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { query } from '#portal/kit/queries.ts'
import type { TokenSearch } from './token-search.ts'
import { stateWords } from './token-state.ts'

interface AdminTokenFiltersProps {
  readonly search: TokenSearch
  readonly onChange: (search: TokenSearch) => void
}

const states = [
  { value: 'live', label: 'All that live' },
  { value: 'any', label: 'Any' },
  ...Object.entries(stateWords).map(([value, label]) => ({ value, label })),
]
const kinds = [
  { value: 'person', label: 'People' },
  { value: 'service', label: 'Service accounts' },
]

/** What the list of everyone's tokens is narrowed by; all of it stands in the address. */
export function AdminTokenFilters({ search, onChange }: AdminTokenFiltersProps) {
  const { data: permissions } = useQuery(query('GET /v1/permissions'))
  const set = (key: keyof TokenSearch, value: string | null) => {
    const { [key]: _, ...others } = search
    onChange(value ? { ...others, [key]: value } : others)
  }
  return (
    <Group gap="sm" align="flex-end" role="search" aria-label="Filter API tokens">
      <TypedFilter
        label="Search"
        placeholder="Name, description, account or id"
        value={search.search ?? ''}
        onChange={(text) => set('search', text)}
      />
      <TypedFilter
        label="Account"
        placeholder="User name"
        value={search.account ?? ''}
        onChange={(text) => set('account', text)}
      />
      <Select
        label="State"
        data={states}
        value={search.state ?? 'live'}
        onChange={(state) => set('state', state === 'live' ? null : state)}
        allowDeselect={false}
        w={160}
      />
      <Select
        label="Kind"
        data={kinds}
        placeholder="Everybody"
        value={search.kind ?? null}
        onChange={(kind) => set('kind', kind)}
        clearable
        clearButtonProps={{ 'aria-label': 'Clear kind' }}
        w={170}
      />
      <Select
        label="Permission"
        data={permissions?.items.map(({ permission, label }) => ({ value: permission, label })) ?? []}
        placeholder="Whatever"
        value={search.permission ?? null}
        onChange={(permission) => set('permission', permission)}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'Clear permission' }}
        w={260}
      />
      <DayFilter label="Unused since" value={search.unused_since} onChange={(day) => set('unused_since', day)} />
      <DayFilter label="Expires before" value={search.expires_before} onChange={(day) => set('expires_before', day)} />
    </Group>
  )
}

interface TypedFilterProps {
  readonly label: string
  readonly placeholder: string
  readonly value: string
  readonly onChange: (text: string) => void
}

/** Text that is asked for once the typing rests. */
function TypedFilter({ label, placeholder, value, onChange }: TypedFilterProps) {
  const [text, setText] = useState(value)
  const [asked, setAsked] = useState(value)
  const rested = useDebouncedCallback((typed: string) => {
    setAsked(typed)
    onChange(typed)
  }, 300)
  // The address changed beneath: a link, the way back, all filters cleared.
  if (value !== asked) {
    setAsked(value)
    setText(value)
  }
  return (
    <TextInput
      label={label}
      placeholder={placeholder}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value)
        rested(event.currentTarget.value.trim())
      }}
      maxLength={100}
      leftSection={<IconSearch size={16} aria-hidden />}
      w={240}
    />
  )
}

interface DayFilterProps {
  readonly label: string
  readonly value: string | undefined
  readonly onChange: (day: string | null) => void
}

const DayFilter = ({ label, value, onChange }: DayFilterProps) => (
  <DateInput
    label={label}
    value={value ?? null}
    onChange={onChange}
    placeholder="Any day"
    valueFormat="YYYY-MM-DD"
    clearable
    clearButtonProps={{ 'aria-label': `Clear ${label.toLowerCase()}` }}
    w={160}
  />
)
