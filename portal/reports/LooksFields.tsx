import { Accordion, Group, NumberInput, Stack, Text, TextInput } from '@mantine/core'
import type { ColumnLook } from './definition.ts'
import { FormatFields } from './FormatFields.tsx'

export interface LookColumn {
  readonly name: string
  readonly label: string
  readonly isNumber: boolean
  /** Whether it has a name of its own that may be replaced here. */
  readonly mayRename: boolean
}

interface LooksFieldsProps {
  readonly columns: readonly LookColumn[]
  readonly looks: readonly ColumnLook[]
  readonly change: (looks: ColumnLook[]) => void
}

/** How columns are called and look. A column that looks as usual is not written down. */
export function LooksFields({ columns, looks, change }: LooksFieldsProps) {
  const set = (
    name: string,
    patch: { label?: string | undefined; decimals?: number | undefined; formats?: ColumnLook['formats'] },
  ) => {
    const before = looks.find((look) => look.name === name) ?? { name, formats: [] }
    const { label, decimals, ...rest } = { ...before, ...patch }
    const look: ColumnLook = {
      ...rest,
      ...(label !== undefined && label !== '' && { label }),
      ...(decimals !== undefined && { decimals }),
    }
    const isUsual = look.label === undefined && look.decimals === undefined && look.formats.length === 0
    const others = looks.filter((one) => one.name !== name)
    change(isUsual ? others : [...others, look])
  }
  return (
    <Accordion variant="contained" multiple>
      {columns.map(({ name, label, isNumber, mayRename }) => {
        const look = looks.find((one) => one.name === name)
        const changes = [
          look?.label !== undefined && `called “${look.label}”`,
          look?.decimals !== undefined && `${look.decimals} decimals`,
          look && look.formats.length > 0 && `${look.formats.length} ${look.formats.length === 1 ? 'rule' : 'rules'}`,
        ].filter(Boolean)
        return (
          <Accordion.Item key={name} value={name}>
            <Accordion.Control>
              {label}
              {changes.length > 0 && (
                <Text span size="sm" c="dimmed">
                  {' '}
                  · {changes.join(', ')}
                </Text>
              )}
            </Accordion.Control>
            <Accordion.Panel>
              <Stack gap="sm">
                <Group gap="sm" align="flex-end">
                  {mayRename && (
                    <TextInput
                      label={`Name of ${label}`}
                      placeholder={label}
                      value={look?.label ?? ''}
                      onChange={({ currentTarget: { value } }) =>
                        set(name, { label: value === '' ? undefined : value })
                      }
                      maxLength={200}
                      flex="1 1 160px"
                    />
                  )}
                  {isNumber && (
                    <NumberInput
                      label={`Decimals of ${label}`}
                      placeholder="as usual"
                      min={0}
                      max={10}
                      w={150}
                      value={look?.decimals ?? ''}
                      onChange={(value) => set(name, { decimals: typeof value === 'number' ? value : undefined })}
                    />
                  )}
                </Group>
                <FormatFields
                  of={label}
                  isNumber={isNumber}
                  formats={look?.formats ?? []}
                  change={(formats) => set(name, { formats })}
                />
              </Stack>
            </Accordion.Panel>
          </Accordion.Item>
        )
      })}
    </Accordion>
  )
}
