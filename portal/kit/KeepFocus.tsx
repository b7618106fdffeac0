import { type ReactNode, useEffect, useRef } from 'react'

interface KeepFocusProps {
  readonly label?: string
  readonly children: ReactNode
}

/**
 * Around what can go away under somebody's hands: rows, entries, buttons that rest while they work. When what has the focus
 * goes, what stands in its place then gets it, so that the next key is not pressed from the beginning of the page.
 */
export function KeepFocus({ label, children }: KeepFocusProps) {
  const box = useRef<HTMLElement>(null)
  useEffect(() => (box.current ? keepFocus(box.current) : undefined), [])
  return (
    <section ref={box} tabIndex={-1} {...(label !== undefined && { 'aria-label': label })} style={{ outline: 'none' }}>
      {children}
    </section>
  )
}

const focusable = 'a[href], button:not([disabled]), input:not([disabled]):not([type=file]), textarea, [tabindex="0"]'
/** As long as a dialog may take to close, and to give the focus back to what has gone. */
const patienceMs = 2000

function keepFocus(box: HTMLElement): () => void {
  let last: HTMLElement | null = null
  let place = 0
  let timer: ReturnType<typeof setInterval> | undefined
  const stops = () => [...box.querySelectorAll<HTMLElement>(focusable)].filter((one) => one.getClientRects().length > 0)
  const stop = () => clearInterval(timer)
  const seen = ({ target }: FocusEvent) => {
    stop()
    last = target as HTMLElement
    place = stops().indexOf(last)
  }
  /** Who has gone elsewhere stays there; a dialog closes first. */
  const give = (until: number) => {
    if (document.querySelector('[role="dialog"], [role="menu"]')) return
    const { activeElement } = document
    if (activeElement !== null && activeElement !== document.body) return stop()
    const all = stops()
    const next = last?.isConnected
      ? all.includes(last)
        ? last
        : undefined
      : (all[Math.min(place, all.length - 1)] ?? box)
    next?.focus()
    if (next || Date.now() > until) stop()
  }
  const observer = new MutationObserver(() => {
    const isGone = last !== null && (!last.isConnected || last.matches(':disabled'))
    if (!isGone) return
    stop()
    const until = Date.now() + patienceMs
    timer = setInterval(() => give(until), 50)
  })
  const left = ({ relatedTarget }: FocusEvent) => {
    // Gone to somewhere else of its own will; what goes away under it has no such place.
    if (relatedTarget instanceof Node && !box.contains(relatedTarget) && !isInDialog(relatedTarget)) last = null
  }
  const pressed = ({ target }: PointerEvent) => {
    if (!(target instanceof Node && box.contains(target))) last = null
  }
  box.addEventListener('focusin', seen)
  box.addEventListener('focusout', left)
  document.addEventListener('pointerdown', pressed)
  observer.observe(box, { childList: true, subtree: true, attributes: true, attributeFilter: ['disabled'] })
  return () => {
    stop()
    observer.disconnect()
    box.removeEventListener('focusin', seen)
    box.removeEventListener('focusout', left)
    document.removeEventListener('pointerdown', pressed)
  }
}

const isInDialog = (node: Node): boolean =>
  node instanceof Element && node.closest('[role="dialog"], [role="menu"]') !== null
