import {
  Checkbox,
  Group,
  NativeSelect,
  NumberInput,
  Radio,
  Select,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import { DateInput } from '@mantine/dates'
import { useState } from 'react'
import type { Model } from '#portal/warehouse/question.ts'
import { type Choices, type InputColumn, type InputType, inputLabels } from './definition.ts'
import { EditedList } from './EditedList.tsx'
import { newInput, readOptions, writeOptions } from './editing.ts'
import { type Complaint, complaintsWithin } from './editor-problems.ts'
import { NamingFields } from './NamingFields.tsx'
import { entryLabels } from './report-words.ts'

interface InputFieldsProps {
  readonly inputs: readonly InputColumn[]
  /** Ids of all input columns of the report. */
  readonly taken: readonly string[]
  readonly models: readonly Model[]
  /** Dimensions that name the rows: options may differ by them. */
  readonly dimensions: readonly { readonly name: string; readonly label: string }[]
  readonly complaints: readonly Complaint[]
  readonly change: (inputs: InputColumn[]) => void
}

/** Columns that people fill in. */
export function InputFields({ inputs, taken, models, dimensions, complaints, change }: InputFieldsProps) {
  return (
    <EditedList
      items={inputs}
      keyOf={({ id }) => id}
      words={({ label, type }) => ({ label, type: inputLabels[type] })}
      noun="column"
      complaintsOf={(at) => complaintsWithin(complaints, `inputs/${at}`)}
      change={change}
      fields={(input, changeOne) => (
        <OneInput input={input} models={models} dimensions={dimensions} change={changeOne} />
      )}
      adding={{
        label: 'Add a column to fill in',
        types: Object.entries(inputLabels) as [InputType, string][],
        disabled: inputs.length >= 20,
        make: (type) => newInput(type, usualLabels[type], taken),
      }}
    />
  )
}

const usualLabels: Readonly<Record<InputType, string>> = {
  text: 'Comment',
  number: 'Amount',
  checkbox: 'Checked',
  date: 'Due',
  person: 'Responsible',
  single_select: 'Status',
  multi_select: 'Topics',
}

interface OneInputProps {
  readonly input: InputColumn
  readonly models: readonly Model[]
  readonly dimensions: InputFieldsProps['dimensions']
  readonly change: (input: InputColumn) => void
}

function OneInput({ input, models, dimensions, change }: OneInputProps) {
  const set = (patch: object) => change(without({ ...input, ...patch }) as InputColumn)
  return (
    <Stack gap="sm">
      <NamingFields label={input.label} description={input.description} set={set} />
      <Group gap="sm" align="flex-end" grow>
        <NativeSelect
          label="Who may fill it in"
          value={input.entry}
          data={Object.entries(entryLabels).map(([value, label]) => ({ value, label }))}
          onChange={({ currentTarget }) => set({ entry: currentTarget.value })}
        />
        <DateInput
          label="Last day to fill it in"
          placeholder="Open"
          valueFormat="YYYY-MM-DD"
          clearable
          value={input.locked_after ?? null}
          onChange={(day) => set({ locked_after: day ?? undefined })}
        />
      </Group>
      <Checkbox
        label="Required: empty cells are counted as missing, and none can be emptied"
        checked={input.required}
        onChange={({ currentTarget }) => set({ required: currentTarget.checked })}
      />
      <TypeFields input={input} set={set} />
      {(input.type === 'single_select' || input.type === 'multi_select') && (
        <ChoiceFields
          options={input.options}
          models={models}
          dimensions={dimensions}
          change={(options) => set({ options })}
        />
      )}
      <Text size="xs" c="dimmed">
        Its id is {input.id}; what is filled in belongs to it, so it stays.
      </Text>
    </Stack>
  )
}

/** A member that is undefined is none. */
const without = (input: object): object =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined))

function TypeFields({ input, set }: { input: InputColumn; set: (patch: object) => void }) {
  const number = (value: string | number) => (typeof value === 'number' ? value : undefined)
  if (input.type === 'number')
    return (
      <Group gap="sm" grow align="flex-end">
        <NumberInput label="Least" value={input.min ?? ''} onChange={(value) => set({ min: number(value) })} />
        <NumberInput label="Most" value={input.max ?? ''} onChange={(value) => set({ max: number(value) })} />
        <NumberInput
          label="Decimals"
          min={0}
          max={10}
          value={input.decimals ?? ''}
          onChange={(value) => set({ decimals: number(value) })}
        />
        <TextInput
          label="Unit"
          maxLength={40}
          value={input.unit ?? ''}
          onChange={({ currentTarget: { value } }) => set({ unit: value === '' ? undefined : value })}
        />
      </Group>
    )
  if (input.type === 'text')
    return (
      <NumberInput
        label="Characters at most"
        min={1}
        max={4000}
        w={180}
        value={input.max_length}
        onChange={(value) => typeof value === 'number' && set({ max_length: value })}
      />
    )
  if (input.type === 'date')
    return (
      <Group gap="sm" grow>
        <DateInput
          label="First day"
          valueFormat="YYYY-MM-DD"
          clearable
          value={input.min ?? null}
          onChange={(day) => set({ min: day ?? undefined })}
        />
        <DateInput
          label="Last day"
          valueFormat="YYYY-MM-DD"
          clearable
          value={input.max ?? null}
          onChange={(day) => set({ max: day ?? undefined })}
        />
      </Group>
    )
  return null
}

interface ChoiceFieldsProps {
  readonly options: Choices
  readonly models: readonly Model[]
  readonly dimensions: InputFieldsProps['dimensions']
  readonly change: (options: Choices) => void
}

/** Options that are typed in here, or those of a model's option set, which follow the model. */
function ChoiceFields({ options, models, dimensions, change }: ChoiceFieldsProps) {
  const sets = models.flatMap((model) =>
    model.option_sets.map((set) => ({
      value: `${model.name}/${set.name}`,
      label: `${set.label} (${model.label})`,
      set,
    })),
  )
  const isTyped = 'values' in options
  const chosen = isTyped ? null : `${options.model}/${options.option_set}`
  const take = (key: string | null) => {
    const [model, option_set] = key?.split('/') ?? []
    if (!model || !option_set) return
    change({ model, option_set })
  }
  const by = isTyped ? null : (sets.find(({ value }) => value === chosen)?.set.filter_by ?? null)
  return (
    <Stack gap="sm">
      <Radio.Group
        label="Options"
        value={isTyped ? 'typed' : 'set'}
        onChange={(kind) =>
          kind === 'typed' ? change({ values: [{ id: 'yes', label: 'Yes' }] }) : take(sets[0]?.value ?? null)
        }
      >
        <Group gap="md" mt={4}>
          <Radio value="typed" label="Typed in here" />
          <Radio value="set" label="From a model" disabled={sets.length === 0 && isTyped} />
        </Group>
      </Radio.Group>
      {isTyped ? (
        <TypedOptions options={options.values} change={(values) => change({ values })} />
      ) : (
        <>
          <Select
            label="Option set"
            data={
              sets.some(({ value }) => value === chosen)
                ? sets.map(({ value, label }) => ({ value, label }))
                : [...sets.map(({ value, label }) => ({ value, label })), { value: chosen ?? '', label: chosen ?? '' }]
            }
            value={chosen}
            allowDeselect={false}
            searchable
            onChange={take}
          />
          {by !== null && (
            <NativeSelect
              label="Each row gets the options of its"
              value={options.filter_by ?? ''}
              data={[
                { value: '', label: `${by}, as the option set says` },
                ...dimensions.map(({ name, label }) => ({ value: name, label })),
              ]}
              onChange={({ currentTarget: { value } }) => {
                const { filter_by: _, ...rest } = options
                change(value === '' ? rest : { ...rest, filter_by: value })
              }}
            />
          )}
        </>
      )}
    </Stack>
  )
}

type Typed = Extract<Choices, { values: unknown }>['values']

function TypedOptions({ options, change }: { options: Typed; change: (options: Typed) => void }) {
  const [text, setText] = useState(() => writeOptions(options))
  return (
    <Textarea
      label="A line for each option"
      description="The label, or id = label. Options keep their id when they are renamed that way."
      autosize
      minRows={3}
      maxRows={12}
      value={text}
      onChange={({ currentTarget: { value } }) => {
        setText(value)
        change(readOptions(value, options))
      }}
    />
  )
}
