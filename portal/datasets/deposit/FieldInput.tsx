import {
  ActionIcon,
  Box,
  Button,
  Fieldset,
  Group,
  Input,
  MultiSelect,
  Select,
  Stack,
  Textarea,
  TextInput,
} from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { type Complaints, type Compound, complaintIn, type Field, isBlank, type Leaf, type Value } from './metadata.ts'

interface FieldInputProps {
  readonly field: Field
  /** Where it stands, as complaints name it: `citation/author`. */
  readonly place: string
  readonly value: Value | undefined
  readonly onChange: (value: Value | undefined) => void
  readonly complaints: Complaints
  readonly autoFocus?: boolean
}

/** A field of a metadata block, whatever its kind. */
export function FieldInput(props: FieldInputProps) {
  const { field, autoFocus = false } = props
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (autoFocus) box.current?.querySelector<HTMLElement>('input, textarea')?.focus()
  }, [autoFocus])
  return (
    <Box ref={box} data-field={props.place}>
      {field.children && field.children.length > 0 ? (
        <CompoundField {...props} parts={field.children} />
      ) : (
        <LeafField {...props} value={props.value as Leaf | undefined} />
      )}
    </Box>
  )
}

interface LeafProps extends Omit<FieldInputProps, 'value' | 'onChange'> {
  readonly value: Leaf | undefined
  readonly onChange: (value: Leaf | undefined) => void
}

function LeafField({ field, place, value, onChange, complaints }: LeafProps) {
  const complaint = complaintIn(complaints, place)
  const common = {
    label: field.title,
    description: field.description,
    placeholder: field.watermark,
    withAsterisk: field.required,
  }
  if (field.vocabulary)
    return field.multiple ? (
      <MultiSelect
        {...common}
        placeholder={listOf(value).length === 0 ? field.watermark || 'Choose one or more' : ''}
        data={field.vocabulary}
        value={[...listOf(value)]}
        onChange={(next) => onChange(next.length === 0 ? undefined : next)}
        searchable
        hidePickedOptions
        clearable
        clearButtonProps={{ 'aria-label': `Clear ${field.title.toLowerCase()}` }}
        error={complaint}
      />
    ) : (
      <Select
        {...common}
        placeholder={field.watermark || 'Choose'}
        data={field.vocabulary}
        value={typeof value === 'string' && value !== '' ? value : null}
        onChange={(next) => onChange(next ?? undefined)}
        searchable
        clearable={!field.required}
        clearButtonProps={{ 'aria-label': `Clear ${field.title.toLowerCase()}` }}
        error={complaint}
      />
    )
  if (!field.multiple)
    return (
      <TextField
        {...common}
        type={field.type}
        value={typeof value === 'string' ? value : ''}
        onChange={(text) => onChange(text === '' ? undefined : text)}
        error={complaint}
      />
    )
  return <ManyTexts {...{ field, place, value, onChange, complaints }} />
}

const listOf = (value: Leaf | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value

/** Texts one below the other; there is always one to write into. */
function ManyTexts({ field, place, value, onChange, complaints }: LeafProps) {
  const texts = listOf(value).length === 0 ? [''] : listOf(value)
  const set = (next: readonly string[]) => onChange(next.length === 0 ? undefined : next)
  return (
    <Input.Wrapper
      component="fieldset"
      label={field.title}
      labelElement="div"
      description={field.description}
      withAsterisk={field.required}
      error={complaints.get(place)}
      style={{ border: 0, padding: 0, margin: 0 }}
      aria-label={field.title}
    >
      <Stack gap="xs" mt={4}>
        {keyed(texts).map(({ key, each, at }) => (
          <Group key={key} gap="xs" wrap="nowrap" align="flex-start">
            <Box flex={1}>
              <TextField
                ariaLabel={`${field.title} ${at + 1}`}
                placeholder={field.watermark}
                type={field.type}
                value={each}
                onChange={(text) => set(texts.map((old, index) => (index === at ? text : old)))}
                error={complaints.get(`${place}/${at}`)}
              />
            </Box>
            <Remove
              what={`${field.title} ${at + 1}`}
              hidden={texts.length === 1}
              onClick={() => set(texts.filter((_, index) => index !== at))}
            />
          </Group>
        ))}
        <Add what={field.title} onClick={() => set([...texts, ''])} />
      </Stack>
    </Input.Wrapper>
  )
}

function CompoundField(props: FieldInputProps & { readonly parts: readonly Field[] }) {
  const { field, place, value, onChange, complaints, parts } = props
  if (!field.multiple)
    return (
      <Parts
        {...{ field, place, parts, complaints }}
        legend={field.title}
        value={(value as Compound | undefined) ?? {}}
        onChange={onChange}
      />
    )
  const held = (value as readonly Compound[] | undefined) ?? []
  const entries: readonly Compound[] = held.length === 0 ? [{}] : held
  return (
    <Stack gap="xs">
      {keyed(entries).map(({ key, each, at }) => (
        <Parts
          key={key}
          {...{ parts, complaints }}
          // What it is, is said once.
          field={at === 0 ? field : { ...field, description: undefined }}
          place={`${place}/${at}`}
          legend={entries.length === 1 ? field.title : `${field.title} ${at + 1}`}
          value={each}
          onChange={(next) => onChange(entries.map((old, index) => (index === at ? next : old)))}
          onRemove={entries.length === 1 ? undefined : () => onChange(entries.filter((_, index) => index !== at))}
        />
      ))}
      {complaints.get(place) && <Input.Error role="alert">{complaints.get(place)}</Input.Error>}
      <Add what={field.title} onClick={() => onChange([...entries, {}])} />
    </Stack>
  )
}

interface PartsProps {
  readonly field: Field
  readonly parts: readonly Field[]
  readonly place: string
  readonly legend: string
  readonly value: Compound
  readonly onChange: (value: Compound) => void
  readonly onRemove?: (() => void) | undefined
  readonly complaints: Complaints
}

/** One entry of what has parts: an author with name and affiliation. */
function Parts({ field, parts, place, legend, value, onChange, onRemove, complaints }: PartsProps) {
  const set = (name: string, part: Leaf | undefined) => {
    const { [name]: _, ...others } = value
    onChange(part === undefined ? others : { ...others, [name]: part })
  }
  // An entry that nobody has to make has nothing that it must hold, until there is something in it.
  const isAsked = field.required || !isBlank(value)
  return (
    <Fieldset legend={legend} p="sm" pt={4} miw={0}>
      {field.description && <Input.Description mb={6}>{field.description}</Input.Description>}
      <Group align="flex-end" gap="sm" wrap="nowrap">
        <Box
          flex={1}
          miw={0}
          style={{
            display: 'grid',
            gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 220px), 1fr))',
            gap: 'var(--mantine-spacing-sm)',
            alignItems: 'end',
          }}
        >
          {parts.map((part) => (
            <Box key={part.name} style={part.type === 'TEXTBOX' ? { gridColumn: '1 / -1' } : {}}>
              <LeafField
                field={{ ...part, required: part.required && isAsked, description: undefined }}
                place={`${place}/${part.name}`}
                value={value[part.name]}
                onChange={(next) => set(part.name, next)}
                complaints={complaints}
              />
            </Box>
          ))}
        </Box>
        {onRemove && <Remove what={legend} onClick={onRemove} />}
      </Group>
      {complaints.get(place) && <Input.Error role="alert">{complaints.get(place)}</Input.Error>}
    </Fieldset>
  )
}

interface TextFieldProps {
  readonly label?: string
  readonly ariaLabel?: string
  readonly description?: string | undefined
  readonly placeholder?: string | undefined
  readonly withAsterisk?: boolean
  readonly type: string
  readonly value: string
  readonly onChange: (text: string) => void
  readonly error: string | undefined
}

function TextField({ type, value, onChange, ariaLabel, withAsterisk = false, placeholder, ...rest }: TextFieldProps) {
  const common = {
    ...rest,
    withAsterisk,
    value,
    ...(withAsterisk && { 'aria-required': true }),
    ...(ariaLabel !== undefined && { 'aria-label': ariaLabel }),
    onChange: (event: { readonly currentTarget: { readonly value: string } }) => onChange(event.currentTarget.value),
  }
  if (type === 'TEXTBOX') return <Textarea {...common} placeholder={placeholder} autosize minRows={3} maxRows={14} />
  if (type === 'DATE') return <TextInput {...common} placeholder={placeholder || 'YYYY-MM-DD'} inputMode="numeric" />
  return (
    <TextInput
      {...common}
      placeholder={placeholder}
      // The server judges; these choose the keyboard of a phone.
      {...(type === 'EMAIL' && { inputMode: 'email' as const })}
      {...(type === 'URL' && { inputMode: 'url' as const })}
      {...(type === 'FLOAT' && { inputMode: 'decimal' as const })}
      {...(type === 'INT' && { inputMode: 'numeric' as const })}
    />
  )
}

/** Entries by their place: they have no names of their own, and what is in them is told to each at every drawing. */
const keyed = <T,>(entries: readonly T[]): { key: string; each: T; at: number }[] =>
  entries.map((each, at) => ({ key: `entry ${at}`, each, at }))

const Add = ({ what, onClick }: { what: string; onClick: () => void }) => (
  <div>
    <Button size="compact-sm" variant="subtle" leftSection={<IconPlus size={14} aria-hidden />} onClick={onClick}>
      Add another {what.toLowerCase()}
    </Button>
  </div>
)

const Remove = ({ what, onClick, hidden = false }: { what: string; onClick: () => void; hidden?: boolean }) => (
  <ActionIcon
    variant="subtle"
    color="gray"
    size={36}
    aria-label={`Remove ${what}`}
    onClick={onClick}
    {...(hidden && { style: { visibility: 'hidden' } })}
  >
    <IconTrash size={18} aria-hidden />
  </ActionIcon>
)
