import { Outlet } from '@tanstack/react-router'
import { SignedIn } from '#portal/accounts/SignedIn.tsx'

export function AdminFrame() {
  return (
    <SignedIn>
      <Outlet />
    </SignedIn>
  )
}
