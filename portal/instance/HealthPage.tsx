import { Page } from '#portal/kit/Page.tsx'

export function HealthPage() {
  return <Page title="Health">{null}</Page>
}
