import { Page } from '#portal/kit/Page.tsx'

export function SetPasswordPage() {
  return <Page title="Set your password">{null}</Page>
}
