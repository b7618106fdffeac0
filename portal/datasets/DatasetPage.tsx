import { Page } from '#portal/kit/Page.tsx'
import { DatasetActions } from './DatasetActions.tsx'

export function DatasetPage() {
  return (
    <Page title="Dataset">
      <DatasetActions />
    </Page>
  )
}
