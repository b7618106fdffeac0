import { Page } from '#portal/kit/Page.tsx'

export function AdminAccountPage() {
  return <Page title="Account">{null}</Page>
}
