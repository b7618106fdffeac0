import { Page } from '#portal/kit/Page.tsx'

export function FilePage() {
  return <Page title="File">…</Page>
}
