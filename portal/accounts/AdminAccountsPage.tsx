import { Page } from '#portal/kit/Page.tsx'

export function AdminAccountsPage() {
  return <Page title="Accounts">{null}</Page>
}
