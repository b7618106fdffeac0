import { Alert, Code, Group, Stack, Switch, Text, TextInput, Title } from '@mantine/core'
import { IconInfoCircle, IconSearch } from '@tabler/icons-react'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { EmptyState } from '#portal/kit/EmptyState.tsx'
import { countedText } from '#portal/kit/figures.ts'
import { Page } from '#portal/kit/Page.tsx'
import { query } from '#portal/kit/queries.ts'
import { SettingsTable } from './SettingsTable.tsx'
import { findSettings, type Settings } from './setting-words.ts'

/** Every setting as it is in effect, with where it comes from; to be changed in the file, not here. */
export function SettingsPage() {
  const { data } = useSuspenseQuery(query('GET /v1/settings'))
  const { search = '', changed } = useSearch({ from: '/admin/settings' })
  const navigate = useNavigate({ from: '/admin/settings' })
  const set = (key: 'search' | 'changed', value: string) =>
    void navigate({
      search: ({ [key]: _, ...rest }) => (value === '' ? rest : { ...rest, [key]: value }),
      replace: true,
      resetScroll: false,
    })
  const found = findSettings(data.settings, { search, changedOnly: changed !== undefined })
  const count = [...found.values()].reduce((sum, settings) => sum + settings.length, 0)
  return (
    <Page title="Settings" lead="What is in effect, and where each value comes from." wide>
      <HowToChange file={data.file} />
      <Group align="flex-end" gap="md">
        <TextInput
          label="Find a setting"
          placeholder="Name, value or meaning"
          type="search"
          leftSection={<IconSearch size={18} aria-hidden />}
          value={search}
          onChange={({ currentTarget }) => set('search', currentTarget.value)}
          w={{ base: '100%', xs: 320 }}
        />
        <Switch
          label="Only what differs from the default"
          checked={changed !== undefined}
          onChange={({ currentTarget }) => set('changed', currentTarget.checked ? 'yes' : '')}
          mb={8}
        />
        <Text size="sm" c="dimmed" role="status" mb={8}>
          {countedText(count, 'setting')}
        </Text>
      </Group>
      {count === 0 && (
        <EmptyState title={search === '' ? 'Everything is as it comes' : 'No setting is like that'}>
          {search === '' ? 'Nothing was set to something else than its default.' : 'Look for another word.'}
        </EmptyState>
      )}
      {[...found].map(([section, settings]) => (
        <Stack key={section} gap="xs" component="section">
          <Title order={2} size="h4">
            <Code fz="inherit">[{section}]</Code>
          </Title>
          <SettingsTable section={section} settings={settings} />
        </Stack>
      ))}
    </Page>
  )
}

function HowToChange({ file: { path, present } }: { file: Settings['file'] }) {
  return (
    <Alert color="gray" icon={<IconInfoCircle aria-hidden />} title="To change one">
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {present ? 'Edit' : 'Make'} the file <Code>{path}</Code>
        {!present && ', which is not there yet'}, or set the environment variable; then start the server again. Settings
        are read once, at the start. The environment wins over the file.
      </Text>
    </Alert>
  )
}
