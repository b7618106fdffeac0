import { Page } from '#portal/kit/Page.tsx'

export function RowsPage() {
  return <Page title="Raw rows">{null}</Page>
}
