import { Page } from '#portal/kit/Page.tsx'

export function ExplorePage() {
  return <Page title="Explore">{null}</Page>
}
