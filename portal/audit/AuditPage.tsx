import { Page } from '#portal/kit/Page.tsx'

export function AuditPage() {
  return <Page title="Audit log">{null}</Page>
}
