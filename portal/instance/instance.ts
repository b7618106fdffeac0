import { queryOptions, useSuspenseQuery } from '@tanstack/react-query'
import { ask, sessionEnded } from '#portal/kit/ask.ts'
import type { Reply } from '#portal/kit/contracts.ts'
import { query, queryClient } from '#portal/kit/queries.ts'

export type Instance = Reply<'GET /v1/instance'>
export type You = NonNullable<Instance['you']>

const showInstance = query('GET /v1/instance')

/**
 * What this installation is, and who is signed in: asked once per load, and again whenever that may have changed. Where
 * a session turns out to have ended, the page stays as it is until its reader has signed in again, or will not.
 */
export const instanceQuery = queryOptions({
  ...showInstance,
  staleTime: 60_000,
  queryFn: async ({ signal }): Promise<Instance> => {
    const now = await ask('GET /v1/instance', { signal })
    const before = queryClient.getQueryData(showInstance.queryKey)
    if (!before?.you || now.you?.account.id === before.you.account.id) return now
    return (await sessionEnded()) ? await ask('GET /v1/instance', { signal }) : { ...now, you: null }
  },
})

export const useInstance = (): Instance => useSuspenseQuery(instanceQuery).data

/** Who is signed in; null for a visitor. */
export const useYou = (): You | null => useInstance().you

/** Whether they hold the permission, on whatever resource. */
export const may = (you: You | null, permission: string): boolean =>
  you?.permissions.some((held) => held === permission || held.startsWith(`${permission}:`)) ?? false
