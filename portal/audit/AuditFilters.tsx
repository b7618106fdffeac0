import { Box, Button, NativeSelect, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import { type AuditSearch, fromField, toField, withFilter } from './audit-filter.ts'

interface AuditFiltersProps {
  readonly search: AuditSearch
  readonly labels: ReadonlyMap<string, string>
  readonly onChange: (search: AuditSearch) => void
}

const subjectTypes = ['account', 'token', 'model', 'run', 'import', 'resource', 'request']

export function AuditFilters({ search, labels, onChange }: AuditFiltersProps) {
  const set = (name: Parameters<typeof withFilter>[1]) => (value: string) => onChange(withFilter(search, name, value))
  const types = [...new Set([...subjectTypes, ...(search.subject_type ? [search.subject_type] : [])])]
  return (
    <Box
      component="search"
      aria-label="Filters"
      style={{
        display: 'grid',
        gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 160px), 1fr))',
        gap: 'var(--mantine-spacing-sm)',
        alignItems: 'end',
      }}
    >
      <Select
        label="What happened"
        placeholder="Anything"
        data={verbGroups(labels)}
        value={search.verb ?? null}
        onChange={(value) => set('verb')(value ?? '')}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'Anything' }}
        nothingFoundMessage="Nothing is called that"
      />
      <Typed label="Who" placeholder="User name or id" value={search.actor} onSet={set('actor')} />
      <Typed label="With the token" placeholder="Public id" value={search.token} onSet={set('token')} />
      <NativeSelect
        label="On"
        data={[{ value: '', label: 'Anything' }, ...types]}
        value={search.subject_type ?? ''}
        onChange={({ currentTarget }) => set('subject_type')(currentTarget.value)}
      />
      <Typed label="Called" placeholder="Name or id" value={search.subject} onSet={set('subject')} />
      <Typed
        label="Since"
        type="datetime-local"
        value={toField(search.since)}
        onSet={(text) => set('since')(fromField(text))}
      />
      <Typed
        label="Before"
        type="datetime-local"
        value={toField(search.until)}
        onSet={(text) => set('until')(fromField(text))}
      />
      {Object.keys(search).length > 0 && (
        <Button variant="default" onClick={() => onChange({})}>
          Show all events
        </Button>
      )}
    </Box>
  )
}

interface TypedProps {
  readonly label: string
  readonly placeholder?: string
  readonly type?: string
  readonly value: string | undefined
  readonly onSet: (value: string) => void
}

/** A field that asks when it has been filled in: a name that is half there matches nothing. */
function Typed({ label, placeholder = '', type = 'text', value = '', onSet }: TypedProps) {
  const [typed, setTyped] = useState({ from: value, text: value })
  // The address may change by other ways: a link, the back button.
  if (typed.from !== value) setTyped({ from: value, text: value })
  const done = () => typed.text.trim() !== value && onSet(typed.text.trim())
  return (
    <TextInput
      label={label}
      placeholder={placeholder}
      type={type}
      value={typed.text}
      onChange={({ currentTarget }) => setTyped({ from: value, text: currentTarget.value })}
      onBlur={done}
      onKeyDown={({ key }) => key === 'Enter' && done()}
    />
  )
}

/** Verbs under their nouns: "token" holds everything about tokens. */
function verbGroups(labels: ReadonlyMap<string, string>) {
  const groups = Map.groupBy(labels, ([verb]) => verb.split('.', 1)[0] ?? '')
  return [...groups].map(([noun, verbs]) => ({
    group: noun.charAt(0).toUpperCase() + noun.slice(1),
    items: verbs.map(([value, label]) => ({ value, label })),
  }))
}
