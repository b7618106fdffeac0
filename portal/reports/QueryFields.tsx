import { ActionIcon, Button, Group, NativeSelect, Select, Stack, Text } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { ExploreControls } from '#portal/warehouse/ExploreControls.tsx'
import { FilterList } from '#portal/warehouse/FilterList.tsx'
import { PeriodSelect } from '#portal/warehouse/PeriodSelect.tsx'
import type { Model } from '#portal/warehouse/question.ts'
import {
  type BlockPeriod,
  changedQuery,
  fixedPeriod,
  isPlain,
  periodParameter,
  periodsOf,
  plainFilters,
  questionOf,
  valuesOf,
  withPeriod,
  withPlainFilters,
} from './block-question.ts'
import type { BlockFilter, BlockQuery, Definition } from './definition.ts'
import { countingModels } from './use-all-models.ts'

interface QueryFieldsProps {
  readonly model: Model
  readonly definition: Definition
  readonly query: BlockQuery
  readonly change: (query: BlockQuery) => void
}

/** What a table or a chart asks, with the controls of Explore. */
export function QueryFields({ model, definition, query, change }: QueryFieldsProps) {
  return (
    <ExploreControls
      model={model}
      question={questionOf(query)}
      change={(patch) => change(changedQuery(query, patch))}
      within={{
        filters: (
          <ParameterFilters
            model={model}
            definition={definition}
            filters={query.filters}
            change={(filters) => change({ ...query, filters })}
          />
        ),
        period: (
          <BlockPeriodField
            model={model}
            definition={definition}
            period={query.period}
            change={(period) => change(withPeriod(query, period))}
          />
        ),
      }}
    />
  )
}

interface Scope {
  readonly filters: readonly BlockFilter[]
  readonly period?: BlockPeriod
}

interface ScopeFieldsProps<S extends Scope> {
  readonly model: Model
  readonly definition: Definition
  readonly scope: S
  readonly change: (scope: S) => void
  readonly children?: ReactNode
}

/** Filters and period only, for blocks that ask less. */
export function ScopeFields<S extends Scope>({ model, definition, scope, change, children }: ScopeFieldsProps<S>) {
  return (
    <Stack gap="sm">
      <FilterList
        model={model}
        filters={plainFilters(scope.filters)}
        change={(plain) => change({ ...scope, filters: withPlainFilters(scope.filters, plain) })}
      />
      <ParameterFilters
        model={model}
        definition={definition}
        filters={scope.filters}
        change={(filters) => change({ ...scope, filters })}
      />
      {model.timed && (
        <BlockPeriodField
          model={model}
          definition={definition}
          period={scope.period}
          change={(period) => change(withPeriod(scope as S & { period?: BlockPeriod }, period))}
        />
      )}
      {children}
    </Stack>
  )
}

interface BlockPeriodFieldProps {
  readonly model: Model
  readonly definition: Definition
  readonly period: BlockPeriod
  readonly change: (period: BlockPeriod) => void
}

const fixed = ''

/** A period that stands in the report, or one that its readers choose. */
function BlockPeriodField({ model, definition, period, change }: BlockPeriodFieldProps) {
  const parameters = periodsOf(definition)
  const chosen = periodParameter(period)
  return (
    <Stack gap="sm">
      {(parameters.length > 0 || chosen !== null) && (
        <NativeSelect
          label="Who chooses the period"
          value={chosen ?? fixed}
          data={[
            { value: fixed, label: 'The report' },
            ...parameters.map(({ name, label }) => ({ value: name, label: `Its readers: ${label}` })),
          ]}
          onChange={({ currentTarget: { value } }) => change(value === fixed ? undefined : { parameter: value })}
        />
      )}
      {chosen === null && (
        <PeriodSelect
          days={model.freshness}
          period={fixedPeriod(period)}
          change={(next) => change(next ?? undefined)}
        />
      )}
    </Stack>
  )
}

interface ParameterFiltersProps {
  readonly model: Model
  readonly definition: Definition
  readonly filters: readonly BlockFilter[]
  readonly change: (filters: BlockFilter[]) => void
}

/** Filters whose values the report's readers choose; and those that were written otherwise, to be kept or taken away. */
function ParameterFilters({ model, definition, filters, change }: ParameterFiltersProps) {
  const parameters = valuesOf(definition)
  const labelOf = (name: string) => model.dimensions.find((dimension) => dimension.name === name)?.label ?? name
  const free = parameters.find((parameter) => parameter.type === 'choice') ?? parameters[0]
  const add = () => {
    if (!free) return
    const dimension = free.type === 'choice' && free.model === model.name ? free.dimension : model.dimensions[0]?.name
    if (dimension) change([...filters, { dimension, values: { parameter: free.name }, exclude: false }])
  }
  return (
    <Stack gap="xs">
      {filters.map((filter, at) => {
        if (isPlain(filter)) return null
        const set = (patch: Partial<BlockFilter>) =>
          change(filters.map((one, place) => (place === at ? { ...one, ...patch } : one)))
        const parameter = filter.values && !Array.isArray(filter.values) ? filter.values.parameter : null
        return (
          <Group
            // biome-ignore lint/suspicious/noArrayIndexKey: a filter is its place; two may be equal
            key={at}
            gap="xs"
            align="flex-end"
            wrap="nowrap"
          >
            {parameter === null ? (
              <Text size="sm" flex={1}>
                {labelOf(filter.dimension)} {filterWords(filter)}
              </Text>
            ) : (
              <>
                <Select
                  label="Only rows whose"
                  flex={1}
                  data={model.dimensions.map(({ name, label }) => ({ value: name, label }))}
                  value={filter.dimension}
                  allowDeselect={false}
                  searchable
                  onChange={(dimension) => dimension !== null && set({ dimension })}
                />
                <NativeSelect
                  label="is as chosen in"
                  flex={1}
                  data={parameters.map(({ name, label }) => ({ value: name, label }))}
                  value={parameter}
                  onChange={({ currentTarget: { value } }) => set({ values: { parameter: value } })}
                />
              </>
            )}
            <ActionIcon
              variant="subtle"
              mb={4}
              aria-label={`Remove the filter on ${labelOf(filter.dimension)}`}
              onClick={() => change(filters.filter((_, place) => place !== at))}
            >
              <IconX size={16} aria-hidden />
            </ActionIcon>
          </Group>
        )
      })}
      {free && (
        <Group>
          <Button variant="subtle" size="compact-sm" leftSection={<IconPlus size={14} aria-hidden />} onClick={add}>
            Filter by what readers choose
          </Button>
        </Group>
      )}
    </Stack>
  )
}

function filterWords({ labels, min, max, exclude }: BlockFilter): string {
  const words = (value: unknown): string =>
    typeof value === 'object' && value !== null && 'parameter' in value ? String(value.parameter) : String(value)
  const parts = [
    labels !== undefined && `called ${Array.isArray(labels) ? labels.join(', ') : words(labels)}`,
    min !== undefined && `from ${words(min)}`,
    max !== undefined && `up to ${words(max)}`,
  ].filter(Boolean)
  return `${exclude ? 'not ' : ''}${parts.join(' ')}`
}

interface ModelFieldProps {
  readonly models: readonly Model[]
  readonly model: string
  readonly change: (model: string) => void
}

/** Which model a block asks. */
export function ModelField({ models, model, change }: ModelFieldProps) {
  const there = countingModels(models).map(({ name, label }) => ({ value: name, label }))
  return (
    <Select
      label="Model"
      data={there.some(({ value }) => value === model) ? there : [...there, { value: model, label: model }]}
      value={model}
      allowDeselect={false}
      searchable
      onChange={(name) => name !== null && change(name)}
    />
  )
}
