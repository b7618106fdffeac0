import { Select, Textarea, TextInput } from '@mantine/core'
import type { Parameter } from './api-document.ts'

interface TryParameterProps {
  readonly parameter: Parameter
  readonly value: string
  readonly onChange: (value: string) => void
}

/** The field for one parameter: choices where there are some, lines where it may come several times. */
export function TryParameter({ parameter, value, onChange }: TryParameterProps) {
  const { name, in: place, required, schema } = parameter
  const common = { label: name, withAsterisk: required, description: place === 'query' ? undefined : `In the ${place}` }
  if (schema.enum)
    return (
      <Select
        {...common}
        maw={420}
        data={schema.enum.map(String)}
        value={value || null}
        placeholder={String(schema.default ?? '')}
        onChange={(chosen) => onChange(chosen ?? '')}
        clearable
        clearButtonProps={{ 'aria-label': `Clear ${name}` }}
      />
    )
  const often = (schema.anyOf ?? [schema]).some(({ type }) => type === 'array')
  const text = {
    ...common,
    value,
    placeholder: String(schema.default ?? schema.examples?.[0] ?? ''),
    onChange: ({ currentTarget }: React.ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) =>
      onChange(currentTarget.value),
    spellCheck: false,
    autoComplete: 'off',
  }
  return often ? (
    <Textarea {...text} description="One on each line" autosize minRows={1} maw={520} />
  ) : (
    <TextInput {...text} maw={520} />
  )
}
