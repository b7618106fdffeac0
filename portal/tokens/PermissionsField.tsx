import { Checkbox, Fieldset, MultiSelect, Stack, TagsInput, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
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
  if (item.resource === 'model') return <ModelsField {...shared} />
  if (item.resource === 'subscription') return <SubscriptionsField {...shared} />
  if (item.resource === 'report') return <ReportsField {...shared} />
  return <TagsInput {...shared} maxLength={128} />
}

interface NamedFieldProps {
  readonly value: string[]
  readonly onChange: (chosen: string[]) => void
  readonly placeholder: string
}

function ModelsField(props: NamedFieldProps) {
  const { data } = useQuery(query('GET /v1/models'))
  const known = data?.models.map(({ name, label }) => ({ value: name, label: `${label} (${name})` }))
  return <NamedField {...props} known={known ?? []} none="There is no such model" />
}

function SubscriptionsField(props: NamedFieldProps) {
  const [search, setSearch] = useState('')
  const [asked] = useDebouncedValue(search.trim(), 200)
  const { data } = useQuery({
    ...query('GET /v1/subscriptions', { query: { search: asked, limit: 50 } }),
    placeholderData: keepPreviousData,
  })
  const known = data?.subscriptions.map(({ id, name }) => ({ value: id, label: `${name} (${id})` }))
  return <NamedField {...props} known={known ?? []} none="There is no such subscription" onSearch={setSearch} />
}

function ReportsField(props: NamedFieldProps) {
  const [search, setSearch] = useState('')
  const [asked] = useDebouncedValue(search.trim(), 200)
  const { data } = useQuery({
    ...query('GET /v1/reports', { query: { search: asked, limit: 50 } }),
    placeholderData: keepPreviousData,
  })
  const known = data?.items.map(({ id, title }) => ({ value: id, label: `${title} (${id})` }))
  return <NamedField {...props} known={known ?? []} none="There is no such report" onSearch={setSearch} />
}

interface ChoiceProps extends NamedFieldProps {
  readonly known: readonly { readonly value: string; readonly label: string }[]
  readonly none: string
  readonly onSearch?: (typed: string) => void
}

/** A choice among what the server finds; what is chosen stays, whether or not it is found now. */
function NamedField({ known, none, onSearch, ...props }: ChoiceProps) {
  const others = props.value.filter((id) => known.every(({ value }) => value !== id))
  return (
    <MultiSelect
      {...props}
      data={[...known, ...others.map((id) => ({ value: id, label: id }))]}
      searchable
      {...(onSearch && { onSearchChange: onSearch })}
      hidePickedOptions
      nothingFoundMessage={none}
    />
  )
}
