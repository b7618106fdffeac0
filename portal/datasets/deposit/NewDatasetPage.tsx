import { Alert, Button, Group, Paper, Stack, Title } from '@mantine/core'
import { useMutation, useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, useRef } from 'react'
import { SignedIn } from '#portal/accounts/SignedIn.tsx'
import { useYou, type You } from '#portal/instance/instance.ts'
import { ask } from '#portal/kit/ask.ts'
import { idempotencyKey } from '#portal/kit/idempotency-key.ts'
import { Page } from '#portal/kit/Page.tsx'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { asProblem, fieldErrors } from '#portal/kit/problem.ts'
import { CollectionField } from './CollectionField.tsx'
import { ComplaintSummary } from './ComplaintSummary.tsx'
import { MetadataForm } from './MetadataForm.tsx'
import { complaintsOf, type Metadata } from './metadata.ts'
import { blocksQuery, datasetChanged, licensesQuery } from './repository.ts'
import { TermsForm } from './TermsForm.tsx'
import { useKept } from './use-kept.ts'
import { askOf, type Written } from './written.ts'

export function NewDatasetPage() {
  return (
    <SignedIn>
      <NewDataset />
    </SignedIn>
  )
}

interface Beginning extends Written {
  readonly collection: string | null
}

/** Where, what, under which terms: enough to make a draft, to which files are added next. */
function NewDataset() {
  const { collection } = useSearch({ from: '/deposit' })
  const you = useYou()
  const navigate = useNavigate()
  const { data: blocks } = useSuspenseQuery(blocksQuery)
  const { data: licenses } = useSuspenseQuery(licensesQuery)
  const begin = (): Beginning => ({
    collection: collection ?? null,
    metadata: firstMetadata(you),
    license: licenses.items.find(({ is_default }) => is_default)?.name ?? null,
    terms: {},
    accessRequests: true,
    note: '',
  })
  const kept = useKept<Beginning>(`new ${collection ?? ''}`, begin)
  const { value, set, reset } = kept
  // One dataset, however often it has to be sent.
  const key = useRef(idempotencyKey())
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => {
      const { metadata, license, terms } = askOf(value)
      return ask('POST /v1/collections/:collection/datasets', {
        params: { collection: value.collection ?? '' },
        body: { metadata, license, terms },
        headers: { 'idempotency-key': key.current },
      })
    },
    onSuccess: async ({ id }) => {
      reset(begin())
      void datasetChanged()
      await navigate({ to: '/deposit/$dataset', params: { dataset: String(id) }, search: { tab: 'files' } })
    },
    onError: (problem) => {
      // What was refused is not what is sent next.
      if (asProblem(problem).status >= 400 && asProblem(problem).status < 500) key.current = idempotencyKey()
    },
  })
  const complaints = useMemo(() => complaintsOf(asProblem(error).errors), [error])
  return (
    <Page
      title="Add a dataset"
      lead="It is a draft that only you and the people of its collection see, until it is published."
    >
      {kept.isKept && (
        <Alert color="gray" variant="light" title="This is what you had begun">
          <Button size="compact-sm" variant="default" onClick={() => reset(begin())}>
            Begin anew
          </Button>
        </Alert>
      )}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (!isPending) mutate()
        }}
      >
        <Stack gap="lg">
          <CollectionField value={value.collection} onChange={(next) => set({ ...value, collection: next })} />
          <Stack gap="sm">
            <Title order={2} size="h4">
              What it is
            </Title>
            <MetadataForm
              blocks={blocks.items.slice(0, 1)}
              value={value.metadata}
              onChange={(metadata) => set({ ...value, metadata })}
              complaints={complaints}
            />
          </Stack>
          <Paper withBorder p="md">
            <TermsForm
              short
              value={value}
              onChange={(terms) => set({ ...value, ...terms })}
              licenses={licenses.items}
              errors={fieldErrors(error)}
            />
          </Paper>
          {error !== null &&
            (complaints.size > 0 ? (
              <ComplaintSummary blocks={blocks.items} complaints={complaints} />
            ) : (
              <ProblemAlert error={error} />
            ))}
          <Group gap="xs">
            <Button type="submit" loading={isPending} disabled={value.collection === null}>
              Save and add files
            </Button>
          </Group>
        </Stack>
      </form>
    </Page>
  )
}

/** Who deposits is mostly the author and the one to write to. */
function firstMetadata(you: You | null): Metadata {
  if (!you) return {}
  const { display_name, first_name: first, last_name: last, email } = you.account
  const name = first && last ? `${last}, ${first}` : display_name
  return {
    citation: {
      author: [{ authorName: name }],
      datasetContact: [{ datasetContactName: name, ...(email ? { datasetContactEmail: email } : {}) }],
      depositor: name,
      dateOfDeposit: new Date().toISOString().slice(0, 10),
    },
  }
}
