import { Box, Button, Paper, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { countedText } from '#portal/kit/figures.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { type LogLine, useRunLog } from './use-run-log.ts'

const shownAtOnce = 500

/** What the run said, line by line; it scrolls along while the run goes on, unless somebody reads further up. */
export function RunLog({ run, open, order = 2 }: { run: string; open: boolean; order?: 2 | 3 }) {
  const log = useRunLog(run, open)
  const [most, setMost] = useState(shownAtOnce)
  const box = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  const lines = log.data ?? []
  const hidden = Math.max(0, lines.length - most)
  // biome-ignore lint/correctness/useExhaustiveDependencies: it scrolls when lines have come
  useEffect(() => {
    if (atEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight
  }, [lines.length])
  const noteScroll = ({ currentTarget: { scrollTop, scrollHeight, clientHeight } }: React.UIEvent<HTMLDivElement>) => {
    atEnd.current = scrollHeight - scrollTop - clientHeight < 24
  }
  return (
    <Stack gap="xs" component="section">
      <Title order={order} size="h4">
        Log
      </Title>
      {log.isError && <ProblemAlert error={log.error} retry={() => void log.refetch()} />}
      {log.isPending && <Skeleton height={80} />}
      {log.isSuccess && lines.length === 0 && <Text c="dimmed">{open ? 'Nothing yet.' : 'It said nothing.'}</Text>}
      {hidden > 0 && (
        <Button variant="default" size="compact-sm" onClick={() => setMost(most + 2000)}>
          Show earlier lines ({countedText(hidden, 'line')})
        </Button>
      )}
      {lines.length > 0 && (
        <Paper
          withBorder
          p="sm"
          ref={box}
          onScroll={noteScroll}
          mah={360}
          style={{ overflow: 'auto' }}
          tabIndex={0}
          role="region"
          aria-label="Log"
        >
          {lines.slice(hidden).map((line) => (
            <Line key={line.line} line={line} />
          ))}
        </Paper>
      )}
    </Stack>
  )
}

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' })

function Line({ line: { at, level, text } }: { line: LogLine }) {
  return (
    <Box fz="sm" ff="monospace" style={{ display: 'flex', gap: 12 }}>
      <Text span inherit c="dimmed" style={{ flexShrink: 0 }}>
        <time dateTime={at}>{clock.format(new Date(at))}</time>
      </Text>
      <Text
        span
        inherit
        c={level === 'error' ? 'var(--mantine-color-error)' : 'var(--mantine-color-text)'}
        style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}
      >
        {level !== 'info' && <strong>{level === 'warn' ? 'Warning: ' : 'Error: '}</strong>}
        {text}
      </Text>
    </Box>
  )
}
