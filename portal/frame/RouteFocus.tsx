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

/** The menu or palette that one came by closes first, and the page's heading may arrive with its first answers. */
function arrive(arrived: () => void): () => void {
  const until = Date.now() + 5000
  let begun = false
  const look = () => {
    const late = Date.now() > until
    if (document.querySelector('[role="dialog"]') && !late) return
    if (!begun || focusIsNowhere()) focusBeginning()
    begun = true
    if (document.querySelector('main h1') === null && !late) return
    clearInterval(timer)
    arrived()
  }
  const timer = setInterval(look, 50)
  look()
  return () => clearInterval(timer)
}

const focusIsNowhere = (): boolean =>
  document.activeElement === null || document.activeElement === document.body || document.activeElement.id === 'main'

function focusBeginning(): void {
  const main = document.getElementById('main')
  // A field that has taken the focus by itself keeps it.
  if (main === null || document.activeElement?.closest('main form')) return
  const parts = main.querySelectorAll<HTMLElement>('[data-page-part]')
  const target = parts[parts.length - 1] ?? main.querySelector<HTMLElement>('h1') ?? main
  if (target.tabIndex < 0) target.setAttribute('tabindex', '-1')
  target.focus({ preventScroll: true })
}
