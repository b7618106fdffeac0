import { Group, Text } from '@mantine/core'
import { IconArrowDownRight, IconArrowRight, IconArrowUpRight } from '@tabler/icons-react'
import { formatPercent, formatValue } from '#portal/warehouse/numbers.ts'
import { BlockFrame } from './BlockFrame.tsx'
import type { DataOf } from './report-data.ts'

/** One number, large, and how it stands against another time. */
export function NumberBlock({ block }: { block: DataOf<'number'> }) {
  const { metric, value, comparison } = block
  const says = formatValue(value, metric)
  return (
    <BlockFrame block={block}>
      <Text fz={34} lh={1.2} fw={650} style={{ fontVariantNumeric: 'tabular-nums' }}>
        {says}
        {metric.unit !== '' && value !== null && (
          <Text span size="lg" c="dimmed">
            {' '}
            {metric.unit}
          </Text>
        )}
      </Text>
      {comparison && <Change comparison={comparison} metric={metric} />}
    </BlockFrame>
  )
}

type Comparison = NonNullable<DataOf<'number'>['comparison']>

function Change({
  comparison: { change_percent, value, label },
  metric,
}: { comparison: Comparison } & Pick<DataOf<'number'>, 'metric'>) {
  const Arrow =
    change_percent === null || change_percent === 0
      ? IconArrowRight
      : change_percent > 0
        ? IconArrowUpRight
        : IconArrowDownRight
  return (
    <Group gap={4} wrap="nowrap" align="flex-start">
      <Arrow size={18} aria-hidden style={{ flexShrink: 0 }} />
      <Text size="sm">
        {change_percent === null ? 'Nothing to compare with' : formatPercent(change_percent)}{' '}
        <Text span size="sm" c="dimmed">
          against {formatValue(value, metric)}, {label}
        </Text>
      </Text>
    </Group>
  )
}
