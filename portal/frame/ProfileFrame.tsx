import { Box } from '@mantine/core'
import { Outlet, useRouterState } from '@tanstack/react-router'
import { Suspense } from 'react'
import { SignedIn } from '#portal/accounts/SignedIn.tsx'
import { useInstance } from '#portal/instance/instance.ts'
import { Page } from '#portal/kit/Page.tsx'
import { PageSkeleton } from '#portal/kit/PageSkeleton.tsx'
import { TabLinks } from '#portal/kit/TabLinks.tsx'
import { profileSections, profileSectionsOf } from './sections.ts'

/** My Profile: its tabs, each with an address of its own. */
export function ProfileFrame() {
  const instance = useInstance()
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const here = profileSections.find(({ to }) => to === path)
  return (
    <SignedIn>
      <Page title="My Profile" windowTitle={here && `${here.label} · My Profile`}>
        <TabLinks label="My Profile" tabs={profileSectionsOf(instance)} />
        <Box data-page-part>
          <Suspense fallback={<PageSkeleton />}>
            <Outlet />
          </Suspense>
        </Box>
      </Page>
    </SignedIn>
  )
}
