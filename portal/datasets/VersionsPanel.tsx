import { Badge, Button, Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconGitCompare } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import { bytesText, countedText } from '#portal/kit/figures.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { query } from '#portal/kit/queries.ts'
import { exactDay } from '#portal/kit/Time.tsx'
import { Differences } from './Differences.tsx'
import type { DatasetVersion, DatasetView } from './dataset.ts'
import { VersionBadge } from './VersionBadge.tsx'
import { versionName, versionWord } from './version-words.ts'

/** What the dataset was in each version, who published it and when, and what has changed since the one before. */
export function VersionsPanel({ view }: { view: DatasetView }) {
  const { with: compared } = useSearch({ from: '/datasets/$' })
  const navigate = useNavigate({ from: '/datasets/$' })
  const params = { dataset: String(view.id) }
  const { data, error, refetch } = useQuery(query('GET /v1/datasets/:dataset/versions', { params }))
  if (error) return <ProblemAlert error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton height={180} aria-busy="true" aria-label="Loading" />
  const compare = (version: string | null) =>
    void navigate({
      search: ({ with: _, ...rest }) => (version === null ? rest : { ...rest, with: version }),
      replace: true,
      resetScroll: false,
    })
  return (
    <Stack gap="sm">
      {data.items.map((version, at) => {
        const name = versionName(version)
        const before = data.items[at + 1]
        const isOpen = compared === name
        return (
          <Paper key={version.id} withBorder p="md" component="article" aria-label={versionWord(version)}>
            <Group justify="space-between" gap="xs" align="flex-start">
              <div style={{ minWidth: 0 }}>
                <Group gap="xs">
                  <Title order={2} size="h5">
                    <TextLink to="/datasets/$" params={{ _splat: view.pid }} search={{ version: name }} inherit>
                      {versionWord(version)}
                    </TextLink>
                  </Title>
                  <VersionBadge version={version} />
                  {version.id === view.version.id && (
                    <Badge variant="default" tt="none" fw={500}>
                      Shown here
                    </Badge>
                  )}
                </Group>
                <VersionFacts version={version} />
              </div>
              {before && (
                <Button
                  variant="default"
                  size="compact-md"
                  leftSection={<IconGitCompare size={16} aria-hidden />}
                  aria-expanded={isOpen}
                  onClick={() => compare(isOpen ? null : name)}
                >
                  {isOpen ? 'Hide changes' : 'What changed'}
                </Button>
              )}
            </Group>
            {isOpen && before && <Differences dataset={view.id} version={name} before={versionName(before)} />}
          </Paper>
        )
      })}
    </Stack>
  )
}

function VersionFacts({ version }: { version: DatasetVersion }) {
  const { title, note, released_at, released_by, updated_at, files, deaccession } = version
  return (
    <div style={{ overflowWrap: 'anywhere' }}>
      <Text>{title}</Text>
      {note && <Text>{note}</Text>}
      <Text size="sm" c="dimmed">
        {released_at === null ? `Changed ${exactDay(updated_at)}` : `Published ${exactDay(released_at)}`}
        {released_by && ` by ${released_by.display_name}`} · {countedText(files.count, 'file')},{' '}
        {bytesText(files.bytes)}
      </Text>
      {deaccession && (
        <Text size="sm">
          Withdrawn {exactDay(deaccession.at)}
          {deaccession.reason && `: ${deaccession.reason}`}
        </Text>
      )}
    </div>
  )
}
