import {
  Checkbox,
  Divider,
  Group,
  NativeSelect,
  NumberInput,
  Select,
  Stack,
  Text,
  Textarea,
  TextInput,
  Title,
} from '@mantine/core'
import type { ReactNode } from 'react'
import { FieldSelect } from '#portal/warehouse/FieldSelect.tsx'
import { type Model, unitLabels } from '#portal/warehouse/question.ts'
import { type Block, type BlockOf, chartLabels, comparisonLabels, type Definition } from './definition.ts'
import { inputIdsOf, newBlock } from './editing.ts'
import type { Complaint } from './editor-problems.ts'
import { InputFields } from './InputFields.tsx'
import { type LookColumn, LooksFields } from './LooksFields.tsx'
import { ModelField, QueryFields, ScopeFields } from './QueryFields.tsx'

interface BlockFormProps<B extends Block = Block> {
  readonly block: B
  readonly definition: Definition
  readonly models: readonly Model[]
  readonly complaints: readonly Complaint[]
  readonly change: (block: Block) => void
}

/** All that can be said about a block, by its type. */
export function BlockForm(props: BlockFormProps) {
  const { block, change, models } = props
  if (block.type === 'text') return <TextForm block={block} change={change} />
  const model = models.find(({ name }) => name === block.query.model)
  return (
    <Stack gap="sm">
      <TextInput
        label="Title"
        required
        value={block.title}
        maxLength={200}
        onChange={({ currentTarget }) => change({ ...block, title: currentTarget.value })}
      />
      <TextInput
        label="Explanation"
        value={block.description ?? ''}
        maxLength={1000}
        onChange={({ currentTarget: { value } }) => {
          const { description: _, ...rest } = block
          change((value === '' ? rest : { ...rest, description: value }) as Block)
        }}
      />
      <ModelField
        models={models}
        model={block.query.model}
        change={(name) => {
          const next = models.find((one) => one.name === name)
          // Another model has other fields: the block begins anew, under its title.
          if (next) change({ ...newBlock(block.type, next), id: block.id, title: block.title } as Block)
        }}
      />
      {model ? (
        <TypedForm {...props} model={model} />
      ) : (
        <Text c="var(--mantine-color-error)" size="sm">
          The model {block.query.model} cannot be asked by you now. Choose another, or leave the block as it is.
        </Text>
      )}
    </Stack>
  )
}

function TypedForm({ model, ...props }: BlockFormProps & { readonly model: Model }) {
  const { block } = props
  switch (block.type) {
    case 'number':
      return <NumberForm {...props} block={block} model={model} />
    case 'table':
      return <TableForm {...props} block={block} model={model} />
    case 'pivot':
      return <PivotForm {...props} block={block} model={model} />
    case 'chart':
      return <ChartForm {...props} block={block} model={model} />
    default:
      return null
  }
}

function TextForm({ block, change }: { block: BlockOf<'text'>; change: (block: Block) => void }) {
  return (
    <Textarea
      label="Text"
      description="Markdown: # heading, **bold**, *italic*, - list, [link](https://…). {{name}} stands for what readers chose."
      autosize
      minRows={5}
      maxRows={24}
      value={block.markdown}
      maxLength={20_000}
      onChange={({ currentTarget }) => change({ ...block, markdown: currentTarget.value })}
    />
  )
}

type FormOf<T extends Block['type']> = BlockFormProps<BlockOf<T>> & { readonly model: Model }

function UnitSelect({
  unit,
  change,
}: {
  unit: keyof typeof unitLabels
  change: (unit: keyof typeof unitLabels) => void
}) {
  return (
    <NativeSelect
      label="Aggregation unit"
      value={unit}
      data={Object.entries(unitLabels).map(([value, label]) => ({ value, label }))}
      onChange={({ currentTarget }) => change(currentTarget.value as keyof typeof unitLabels)}
    />
  )
}

function NumberForm({ block, definition, model, change }: FormOf<'number'>) {
  const { query, compare, decimals } = block
  const set = (patch: object) =>
    change(
      Object.fromEntries(Object.entries({ ...block, ...patch }).filter(([, value]) => value !== undefined)) as never,
    )
  return (
    <>
      <Select
        label="Metric"
        data={model.metrics.map(({ name, label }) => ({ value: name, label }))}
        value={query.metrics[0] ?? null}
        allowDeselect={false}
        searchable
        onChange={(metric) => metric !== null && set({ query: { ...query, metrics: [metric] } })}
      />
      <ScopeFields model={model} definition={definition} scope={query} change={(scope) => set({ query: scope })} />
      <Group grow gap="sm" align="flex-end">
        <NativeSelect
          label="Compare with"
          value={compare ?? ''}
          data={[
            { value: '', label: 'Nothing' },
            ...Object.entries(comparisonLabels).map(([value, label]) => ({ value, label })),
          ]}
          disabled={query.period === undefined}
          description={query.period === undefined ? 'Needs a period' : undefined}
          onChange={({ currentTarget: { value } }) => set({ compare: value === '' ? undefined : value })}
        />
        <NumberInput
          label="Decimals"
          placeholder="as usual"
          min={0}
          max={10}
          value={decimals ?? ''}
          onChange={(value) => set({ decimals: typeof value === 'number' ? value : undefined })}
        />
      </Group>
    </>
  )
}

function TableForm({ block, definition, models, complaints, model, change }: FormOf<'table'>) {
  const { query, columns, inputs } = block
  const dimensions = model.dimensions.filter(({ name }) => query.dimensions.includes(name))
  return (
    <>
      <QueryFields
        model={model}
        definition={definition}
        query={query}
        change={(next) =>
          change({ ...block, query: next, columns: columns.filter(({ name }) => isThere(name, next, inputs)) })
        }
      />
      <Checkbox
        label="Each metric over everything, as the last row"
        checked={query.totals}
        onChange={({ currentTarget }) => change({ ...block, query: { ...query, totals: currentTarget.checked } })}
      />
      <Part title="Columns to fill in">
        <InputFields
          inputs={inputs}
          taken={inputIdsOf(definition)}
          models={models}
          dimensions={dimensions}
          complaints={complaints}
          change={(next) =>
            change({ ...block, inputs: next, columns: columns.filter(({ name }) => isThere(name, query, next)) })
          }
        />
      </Part>
      <Part title="How columns look">
        <LooksFields
          columns={[
            ...(query.series ? [{ name: 'period', label: 'Period', isNumber: false, mayRename: true }] : []),
            ...lookColumns(dimensions, false),
            ...lookColumns(
              model.metrics.filter(({ name }) => query.metrics.includes(name)),
              true,
            ),
            ...inputs.map(({ id, label, type }) => ({
              name: id,
              label,
              isNumber: type === 'number',
              mayRename: false,
            })),
          ]}
          looks={columns}
          change={(looks) => change({ ...block, columns: looks })}
        />
      </Part>
    </>
  )
}

/** A look of a column that is not there any more would be refused. */
const isThere = (name: string, query: BlockOf<'table'>['query'], inputs: BlockOf<'table'>['inputs']): boolean =>
  (name === 'period' && query.series) ||
  query.dimensions.includes(name) ||
  query.metrics.includes(name) ||
  inputs.some(({ id }) => id === name)

const lookColumns = (fields: readonly { name: string; label: string }[], isNumber: boolean): LookColumn[] =>
  fields.map(({ name, label }) => ({ name, label, isNumber, mayRename: true }))

function PivotForm({ block, definition, model, change }: FormOf<'pivot'>) {
  const { query, rows, columns, looks } = block
  return (
    <>
      <FieldSelect
        label="Metrics"
        fields={model.metrics}
        chosen={query.metrics}
        most={30}
        change={(metrics) =>
          metrics.length > 0 &&
          change({ ...block, query: { ...query, metrics }, looks: looks.filter(({ name }) => metrics.includes(name)) })
        }
      />
      <FieldSelect
        label="Rows"
        fields={model.dimensions}
        chosen={rows}
        most={4}
        change={(next) => next.length > 0 && change({ ...block, rows: next })}
      />
      <Select
        label="Columns"
        data={[
          ...(model.timed ? [{ value: 'period', label: 'Period' }] : []),
          ...model.dimensions.map(({ name, label }) => ({ value: name, label })),
        ]}
        value={columns}
        allowDeselect={false}
        searchable
        onChange={(next) => next !== null && change({ ...block, columns: next })}
      />
      <ScopeFields
        model={model}
        definition={definition}
        scope={query}
        change={(scope) => change({ ...block, query: scope })}
      >
        {columns === 'period' && (
          <UnitSelect unit={query.unit} change={(unit) => change({ ...block, query: { ...query, unit } })} />
        )}
      </ScopeFields>
      <Checkbox
        label="Totals of rows and columns"
        checked={query.totals}
        onChange={({ currentTarget }) => change({ ...block, query: { ...query, totals: currentTarget.checked } })}
      />
      <Part title="How metrics look">
        <LooksFields
          columns={lookColumns(
            model.metrics.filter(({ name }) => query.metrics.includes(name)),
            true,
          )}
          looks={looks}
          change={(next) => change({ ...block, looks: next })}
        />
      </Part>
    </>
  )
}

function ChartForm({ block, definition, model, change }: FormOf<'chart'>) {
  return (
    <>
      <NativeSelect
        label="Drawn as"
        value={block.chart}
        data={Object.entries(chartLabels).map(([value, label]) => ({ value, label }))}
        onChange={({ currentTarget }) => change({ ...block, chart: currentTarget.value as BlockOf<'chart'>['chart'] })}
      />
      <QueryFields
        model={model}
        definition={definition}
        query={block.query}
        change={(query) => change({ ...block, query })}
      />
    </>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <>
      <Divider />
      <Title order={4} size="h6">
        {title}
      </Title>
      {children}
    </>
  )
}
