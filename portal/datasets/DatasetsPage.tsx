import { Page } from '#portal/kit/Page.tsx'
import { CollectionActions } from './CollectionActions.tsx'

export function DatasetsPage() {
  return (
    <Page title="Datasets">
      <CollectionActions />
    </Page>
  )
}
