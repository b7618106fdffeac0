import { Checkbox, Divider, Group, Input, NativeSelect, SegmentedControl, Stack } from '@mantine/core'
import { type ReactNode, useId } from 'react'
import { FieldSelect } from './FieldSelect.tsx'
import { FilterList } from './FilterList.tsx'
import { OrderSelect } from './OrderSelect.tsx'
import { PeriodSelect } from './PeriodSelect.tsx'
import { type Model, type Question, unitLabels } from './question.ts'

interface ExploreControlsProps {
  readonly model: Model
  readonly question: Question
  readonly change: (patch: Partial<Question>) => void
  /** Where the question is part of something else: more filters, another choice of the period, nothing to compare with. */
  readonly within?: { readonly filters?: ReactNode; readonly period?: ReactNode }
}

const topChoices = [5, 10, 20, 50]
/** With more groups than one can tell apart at a glance, the rest is added up. */
const usualTop = { limit: 10, others: true }

export function ExploreControls({ model, question, change, within }: ExploreControlsProps) {
  const { dimensions, limit } = question
  const typeId = useId()
  const tops = limit === null || topChoices.includes(limit) ? topChoices : [...topChoices, limit]
  return (
    <Stack gap="sm" pt={{ base: 'sm', md: 0 }}>
      <FieldSelect
        label="Metrics"
        fields={model.metrics}
        chosen={question.metrics}
        change={(metrics) => metrics.length > 0 && change({ metrics, order: keptOrder(question, metrics, dimensions) })}
      />
      <FieldSelect
        label="Group by"
        placeholder={dimensions.length === 0 ? 'Everything together' : ''}
        fields={model.dimensions}
        chosen={dimensions}
        most={12}
        change={(chosen) =>
          change({
            dimensions: chosen,
            order: keptOrder(question, question.metrics, chosen),
            ...(dimensions.length === 0 && limit === null && usualTop),
            ...(chosen.length === 0 && { limit: null, others: false }),
          })
        }
      />
      {dimensions.length > 0 && (
        <Group gap="sm" align="flex-end">
          <NativeSelect
            label="Groups"
            flex={1}
            value={limit ?? 'all'}
            data={[...tops.map((top) => ({ value: String(top), label: `Top ${top}` })), { value: 'all', label: 'All' }]}
            onChange={({ currentTarget: { value } }) =>
              change(value === 'all' ? { limit: null, others: false } : { limit: Number(value) })
            }
          />
          <Checkbox
            pb={8}
            label="Others"
            disabled={limit === null}
            checked={question.others}
            onChange={({ currentTarget: { checked } }) => change({ others: checked })}
          />
        </Group>
      )}
      <FilterList model={model} filters={question.filters} change={(filters) => change({ filters })} />
      {within?.filters}
      {model.timed && (
        <>
          <Divider />
          {within?.period ?? (
            <PeriodSelect days={model.freshness} period={question.period} change={(period) => change({ period })} />
          )}
          <NativeSelect
            label="Aggregation unit"
            value={question.unit}
            data={Object.entries(unitLabels).map(([value, label]) => ({ value, label }))}
            onChange={({ currentTarget: { value } }) => change({ unit: value as Question['unit'] })}
          />
          <div>
            <Input.Label component="span" id={typeId}>
              Answer as
            </Input.Label>
            <SegmentedControl
              fullWidth
              aria-labelledby={typeId}
              value={question.series ? 'series' : 'aggregate'}
              data={[
                { value: 'series', label: 'Time series' },
                { value: 'aggregate', label: 'Aggregate' },
              ]}
              onChange={(value) => change(datasetOf(question, value === 'series'))}
            />
          </div>
          {!within && (
            <Checkbox
              label="Compare with the period before"
              checked={question.compare}
              onChange={({ currentTarget: { checked } }) => change({ compare: checked })}
            />
          )}
        </>
      )}
      <Divider />
      <OrderSelect model={model} question={question} change={change} />
    </Stack>
  )
}

/** A line needs time to run along; what isn't about time may be drawn either way. */
function datasetOf(question: Question, series: boolean): Partial<Question> {
  const view = series && question.view === 'bar' ? 'line' : !series && question.view === 'line' ? 'bar' : question.view
  return { series, view, order: question.order.filter(({ by }) => series || by !== 'period') }
}

/** An order by something that isn't asked for any more would be refused. */
const keptOrder = ({ order }: Question, metrics: readonly string[], dimensions: readonly string[]): Question['order'] =>
  order.filter(({ by }) => by === 'period' || metrics.includes(by) || dimensions.includes(by))
