import { useRouter } from '@tanstack/react-router'
import { instanceQuery } from '#portal/instance/instance.ts'
import { queryClient } from '#portal/kit/queries.ts'

/**
 * What follows signing in: everything that was answered to a visitor is forgotten or asked again, and one stays where
 * one is, or goes to a page of ours. Where somebody else was signed in, the portal is loaded anew, so that nothing of
 * theirs stays.
 */
export function useArrive(to?: '/'): (account: { readonly id: string }) => Promise<void> {
  const router = useRouter()
  return async ({ id }) => {
    const before = queryClient.getQueryData(instanceQuery.queryKey)?.you
    if (before && before.account.id !== id) {
      // Going to the address of now would be no load where it has a part behind `#`.
      if (to === undefined) window.location.reload()
      else window.location.assign(to)
      return await new Promise<never>(() => undefined)
    }
    queryClient.removeQueries({ type: 'inactive' })
    await queryClient.invalidateQueries({ queryKey: instanceQuery.queryKey })
    void queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== instanceQuery.queryKey[0] })
    await (to === undefined ? router.invalidate() : router.navigate({ to }))
  }
}
