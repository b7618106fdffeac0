import { useEffect } from 'react'

const over = '[role="dialog"], [role="menu"]'

/**
 * A dialog gives the focus back to what it was opened from; when that was an item of a menu, which has gone, nobody would have
 * it. Then it goes back to what opened the menu.
 */
export function DialogFocus() {
  useEffect(() => {
    let opener: HTMLElement | null = null
    let timer: ReturnType<typeof setInterval> | undefined
    const giveBack = () => {
      const { activeElement } = document
      if (activeElement !== null && activeElement !== document.body) return
      if ([...document.querySelectorAll(over)].some((one) => one.getClientRects().length > 0)) return
      clearInterval(timer)
      if (opener?.isConnected) opener.focus({ preventScroll: true })
    }
    const seen = ({ target }: FocusEvent) => {
      clearInterval(timer)
      if (!(target instanceof HTMLElement)) return
      if (target.closest(over)) timer = setInterval(giveBack, 50)
      else opener = target
    }
    // Who points elsewhere goes there.
    const pressed = ({ target }: PointerEvent) => {
      if (target instanceof Element && !target.closest(over)) clearInterval(timer)
    }
    document.addEventListener('focusin', seen)
    document.addEventListener('pointerdown', pressed)
    return () => {
      clearInterval(timer)
      document.removeEventListener('focusin', seen)
      document.removeEventListener('pointerdown', pressed)
    }
  }, [])
  return null
}
