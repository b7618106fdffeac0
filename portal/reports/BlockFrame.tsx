import { Group, Menu, Paper, Text, Title, UnstyledButton } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { exactDay } from '#portal/kit/Time.tsx'
import { targetOf } from './drill.ts'
import type { BlockData } from './report-data.ts'

type Answered = Extract<BlockData, { drill: unknown }>

interface BlockFrameProps {
  readonly block: Answered
  /** More to do with it than to follow its question. */
  readonly acts?: ReactNode
  readonly children: ReactNode
}

/** Around what a block shows: its title, which days were counted, and where its question leads on. */
export function BlockFrame({ block, acts, children }: BlockFrameProps) {
  const { title, description, period, drill } = block
  return (
    <Paper withBorder p="md" component="article" aria-label={title}>
      <Group justify="space-between" align="flex-start" wrap="nowrap" gap="xs" mb="xs">
        <div>
          <Title order={2} size="h4">
            {title}
          </Title>
          {description !== '' && <Text size="sm">{description}</Text>}
          {period && (
            <Text size="sm" c="dimmed">
              {exactDay(period.start)} to {exactDay(period.end)}
            </Text>
          )}
        </div>
        {(acts !== undefined || drill.explore !== null || drill.rows !== null) && (
          <Menu position="bottom-end">
            <Menu.Target>
              <UnstyledButton p={4} aria-label={`More about ${title}`} title="More">
                <IconDots size={20} aria-hidden style={{ display: 'block' }} />
              </UnstyledButton>
            </Menu.Target>
            <Menu.Dropdown>
              {acts}
              {drill.explore !== null && <DrillItem address={drill.explore}>Open in Explore</DrillItem>}
              {drill.rows !== null && <DrillItem address={drill.rows}>Raw rows behind it</DrillItem>}
            </Menu.Dropdown>
          </Menu>
        )}
      </Group>
      {children}
    </Paper>
  )
}

function DrillItem({ address, children }: { address: string; children: ReactNode }) {
  const { to, search } = targetOf(address)
  return (
    <Menu.Item renderRoot={(props) => <Link {...props} to={to as never} search={search as never} preload={false} />}>
      {children}
    </Menu.Item>
  )
}
