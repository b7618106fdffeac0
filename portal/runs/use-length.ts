import { useEffect, useState } from 'react'
import { isOpen, lengthOf, type Run } from './run-words.ts'

/** How long the run took; counts along while it runs. Null before it begins. */
export function useLength(run: Run): number | null {
  const [now, setNow] = useState(Date.now)
  const open = isOpen(run)
  useEffect(() => {
    if (!open) return
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [open])
  return lengthOf(run, Math.max(now, Date.parse(run.started_at ?? run.created_at)))
}
