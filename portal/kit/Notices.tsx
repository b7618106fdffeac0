import { lazy, Suspense } from 'react'
import { noticesWanted } from './notify.ts'

const NoticeBoard = lazy(() => import('./NoticeBoard.tsx').then((module) => ({ default: module.NoticeBoard })))

/** Where what `notify.ts` has to say appears. */
export function Notices() {
  return noticesWanted.use() ? (
    <Suspense fallback={null}>
      <NoticeBoard />
    </Suspense>
  ) : null
}
