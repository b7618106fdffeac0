import { Page } from '#portal/kit/Page.tsx'

export function ProfilePage() {
  return <Page title="Details">{null}</Page>
}
