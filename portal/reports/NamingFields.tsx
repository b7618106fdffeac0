import { TextInput } from '@mantine/core'

interface NamingFieldsProps {
  readonly label: string
  readonly description: string | undefined
  readonly set: (patch: { label: string } | { description: string | undefined }) => void
}

/** What something of a report is called, and what it is about. */
export const NamingFields = ({ label, description, set }: NamingFieldsProps) => (
  <>
    <TextInput
      label="Name"
      required
      value={label}
      maxLength={200}
      onChange={({ currentTarget }) => set({ label: currentTarget.value })}
    />
    <TextInput
      label="Explanation"
      value={description ?? ''}
      maxLength={1000}
      onChange={({ currentTarget: { value } }) => set({ description: value === '' ? undefined : value })}
    />
  </>
)
