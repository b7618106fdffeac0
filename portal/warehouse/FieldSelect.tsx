import { MultiSelect, Text } from '@mantine/core'
import { useState } from 'react'

interface Field {
  readonly name: string
  readonly label: string
  readonly description: string
}

interface FieldSelectProps {
  readonly label: string
  readonly placeholder?: string
  readonly fields: readonly Field[]
  readonly chosen: readonly string[]
  readonly most?: number
  readonly change: (chosen: string[]) => void
}

/** Several of a model's fields, found by their labels and explained by their descriptions. */
export function FieldSelect({ label, placeholder = '', fields, chosen, most = 60, change }: FieldSelectProps) {
  const [search, setSearch] = useState('')
  const descriptions = new Map(fields.map(({ name, description }) => [name, description]))
  return (
    <MultiSelect
      label={label}
      placeholder={placeholder}
      data={fields.map(({ name, label: text }) => ({ value: name, label: text }))}
      value={[...chosen]}
      onChange={change}
      maxValues={most}
      searchable
      searchValue={search}
      onSearchChange={setSearch}
      // What was typed for, Enter takes; with nothing typed, Enter takes nothing that one did not go to.
      selectFirstOptionOnChange={search !== ''}
      hidePickedOptions
      nothingFoundMessage="None is called so"
      maxDropdownHeight={340}
      renderOption={({ option }) => (
        <div>
          <Text size="sm">{option.label}</Text>
          <Text size="xs" c="dimmed">
            {descriptions.get(option.value)}
          </Text>
        </div>
      )}
    />
  )
}
