import { ButtonLink } from '#portal/kit/ButtonLink.tsx'
import { EmptyState } from '#portal/kit/EmptyState.tsx'
import { Page } from '#portal/kit/Page.tsx'

export function NotFoundPage() {
  return (
    <Page title="There is no such page">
      <EmptyState title="Nothing stands at this address" action={<ButtonLink to="/">To the start page</ButtonLink>}>
        The link may be old, or a letter may be missing. Ctrl-K finds any page.
      </EmptyState>
    </Page>
  )
}
