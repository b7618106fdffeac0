import '@mantine/dates/styles.css'
import { Checkbox, Group, NumberInput, Select, Stack, Text, TextInput } from '@mantine/core'
import { DateInput } from '@mantine/dates'
import { PeriodSelect } from '#portal/warehouse/PeriodSelect.tsx'
import type { Model } from '#portal/warehouse/question.ts'
import { ValuesSelect } from '#portal/warehouse/ValuesSelect.tsx'
import { type Parameter, parameterLabels } from './definition.ts'
import { EditedList } from './EditedList.tsx'
import { newParameter } from './editing.ts'
import type { Complaint } from './editor-problems.ts'
import { NamingFields } from './NamingFields.tsx'
import { countingModels } from './use-all-models.ts'

interface ParametersEditorProps {
  readonly parameters: readonly Parameter[]
  readonly models: readonly Model[]
  readonly complaints: ReadonlyMap<number, readonly Complaint[]>
  readonly change: (parameters: Parameter[]) => void
}

/** What readers of the report may choose: each becomes a field above it, and part of its address. */
export function ParametersEditor({ parameters, models, complaints, change }: ParametersEditorProps) {
  const [model] = countingModels(models)
  const usualLabels = {
    text: 'Text',
    number: 'Number',
    date: 'Day',
    period: 'Period',
    choice: model?.dimensions[0]?.label ?? 'Choice',
  }
  return (
    <EditedList
      items={parameters}
      keyOf={({ name }) => name}
      words={({ label, type }) => ({ label, type: parameterLabels[type] })}
      noun="parameter"
      complaintsOf={(at) => complaints.get(at) ?? []}
      change={change}
      fields={(parameter, changeOne) => <OneParameter parameter={parameter} models={models} change={changeOne} />}
      adding={{
        label: 'Let readers choose',
        types: parameterTypes.map((type) => [type, parameterLabels[type]] as const),
        disabled: !model || parameters.length >= 30,
        make: (type) =>
          model
            ? newParameter(
                type,
                usualLabels[type],
                model,
                parameters.map(({ name }) => name),
              )
            : null,
      }}
    />
  )
}

/** What is wanted most comes first. */
const parameterTypes = ['period', 'choice', 'text', 'number', 'date'] as const

interface OneParameterProps {
  readonly parameter: Parameter
  readonly models: readonly Model[]
  readonly change: (parameter: Parameter) => void
}

function OneParameter({ parameter, models, change }: OneParameterProps) {
  const set = (patch: object) =>
    change(
      Object.fromEntries(
        Object.entries({ ...parameter, ...patch }).filter(([, value]) => value !== undefined),
      ) as Parameter,
    )
  return (
    <Stack gap="sm">
      <NamingFields label={parameter.label} description={parameter.description} set={set} />
      {parameter.type === 'choice' && <ChoiceOf parameter={parameter} models={models} set={set} />}
      <DefaultField parameter={parameter} models={models} set={(value) => set({ default: value ?? undefined })} />
      <Checkbox
        label="Required: the report cannot be read without"
        checked={parameter.required}
        onChange={({ currentTarget }) => set({ required: currentTarget.checked })}
      />
      <Text size="xs" c="dimmed">
        In addresses and texts it is called {parameter.name}: <code>{`{{${parameter.name}}}`}</code> in a text stands
        for what was chosen.
      </Text>
    </Stack>
  )
}

type ChoiceParameter = Extract<Parameter, { type: 'choice' }>

interface ChoiceOfProps {
  readonly parameter: ChoiceParameter
  readonly models: readonly Model[]
  readonly set: (patch: object) => void
}

function ChoiceOf({ parameter, models, set }: ChoiceOfProps) {
  const model = models.find(({ name }) => name === parameter.model)
  return (
    <>
      <Group gap="sm" grow>
        <Select
          label="Model"
          data={countingModels(models).map(({ name, label }) => ({ value: name, label }))}
          value={parameter.model}
          allowDeselect={false}
          onChange={(name) => {
            const [first] = models.find((one) => one.name === name)?.dimensions ?? []
            if (name !== null && first) set({ model: name, dimension: first.name, default: undefined })
          }}
        />
        <Select
          label="Values of"
          data={model?.dimensions.map(({ name, label }) => ({ value: name, label })) ?? []}
          value={parameter.dimension}
          allowDeselect={false}
          searchable
          onChange={(dimension) => dimension !== null && set({ dimension, default: undefined })}
        />
      </Group>
      <Checkbox
        label="Several may be chosen"
        checked={parameter.multiple}
        onChange={({ currentTarget: { checked } }) =>
          set({ multiple: checked, ...(!checked && { default: parameter.default?.slice(0, 1) }) })
        }
      />
    </>
  )
}

interface DefaultFieldProps {
  readonly parameter: Parameter
  readonly models: readonly Model[]
  readonly set: (value: unknown) => void
}

function DefaultField({ parameter, models, set }: DefaultFieldProps) {
  switch (parameter.type) {
    case 'choice':
      return (
        <ValuesSelect
          model={parameter.model}
          dimension={parameter.dimension}
          label="Chosen at first"
          isLabelSeen
          chosen={parameter.default ?? []}
          most={parameter.multiple ? 1000 : 1}
          change={(ids) => set(ids.length === 0 ? null : ids)}
        />
      )
    case 'period':
      return (
        <PeriodSelect
          label="Chosen at first"
          days={countingModels(models)[0]?.freshness ?? null}
          period={parameter.default ?? null}
          change={set}
        />
      )
    case 'date':
      return (
        <DateInput
          label="Chosen at first"
          valueFormat="YYYY-MM-DD"
          clearable
          value={parameter.default ?? null}
          onChange={set}
        />
      )
    case 'number':
      return (
        <NumberInput
          label="Chosen at first"
          value={parameter.default ?? ''}
          onChange={(value) => set(typeof value === 'number' ? value : null)}
        />
      )
    case 'text':
      return (
        <TextInput
          label="Chosen at first"
          value={parameter.default ?? ''}
          maxLength={1000}
          onChange={({ currentTarget: { value } }) => set(value === '' ? null : value)}
        />
      )
  }
}
