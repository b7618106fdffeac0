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
    let stop = () => {}
    const unsubscribe = router.subscribe('onResolved', ({ pathChanged, fromLocation }) => {
      stop()
      if (pathChanged && fromLocation) stop = arrive(() => setTold(document.title))
    })
    return () => {
      unsubscribe()
      stop()
    }
  }, [router])
  return (
    <VisuallyHidden role="status" aria-live="polite">
      {told}
    </VisuallyHidden>
  )
}

/**
 * The menu or palette that one came by closes first, and the page's heading may arrive with its first answers. Until then the
 * page before may still be shown, and takes the focus with it when it goes.
 */
function arrive(arrived: () => void): () => void {
  const until = Date.now() + 5000
  let given: HTMLElement | null = null
  const look = () => {
    const late = Date.now() > until
    if (document.querySelector('[role="dialog"]') && !late) return
    const isLost = focusIsNowhere() && (given === null || given.id === 'main' || !isShown(given))
    if (given === null || isLost) {
      const next = focusBeginning()
      if (next !== given && next?.id !== 'main') arrived()
      given = next
    }
    const hasGoneOn = given !== null && isShown(given) && !focusIsNowhere() && document.activeElement !== given
    if (late || hasGoneOn) clearInterval(timer)
  }
  const timer = setInterval(look, 50)
  look()
  return () => clearInterval(timer)
}

const isShown = (element: HTMLElement): boolean => element.getClientRects().length > 0

const focusIsNowhere = (): boolean =>
  document.activeElement === null || document.activeElement === document.body || document.activeElement.id === 'main'

/** What has the focus then. */
function focusBeginning(): HTMLElement | null {
  const main = document.getElementById('main')
  // A field that has taken the focus by itself keeps it.
  const { activeElement } = document
  if (main === null || activeElement?.closest('main form')) return activeElement as HTMLElement | null
  // The page before stays in the document for a moment, hidden.
  const shown = (selector: string) => [...main.querySelectorAll<HTMLElement>(selector)].filter(isShown)
  const target = shown('[data-page-part]').at(-1) ?? shown('h1')[0] ?? main
  if (target.tabIndex < 0) target.setAttribute('tabindex', '-1')
  target.focus({ preventScroll: true })
  return target
}
