import { Page } from '#portal/kit/Page.tsx'

export function AdminTokenPage() {
  return <Page title="API token">{null}</Page>
}
