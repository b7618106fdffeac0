import { useLocation, useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import type { Operation, OperationGroup } from './api-document.ts'

/**
 * Which operations stand open. The one that the address names (`/docs#list-tokens`) is opened and scrolled to; what is
 * opened last is named in the address, so that it can be passed on.
 */
export function useOpened(groups: readonly OperationGroup[]) {
  const hash = useLocation({ select: (location) => location.hash })
  const navigate = useNavigate()
  const named: Operation | undefined = groups.flatMap(({ operations }) => operations).find(({ id }) => id === hash)
  const [opened, setOpened] = useState<string[]>(named ? [named.id] : [])
  // The address may come to name another one while the page stands.
  const [seen, setSeen] = useState(hash)
  if (seen !== hash) {
    setSeen(hash)
    if (named && !opened.includes(named.id)) setOpened([...opened, named.id])
  }
  // What somebody opens with a click stays where they clicked.
  const clicked = useRef('')
  useEffect(() => {
    if (hash && hash !== clicked.current) document.getElementById(hash)?.scrollIntoView()
  }, [hash])
  return {
    opened,
    named,
    setOpened(next: string[]) {
      const latest = next.find((id) => !opened.includes(id))
      setOpened(next)
      const keep = latest ?? (next.includes(hash) ? hash : '')
      clicked.current = keep
      if (keep !== hash)
        void navigate({ to: '/docs', hash: keep, replace: true, resetScroll: false, hashScrollIntoView: false })
    },
  }
}
