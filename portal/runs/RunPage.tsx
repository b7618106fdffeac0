import { Page } from '#portal/kit/Page.tsx'

export function RunPage() {
  return <Page title="Run">{null}</Page>
}
