import { Group, Text } from '@mantine/core'
import { countText } from '#portal/kit/figures.ts'
import { exactDay, Time } from '#portal/kit/Time.tsx'
import { formatValue, titleOf } from './numbers.ts'
import type { Model } from './question.ts'
import type { Timed } from './use-explore.ts'

/** The whole in numbers, which days were counted, how fresh the data are, and how long it took. */
export function AnswerSummary({ model, timed: { answer, tookMs } }: { model: Model; timed: Timed }) {
  const { totals, period, rows } = answer
  return (
    <>
      {totals && (
        <Group gap="xl" mt="md" component="dl" my={0}>
          {model.metrics
            .filter(({ name }) => name in totals)
            .map((metric) => (
              <div key={metric.name}>
                <Text size="xs" c="dimmed" component="dt">
                  {titleOf(metric)}, in all
                </Text>
                <Text fw={650} size="lg" component="dd" m={0}>
                  {formatValue(totals[metric.name], metric)}
                </Text>
              </div>
            ))}
        </Group>
      )}
      <Text size="sm" c="dimmed" mt="xs">
        {period && `${exactDay(period.start)} to ${exactDay(period.end)} · `}
        {countText(rows.length)} {rows.length === 1 ? 'row' : 'rows'} · {Math.max(1, Math.round(tookMs))} ms
        {model.freshness && (
          <>
            {' · '}data as of <Time at={model.freshness.refreshed_at} /> ({answer.snapshot})
          </>
        )}
      </Text>
    </>
  )
}
