import { Alert, Menu, Paper, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { countText } from '#portal/kit/figures.ts'
import { BlockFrame } from './BlockFrame.tsx'
import { Markdown } from './Markdown.tsx'
import { NumberBlock } from './NumberBlock.tsx'
import { ChartTable, PivotTable } from './PivotBlock.tsx'
import { type Fill, ReportGrid } from './ReportGrid.tsx'
import type { BlockData, DataOf } from './report-data.ts'
import type { FileFormat, FileWanted } from './use-report-file.ts'

const chartCode = () => import('./ReportChart.tsx')
const ReportChart = lazy(() => chartCode().then((module) => ({ default: module.ReportChart })))

interface ReportBlocksProps {
  readonly blocks: readonly BlockData[]
  readonly fill: Fill | null
  /** Takes one block away as a file; not where the report isn't saved. */
  readonly take?: ((file: FileWanted) => void) | undefined
}

/** A report's blocks one below the other; numbers that follow each other stand side by side. */
export function ReportBlocks({ blocks, fill, take }: ReportBlocksProps) {
  const groups: (readonly BlockData[])[] = []
  for (const block of blocks) {
    const last = groups.at(-1)
    if (block.type === 'number' && last?.[0]?.type === 'number') groups.splice(-1, 1, [...last, block])
    else groups.push([block])
  }
  return (
    <Stack gap="lg">
      {groups.map((group) =>
        group[0]?.type === 'number' ? (
          <SimpleGrid
            key={group[0].id}
            cols={{ base: 1, xs: Math.min(2, group.length), md: Math.min(4, group.length) }}
          >
            {group.map((block) => (
              <OneBlock key={block.id} block={block} fill={fill} take={take} />
            ))}
          </SimpleGrid>
        ) : (
          group[0] && <OneBlock key={group[0].id} block={group[0]} fill={fill} take={take} />
        ),
      )}
    </Stack>
  )
}

type Take = ReportBlocksProps['take']

function OneBlock({ block, fill, take }: { block: BlockData; fill: Fill | null; take: Take | undefined }) {
  switch (block.type) {
    case 'text':
      return <Markdown text={block.markdown} />
    case 'number':
      return <NumberBlock block={block} />
    case 'table':
      return (
        <BlockFrame block={block} acts={<TakeItems block={block.id} formats={['csv', 'xlsx']} take={take} />}>
          {block.rows.length === 0 ? <NoRows /> : <ReportGrid table={block} fill={fill} />}
          <Cut block={block} />
        </BlockFrame>
      )
    case 'pivot':
      return (
        <BlockFrame block={block} acts={<TakeItems block={block.id} formats={['csv', 'xlsx']} take={take} />}>
          {block.rows.length === 0 ? <NoRows /> : <PivotTable pivot={block} />}
          <Cut block={block} />
        </BlockFrame>
      )
    case 'chart':
      return <ChartBlock block={block} take={take} />
    case 'failed':
      return <FailedBlock block={block} />
  }
}

function ChartBlock({ block, take }: { block: DataOf<'chart'>; take: Take | undefined }) {
  const [isTable, setTable] = useState(false)
  const isEmpty = block.categories.length === 0 || block.series.length === 0
  return (
    <BlockFrame
      block={block}
      acts={
        <>
          <Menu.Item onClick={() => setTable(!isTable)} disabled={isEmpty}>
            {isTable ? 'Show as chart' : 'Show as table'}
          </Menu.Item>
          <TakeItems block={block.id} formats={['png', 'svg', 'csv']} take={isEmpty ? undefined : take} />
        </>
      }
    >
      {isEmpty ? (
        <NoRows />
      ) : isTable ? (
        <ChartTable chart={block} />
      ) : (
        <Suspense fallback={<Skeleton height={380} aria-busy="true" aria-label="Drawing" />}>
          <ReportChart chart={block} />
        </Suspense>
      )}
      <Cut block={block} />
    </BlockFrame>
  )
}

interface TakeItemsProps {
  readonly block: string
  readonly formats: readonly FileFormat[]
  readonly take: Take | undefined
}

const TakeItems = ({ block, formats, take }: TakeItemsProps) =>
  take &&
  formats.map((format) => (
    <Menu.Item key={format} onClick={() => take({ format, block })}>
      Download as {format.toUpperCase()}
    </Menu.Item>
  ))

const NoRows = () => <Text c="dimmed">Nothing was counted here for what was asked.</Text>

/** Whatever is left out is said. */
function Cut({ block: { cut } }: { block: Pick<DataOf<'table'>, 'cut'> }) {
  return (
    cut && (
      <Text size="sm" c="dimmed" mt="xs">
        Only the first {countText(cut.shown)} {cut.of !== null && `of ${countText(cut.of)}`} are shown.
      </Text>
    )
  )
}

function FailedBlock({ block: { title, problem } }: { block: DataOf<'failed'> }) {
  return (
    <Paper component="article" aria-label={title}>
      <Alert
        color="red"
        variant="light"
        icon={<IconAlertTriangle aria-hidden />}
        title={`${title}: ${problem.title}`}
        style={{ overflowWrap: 'anywhere' }}
      >
        <Text size="sm">{problem.detail}</Text>
        {problem.hint !== null && <Text size="sm">{problem.hint}</Text>}
      </Alert>
    </Paper>
  )
}
