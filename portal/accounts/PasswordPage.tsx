import { Page } from '#portal/kit/Page.tsx'

export function PasswordPage() {
  return <Page title="Password">{null}</Page>
}
