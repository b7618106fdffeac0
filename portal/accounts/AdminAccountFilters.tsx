import { Group, Select, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { type AccountSearch, roleChoices } from './admin-account.ts'

interface FiltersProps {
  readonly search: AccountSearch
  readonly onChange: (search: AccountSearch) => void
}

const kinds = [
  { value: 'person', label: 'People' },
  { value: 'service', label: 'Service accounts' },
]
const states = [
  { value: 'active', label: 'Active' },
  { value: 'disabled', label: 'Disabled' },
]

/** What the list of accounts is narrowed by; all of it stands in the address. */
export function AdminAccountFilters({ search, onChange }: FiltersProps) {
  const set = (key: keyof AccountSearch, value: string | null) => {
    const { [key]: _, ...others } = search
    onChange(value ? { ...others, [key]: value } : others)
  }
  const choice = (key: 'kind' | 'role' | 'state', label: string, data: { value: string; label: string }[]) => (
    <Select
      label={label}
      data={data}
      placeholder="Any"
      value={search[key] ?? null}
      onChange={(value) => set(key, value)}
      clearable
      clearButtonProps={{ 'aria-label': `Clear ${label.toLowerCase()}` }}
      w={170}
    />
  )
  return (
    <Group gap="sm" align="flex-end" role="search" aria-label="Filter accounts">
      <SearchField value={search.search ?? ''} onChange={(text) => set('search', text)} />
      {choice('kind', 'Kind', kinds)}
      {choice('role', 'Role', [...roleChoices])}
      {choice('state', 'State', states)}
    </Group>
  )
}

/** Asks once the typing rests. */
function SearchField({ value, onChange }: { value: string; onChange: (text: string) => void }) {
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
      type="search"
      label="Search"
      placeholder="User name, name or e-mail"
      value={text}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value)
        rested(currentTarget.value.trim())
      }}
      maxLength={200}
      leftSection={<IconSearch size={16} aria-hidden />}
      w={260}
    />
  )
}
