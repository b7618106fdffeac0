import { Page } from '#portal/kit/Page.tsx'

export function TokensPage() {
  return <Page title="API Token">{null}</Page>
}
