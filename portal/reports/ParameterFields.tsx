import '@mantine/dates/styles.css'
import { Box, Button, Group, NumberInput, Paper, TextInput } from '@mantine/core'
import { DateInput } from '@mantine/dates'
import { useState } from 'react'
import { PeriodSelect } from '#portal/warehouse/PeriodSelect.tsx'
import type { Scope } from '#portal/warehouse/question.ts'
import { ValuesSelect } from '#portal/warehouse/ValuesSelect.tsx'
import type { Parameter } from './definition.ts'
import type { ParameterValue, ParameterValues } from './report-data.ts'

interface ParameterFieldsProps {
  readonly parameters: readonly Parameter[]
  /** What was chosen; what is not in it has its default. */
  readonly values: ParameterValues
  /** Days that the report is of now: with these one begins to choose others. */
  readonly days: { readonly start: string; readonly end: string } | null
  readonly change: (values: ParameterValues) => void
}

export const chosenValue = ({ name, default: usual }: Parameter, values: ParameterValues): ParameterValue =>
  values[name] === undefined ? (usual ?? null) : values[name]

/** What a report can be asked for: each choice goes into the address. */
export function ParameterFields({ parameters, values, days, change }: ParameterFieldsProps) {
  if (parameters.length === 0) return null
  const set = (parameter: Parameter, value: ParameterValue) => {
    const { [parameter.name]: _, ...rest } = values
    const isUsual = JSON.stringify(value) === JSON.stringify(parameter.default ?? null)
    change(isUsual ? rest : { ...rest, [parameter.name]: value })
  }
  return (
    <Paper withBorder p="md" component="section" aria-label="What the report is about">
      <Group gap="md" align="flex-start">
        {parameters.map((parameter) => (
          <Box key={parameter.name} w={{ base: '100%', xs: parameter.type === 'choice' ? 280 : 220 }}>
            <ParameterField
              parameter={parameter}
              value={chosenValue(parameter, values)}
              days={days}
              set={(value) => set(parameter, value)}
            />
          </Box>
        ))}
        {Object.keys(values).length > 0 && (
          <Button variant="default" mt={25} onClick={() => change({})}>
            As usual
          </Button>
        )}
      </Group>
    </Paper>
  )
}

interface ParameterFieldProps {
  readonly parameter: Parameter
  readonly value: ParameterValue
  readonly days: ParameterFieldsProps['days']
  readonly set: (value: ParameterValue) => void
}

function ParameterField({ parameter, value, days, set }: ParameterFieldProps) {
  const { label, description = '', required } = parameter
  const field = { label, required, ...(description !== '' && { description }) }
  switch (parameter.type) {
    case 'choice':
      return (
        <ValuesSelect
          model={parameter.model}
          dimension={parameter.dimension}
          label={label}
          isLabelSeen
          chosen={value === null ? [] : [value].flat().map(String)}
          most={parameter.multiple ? 1000 : 1}
          change={(ids) => set(ids.length === 0 ? null : ids)}
        />
      )
    case 'period':
      return (
        <PeriodSelect
          label={label}
          days={days && { first_day: days.start, last_day: days.end }}
          period={value as Scope['period']}
          change={set}
        />
      )
    case 'date':
      return <DateInput {...field} clearable valueFormat="YYYY-MM-DD" value={value as string | null} onChange={set} />
    case 'number':
      return (
        <NumberInput
          {...field}
          {...(parameter.min !== undefined && { min: parameter.min })}
          {...(parameter.max !== undefined && { max: parameter.max })}
          value={(value as number | null) ?? ''}
          onChange={(typed) => set(typeof typed === 'number' ? typed : null)}
        />
      )
    case 'text':
      return (
        <TextField
          field={field}
          value={(value as string | null) ?? ''}
          set={(text) => set(text === '' ? null : text)}
        />
      )
  }
}

/** Taken when it has been typed: each letter would be another report. */
function TextField({ field, value, set }: { field: object; value: string; set: (text: string) => void }) {
  const [typed, setTyped] = useState(value)
  return (
    <TextInput
      {...field}
      value={typed}
      onChange={({ currentTarget }) => setTyped(currentTarget.value)}
      onBlur={() => typed !== value && set(typed)}
      onKeyDown={({ key }) => key === 'Enter' && set(typed)}
    />
  )
}
