import { VisuallyHidden } from '@mantine/core'
import { useRouter } from '@tanstack/react-router'
import { useEffect, useState } from 'react'

/**
 * After somebody has gone to another page, by link, key or history, the focus stands at its beginning and readers of
 * the screen are told where they are. A part of a page that changes alone marks itself with `data-page-part`.
 */
export function RouteFocus() {
  const router = useRouter()
  const [told, setTold] = useState('')
  useEffect(() => {
    let waiting: ReturnType<typeof setInterval> | undefined
    const unsubscribe = router.subscribe('onResolved', ({ pathChanged, fromLocation }) => {
      clearInterval(waiting)
      if (!pathChanged || !fromLocation) return
      focusBeginning()
      // Its first answers may still be on their way, and its heading with them.
      const until = Date.now() + 5000
      waiting = setInterval(() => {
        const arrived = document.querySelector('main h1') !== null
        if (!arrived && Date.now() < until) return
        clearInterval(waiting)
        if (focusIsNowhere()) focusBeginning()
        setTold(document.title)
      }, 50)
    })
    return () => {
      unsubscribe()
      clearInterval(waiting)
    }
  }, [router])
  return (
    <VisuallyHidden role="status" aria-live="polite">
      {told}
    </VisuallyHidden>
  )
}

/** Dialogs and fields that took the focus themselves keep it. */
const focusIsNowhere = (): boolean =>
  document.activeElement === null || document.activeElement === document.body || document.activeElement.id === 'main'

function focusBeginning(): void {
  const main = document.getElementById('main')
  if (document.querySelector('[role="dialog"]') || main === null) return
  const parts = main.querySelectorAll<HTMLElement>('[data-page-part]')
  const target = parts[parts.length - 1] ?? main.querySelector<HTMLElement>('h1') ?? main
  if (target.tabIndex < 0) target.setAttribute('tabindex', '-1')
  target.focus({ preventScroll: true })
}
