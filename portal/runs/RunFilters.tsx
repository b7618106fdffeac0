import { Box, Button, NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { query } from '#portal/kit/queries.ts'
import { type RunSearch, spans } from './run-search.ts'
import { kindWords, stateWords, triggerTypeWords } from './run-words.ts'

interface RunFiltersProps {
  readonly search: RunSearch
  readonly onChange: (search: RunSearch) => void
  /** Everyone's are listed, so that one may ask whose. */
  readonly everyones?: boolean
}

const options = (any: string, words: Readonly<Record<string, string>>) => [
  { value: '', label: any },
  ...Object.entries(words).map(([value, label]) => ({ value, label })),
]

/** What a list of runs is narrowed by; all of it stands in the address. */
export function RunFilters({ search, onChange, everyones = false }: RunFiltersProps) {
  const { data } = useQuery(query('GET /v1/runs/counts'))
  const set = (key: keyof RunSearch) => (value: string) => {
    const { [key]: _, ...others } = search
    onChange(value === '' ? others : { ...others, [key]: value })
  }
  const kinds = Object.fromEntries(
    [...(data?.kinds.map(({ kind }) => kind) ?? []), ...(search.kind ? [search.kind] : [])].map((kind) => [
      kind,
      kindWords(kind),
    ]),
  )
  const select = (key: keyof RunSearch, label: string, data: { value: string; label: string }[]) => (
    <NativeSelect
      label={label}
      data={data}
      value={search[key] ?? ''}
      onChange={({ currentTarget }) => set(key)(currentTarget.value)}
    />
  )
  return (
    <Box
      component="search"
      aria-label="Filters"
      style={{
        display: 'grid',
        gridTemplateColumns: 'repeat(auto-fill, minmax(min(45%, 150px), 1fr))',
        gap: 'var(--mantine-spacing-sm)',
        alignItems: 'end',
      }}
    >
      {select('state', 'State', options('Any state', stateWords))}
      {select('kind', 'Kind', options('Any kind', kinds))}
      <Typed label="About" placeholder="Model, subscription…" value={search.subject ?? ''} onSet={set('subject')} />
      {select('trigger', 'Begun', options('In any way', triggerTypeWords))}
      {everyones && <Typed label="By" placeholder="User name" value={search.account ?? ''} onSet={set('account')} />}
      {(everyones || search.token) && (
        <Typed label="With the token" placeholder="Public id" value={search.token ?? ''} onSet={set('token')} />
      )}
      {select(
        'days',
        'Asked for',
        options('At any time', Object.fromEntries(spans.map(({ days, label }) => [days, label]))),
      )}
      {Object.keys(search).length > 0 && (
        <Button variant="default" onClick={() => onChange({})}>
          Show all
        </Button>
      )}
    </Box>
  )
}

interface TypedProps {
  readonly label: string
  readonly placeholder: string
  readonly value: string
  readonly onSet: (value: string) => void
}

/** Asked when it has been typed: a name that is half there matches nothing. */
function Typed({ label, placeholder, value, onSet }: TypedProps) {
  return (
    <TextInput
      key={value}
      label={label}
      placeholder={placeholder}
      defaultValue={value}
      onBlur={({ currentTarget }) => currentTarget.value.trim() !== value && onSet(currentTarget.value.trim())}
      onKeyDown={({ key, currentTarget }) => key === 'Enter' && onSet(currentTarget.value.trim())}
    />
  )
}
