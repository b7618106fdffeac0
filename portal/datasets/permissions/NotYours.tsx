import { IconLock } from '@tabler/icons-react'
import { ButtonLink } from '#portal/kit/ButtonLink.tsx'
import { EmptyState } from '#portal/kit/EmptyState.tsx'
import { Page } from '#portal/kit/Page.tsx'

/** In the place of a page for those who manage something. */
export const NotYours = ({ title, what }: { title: string; what: string }) => (
  <Page title={title}>
    <EmptyState
      icon={IconLock}
      title={`You may not manage ${what}`}
      action={
        <ButtonLink to="/datasets" search={{}}>
          To the datasets
        </ButtonLink>
      }
    >
      Whoever manages it can give you a role that may.
    </EmptyState>
  </Page>
)
