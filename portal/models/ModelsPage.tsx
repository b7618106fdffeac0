import { Page } from '#portal/kit/Page.tsx'

export function ModelsPage() {
  return <Page title="Models">{null}</Page>
}
