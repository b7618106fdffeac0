import { useMutation, useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { SignedIn } from '#portal/accounts/SignedIn.tsx'
import { ask } from '#portal/kit/ask.ts'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import { notifyDone } from '#portal/kit/notify.ts'
import { Page } from '#portal/kit/Page.tsx'
import { query } from '#portal/kit/queries.ts'
import { datasetChanged } from '../deposit/repository.ts'
import { NotYours } from '../permissions/NotYours.tsx'
import { type CollectionDraft, CollectionForm } from './CollectionForm.tsx'

export function EditCollectionPage() {
  return (
    <SignedIn>
      <EditCollection />
    </SignedIn>
  )
}

function EditCollection() {
  const { collection: alias } = useParams({ from: '/collections/$collection/edit' })
  const { data: collection } = useSuspenseQuery(
    query('GET /v1/collections/:collection', { params: { collection: alias } }),
  )
  const navigate = useNavigate()
  const { mutate, isPending, error } = useMutation({
    mutationFn: (draft: CollectionDraft) =>
      ask('PATCH /v1/collections/:collection', { params: { collection: String(collection.id) }, body: draft }),
    onSuccess: async (saved) => {
      notifyDone(`${saved.name} is saved.`)
      await navigate({ to: '/collections/$collection', params: { collection: saved.alias }, search: {} })
      void datasetChanged()
    },
  })
  const title = `Edit ${collection.name}`
  if (!collection.my_rights.includes('EditDataverse')) return <NotYours title={title} what="this collection" />
  return (
    <Page
      title={title}
      lead={
        <TextLink to="/collections/$collection" params={{ collection: collection.alias }} search={{}}>
          Back to the collection
        </TextLink>
      }
    >
      <CollectionForm
        key={collection.updated_at}
        saved={collection}
        email={null}
        verb="Save"
        onSubmit={mutate}
        pending={isPending}
        error={error}
      />
    </Page>
  )
}
