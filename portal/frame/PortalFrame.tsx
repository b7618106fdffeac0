import { AppShell } from '@mantine/core'
import { Outlet } from '@tanstack/react-router'
import { Suspense } from 'react'
import { PageSkeleton } from '#portal/kit/PageSkeleton.tsx'
import { Head } from './Head.tsx'

/** Around every page: sign-in top left, My Profile top right, the sections between. */
export function PortalFrame() {
  return (
    <AppShell header={{ height: 56 }}>
      <AppShell.Header>
        <Head />
      </AppShell.Header>
      <AppShell.Main id="main">
        <Suspense fallback={<PageSkeleton />}>
          <Outlet />
        </Suspense>
      </AppShell.Main>
    </AppShell>
  )
}
