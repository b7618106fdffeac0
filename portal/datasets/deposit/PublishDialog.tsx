import { Alert, Button, Group, List, Modal, Radio, Skeleton, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, isRefused } from '#portal/kit/ask.ts'
import type { Reply } from '#portal/kit/contracts.ts'
import { countedText } from '#portal/kit/figures.ts'
import { notifyDone } from '#portal/kit/notify.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { query } from '#portal/kit/queries.ts'
import type { DatasetDialogProps } from '../DatasetActions.tsx'
import { type Value, valueText } from './metadata.ts'
import { datasetChanged } from './repository.ts'
import { Unsaved } from './Unsaved.tsx'
import { uploadsInto } from './upload-queue.ts'

type Differences = Reply<'GET /v1/datasets/:dataset/versions/:version/differences'>

/** What publishing means, what has changed, and under which number; a collection that isn't published yet is published first. */
export function PublishDialog({ dataset, unsaved, onClose }: DatasetDialogProps) {
  const id = String(dataset.id)
  const navigate = useNavigate()
  const collection = dataset.path.at(-1)
  const unpublished = dataset.path.filter(({ published }) => !published)
  const isFirst = dataset.latest_published === null && dataset.published_at === null
  const underWay = uploadsInto(id)
  const { mutate, isPending, isSuccess, error } = useMutation({
    mutationFn: async (type: 'major' | 'minor') => {
      for (const { alias } of unpublished)
        await ask('POST /v1/collections/:collection/publish', { params: { collection: alias } }).catch((problem) => {
          // Somebody else was quicker, or the one before it was tried twice.
          if (!isRefused(problem, 'collection-already-published')) throw problem
        })
      return ask('POST /v1/datasets/:dataset/publish', { params: { dataset: id }, body: { type } })
    },
    onSuccess: async ({ version, pid }) => {
      notifyDone(`Version ${version.number} is published.`)
      onClose()
      await datasetChanged()
      await navigate({ to: '/datasets/$', params: { _splat: pid }, search: {} })
    },
  })
  const differences = useQuery({
    ...query('GET /v1/datasets/:dataset/versions/:version/differences', { params: { dataset: id, version: 'draft' } }),
    staleTime: 0,
    // There is no draft any more once it is published.
    enabled: !isFirst && !isPending && !isSuccess,
  })
  const hasFileChanges = differences.data ? filesChangedIn(differences.data) : false
  const [chosen, setChosen] = useState<'major' | 'minor' | null>(null)
  const type = isFirst || hasFileChanges ? 'major' : (chosen ?? 'minor')
  const next = nextNumbers(dataset.latest_published ?? '0.0')
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Publish “${dataset.version.title}”`}
      size="lg"
      closeOnClickOutside={!isPending}
    >
      <Stack gap="md">
        <Text>
          Everybody will see it and find it, under {dataset.pid}.{' '}
          {isFirst
            ? 'What is published stays: later changes become new versions, and a version can only be withdrawn, with a reason that everybody reads.'
            : 'The versions before stay as they are.'}
        </Text>
        {unsaved && <Unsaved />}
        {dataset.version.files.count === 0 && (
          <Alert color="orange" variant="light" icon={<IconAlertTriangle aria-hidden />} title="It has no files">
            It can be published without; readers find the description only.
          </Alert>
        )}
        {underWay > 0 && (
          <Alert color="orange" variant="light" icon={<IconAlertTriangle aria-hidden />} title="Uploads are under way">
            {countedText(underWay, 'file is', 'files are')} not in yet: wait for them, or they will go into the next
            version.
          </Alert>
        )}
        {unpublished.length > 0 && (
          <Alert
            color="orange"
            variant="light"
            icon={<IconAlertTriangle aria-hidden />}
            title="Its collection is not published"
          >
            {unpublished.map(({ name }) => `“${name}”`).join(' and ')} will be published with it: everybody sees{' '}
            {unpublished.length === 1 ? 'that collection' : 'these collections'} then, and of its datasets those that
            are published.
          </Alert>
        )}
        {isFirst ? (
          <Text>
            It becomes version <b>1.0</b>.
          </Text>
        ) : (
          <Radio.Group
            label="Which version it becomes"
            value={type}
            onChange={(way) => setChosen(way as 'major' | 'minor')}
          >
            <Stack gap="xs" mt="xs">
              <Radio
                value="minor"
                label={`${next.minor}: a minor version`}
                description={
                  hasFileChanges
                    ? 'Not possible: its files have changed.'
                    : 'For words: the data are the same as before.'
                }
                disabled={hasFileChanges}
              />
              <Radio
                value="major"
                label={`${next.major}: a major version`}
                description="For data: who worked with the version before has to know."
              />
            </Stack>
          </Radio.Group>
        )}
        {!isFirst &&
          (differences.data ? (
            <Changes differences={differences.data} />
          ) : differences.error ? (
            <ProblemAlert error={differences.error} />
          ) : (
            <div aria-busy="true">
              <Skeleton height={60} />
            </div>
          ))}
        {error && <ProblemAlert error={error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} disabled={isPending}>
            Cancel
          </Button>
          <Button
            onClick={() => mutate(type)}
            loading={isPending}
            disabled={!isFirst && !differences.data}
            data-autofocus
          >
            {unpublished.length > 0 ? `Publish with ${collection?.name}` : 'Publish'}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

const filesChangedIn = ({ files }: Differences): boolean =>
  files.added.length > 0 || files.removed.length > 0 || files.replaced.length > 0

function nextNumbers(latest: string): { major: string; minor: string } {
  const [major = 0, minor = 0] = latest.split('.').map(Number)
  return { major: `${major + 1}.0`, minor: `${major}.${minor + 1}` }
}

const most = 8

/** What the draft has changed, in lines. */
function Changes({ differences: { before, metadata, terms, files } }: { differences: Differences }) {
  const lines = [
    ...metadata.map(({ display_name, before: was, after: is }) => {
      const [from, to] = [
        valueText((was ?? undefined) as Value | undefined),
        valueText((is ?? undefined) as Value | undefined),
      ]
      if (from === '') return `${display_name} added: ${to}`
      return to === '' ? `${display_name} taken out` : `${display_name}: ${to}`
    }),
    ...(terms.length > 0 ? ['Licence or terms changed'] : []),
    ...files.added.map((file) => `File added: ${pathOf(file)}`),
    ...files.removed.map((file) => `File taken out: ${pathOf(file)}`),
    ...files.replaced.map(({ after }) => `File replaced: ${pathOf(after)}`),
    ...files.changed.map(({ after }) => `File described anew: ${pathOf(after)}`),
  ]
  return (
    <div>
      <Text fw={600}>{before === null ? 'What is in it' : `What has changed since ${before}`}</Text>
      {lines.length === 0 ? (
        <Text size="sm" c="dimmed">
          Nothing that readers would see.
        </Text>
      ) : (
        <List size="sm">
          {lines.slice(0, most).map((line) => (
            <List.Item key={line} style={{ overflowWrap: 'anywhere' }}>
              {line.length > 200 ? `${line.slice(0, 200)}…` : line}
            </List.Item>
          ))}
          {lines.length > most && <List.Item>and {lines.length - most} more changes</List.Item>}
        </List>
      )}
    </div>
  )
}

const pathOf = ({ directory, name }: { directory: string; name: string }): string =>
  directory === '' ? name : `${directory}/${name}`
