import { ActionIcon, Group, NativeSelect, Tooltip } from '@mantine/core'
import { IconSortAscending, IconSortDescending } from '@tabler/icons-react'
import type { Model, Question } from './question.ts'

interface OrderSelectProps {
  readonly model: Model
  readonly question: Question
  readonly change: (patch: Partial<Question>) => void
}

/** What decides which groups come first, and so which are in the top ones. */
export function OrderSelect({ model, question, change }: OrderSelectProps) {
  const [term] = question.order
  const fields = [...model.metrics, ...model.dimensions].filter(
    ({ name }) => question.metrics.includes(name) || question.dimensions.includes(name),
  )
  const isFalling = term?.descending ?? true
  const turn = isFalling ? 'falling' : 'rising'
  return (
    <Group gap="xs" align="flex-end">
      <NativeSelect
        label="Order"
        flex={1}
        value={term?.by ?? ''}
        data={[
          { value: '', label: 'By the first metric' },
          ...fields.map(({ name, label }) => ({ value: name, label })),
        ]}
        onChange={({ currentTarget: { value } }) =>
          change({
            order: value === '' ? [] : [{ by: value, descending: question.metrics.includes(value) }],
          })
        }
      />
      <Tooltip label={`Order: ${turn}`}>
        <ActionIcon
          variant="default"
          size={36}
          disabled={term === undefined}
          aria-label={`Order ${turn}; turn it round`}
          onClick={() => term && change({ order: [{ ...term, descending: !term.descending }] })}
        >
          {isFalling ? <IconSortDescending size={18} aria-hidden /> : <IconSortAscending size={18} aria-hidden />}
        </ActionIcon>
      </Tooltip>
    </Group>
  )
}
