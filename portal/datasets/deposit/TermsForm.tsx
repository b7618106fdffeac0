import { Checkbox, Fieldset, Radio, Stack, Text, Textarea } from '@mantine/core'
import type { License } from './repository.ts'
import type { Written } from './written.ts'

type Terms = Pick<Written, 'license' | 'terms' | 'accessRequests'>

interface TermsFormProps {
  readonly value: Terms
  readonly onChange: (value: Terms) => void
  readonly licenses: readonly License[]
  readonly errors: Readonly<Record<string, string>>
  /** Only what has to be chosen when a dataset begins. */
  readonly short?: boolean
}

const useFields = [
  ['terms_of_use', 'Terms of use', 'What others may do with the data.'],
  ['confidentiality_declaration', 'Confidentiality declaration', ''],
  ['special_permissions', 'Special permissions', ''],
  ['restrictions', 'Restrictions', ''],
  ['citation_requirements', 'Citation requirements', ''],
  ['depositor_requirements', 'Depositor requirements', ''],
  ['conditions', 'Conditions', ''],
  ['disclaimer', 'Disclaimer', ''],
] as const
const accessFields = [
  [
    'terms_of_access',
    'Terms of access',
    'For restricted files: how others can get to them, and under which conditions.',
  ],
  ['data_access_place', 'Data access place', ''],
  ['original_archive', 'Original archive', ''],
  ['availability_status', 'Availability status', ''],
  ['contact_for_access', 'Contact for access', ''],
  ['size_of_collection', 'Size of collection', ''],
  ['study_completion', 'Study completion', ''],
] as const

const custom = 'custom terms'

/** What a dataset may be used for: a licence, or terms of its own. */
export function TermsForm({ value, onChange, licenses, errors, short = false }: TermsFormProps) {
  const setTerm = (name: string, text: string) => onChange({ ...value, terms: { ...value.terms, [name]: text } })
  const fields = (all: readonly (readonly [string, string, string])[], most = all.length) =>
    all
      .slice(0, most)
      .map(([name, label, description]) => (
        <Textarea
          key={name}
          label={label}
          description={description || undefined}
          value={value.terms[name] ?? ''}
          onChange={(event) => setTerm(name, event.currentTarget.value)}
          autosize
          minRows={2}
          withAsterisk={name === 'terms_of_use'}
          error={errors[name]}
        />
      ))
  return (
    <Stack gap="lg">
      <Radio.Group
        label="Licence"
        description="Says what others may do with the data. Open licences are understood everywhere."
        value={value.license ?? custom}
        onChange={(name) => onChange({ ...value, license: name === custom ? null : name })}
        error={errors.license}
      >
        <Stack gap="xs" mt="xs">
          {licenses.map(({ name, description }) => (
            <Radio key={name} value={name} label={name} description={description} />
          ))}
          <Radio value={custom} label="Custom terms" description="Where none of the licences fits." />
        </Stack>
      </Radio.Group>
      {value.license === null && (
        <Fieldset legend="Terms of use" p="sm" pt={4}>
          <Stack gap="sm">{fields(useFields, short ? 1 : useFields.length)}</Stack>
        </Fieldset>
      )}
      {!short && (
        <Fieldset legend="Access to restricted files" p="sm" pt={4}>
          <Stack gap="sm">
            <Checkbox
              label="People may ask for access to restricted files"
              checked={value.accessRequests}
              onChange={(event) => onChange({ ...value, accessRequests: event.currentTarget.checked })}
            />
            {fields(accessFields)}
            <Text size="sm" c="dimmed">
              A dataset with restricted files is published only if people may ask for them, or terms of access say how
              else they are had.
            </Text>
          </Stack>
        </Fieldset>
      )}
    </Stack>
  )
}
