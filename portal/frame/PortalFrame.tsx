import { useDisclosure, useHotkeys } from '@mantine/hooks'
import { Outlet } from '@tanstack/react-router'
import { lazy, type MouseEvent, Suspense, useRef, useState } from 'react'
import { onSessionEnded } from '#portal/kit/ask.ts'
import { PageSkeleton } from '#portal/kit/PageSkeleton.tsx'
import { DialogFocus } from './DialogFocus.tsx'
import { Head } from './Head.tsx'
import style from './PortalFrame.module.css'
import { ProgressBar } from './ProgressBar.tsx'
import { RouteFocus } from './RouteFocus.tsx'
import { endedSession, signInAgain } from './session-ended.ts'
import { signInDialog } from './sign-in-dialog.ts'

// None of these is there when a page is first drawn.
const Palette = lazy(() => import('./Palette.tsx').then(({ Palette: component }) => ({ default: component })))
const MenuDrawer = lazy(() => import('./MenuDrawer.tsx').then(({ MenuDrawer: component }) => ({ default: component })))
const SignInDialog = lazy(() =>
  import('./SignInDialog.tsx').then(({ SignInDialog: component }) => ({ default: component })),
)
const SessionEndedDialog = lazy(() =>
  import('./SessionEndedDialog.tsx').then(({ SessionEndedDialog: component }) => ({ default: component })),
)

onSessionEnded(signInAgain)

/** Around every page: sign-in top left, My Profile top right, the sections between; and what opens over any page. */
export function PortalFrame() {
  const [menuOpened, menu] = useDisclosure()
  const menuEver = useEver(menuOpened)
  const [paletteAsked, setPaletteAsked] = useState(0)
  const signInOpened = signInDialog.use()
  const signInEver = useEver(signInOpened)
  const endedEver = useEver(endedSession.use() !== null)
  const openPalette = () => setPaletteAsked((times) => times + 1)
  useHotkeys([['mod+K', openPalette]], [])
  return (
    <>
      {/* biome-ignore lint/a11y/useValidAnchor: it does lead to a place of the page; only the address is spared. */}
      <a href="#main" className={style.skip} onClick={skip}>
        To the content
      </a>
      <header className={style.head}>
        <Head menu={{ opened: menuOpened, toggle: menu.toggle }} openPalette={openPalette} />
        <ProgressBar />
      </header>
      <main id="main" tabIndex={-1} className={style.main}>
        <Suspense fallback={<PageSkeleton />}>
          <Outlet />
        </Suspense>
      </main>
      <RouteFocus />
      <DialogFocus />
      <Suspense fallback={null}>
        {menuEver && <MenuDrawer opened={menuOpened} close={menu.close} />}
        {paletteAsked > 0 && <Palette asked={paletteAsked} />}
        {signInEver && <SignInDialog opened={signInOpened} />}
        {endedEver && <SessionEndedDialog />}
      </Suspense>
    </>
  )
}

/** The address stays as it is: a whole question may stand in it. */
function skip(event: MouseEvent): void {
  event.preventDefault()
  document.getElementById('main')?.focus()
}

/** Whether it has been so at any time: what was opened once stays, so that it can close in its own way. */
function useEver(now: boolean): boolean {
  const ever = useRef(false)
  ever.current ||= now
  return ever.current
}
