import { useLocation, useNavigate } from '@tanstack/react-router'
import { useCallback, useEffect, useRef, useState } from 'react'
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
  const latest = useRef({ hash, opened })
  useEffect(() => {
    latest.current = { hash, opened }
  })
  // What somebody opens with a click stays where they clicked.
  const clicked = useRef('')
  useEffect(() => {
    if (hash && hash !== clicked.current) document.getElementById(hash)?.scrollIntoView()
  }, [hash])
  const change = useCallback(
    ({ operations }: OperationGroup, here: string[]) => {
      setOpened((before) => [...before.filter((id) => !operations.some((operation) => operation.id === id)), ...here])
      const { hash: current } = latest.current
      const added = here.find((id) => !latest.current.opened.includes(id))
      const left = operations.some(({ id }) => id === current) && !here.includes(current)
      const name = added ?? (left ? '' : current)
      clicked.current = name
      if (name !== current)
        void navigate({ to: '/docs', hash: name, replace: true, resetScroll: false, hashScrollIntoView: false })
    },
    [navigate],
  )
  return { opened, named, change }
}
