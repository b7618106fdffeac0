import { lazy, Suspense } from 'react'
import { noticesWanted } from './notify.ts'

const Notifications = lazy(() => import('@mantine/notifications').then((module) => ({ default: module.Notifications })))

/** Where what `notify.ts` has to say appears. */
export function Notices() {
  return noticesWanted.use() ? (
    <Suspense fallback={null}>
      <Notifications position="bottom-right" />
    </Suspense>
  ) : null
}
