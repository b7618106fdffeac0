import { Group, MultiSelect, NativeSelect, NumberInput, Stack, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Reply } from '#portal/kit/contracts.ts'
import { query } from '#portal/kit/queries.ts'
import { periodLabels } from '#portal/warehouse/question.ts'
import type { ParameterValues } from './subscription.ts'

type Parameter = Reply<'GET /v1/reports/:report'>['definition']['parameters'][number]
type Value = ParameterValues[string]

interface ParameterFieldsProps {
  readonly parameters: readonly Parameter[]
  readonly values: ParameterValues
  readonly onChange: (values: ParameterValues) => void
}

/** Values for what a report declares; a field that is left empty has the report's default. */
export function ParameterFields({ parameters, values, onChange }: ParameterFieldsProps) {
  const set = (name: string) => (value: Value | undefined) => {
    const { [name]: _, ...others } = values
    onChange(value === undefined ? others : { ...others, [name]: value })
  }
  return (
    <Stack gap="sm" maw={520}>
      {parameters.map((parameter) => (
        <ParameterField
          key={parameter.name}
          parameter={parameter}
          value={values[parameter.name]}
          onChange={set(parameter.name)}
        />
      ))}
    </Stack>
  )
}

interface ParameterFieldProps<P extends Parameter = Parameter> {
  readonly parameter: P
  readonly value: Value | undefined
  readonly onChange: (value: Value | undefined) => void
}

function ParameterField({ parameter, value, onChange }: ParameterFieldProps) {
  const { label, description, required } = parameter
  const shared = { label, description, required: required && parameter.default === undefined }
  const given = parameter.default === undefined ? 'None' : `As the report has it: ${textOf(parameter.default)}`
  switch (parameter.type) {
    case 'text':
    case 'date':
      return (
        <TextInput
          {...shared}
          type={parameter.type}
          placeholder={given}
          value={typeof value === 'string' ? value : ''}
          onChange={({ currentTarget }) => onChange(currentTarget.value || undefined)}
        />
      )
    case 'number':
      return (
        <NumberInput
          {...shared}
          placeholder={given}
          value={typeof value === 'number' ? value : ''}
          onChange={(typed) => onChange(typed === '' ? undefined : Number(typed))}
          {...(parameter.min !== undefined && { min: parameter.min })}
          {...(parameter.max !== undefined && { max: parameter.max })}
        />
      )
    case 'period':
      return <PeriodField parameter={parameter} value={value} onChange={onChange} given={given} />
    case 'choice':
      return <ChoiceField parameter={parameter} value={value} onChange={onChange} given={given} />
  }
}

const textOf = (value: unknown): string => {
  if (Array.isArray(value)) return value.join(', ')
  if (typeof value === 'object' && value !== null) return Object.values(value).join(' to ')
  return Object.hasOwn(periodLabels, String(value))
    ? periodLabels[String(value) as keyof typeof periodLabels]
    : String(value)
}

type Days = { readonly start: string; readonly end: string }
const isDays = (value: unknown): value is Days => typeof value === 'object' && value !== null && 'start' in value

function PeriodField(props: ParameterFieldProps & { given: string }) {
  const { parameter, value, onChange, given } = props
  const days = isDays(value) ? value : null
  const today = new Date().toISOString().slice(0, 10)
  const choose = (chosen: string) =>
    onChange(chosen === '' ? undefined : chosen === 'days' ? ({ start: today, end: today } as Value) : chosen)
  const setDays = (part: Partial<Days>) => onChange({ ...(days ?? { start: today, end: today }), ...part } as Value)
  return (
    <Group gap="xs" align="flex-end">
      <NativeSelect
        label={parameter.label}
        description={parameter.description}
        data={[
          { value: '', label: given },
          ...Object.entries(periodLabels).map(([name, label]) => ({ value: name, label })),
          { value: 'days', label: 'From one day to another' },
        ]}
        value={days ? 'days' : typeof value === 'string' ? value : ''}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
      />
      {days && (
        <>
          <TextInput
            label="From"
            type="date"
            value={days.start}
            onChange={({ currentTarget }) => setDays({ start: currentTarget.value })}
          />
          <TextInput
            label="To"
            type="date"
            value={days.end}
            onChange={({ currentTarget }) => setDays({ end: currentTarget.value })}
          />
        </>
      )}
    </Group>
  )
}

function ChoiceField(props: ParameterFieldProps<Extract<Parameter, { type: 'choice' }>> & { given: string }) {
  const { parameter, value, onChange, given } = props
  const [search, setSearch] = useState('')
  const [asked] = useDebouncedValue(search, 250)
  const { data } = useQuery({
    ...query('GET /v1/models/:model/dimensions/:dimension/values', {
      params: { model: parameter.model, dimension: parameter.dimension },
      query: { search: asked, limit: 100 },
    }),
    placeholderData: keepPreviousData,
  })
  const chosen = [value ?? []].flat().map(String)
  const found = data?.values.map(({ id, label }) => ({ value: id, label })) ?? []
  const others = chosen.filter((id) => found.every((each) => each.value !== id)).map((id) => ({ value: id, label: id }))
  return (
    <MultiSelect
      label={parameter.label}
      description={parameter.description}
      placeholder={chosen.length === 0 ? given : ''}
      data={[...others, ...found]}
      value={chosen}
      onChange={(ids) => onChange(ids.length === 0 ? undefined : parameter.multiple ? ids : ids.slice(-1))}
      searchable
      searchValue={search}
      onSearchChange={setSearch}
      nothingFoundMessage="No value matches"
      hidePickedOptions
    />
  )
}
