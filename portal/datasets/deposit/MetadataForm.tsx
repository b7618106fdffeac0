import { Accordion, Badge, Button, Group, Select, Stack, Text } from '@mantine/core'
import { IconEye } from '@tabler/icons-react'
import { useState } from 'react'
import { KeepFocus } from '#portal/kit/KeepFocus.tsx'
import { FieldInput } from './FieldInput.tsx'
import {
  type Block,
  type Complaints,
  complaintIn,
  type Field,
  isBlank,
  type Metadata,
  shownFields,
  valueAt,
  withValue,
} from './metadata.ts'

interface MetadataFormProps {
  readonly blocks: readonly Block[]
  readonly value: Metadata
  readonly onChange: (value: Metadata) => void
  readonly complaints: Complaints
}

/** The metadata of a dataset, block by block; the first stands open. */
export function MetadataForm({ blocks, value, onChange, complaints }: MetadataFormProps) {
  const [first] = blocks
  const [open, setOpen] = useState<string[]>(() =>
    blocks.filter(({ name }) => name === first?.name || filledIn(value, name) > 0).map(({ name }) => name),
  )
  // What is complained about is never hidden.
  const shown = [
    ...new Set([...open, ...blocks.map(({ name }) => name).filter((name) => complaintIn(complaints, name))]),
  ]
  const all = { value, onChange, complaints }
  if (blocks.length === 1 && first)
    return (
      <KeepFocus>
        <BlockFields block={first} {...all} />
      </KeepFocus>
    )
  return (
    <Accordion multiple value={shown} onChange={setOpen} variant="separated" order={2}>
      {blocks.map((block) => (
        <Accordion.Item key={block.name} value={block.name}>
          <Accordion.Control>
            <Group gap="xs">
              <Text fw={600}>{block.display_name}</Text>
              {filledIn(value, block.name) > 0 && (
                <Badge variant="default" tt="none">
                  {filledIn(value, block.name)} filled in
                </Badge>
              )}
            </Group>
          </Accordion.Control>
          <Accordion.Panel>
            {shown.includes(block.name) && (
              <KeepFocus>
                <BlockFields block={block} {...all} />
              </KeepFocus>
            )}
          </Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  )
}

const filledIn = (metadata: Metadata, block: string): number =>
  Object.values(metadata[block] ?? {}).filter((value) => !isBlank(value)).length

function BlockFields({ block, value, onChange, complaints }: { block: Block } & Omit<MetadataFormProps, 'blocks'>) {
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set())
  const [everything, setEverything] = useState(false)
  const [asked, setAsked] = useState<string | null>(null)
  const { shown, hidden } = shownFields(block, { metadata: value, complaints, opened, everything })
  return (
    <Stack gap="lg" pt={4}>
      {shown.map((field) => (
        <FieldInput
          key={field.name}
          field={field}
          place={`${block.name}/${field.name}`}
          value={valueAt(value, { block: block.name, field: field.name })}
          onChange={(next) => onChange(withValue(value, { block: block.name, field: field.name }, next))}
          complaints={complaints}
          autoFocus={asked === field.name}
        />
      ))}
      {hidden.length > 0 && (
        <MoreFields
          hidden={hidden}
          onAsk={(name) => {
            setAsked(name)
            setOpened(new Set([...opened, `${block.name} ${name}`]))
          }}
          onAll={() => setEverything(true)}
        />
      )}
    </Stack>
  )
}

interface MoreFieldsProps {
  readonly hidden: readonly Field[]
  readonly onAsk: (name: string) => void
  readonly onAll: () => void
}

/** Thirty empty fields are a wall: each comes when it is asked for, or all at once. */
const MoreFields = ({ hidden, onAsk, onAll }: MoreFieldsProps) => (
  <Group gap="sm" align="flex-end">
    <Select
      label="Add another field"
      placeholder="Subtitle, funding, dates…"
      data={hidden.map(({ name, title }) => ({ value: name, label: title }))}
      value={null}
      onChange={(name) => name !== null && onAsk(name)}
      searchable
      selectFirstOptionOnChange
      nothingFoundMessage="No field is called that"
      w={300}
      maw="100%"
    />
    <Button variant="subtle" leftSection={<IconEye size={16} aria-hidden />} onClick={onAll}>
      Show all {hidden.length} more
    </Button>
  </Group>
)
