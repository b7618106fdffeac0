import { ActionIcon, Group, Paper, SegmentedControl, Stack, Text } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import type { Dimension, Filter } from './question.ts'
import { ValuesSelect } from './ValuesSelect.tsx'

interface FilterEditorProps {
  readonly model: string
  readonly dimension: Dimension
  readonly filter: Filter
  /** Null: take it away. */
  readonly change: (filter: Filter | null) => void
}

/** One filter: which values of a dimension to keep or to leave out, searched for among all there are. */
export function FilterEditor({ model, dimension, filter, change }: FilterEditorProps) {
  return (
    <Paper withBorder p="xs">
      <Stack gap={6}>
        <Group justify="space-between" wrap="nowrap">
          <Text size="sm" fw={500} truncate>
            {dimension.label}
          </Text>
          <Group gap={4} wrap="nowrap">
            <SegmentedControl
              size="xs"
              aria-label={`${dimension.label}: keep or leave out`}
              value={filter.exclude ? 'out' : 'keep'}
              data={[
                { value: 'keep', label: 'Keep' },
                { value: 'out', label: 'Leave out' },
              ]}
              onChange={(value) => change({ ...filter, exclude: value === 'out' })}
            />
            <ActionIcon
              variant="subtle"
              aria-label={`Remove the filter on ${dimension.label}`}
              onClick={() => change(null)}
            >
              <IconX size={16} aria-hidden />
            </ActionIcon>
          </Group>
        </Group>
        <ValuesSelect
          model={model}
          dimension={dimension.name}
          label={`Values of ${dimension.label}`}
          chosen={filter.values}
          change={(values) => change({ ...filter, values })}
        />
      </Stack>
    </Paper>
  )
}
