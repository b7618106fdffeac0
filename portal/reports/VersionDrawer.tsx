import { Drawer, List, Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { CodeBlock } from '#portal/kit/CodeBlock.tsx'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { query } from '#portal/kit/queries.ts'
import { type Block, blockLabels } from './definition.ts'

interface VersionDrawerProps {
  readonly report: string
  readonly version: number | null
  readonly onClose: () => void
}

/** What a version held: its blocks, and the whole of it as it was written. */
export function VersionDrawer({ report, version, onClose }: VersionDrawerProps) {
  return (
    <Drawer
      opened={version !== null}
      onClose={onClose}
      position="right"
      size="lg"
      title={version !== null && `Version ${version}`}
    >
      {version !== null && <OneVersion report={report} version={version} />}
    </Drawer>
  )
}

function OneVersion({ report, version }: { report: string; version: number }) {
  const { data, error } = useQuery(
    query('GET /v1/reports/:report/versions/:version', { params: { report, version: String(version) } }),
  )
  if (error) return <ProblemAlert error={error} />
  if (!data) return <Skeleton height={200} aria-busy="true" aria-label="Loading" />
  return (
    <Stack>
      <Text fw={600}>{data.title}</Text>
      {data.description !== '' && <Text>{data.description}</Text>}
      <List size="sm">
        {data.definition.blocks.map((block) => (
          <List.Item key={block.id}>
            {blockLabels[block.type]}: {nameOf(block)}
          </List.Item>
        ))}
      </List>
      <CodeBlock code={JSON.stringify(data.definition, null, 2)} label="the definition as JSON" />
    </Stack>
  )
}

const nameOf = (block: Block): string =>
  block.type === 'text' ? `${block.markdown.slice(0, 60)}${block.markdown.length > 60 ? '…' : ''}` : block.title
