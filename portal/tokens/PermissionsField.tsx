import { Checkbox, Fieldset, MultiSelect, Stack, TagsInput, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { query } from '#portal/kit/queries.ts'
import { groupPermissions, type PermissionChoice } from './permission-choice.ts'
import type { PermissionFacts } from './token.ts'

interface PermissionsFieldProps {
  readonly items: readonly PermissionFacts[]
  readonly value: PermissionChoice
  readonly onChange: (value: PermissionChoice) => void
  /** What there is to choose from, where that is less than everything: a token that is narrowed. */
  readonly within?: PermissionChoice
  readonly error?: string | undefined
}

/** Permissions in plain words, in groups; each may be narrowed to named resources. */
export function PermissionsField({ items, value, onChange, within, error }: PermissionsFieldProps) {
  return (
    <Stack gap="sm">
      {groupPermissions(items).map((group) => (
        <Fieldset key={group.title} legend={group.title} p="sm" pt={4}>
          <PermissionBoxes items={group.items} value={value} onChange={onChange} {...(within && { within })} />
        </Fieldset>
      ))}
      {error && (
        <Text size="sm" c="red" role="alert">
          {error}
        </Text>
      )}
    </Stack>
  )
}

/** The same without groups. */
export function PermissionBoxes({ items, value, onChange, within }: Omit<PermissionsFieldProps, 'error'>) {
  const tick = (permission: string, ticked: boolean) => {
    const { [permission]: _, ...others } = value
    onChange(ticked ? { ...others, [permission]: within?.[permission] ?? null } : others)
  }
  return (
    <Stack gap="xs">
      {items.map((item) => {
        const { permission, label, resource } = item
        const on = value[permission]
        return (
          <div key={permission}>
            <Checkbox
              label={label}
              checked={on !== undefined}
              onChange={(event) => tick(permission, event.currentTarget.checked)}
            />
            {on !== undefined && resource !== null && (
              <ResourcesField
                item={item}
                value={on}
                within={within?.[permission] ?? null}
                onChange={(resources) => onChange({ ...value, [permission]: resources })}
              />
            )}
          </div>
        )
      })}
    </Stack>
  )
}

interface ResourcesFieldProps {
  readonly item: PermissionFacts
  readonly value: readonly string[] | null
  /** The resources that a narrowed permission still has; null where it is on all. */
  readonly within: readonly string[] | null
  readonly onChange: (value: string[] | null) => void
}

function ResourcesField({ item, value, within, onChange }: ResourcesFieldProps) {
  const many = `${item.resource}s`
  const shared = {
    'aria-label': `${item.label}: only on these ${many}`,
    placeholder: value?.length
      ? ''
      : within
        ? 'Name at least one, or untick it'
        : `On all ${many}; name some to narrow`,
    value: [...(value ?? [])],
    onChange: (chosen: string[]) => onChange(chosen.length === 0 && within === null ? null : chosen),
    size: 'xs' as const,
    ml: 32,
    mt: 4,
    maw: 420,
  }
  if (within) return <MultiSelect {...shared} data={[...within]} />
  return item.resource === 'model' ? <ModelsField {...shared} /> : <TagsInput {...shared} maxLength={128} />
}

function ModelsField(props: { value: string[]; onChange: (chosen: string[]) => void; placeholder: string }) {
  const { data } = useQuery(query('GET /v1/models'))
  const known = data?.models.map(({ name, label }) => ({ value: name, label: `${label} (${name})` })) ?? []
  return (
    <MultiSelect {...props} data={known} searchable hidePickedOptions nothingFoundMessage="There is no such model" />
  )
}
