import { Page } from '#portal/kit/Page.tsx'

export function AdminTokensPage() {
  return <Page title="API tokens">{null}</Page>
}
