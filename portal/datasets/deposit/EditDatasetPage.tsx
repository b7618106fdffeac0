import { Alert, Button, Group, Stack, Tabs, Text, TextInput } from '@mantine/core'
import { IconFiles, IconLicense, IconListDetails, IconLock } from '@tabler/icons-react'
import { useMutation, useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { SignedIn } from '#portal/accounts/SignedIn.tsx'
import { ask, askRaw, isRefused } from '#portal/kit/ask.ts'
import { ButtonLink, TextLink } from '#portal/kit/ButtonLink.tsx'
import { EmptyState } from '#portal/kit/EmptyState.tsx'
import { notifyDone } from '#portal/kit/notify.ts'
import { Page } from '#portal/kit/Page.tsx'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { asProblem, fieldErrors } from '#portal/kit/problem.ts'
import { DatasetActions } from '../DatasetActions.tsx'
import { ComplaintSummary } from './ComplaintSummary.tsx'
import { ConflictDialog } from './ConflictDialog.tsx'
import { FilesPart } from './FilesPart.tsx'
import { MetadataForm } from './MetadataForm.tsx'
import { complaintsOf, fieldLabel } from './metadata.ts'
import { type Dataset, datasetChanged, licensesQuery, taggedDataset } from './repository.ts'
import style from './SaveBar.module.css'
import { TermsForm } from './TermsForm.tsx'
import { useBlocks } from './use-blocks.ts'
import { useKept } from './use-kept.ts'
import { askOf, changesOf, isSameWritten, type Written, writtenOf } from './written.ts'

export function EditDatasetPage() {
  return (
    <SignedIn>
      <OneDataset />
    </SignedIn>
  )
}

function OneDataset() {
  const { dataset: id } = useParams({ from: '/deposit/$dataset' })
  const { data } = useSuspenseQuery(taggedDataset(id))
  const { dataset, tag } = data
  const title = dataset.version.title
  if (!dataset.my_rights.includes('EditDataset'))
    return (
      <Page title={`Edit ${title}`}>
        <EmptyState
          icon={IconLock}
          title="You may not change this dataset"
          action={
            <ButtonLink to="/datasets/$" params={{ _splat: dataset.pid }}>
              Read it
            </ButtonLink>
          }
        >
          Whoever manages it or its collection can give you a role that may.
        </EmptyState>
      </Page>
    )
  return <Editing key={id} dataset={dataset} tag={tag} />
}

const tabs = ['metadata', 'files', 'terms'] as const

function Editing({ dataset, tag }: { dataset: Dataset; tag: string }) {
  const { version } = dataset
  const id = String(dataset.id)
  const navigate = useNavigate({ from: '/deposit/$dataset' })
  const { tab = 'metadata' } = useSearch({ from: '/deposit/$dataset' })
  const edit = useEdit(dataset, tag)
  const locked = dataset.locks.length > 0 && !dataset.my_rights.includes('PublishDataset')
  return (
    <Page
      title={`Edit ${version.title}`}
      lead={
        <>
          {version.state === 'draft'
            ? 'A draft: '
            : `Version ${version.number}: what you change here makes a new draft. `}
          <TextLink to="/datasets/$" params={{ _splat: dataset.pid }} search={{}}>
            {dataset.pid}
          </TextLink>
        </>
      }
      actions={<DatasetActions dataset={dataset} editing={edit.isDirty ? 'unsaved' : 'saved'} />}
    >
      {locked && (
        <Alert color="orange" variant="light" icon={<IconLock aria-hidden />} title="The dataset is locked">
          It is in review. It can be changed again when it has been published or returned.
        </Alert>
      )}
      <Tabs
        value={tabs.find((each) => each === tab) ?? 'metadata'}
        onChange={(next) => void navigate({ search: { tab: next ?? 'metadata' }, replace: true, resetScroll: false })}
        keepMounted={false}
      >
        <Tabs.List aria-label="Parts of the dataset">
          <Tabs.Tab value="metadata" leftSection={<IconListDetails size={16} aria-hidden />}>
            Metadata
          </Tabs.Tab>
          <Tabs.Tab value="files" leftSection={<IconFiles size={16} aria-hidden />}>
            Files
          </Tabs.Tab>
          <Tabs.Tab value="terms" leftSection={<IconLicense size={16} aria-hidden />}>
            Terms
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="files" pt="lg">
          <FilesPart dataset={id} />
        </Tabs.Panel>
        {tab !== 'files' && (
          <div role="tabpanel" aria-label={tab === 'terms' ? 'Terms' : 'Metadata'}>
            <WrittenForm dataset={dataset} edit={edit} part={tab === 'terms' ? 'terms' : 'metadata'} />
          </div>
        )}
      </Tabs>
    </Page>
  )
}

/** What is being written, with what it began with: the version and its tag. */
interface Edit {
  readonly tag: string
  readonly base: Written
  readonly value: Written
}

/**
 * An edit goes on with what it began with, whatever happens to the dataset meanwhile: saving learns of it, and brings both
 * together. One in which nothing was changed begins anew with what there is.
 */
function useEdit(dataset: Dataset, tag: string) {
  const { version, access_requests: requests } = dataset
  const base = useMemo(() => writtenOf(version, requests), [version, requests])
  const fresh: Edit = { tag, base, value: base }
  const kept = useKept<Edit>(String(dataset.id), () => fresh)
  const isDirty = !isSameWritten(kept.value.base, kept.value.value)
  const edit = isDirty ? kept.value : fresh
  return {
    ...edit,
    isDirty,
    isKept: kept.isKept,
    set: (value: Written) => kept.set({ ...edit, value }),
    /** Drops what was written, or has seen it saved. */
    end: () => kept.reset(fresh),
  }
}

interface WrittenFormProps {
  readonly dataset: Dataset
  readonly edit: ReturnType<typeof useEdit>
  readonly part: 'metadata' | 'terms'
}

/** What is written of a dataset: metadata and terms are saved together, under the version that they began with. */
function WrittenForm({ dataset, edit, part }: WrittenFormProps) {
  const id = String(dataset.id)
  const { value, base, tag, isDirty, isKept, set, end } = edit
  const blocks = useBlocks(dataset)
  const { data: licenses } = useSuspenseQuery(licensesQuery)
  const [theirs, setTheirs] = useState<{ readonly dataset: Dataset; readonly tag: string } | null>(null)
  const changes = changesOf(blocks, base, value, (at) => fieldLabel(blocks, at))
  const { mutate, isPending, error } = useMutation({
    mutationFn: ({ written, under }: { written: Written; under: string }) =>
      ask('PUT /v1/datasets/:dataset/draft', {
        params: { dataset: id },
        body: askOf(written),
        headers: { 'if-match': under },
      }),
    onSuccess: async () => {
      setTheirs(null)
      notifyDone('The draft is saved.')
      await datasetChanged()
      end()
    },
    onError: async (problem) => {
      if (!isRefused(problem, 'dataset-changed-meanwhile')) return
      const reply = await askRaw('GET /v1/datasets/:dataset', { params: { dataset: id }, query: { version: 'latest' } })
      const now = { dataset: (await reply.json()) as Dataset, tag: reply.headers.get('etag') ?? '*' }
      const saved = writtenOf(now.dataset.version, now.dataset.access_requests)
      // It counts files that were added as well: of what is written here nothing has changed, so there is nothing to ask.
      if (isSameWritten(base, saved)) mutate({ written: value, under: now.tag })
      else setTheirs(now)
    },
  })
  const complaints = useMemo(() => complaintsOf(asProblem(error).errors), [error])
  const isConflict = isRefused(error, 'dataset-changed-meanwhile')
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (!isPending) mutate({ written: value, under: tag })
      }}
    >
      <Stack gap="lg" pt="lg">
        {isKept && isDirty && (
          <Alert color="gray" variant="light" title="This is what you had begun, and not saved">
            <Button size="compact-sm" variant="default" onClick={end}>
              Back to what is saved
            </Button>
          </Alert>
        )}
        {part === 'metadata' ? (
          <MetadataForm
            blocks={blocks}
            value={value.metadata}
            onChange={(metadata) => set({ ...value, metadata })}
            complaints={complaints}
          />
        ) : (
          <TermsForm
            value={value}
            onChange={(terms) => set({ ...value, ...terms })}
            licenses={licenses.items}
            errors={fieldErrors(error)}
          />
        )}
        {dataset.latest_published !== null && (
          <TextInput
            label="Note on this version"
            description="What has changed, for those who read the next version."
            value={value.note}
            onChange={(event) => set({ ...value, note: event.currentTarget.value })}
            maxLength={1000}
          />
        )}
        {error !== null &&
          !isConflict &&
          (complaints.size > 0 ? (
            <ComplaintSummary blocks={blocks} complaints={complaints} />
          ) : (
            <ProblemAlert error={error} />
          ))}
        <Group gap="sm" role="group" aria-label="Save" className={style.bar}>
          <Button type="submit" loading={isPending} disabled={!isDirty}>
            Save the draft
          </Button>
          {isDirty && (
            <Button variant="default" disabled={isPending} onClick={end}>
              Discard changes
            </Button>
          )}
          <Text size="sm" c="dimmed" role="status">
            {isDirty ? `Not saved yet: ${shortList(changes)}. It is kept in this window.` : 'All saved.'}
          </Text>
        </Group>
      </Stack>
      {theirs && (
        <ConflictDialog
          blocks={blocks}
          base={base}
          mine={value}
          theirs={writtenOf(theirs.dataset.version, theirs.dataset.access_requests)}
          by={theirs.dataset.version.updated_by?.display_name ?? null}
          busy={isPending}
          onCancel={() => setTheirs(null)}
          onSave={(written) => {
            set(written)
            mutate({ written, under: theirs.tag })
          }}
          onTakeTheirs={async () => {
            await datasetChanged()
            setTheirs(null)
            end()
          }}
        />
      )}
    </form>
  )
}

const shortList = (names: readonly string[]): string =>
  names.length <= 4 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`
