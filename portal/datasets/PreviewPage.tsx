import { Page } from '#portal/kit/Page.tsx'

export function PreviewPage() {
  return <Page title="Preview">…</Page>
}
