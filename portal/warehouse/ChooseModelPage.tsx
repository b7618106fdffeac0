import { Page } from '#portal/kit/Page.tsx'

export function ChooseModelPage() {
  return <Page title="Explore">{null}</Page>
}
