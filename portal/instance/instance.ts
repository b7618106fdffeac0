import { useSuspenseQuery } from '@tanstack/react-query'
import type { Reply } from '#portal/kit/contracts.ts'
import { query } from '#portal/kit/queries.ts'

export type Instance = Reply<'GET /v1/instance'>
export type You = NonNullable<Instance['you']>

/** What this installation is, and who is signed in: asked once per load, and again whenever that may have changed. */
export const instanceQuery = { ...query('GET /v1/instance'), staleTime: 60_000 }

export const useInstance = (): Instance => useSuspenseQuery(instanceQuery).data

/** Who is signed in; null for a visitor. */
export const useYou = (): You | null => useInstance().you

/** Whether they hold the permission, on whatever resource. */
export const may = (you: You | null, permission: string): boolean =>
  you?.permissions.some((held) => held === permission || held.startsWith(`${permission}:`)) ?? false
