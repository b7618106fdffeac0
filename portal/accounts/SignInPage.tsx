import { Page } from '#portal/kit/Page.tsx'

export function SignInPage() {
  return <Page title="Sign In">{null}</Page>
}
