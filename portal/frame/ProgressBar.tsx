import { useRouterState } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import style from './PortalFrame.module.css'

/** A thin bar under the head while the next page is fetched; quick ones never show it. */
export function ProgressBar() {
  const loading = useRouterState({ select: ({ status }) => status === 'pending' })
  const [shown, setShown] = useState(false)
  useEffect(() => {
    if (!loading) return setShown(false)
    const timer = setTimeout(() => setShown(true), 150)
    return () => clearTimeout(timer)
  }, [loading])
  return shown ? <div className={style.progress} role="progressbar" aria-label="Loading the page" /> : null
}
