import { Page } from '#portal/kit/Page.tsx'

export function ModelPage() {
  return <Page title="Model">{null}</Page>
}
