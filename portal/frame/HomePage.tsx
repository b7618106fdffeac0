import { Page } from '#portal/kit/Page.tsx'

export function HomePage() {
  return <Page title="Start">{null}</Page>
}
