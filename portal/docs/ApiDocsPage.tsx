import { Page } from '#portal/kit/Page.tsx'

export function ApiDocsPage() {
  return <Page title="API docs">{null}</Page>
}
