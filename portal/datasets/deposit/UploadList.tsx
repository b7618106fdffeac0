import { ActionIcon, Alert, Button, Group, Paper, Progress, Stack, Text, VisuallyHidden } from '@mantine/core'
import { useThrottledValue } from '@mantine/hooks'
import {
  IconAlertTriangle,
  IconCheck,
  IconFileZip,
  IconPlayerPause,
  IconPlayerPlay,
  IconRefresh,
  IconX,
} from '@tabler/icons-react'
import { memo, type ReactNode, useState } from 'react'
import { bytesText, countedText, countText } from '#portal/kit/figures.ts'
import { countsOf, listed, type UploadItem } from './upload-items.ts'
import type { Queue } from './upload-queue.ts'

/** So many are shown at first, and so many more at each asking: ten thousand rows would be slow, and nobody reads them. */
const rowsAtOnce = 50

/** Read aloud now and then only: with many files the words change several times a second. */
const toldEveryMs = 10_000
function Told({ text }: { text: string }) {
  return <VisuallyHidden role="status">{useThrottledValue(text, toldEveryMs)}</VisuallyHidden>
}

/** What is on its way: all of it in one line, and each file with what can be done about it. */
export function UploadList({ queue }: { queue: Queue }) {
  const items = queue.items.use()
  const warnings = queue.warnings.use()
  const [most, setMost] = useState(rowsAtOnce)
  const counts = countsOf(items)
  if (counts.total === 0 && warnings.length === 0) return null
  const open = listed(items)
  const lost = open.filter(({ state }) => state === 'lost')
  const keysOf = (...states: UploadItem['state'][]) =>
    open.filter(({ state }) => states.includes(state)).map(({ key }) => key)
  const pausable = keysOf('waiting', 'sending', 'failed')
  const resumable = keysOf('paused')
  const refused = keysOf('refused')
  const leavable = keysOf('paused', 'lost', 'refused')
  return (
    <Paper component="section" aria-label="Uploads" withBorder p="md">
      <Stack gap="sm">
        <Group justify="space-between" gap="xs">
          <Text fw={600}>{summary(counts)}</Text>
          <Told text={`Uploads: ${summary(counts)}`} />
          <Group gap="xs">
            {pausable.length > 0 && (
              <Button
                size="compact-sm"
                variant="default"
                leftSection={<IconPlayerPause size={14} aria-hidden />}
                onClick={() => queue.pause(pausable)}
              >
                Pause all
              </Button>
            )}
            {resumable.length > 0 && (
              <Button
                size="compact-sm"
                variant="default"
                leftSection={<IconPlayerPlay size={14} aria-hidden />}
                onClick={() => queue.resume(resumable)}
              >
                Resume all
              </Button>
            )}
            {refused.length > 1 && (
              <Button
                size="compact-sm"
                variant="default"
                leftSection={<IconRefresh size={14} aria-hidden />}
                onClick={() => queue.resume(refused)}
              >
                Try refused ones again
              </Button>
            )}
            {leavable.length > 1 && (
              <Button
                size="compact-sm"
                variant="default"
                leftSection={<IconX size={14} aria-hidden />}
                onClick={() => queue.drop(leavable)}
              >
                Leave {countText(leavable.length)} out
              </Button>
            )}
            {counts.underWay === 0 && (counts.done > 0 || warnings.length > 0) && (
              <Button size="compact-sm" variant="subtle" onClick={() => queue.clear()}>
                Clear the list
              </Button>
            )}
          </Group>
        </Group>
        {open.length > 0 && (
          <Progress
            value={counts.bytes === 0 ? 0 : (100 * counts.sentBytes) / counts.bytes}
            aria-label="Of everything"
          />
        )}
        {lost.length > 0 && (
          <Alert
            color="orange"
            variant="light"
            icon={<IconAlertTriangle aria-hidden />}
            title={`${countedText(lost.length, 'upload was', 'uploads were')} cut off when the page was closed`}
          >
            Choose or drop the same {lost.length === 1 ? 'file' : 'files'} once more: what was sent already is kept, and
            it goes on from there.
          </Alert>
        )}
        {warnings.length > 0 && (
          <Alert color="yellow" variant="light" icon={<IconAlertTriangle aria-hidden />} title="Worth a look">
            {warnings.slice(0, 10).map(({ file, kind, detail }) => (
              <Text key={`${file} ${kind}`} size="sm" style={{ overflowWrap: 'anywhere' }}>
                {detail}
              </Text>
            ))}
            {warnings.length > 10 && <Text size="sm">and {warnings.length - 10} more of the kind</Text>}
          </Alert>
        )}
        {open.length > 0 && (
          <Stack gap={8} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
            {open.slice(0, most).map((item) => (
              <Row key={item.key} item={item} queue={queue} />
            ))}
          </Stack>
        )}
        {open.length > most && (
          <Group gap="xs">
            <Text size="sm" c="dimmed">
              and {countText(open.length - most)} more
            </Text>
            <Button size="compact-sm" variant="subtle" onClick={() => setMost(most + rowsAtOnce)}>
              Show more
            </Button>
          </Group>
        )}
      </Stack>
    </Paper>
  )
}

function summary(counts: ReturnType<typeof countsOf>): string {
  const { total, done, paused, failed, lost, refused, bytes, sentBytes } = counts
  if (done === total) return `${countedText(done, 'file')} uploaded`
  const parts = [
    `${countText(done)} of ${countedText(total, 'file')} uploaded`,
    `${bytesText(sentBytes)} of ${bytesText(bytes)}`,
    ...(paused > 0 ? [`${countText(paused)} paused`] : []),
    ...(refused > 0 ? [`${countText(refused)} refused`] : []),
    ...(failed > 0 ? [`${countText(failed)} cut off`] : []),
    ...(lost > 0 ? [`${countText(lost)} needed again`] : []),
  ]
  return parts.join(' · ')
}

const Row = memo(function Row({ item, queue }: { item: UploadItem; queue: Queue }) {
  const { key, name, directory, bytes, sent, state, complaint, unpack } = item
  const path = directory === '' ? name : `${directory}/${name}`
  return (
    <li>
      <Group gap="xs" wrap="nowrap" justify="space-between">
        <Stack gap={2} flex={1} miw={0}>
          <Group gap={6} wrap="nowrap">
            {unpack && <IconFileZip size={16} aria-label="to be unpacked" />}
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              {path}
            </Text>
          </Group>
          <Progress
            size="sm"
            value={bytes === 0 ? (state === 'waiting' ? 0 : 100) : (100 * sent) / bytes}
            color={state === 'refused' ? 'red' : state === 'failed' || state === 'lost' ? 'orange' : 'teal'}
            aria-label={`Of ${path}`}
          />
          <Text size="xs" c={state === 'refused' ? 'var(--mantine-color-error)' : 'dimmed'}>
            {bytesText(sent)} of {bytesText(bytes)} · {stateWords[state]}
            {complaint !== null && `: ${complaint}`}
          </Text>
        </Stack>
        <Group gap={4} wrap="nowrap">
          {['waiting', 'sending', 'failed'].includes(state) && (
            <Act label={`Pause ${path}`} icon={<IconPlayerPause size={16} />} onClick={() => queue.pause([key])} />
          )}
          {state === 'paused' && (
            <Act label={`Resume ${path}`} icon={<IconPlayerPlay size={16} />} onClick={() => queue.resume([key])} />
          )}
          {(state === 'failed' || state === 'refused') && (
            <Act label={`Try ${path} again`} icon={<IconRefresh size={16} />} onClick={() => queue.resume([key])} />
          )}
          {state === 'sent' || state === 'adding' ? (
            <IconCheck size={16} aria-hidden />
          ) : (
            <Act label={`Leave ${path} out`} icon={<IconX size={16} />} onClick={() => queue.drop([key])} />
          )}
        </Group>
      </Group>
    </li>
  )
})

const Act = ({ label, icon, onClick }: { label: string; icon: ReactNode; onClick: () => void }) => (
  <ActionIcon variant="subtle" color="gray" size={32} aria-label={label} onClick={onClick}>
    {icon}
  </ActionIcon>
)

const stateWords: Readonly<Record<UploadItem['state'], string>> = {
  waiting: 'waits for its turn',
  sending: 'is being sent',
  paused: 'paused',
  failed: 'cut off, is tried again by itself',
  lost: 'needs the file again',
  sent: 'sent',
  adding: 'becomes part of the dataset',
  refused: 'refused',
  done: 'uploaded',
}
