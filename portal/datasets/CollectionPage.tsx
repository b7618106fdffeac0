import { Page } from '#portal/kit/Page.tsx'
import { CollectionActions } from './CollectionActions.tsx'

export function CollectionPage() {
  return (
    <Page title="Collection">
      <CollectionActions />
    </Page>
  )
}
