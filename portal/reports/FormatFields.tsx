import { ActionIcon, Button, Checkbox, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { ruleWords } from './cell-look.ts'
import type { Format } from './definition.ts'
import { colourClass } from './Pill.tsx'
import style from './ReportGrid.module.css'

type Rule = Extract<Format, { when: unknown }>

const whens: readonly { value: string; label: string }[] = [
  { value: '<', label: 'is below' },
  { value: '<=', label: 'is at most' },
  { value: '=', label: 'is' },
  { value: '>=', label: 'is at least' },
  { value: '>', label: 'is above' },
  { value: 'between', label: 'is between' },
  { value: 'empty', label: 'is empty' },
  { value: 'data_bar', label: 'gets a bar' },
  { value: 'colour_scale', label: 'gets a shade' },
]
const colours = ['red', 'amber', 'green', 'blue', 'grey'] as const

interface FormatFieldsProps {
  /** Of the column: "Wait". */
  readonly of: string
  /** Whether what is compared with is a number. */
  readonly isNumber: boolean
  readonly formats: readonly Format[]
  readonly change: (formats: Format[]) => void
}

/** How cells of a column look when something holds; of several rules the first that applies counts. */
export function FormatFields({ of, isNumber, formats, change }: FormatFieldsProps) {
  const set = (at: number, format: Format) => change(formats.map((one, place) => (place === at ? format : one)))
  return (
    <Stack gap="xs">
      {formats.map((format, at) => (
        <Group
          // biome-ignore lint/suspicious/noArrayIndexKey: a rule is its place; two may be equal
          key={at}
          gap="xs"
          align="center"
        >
          <NativeSelect
            size="xs"
            aria-label={`Rule ${at + 1} of ${of}: when`}
            data={whens.filter(({ value }) => isNumber || !['data_bar', 'colour_scale'].includes(value))}
            value={'scale' in format ? format.scale : format.when}
            onChange={({ currentTarget: { value } }) => set(at, changedWhen(format, value, isNumber))}
          />
          {'when' in format && (
            <RuleFields
              rule={format}
              name={`Rule ${at + 1} of ${of}`}
              isNumber={isNumber}
              set={(rule) => set(at, rule)}
            />
          )}
          <ActionIcon
            variant="subtle"
            aria-label={`Remove rule ${at + 1} of ${of}`}
            onClick={() => change(formats.filter((_, place) => place !== at))}
          >
            <IconX size={16} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      <Group>
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconPlus size={14} aria-hidden />}
          aria-label={`Add a rule to ${of}`}
          disabled={formats.length >= 10}
          onClick={() =>
            change([...formats, isNumber ? { when: '>', value: 0, colour: 'red' } : { when: 'empty', colour: 'grey' }])
          }
        >
          Add a rule
        </Button>
      </Group>
    </Stack>
  )
}

interface RuleFieldsProps {
  readonly rule: Rule
  readonly name: string
  readonly isNumber: boolean
  readonly set: (rule: Rule) => void
}

function RuleFields({ rule, name, isNumber, set }: RuleFieldsProps) {
  const { when, value, value2, colour, bold } = rule
  return (
    <>
      {when !== 'empty' && (
        <ValueField
          label={`${name}: value`}
          value={value}
          isNumber={isNumber}
          set={(next) => set({ ...rule, value: next })}
        />
      )}
      {when === 'between' && (
        <ValueField
          label={`${name}: and`}
          value={value2}
          isNumber={isNumber}
          set={(next) => set({ ...rule, value2: next })}
        />
      )}
      <NativeSelect
        size="xs"
        aria-label={`${name}: colour`}
        data={[...colours]}
        value={colour}
        onChange={({ currentTarget }) => set({ ...rule, colour: currentTarget.value as Rule['colour'] })}
      />
      <Checkbox
        size="xs"
        label="bold"
        aria-label={`${name}: bold`}
        checked={bold ?? false}
        onChange={({ currentTarget }) => set({ ...rule, bold: currentTarget.checked })}
      />
      <Text span size="sm" className={`${style.colour} ${colourClass(colour)}`} fw={bold ? 700 : undefined}>
        {ruleWords(rule)}
      </Text>
    </>
  )
}

interface ValueFieldProps {
  readonly label: string
  readonly value: Rule['value']
  readonly isNumber: boolean
  readonly set: (value: string | number) => void
}

/** A number where numbers are compared; until it is one it stays as it is typed, and the server says so. */
function ValueField({ label, value, isNumber, set }: ValueFieldProps) {
  return (
    <TextInput
      size="xs"
      w={84}
      aria-label={label}
      {...(isNumber && { inputMode: 'decimal' as const })}
      value={value === undefined ? '' : String(value)}
      onChange={({ currentTarget: { value: text } }) =>
        set(isNumber && /^-?(\d+|\d*\.\d*[1-9])$/.test(text) ? Number(text) : text)
      }
    />
  )
}

function changedWhen(format: Format, when: string, isNumber: boolean): Format {
  if (when === 'data_bar' || when === 'colour_scale') return { scale: when }
  const before: Rule = 'when' in format ? format : { when: '>', value: isNumber ? 0 : '', colour: 'red' }
  const { value2: _, value: __, ...rest } = before
  const next = { ...rest, when: when as Rule['when'] }
  if (when === 'empty') return next
  const value = before.value ?? (isNumber ? 0 : '')
  return when === 'between'
    ? { ...next, value, value2: before.value2 ?? (typeof value === 'boolean' ? '' : value) }
    : { ...next, value }
}
