import { Notifications, useNotifications } from '@mantine/notifications'
import { useEffect, useState } from 'react'

const notice = 'notice-on-the-board'
/** A notice grows for a moment and others go, so where they lie is looked at again. */
const lookAgainMs = 200

/** Notices lie at the bottom, and at the top while what has the focus would be under them (WCAG 2.2, 2.4.11). */
export function NoticeBoard() {
  const [isAtTop, setIsAtTop] = useState(false)
  const isEmpty = useNotifications().notifications.length === 0
  useEffect(() => {
    if (isEmpty) return setIsAtTop(false)
    const look = () => isFocusCovered() && setIsAtTop((before) => !before)
    const timer = setInterval(look, lookAgainMs)
    document.addEventListener('focusin', look)
    return () => {
      clearInterval(timer)
      document.removeEventListener('focusin', look)
    }
  }, [isEmpty])
  return (
    <Notifications
      position="bottom-right"
      classNames={{ notification: notice }}
      {...(isAtTop && { style: { top: 'var(--mantine-spacing-md)', bottom: 'auto' } })}
    />
  )
}

function isFocusCovered(): boolean {
  const { activeElement } = document
  if (!activeElement || activeElement === document.body || activeElement.closest(`.${notice}`)) return false
  // What is larger than a notice, such as the page’s own part, is never out of sight under one.
  const focused = activeElement.getBoundingClientRect()
  return [...document.querySelectorAll(`.${notice}`)].some((one) => {
    const { left, right, top, bottom, height } = one.getBoundingClientRect()
    const overlaps = focused.left < right && focused.right > left && focused.top < bottom && focused.bottom > top
    return overlaps && focused.height <= height
  })
}
