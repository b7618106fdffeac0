import { lazyRouteComponent } from '@tanstack/react-router'
import { offline } from './problem.ts'

const unfetched = new WeakSet<object>()

/**
 * A page whose code is fetched when somebody goes there. When that fails since the server is away, the portal says so: it
 * would else load itself anew, and be lost to the browser's own page about addresses that do not answer.
 */
export const lazyPage: typeof lazyRouteComponent = (fetchPage, name) =>
  lazyRouteComponent(
    () =>
      fetchPage().catch(async (error: unknown) => {
        if (await isServerThere()) throw error
        const problem = offline()
        unfetched.add(problem)
        throw problem
      }),
    name,
  )

/** Whether this is of a page whose code could not be fetched. */
export const isUnfetchedPage = (error: unknown): boolean => error instanceof Error && unfetched.has(error)

/** Loads the whole portal anew at its address, as soon as that can succeed: at this call or not at all. */
export async function reloadIfThere(): Promise<void> {
  if (await isServerThere()) window.location.reload()
}

/** Any answer will do. */
const isServerThere = (): Promise<boolean> =>
  fetch('/', { method: 'HEAD', cache: 'no-store' }).then(
    () => true,
    () => false,
  )
