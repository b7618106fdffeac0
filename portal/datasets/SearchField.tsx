import { Button, Group, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'

interface SearchFieldProps {
  readonly label: string
  readonly value: string
  readonly onSearch: (words: string) => void
}

/** Asked when it has been typed: each search is a step in the history, so that one can go back to the one before. */
export function SearchField({ label, value, onSearch }: SearchFieldProps) {
  const [typed, setTyped] = useState(value)
  const [searched, setSearched] = useState(value)
  // The way back brings other words; a key would take the focus away with the field.
  if (searched !== value) {
    setSearched(value)
    setTyped(value)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSearch(typed.trim())
  }
  return (
    <search>
      <form onSubmit={submit}>
        <Group gap="xs" wrap="nowrap" align="flex-end">
          <TextInput
            type="search"
            flex={1}
            aria-label={label}
            placeholder={label}
            leftSection={<IconSearch size={18} aria-hidden />}
            value={typed}
            onChange={({ currentTarget }) => setTyped(currentTarget.value)}
            size="md"
            maxLength={400}
          />
          <Button type="submit" size="md">
            Search
          </Button>
        </Group>
      </form>
    </search>
  )
}
