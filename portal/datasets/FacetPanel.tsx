import { Button, Checkbox, Group, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { countText } from '#portal/kit/figures.ts'
import { stateWords } from './found-words.ts'
import { type FacetName, type Found, facetNames, toggleFacet } from './search-words.ts'

interface Facet {
  readonly name: string
  readonly label: string
  readonly approximate: boolean
  readonly values: readonly { readonly value: string; readonly label: string; readonly count: number }[]
}

interface FacetPanelProps {
  readonly facets: readonly Facet[]
  readonly found: Found
  readonly onChange: (found: Found) => void
}

/** What is shown of a facet before one asks for more. */
const few = 5

/** By what the hits can be narrowed, with how many each would leave. */
export function FacetPanel({ facets, found, onChange }: FacetPanelProps) {
  const shown = facets.flatMap((facet): (Facet & { readonly name: FacetName })[] => {
    const name = facetNames.find((one) => one === facet.name)
    if (!name || (facet.values.length === 0 && !found.facets[name])) return []
    if (name !== 'state') return [{ ...facet, name }]
    // Who sees nothing but what is published has nothing to choose.
    if (facet.values.every(({ value }) => value === 'published') && !found.facets.state) return []
    const values = facet.values.map((one) => ({ ...one, label: stateWords[one.value] ?? one.label }))
    return [{ ...facet, name, values }]
  })
  return (
    <Stack gap="md">
      {shown.map(({ name, label, approximate, values }) => (
        <OneFacet
          key={name}
          name={name}
          label={label}
          approximate={approximate}
          values={values}
          chosen={found.facets[name] ?? []}
          toggle={(value) => onChange(toggleFacet(found, name, value))}
        />
      ))}
    </Stack>
  )
}

interface OneFacetProps extends Omit<Facet, 'name'> {
  readonly name: FacetName
  readonly chosen: readonly string[]
  readonly toggle: (value: string) => void
}

function OneFacet({ name, label, approximate, values, chosen, toggle }: OneFacetProps) {
  const [wantsAll, setWantsAll] = useState(false)
  // What is chosen stays in sight even where nothing is left of it.
  const lost = chosen.filter((one) => !values.some(({ value }) => value === one))
  const all = [...lost.map((value) => ({ value, label: value, count: 0 })), ...values]
  const shown = wantsAll ? all : all.filter(({ value }, at) => at < few || chosen.includes(value))
  return (
    <section aria-labelledby={`facet-${name}`}>
      <Title order={3} size="h6" id={`facet-${name}`} mb={4}>
        {label}
      </Title>
      <Stack gap={6}>
        {shown.map(({ value, label: word, count }) => (
          <Checkbox
            key={value}
            size="sm"
            checked={chosen.includes(value)}
            onChange={() => toggle(value)}
            styles={{ body: { alignItems: 'flex-start' }, labelWrapper: { minWidth: 0, flex: 1 } }}
            label={
              <Group gap={6} wrap="nowrap" align="flex-start" justify="space-between">
                <span style={{ overflowWrap: 'anywhere', minWidth: 0 }}>{word}</span>
                <Text component="span" size="sm" c="dimmed">
                  {approximate && count > 0 ? `about ${countText(count)}` : countText(count)}
                </Text>
              </Group>
            }
          />
        ))}
      </Stack>
      {all.length > shown.length || wantsAll ? (
        <Button
          variant="subtle"
          size="compact-sm"
          mt={4}
          aria-label={`${wantsAll ? 'Fewer' : 'More'} of ${label}`}
          onClick={() => setWantsAll(!wantsAll)}
        >
          {wantsAll ? 'Fewer' : `${all.length - shown.length} more`}
        </Button>
      ) : null}
    </section>
  )
}
