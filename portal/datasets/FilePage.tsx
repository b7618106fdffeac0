import { Alert, Button, Code, Group, List, Paper, Stack, Text, Title } from '@mantine/core'
import { IconDownload, IconHistory } from '@tabler/icons-react'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import { CodeBlock } from '#portal/kit/CodeBlock.tsx'
import { Facts } from '#portal/kit/Facts.tsx'
import { bytesText, countedText, countText } from '#portal/kit/figures.ts'
import { Page } from '#portal/kit/Page.tsx'
import { query } from '#portal/kit/queries.ts'
import { exactDay, exactTime } from '#portal/kit/Time.tsx'
import { AccessBadge } from './AccessBadge.tsx'
import { AskForFile } from './AskForFile.tsx'
import { contentAddress, type FileFacts } from './dataset.ts'
import { FilePreview } from './FilePreview.tsx'
import { typeName } from './file-words.ts'

/** One file: what it is, a look into it, its checksums, and the versions that hold it. */
export function FilePage() {
  const { file: id } = useParams({ from: '/files/$file' })
  const { version } = useSearch({ from: '/files/$file' })
  const { data: file } = useSuspenseQuery(
    query('GET /v1/files/:file', { params: { file: id }, query: version === undefined ? {} : { version } }),
  )
  return (
    <Page
      title={file.name}
      windowTitle={`${file.name} · ${file.dataset.title}`}
      lead={
        <>
          A file of{' '}
          <TextLink
            to="/datasets/$"
            params={{ _splat: file.dataset.pid }}
            search={{ version: versionInAddress(file.version) }}
          >
            {file.dataset.title}
          </TextLink>
        </>
      }
      actions={
        file.may.download && (
          <Button
            component="a"
            href={contentAddress(file.id, file.version)}
            leftSection={<IconDownload size={16} aria-hidden />}
          >
            Download ({bytesText(file.bytes)})
          </Button>
        )
      }
    >
      <FileNotices file={file} />
      {file.description !== '' && (
        <Text style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>{file.description}</Text>
      )}
      <section aria-labelledby="preview">
        <Title order={2} size="h4" id="preview" mb="xs">
          Preview
        </Title>
        <FilePreview file={file} version={file.version} />
      </section>
      <Paper withBorder p="md">
        <FileDetails file={file} />
      </Paper>
      <Checksums file={file} />
      <Versions file={file} />
    </Page>
  )
}

function FileNotices({ file }: { file: FileFacts }) {
  const newest = file.history[0]
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <AccessBadge file={file} />
      </Group>
      {newest && newest.id !== file.id && (
        <Alert color="blue" icon={<IconHistory aria-hidden />}>
          This file was replaced.{' '}
          <TextLink to="/files/$file" params={{ file: String(newest.id) }}>
            See {newest.name}
          </TextLink>
        </Alert>
      )}
      <AskForFile file={file} />
    </Stack>
  )
}

function FileDetails({ file }: { file: FileFacts }) {
  return (
    <Facts
      facts={[
        { label: 'Type', value: typeName(file.media_type) },
        { label: 'Media type', value: <Code>{file.media_type}</Code> },
        { label: 'Size', value: sizeText(file.bytes) },
        { label: 'Folder', value: file.directory === '' ? 'Top level' : file.directory },
        { label: 'Downloads', value: countText(file.downloads) },
        { label: 'Deposited', value: exactTime(file.created_at) },
        ...(file.published_at === null ? [] : [{ label: 'Published', value: exactTime(file.published_at) }]),
        ...(file.original_name === file.name ? [] : [{ label: 'Uploaded as', value: file.original_name }]),
        ...(file.categories.length > 0 ? [{ label: 'Categories', value: file.categories.join(', ') }] : []),
        ...(file.tags.length > 0 ? [{ label: 'Tags', value: file.tags.join(', ') }] : []),
        ...(file.embargo?.reason ? [{ label: 'Reason of the embargo', value: file.embargo.reason }] : []),
        { label: 'Number', value: <Code>{file.id}</Code> },
      ]}
    />
  )
}

const sums = [
  ['md5', 'MD5'],
  ['sha1', 'SHA-1'],
  ['sha256', 'SHA-256'],
  ['sha512', 'SHA-512'],
] as const

function Checksums({ file: { checksums } }: { file: FileFacts }) {
  return (
    <section aria-labelledby="checksums">
      <Title order={2} size="h4" id="checksums" mb="xs">
        Checksums
      </Title>
      <Stack gap="xs">
        {sums.map(([name, label]) => {
          const sum = checksums[name]
          return (
            sum && (
              <div key={name}>
                <Text size="sm" c="dimmed">
                  {label}
                </Text>
                <CodeBlock code={sum} label={label} />
              </div>
            )
          )
        })}
      </Stack>
    </section>
  )
}

function Versions({ file: { versions, history, id, dataset } }: { file: FileFacts }) {
  return (
    <section aria-labelledby="versions">
      <Title order={2} size="h4" id="versions" mb="xs">
        In the versions of the dataset
      </Title>
      <List spacing={4}>
        {versions.map(({ version, path, released_at }) => (
          <List.Item key={version}>
            <TextLink to="/datasets/$" params={{ _splat: dataset.pid }} search={{ version: versionInAddress(version) }}>
              {version === 'DRAFT' ? 'Draft' : `Version ${version}`}
            </TextLink>
            , as <Code>{path}</Code>
            {released_at !== null && `, published ${exactDay(released_at)}`}
          </List.Item>
        ))}
      </List>
      {history.length > 1 && (
        <>
          <Title order={3} size="h5" mt="md" mb={4}>
            Files that replaced one another
          </Title>
          <List spacing={4}>
            {history.map((one) => (
              <List.Item key={one.id}>
                {one.id === id ? (
                  <strong>{one.name}</strong>
                ) : (
                  <TextLink to="/files/$file" params={{ file: String(one.id) }}>
                    {one.name}
                  </TextLink>
                )}
                , {bytesText(one.bytes)}, deposited {exactDay(one.created_at)}
              </List.Item>
            ))}
          </List>
        </>
      )}
    </section>
  )
}

/** As addresses of pages have it: `draft`, `1.0`. */
const versionInAddress = (version: string): string => (version === 'DRAFT' ? 'draft' : version)

/** Rounded and exact; small ones are exact as they are. */
function sizeText(bytes: number): string {
  const exact = countedText(bytes, 'byte')
  return bytes < 1024 ? exact : `${bytesText(bytes)} (${exact})`
}
