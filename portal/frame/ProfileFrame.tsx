import { Outlet } from '@tanstack/react-router'
import { SignedIn } from '#portal/accounts/SignedIn.tsx'
import { Page } from '#portal/kit/Page.tsx'

export function ProfileFrame() {
  return (
    <SignedIn>
      <Page title="My Profile">
        <Outlet />
      </Page>
    </SignedIn>
  )
}
