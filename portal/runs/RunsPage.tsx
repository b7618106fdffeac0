import { Page } from '#portal/kit/Page.tsx'

export function RunsPage() {
  return <Page title="Runs">{null}</Page>
}
