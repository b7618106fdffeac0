import { Page } from '#portal/kit/Page.tsx'

export function ProblemsPage() {
  return <Page title="Problems">{null}</Page>
}
