import { Button, Group, Input, Menu, Stack } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { FilterEditor } from './FilterEditor.tsx'
import type { Filter, Model } from './question.ts'

interface FilterListProps {
  readonly model: Model
  readonly filters: readonly Filter[]
  readonly change: (filters: Filter[]) => void
}

/** The filters that must all hold, and one more to be chosen. A filter without values is none yet, so it stays here. */
export function FilterList({ model, filters, change }: FilterListProps) {
  const [begun, begin] = useState<Filter | null>(null)
  const all = begun ? [...filters, begun] : filters
  const changeAt = (place: number, changed: Filter | null) => {
    const isEmpty = changed === null || changed.values.length === 0
    if (place === filters.length) begin(isEmpty ? changed : null)
    if (place < filters.length || !isEmpty)
      change(
        all.flatMap((one, i) => (i !== place ? (one === begun ? [] : [one]) : changed && !isEmpty ? [changed] : [])),
      )
  }
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Input.Label component="span">Filters</Input.Label>
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <Button variant="subtle" size="compact-sm" leftSection={<IconPlus size={14} aria-hidden />}>
              Add a filter
            </Button>
          </Menu.Target>
          <Menu.Dropdown mah={340} style={{ overflowY: 'auto' }}>
            {model.dimensions.map(({ name, label }) => (
              <Menu.Item key={name} onClick={() => begin({ dimension: name, values: [], exclude: false })}>
                {label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      </Group>
      {all.map((filter, i) => {
        const dimension = model.dimensions.find(({ name }) => name === filter.dimension)
        return (
          dimension && (
            <FilterEditor
              // biome-ignore lint/suspicious/noArrayIndexKey: a filter is its place; two may be equal
              key={`${i} ${filter.dimension}`}
              model={model.name}
              dimension={dimension}
              filter={filter}
              change={(changed) => changeAt(i, changed)}
            />
          )
        )
      })}
    </Stack>
  )
}
