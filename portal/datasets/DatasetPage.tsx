import { Badge, Group, Stack, Tabs, Text } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useYou } from '#portal/instance/instance.ts'
import { Facts } from '#portal/kit/Facts.tsx'
import { bytesText, countText } from '#portal/kit/figures.ts'
import { Page } from '#portal/kit/Page.tsx'
import { query } from '#portal/kit/queries.ts'
import { exactDay } from '#portal/kit/Time.tsx'
import { CitationBox } from './CitationBox.tsx'
import { CollectionPath } from './CollectionPath.tsx'
import { DatasetActions } from './DatasetActions.tsx'
import { DatasetNotices } from './DatasetNotices.tsx'
import type { DatasetView } from './dataset.ts'
import { descriptionsOf, textsOf } from './dataset-words.ts'
import { FilesPanel } from './FilesPanel.tsx'
import { MetadataPanel } from './MetadataPanel.tsx'
import { TermsPanel } from './TermsPanel.tsx'
import { UseApiTab } from './UseApiTab.tsx'
import { VersionBadge } from './VersionBadge.tsx'
import { VersionsPanel } from './VersionsPanel.tsx'
import { versionName, versionWord } from './version-words.ts'
import { WaitingRequests } from './WaitingRequests.tsx'

export function DatasetPage() {
  const { _splat: dataset = '' } = useParams({ from: '/datasets/$' })
  const { version } = useSearch({ from: '/datasets/$' })
  const { data: view } = useSuspenseQuery({
    ...query('GET /v1/datasets/:dataset', { params: { dataset }, query: version === undefined ? {} : { version } }),
  })
  return <OneDataset key={view.id} view={view} />
}

function OneDataset({ view }: { view: DatasetView }) {
  const you = useYou()
  const { path, version } = view
  const { citation = {} } = version.metadata
  const subjects = textsOf(citation, 'subject')
  const keywords = textsOf(citation, 'keyword', 'keywordValue')
  return (
    <Page title={version.title} lead={<CollectionPath path={path} />} actions={<DatasetActions dataset={view} />}>
      <Stack gap="sm">
        <Group gap="xs">
          <VersionBadge version={version} />
          <Badge variant="default" size="lg" radius="sm" tt="none" fw={500} fz="sm">
            {versionWord(version)}
          </Badge>
        </Group>
        <DatasetNotices view={view} isPreview={you === null} />
        <WaitingRequests view={view} />
      </Stack>
      <CitationBox view={view} />
      {descriptionsOf(citation).map((text) => (
        <Text key={text} maw="75ch" style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>
          {text}
        </Text>
      ))}
      <Facts
        least={200}
        facts={[
          ...(subjects.length > 0 ? [{ label: 'Subject', value: subjects.join(', ') }] : []),
          ...(keywords.length > 0 ? [{ label: 'Keywords', value: keywords.join(', ') }] : []),
          { label: 'Licence', value: version.license?.name ?? 'Terms of its own' },
          ...(version.released_at === null ? [] : [{ label: 'Published', value: exactDay(version.released_at) }]),
          {
            label: 'Files',
            value:
              version.files.count === 0
                ? 'None'
                : `${countText(version.files.count)}, ${bytesText(version.files.bytes)}`,
          },
        ]}
      />
      <DatasetTabs view={view} />
    </Page>
  )
}

function DatasetTabs({ view }: { view: DatasetView }) {
  const { tab } = useSearch({ from: '/datasets/$' })
  const navigate = useNavigate({ from: '/datasets/$' })
  const { id, version } = view
  const name = versionName(version)
  const isGone = version.state === 'deaccessioned'
  const tabs: { value: string; label: string; panel: ReactNode }[] = [
    ...(isGone
      ? []
      : [
          {
            value: 'files',
            label: `Files (${countText(version.files.count)})`,
            panel: <FilesPanel dataset={id} version={name} />,
          },
        ]),
    { value: 'metadata', label: 'Metadata', panel: <MetadataPanel view={view} /> },
    { value: 'terms', label: 'Terms', panel: <TermsPanel view={view} /> },
    { value: 'versions', label: 'Versions', panel: <VersionsPanel view={view} /> },
    ...(isGone ? [] : [{ value: 'api', label: 'Use the API', panel: <UseApiTab view={view} /> }]),
  ]
  const first = tabs[0]?.value ?? ''
  const shown = tabs.some(({ value }) => value === tab) ? (tab as string) : first
  return (
    <Tabs
      value={shown}
      onChange={(value) =>
        void navigate({
          search: ({ version: kept }) => ({
            ...(kept !== undefined && { version: kept }),
            ...(value !== null && value !== first && { tab: value }),
          }),
          replace: true,
          resetScroll: false,
        })
      }
      keepMounted={false}
    >
      <Tabs.List>
        {tabs.map(({ value, label }) => (
          <Tabs.Tab key={value} value={value}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ value, panel }) => (
        <Tabs.Panel key={value} value={value} pt="md">
          {panel}
        </Tabs.Panel>
      ))}
    </Tabs>
  )
}
