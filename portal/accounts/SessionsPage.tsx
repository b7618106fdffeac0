import { Page } from '#portal/kit/Page.tsx'

export function SessionsPage() {
  return <Page title="Sessions">{null}</Page>
}
