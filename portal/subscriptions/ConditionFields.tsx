import { Checkbox, Group, NativeSelect, NumberInput, Stack } from '@mantine/core'
import type { Reply } from '#portal/kit/contracts.ts'
import type { Draft } from './draft.ts'

interface ConditionFieldsProps {
  readonly draft: Draft
  readonly set: (change: Partial<Draft>) => void
  readonly report: Reply<'GET /v1/reports/:report'> | undefined
}

const comparisons = [
  { value: 'above', label: 'is above' },
  { value: 'below', label: 'is below' },
  { value: 'up_by_percent', label: 'has gone up, in percent, by' },
  { value: 'down_by_percent', label: 'has gone down, in percent, by' },
] as const

/** What must hold for anything to be sent; otherwise the run ends as skipped, and says why. */
export function ConditionFields({ draft, set, report }: ConditionFieldsProps) {
  const numbers = report?.definition.blocks.flatMap((block) => (block.type === 'number' ? [block] : [])) ?? []
  const { threshold } = draft
  const change = (part: Partial<NonNullable<typeof threshold>>) =>
    threshold && set({ threshold: { ...threshold, ...part } })
  return (
    <Stack gap="xs">
      <Checkbox
        label="Only when the report has rows"
        checked={draft.onlyIfRows}
        onChange={({ currentTarget }) => set({ onlyIfRows: currentTarget.checked })}
      />
      <Checkbox
        label="Only when it has changed since it was delivered last"
        checked={draft.onlyIfChanged}
        onChange={({ currentTarget }) => set({ onlyIfChanged: currentTarget.checked })}
      />
      {(numbers.length > 0 || threshold !== null) && (
        <Checkbox
          label="Only when a number of it passes a limit"
          checked={threshold !== null}
          onChange={({ currentTarget }) =>
            set({ threshold: currentTarget.checked ? { block: numbers[0]?.id ?? '', is: 'above', value: 0 } : null })
          }
        />
      )}
      {threshold && (
        <Group align="flex-end" gap="xs" ml={32}>
          <NativeSelect
            label="The number"
            data={numbers.map(({ id, title }) => ({ value: id, label: title }))}
            value={threshold.block}
            onChange={({ currentTarget }) => change({ block: currentTarget.value })}
          />
          <NativeSelect
            label="Comparison"
            data={comparisons}
            value={threshold.is}
            onChange={({ currentTarget }) => change({ is: currentTarget.value as typeof threshold.is })}
          />
          <NumberInput
            label="Limit"
            value={threshold.value}
            onChange={(typed) => change({ value: Number(typed) || 0 })}
            w={140}
          />
        </Group>
      )}
    </Stack>
  )
}
