import type { Reply } from '#portal/kit/contracts.ts'

export type AuditEvent = Reply<'GET /v1/audit'>['events'][number]

/** Who acted and how they came, as a sentence around their name, which may be a link. */
export function actorWords(event: Pick<AuditEvent, 'via' | 'account_id' | 'account_name'>) {
  const { via, account_id, account_name } = event
  const name = account_name ?? account_id
  const said = (before: string, name: string, after: string) => ({ before, name, after })
  if (via === 'system') {
    if (account_id !== null) return said('Tessera, for', name ?? account_id, '')
    return said('', 'Tessera', name === null ? '' : `(${name})`)
  }
  if (name === null) return said('', 'Somebody who was not signed in', '')
  return said('', name, ways[via])
}

const ways = {
  anonymous: '',
  session: 'in the portal',
  token: 'with the API token',
  command: 'at the command line',
} as const

/** The few members of the detail that say most, for a line of a table: "role: admin, user_name: ada". */
export function detailWords(detail: AuditEvent['detail']): string {
  return Object.entries(detail)
    .filter(([name, value]) => value !== null && typeof value !== 'object' && !isNumberOfSomething(name, value))
    .slice(0, 4)
    .map(([name, value]) => `${name.replaceAll('_', ' ')}: ${String(value)}`)
    .join(', ')
}

/** Ids mean nothing to the eye; they stand in the details. */
const isNumberOfSomething = (name: string, value: unknown): boolean =>
  name.endsWith('_id') || (typeof value === 'string' && /^[0-9a-f]{8}-[0-9a-f]{4}-/.test(value))

/** Newer events before those that are there, each once, newest first. */
export function addNewer<T extends { readonly id: number }>(newer: readonly T[], known: readonly T[]): readonly T[] {
  const newest = known[0]?.id ?? 0
  const added = newer.filter(({ id }) => id > newest)
  return added.length === 0 ? known : [...added, ...known]
}
