import { Textarea, TextInput } from '@mantine/core'

interface NameFieldsProps {
  readonly name: string
  readonly onName: (name: string) => void
  /** What names are for. */
  readonly help?: string
  readonly error: string | undefined
}

/** What a token is called. */
export const NameField = ({ name, onName, help, error }: NameFieldsProps) => (
  <TextInput
    label="Token name"
    description={help}
    value={name}
    onChange={(event) => onName(event.currentTarget.value)}
    maxLength={80}
    required
    data-autofocus
    error={error}
  />
)

interface DescriptionFieldProps {
  readonly description: string
  readonly onDescription: (description: string) => void
  readonly error: string | undefined
}

export const DescriptionField = ({ description, onDescription, error }: DescriptionFieldProps) => (
  <Textarea
    label="Description (optional)"
    value={description}
    onChange={(event) => onDescription(event.currentTarget.value)}
    maxLength={500}
    autosize
    minRows={1}
    error={error}
  />
)
