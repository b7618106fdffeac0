import { Page } from '#portal/kit/Page.tsx'

export function SettingsPage() {
  return <Page title="Settings">{null}</Page>
}
