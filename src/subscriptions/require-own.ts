import type { Caller } from '#src/access/caller.ts'
import { requirePermission } from '#src/http/permission.ts'
import type { Definition } from './definition.ts'

/**
 * A subscription reads, refreshes and starts with the rights of an account. Whoever writes one, a narrowed token above all,
 * must hold each of these rights itself: else writing subscriptions would be reading everything. `id`: null where it has none
 * yet. Asked before the owner's rights are: what those find is not for who may not.
 */
export function requireOwn(caller: Caller, id: string | null, { report, burst, schedule }: Definition): void {
  requirePermission(caller, 'reports:read', report)
  if (burst && 'from' in burst) requirePermission(caller, 'warehouse:read', burst.from.model)
  if (schedule && id !== null) requirePermission(caller, 'subscriptions:run', id)
}

export function requireRefresh(caller: Caller, models: readonly string[]): void {
  for (const model of models) requirePermission(caller, 'models:refresh', model)
}
