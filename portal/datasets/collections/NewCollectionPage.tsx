import { useMutation, useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useRef } from 'react'
import { SignedIn } from '#portal/accounts/SignedIn.tsx'
import { useYou } from '#portal/instance/instance.ts'
import { ask } from '#portal/kit/ask.ts'
import { idempotencyKey } from '#portal/kit/idempotency-key.ts'
import { notifyDone } from '#portal/kit/notify.ts'
import { Page } from '#portal/kit/Page.tsx'
import { query } from '#portal/kit/queries.ts'
import { datasetChanged } from '../deposit/repository.ts'
import { NotYours } from '../permissions/NotYours.tsx'
import { type CollectionDraft, CollectionForm } from './CollectionForm.tsx'

export function NewCollectionPage() {
  return (
    <SignedIn>
      <NewCollection />
    </SignedIn>
  )
}

function NewCollection() {
  const { collection: alias } = useParams({ from: '/collections/$collection/new' })
  const { data: parent } = useSuspenseQuery(query('GET /v1/collections/:collection', { params: { collection: alias } }))
  const navigate = useNavigate()
  const email = useYou()?.account.email ?? null
  const key = useRef(idempotencyKey())
  const { mutate, isPending, error } = useMutation({
    mutationFn: (draft: CollectionDraft) =>
      ask('POST /v1/collections', {
        body: { ...draft, parent: parent.alias },
        headers: { 'idempotency-key': key.current },
      }),
    onSuccess: async (made) => {
      notifyDone(`${made.name} is there. Nobody else sees it until it is published.`)
      void datasetChanged()
      await navigate({ to: '/collections/$collection', params: { collection: made.alias }, search: {} })
    },
    onError: () => {
      key.current = idempotencyKey()
    },
  })
  const title = `Add a collection to ${parent.name}`
  if (!parent.my_rights.includes('AddDataverse')) return <NotYours title={title} what="this collection" />
  return (
    <Page title={title} lead="A collection holds datasets and further collections, and says who may do what with them.">
      <CollectionForm
        saved={null}
        email={email}
        verb="Add collection"
        onSubmit={mutate}
        pending={isPending}
        error={error}
      />
    </Page>
  )
}
