import '@mantine/dates/styles.css'
import { Accordion, Button, Checkbox, Group, Menu, NumberInput, Select, Stack, Text, TextInput } from '@mantine/core'
import { DateInput } from '@mantine/dates'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { PeriodSelect } from '#portal/warehouse/PeriodSelect.tsx'
import type { Model } from '#portal/warehouse/question.ts'
import { ValuesSelect } from '#portal/warehouse/ValuesSelect.tsx'
import { ComplaintList } from './ComplaintList.tsx'
import { type Parameter, parameterLabels } from './definition.ts'
import { moved, newParameter } from './editing.ts'
import type { Complaint } from './editor-problems.ts'
import { ItemActs } from './ItemActs.tsx'
import { countingModels } from './use-all-models.ts'

interface ParametersEditorProps {
  readonly parameters: readonly Parameter[]
  readonly models: readonly Model[]
  readonly complaints: ReadonlyMap<number, readonly Complaint[]>
  readonly change: (parameters: Parameter[]) => void
}

/** What readers of the report may choose: each becomes a field above it, and part of its address. */
export function ParametersEditor({ parameters, models, complaints, change }: ParametersEditorProps) {
  const [opened, open] = useState<string | null>(null)
  const [model] = countingModels(models)
  const add = (type: Parameter['type']) => {
    if (!model) return
    const [dimension] = model.dimensions
    const label = {
      text: 'Text',
      number: 'Number',
      date: 'Day',
      period: 'Period',
      choice: dimension?.label ?? 'Choice',
    }
    const names = parameters.map(({ name }) => name)
    const parameter = newParameter(type, label[type], model, names)
    change([...parameters, parameter])
    open(parameter.name)
  }
  return (
    <Stack gap="xs">
      {parameters.length > 0 && (
        <Accordion variant="contained" value={opened} onChange={open}>
          {parameters.map((parameter, at) => (
            <Accordion.Item key={parameter.name} value={parameter.name}>
              <Group wrap="nowrap" gap={4} pr="xs">
                <Accordion.Control>
                  {parameter.label}
                  <Text span size="sm" c={complaints.has(at) ? 'var(--mantine-color-error)' : 'dimmed'}>
                    {' '}
                    · {complaints.has(at) ? 'something is wrong here' : parameterLabels[parameter.type]}
                  </Text>
                </Accordion.Control>
                <ItemActs
                  name={`parameter ${parameter.label}`}
                  isFirst={at === 0}
                  isLast={at === parameters.length - 1}
                  move={(by) => change(moved(parameters, at, by))}
                  remove={() => change(parameters.filter(({ name }) => name !== parameter.name))}
                />
              </Group>
              <Accordion.Panel>
                <ComplaintList complaints={complaints.get(at) ?? []} />
                <OneParameter
                  parameter={parameter}
                  models={models}
                  change={(changed) => change(parameters.map((one) => (one.name === parameter.name ? changed : one)))}
                />
              </Accordion.Panel>
            </Accordion.Item>
          ))}
        </Accordion>
      )}
      <Group>
        <Menu position="bottom-start">
          <Menu.Target>
            <Button
              variant="default"
              size="compact-sm"
              leftSection={<IconPlus size={16} aria-hidden />}
              disabled={!model || parameters.length >= 30}
            >
              Let readers choose
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {(['period', 'choice', 'text', 'number', 'date'] as const).map((type) => (
              <Menu.Item key={type} onClick={() => add(type)}>
                {parameterLabels[type]}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      </Group>
    </Stack>
  )
}

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
      <TextInput
        label="Name"
        required
        value={parameter.label}
        maxLength={200}
        onChange={({ currentTarget }) => set({ label: currentTarget.value })}
      />
      <TextInput
        label="Explanation"
        value={parameter.description ?? ''}
        maxLength={1000}
        onChange={({ currentTarget: { value } }) => set({ description: value === '' ? undefined : value })}
      />
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
