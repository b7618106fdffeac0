import {
  IconCalendarOff,
  IconHeartbeat,
  IconKey,
  IconListDetails,
  IconMail,
  IconProgressCheck,
  IconSettings,
  IconShieldLock,
  IconUsers,
} from '@tabler/icons-react'
import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { Suspense, useEffect, useRef } from 'react'
import { SignedIn } from '#portal/accounts/SignedIn.tsx'
import { useYou } from '#portal/instance/instance.ts'
import { ButtonLink } from '#portal/kit/ButtonLink.tsx'
import { EmptyState } from '#portal/kit/EmptyState.tsx'
import { Page } from '#portal/kit/Page.tsx'
import { PageSkeleton } from '#portal/kit/PageSkeleton.tsx'
import style from './AdminFrame.module.css'
import { adminSections, adminSectionsOf } from './sections.ts'

const icons = {
  '/admin/tokens': IconKey,
  '/admin/accounts': IconUsers,
  '/admin/runs': IconProgressCheck,
  '/admin/outbox': IconMail,
  '/admin/holiday-calendars': IconCalendarOff,
  '/admin/audit': IconListDetails,
  '/admin/settings': IconSettings,
  '/admin/health': IconHeartbeat,
} as const

/** The admin console: those of its parts that the person may use, and a refusal that says why at all others. */
export function AdminFrame() {
  return (
    <SignedIn>
      <Console />
    </SignedIn>
  )
}

function Console() {
  const own = adminSectionsOf(useYou())
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const here = adminSections.find(({ to }) => path.startsWith(to))
  const navigation = useRef<HTMLElement>(null)
  // On a phone the sections stand in one line that is wider than the screen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: for each page.
  useEffect(() => {
    const current = navigation.current?.querySelector<HTMLElement>('[aria-current]')
    if (current) navigation.current?.scrollTo({ left: current.offsetLeft - 40 })
  }, [path])
  if (own.length === 0) return <NotForYou permission={here?.permission} />
  return (
    <div className={style.console}>
      <nav ref={navigation} aria-label="Admin console" className={style.navigation}>
        {own.map(({ to, label }) => {
          const Icon = icons[to]
          return (
            <Link key={to} to={to} className={style.section}>
              <Icon size={18} aria-hidden />
              {label}
            </Link>
          )
        })}
      </nav>
      <div className={style.content}>
        {here && !own.includes(here) ? (
          <NotForYou permission={here.permission} />
        ) : (
          <Suspense fallback={<PageSkeleton />}>
            <Outlet />
          </Suspense>
        )}
      </div>
    </div>
  )
}

function NotForYou({ permission }: { permission: string | undefined }) {
  return (
    <Page title="You may not see this">
      <EmptyState
        icon={IconShieldLock}
        title="The admin console is for those who administer"
        action={<ButtonLink to="/">To the start page</ButtonLink>}
      >
        {permission
          ? `This part takes the permission ${permission}, which your role does not hold.`
          : 'Your role holds none of its permissions.'}{' '}
        Whoever administers this portal can give you another role.
      </EmptyState>
    </Page>
  )
}
