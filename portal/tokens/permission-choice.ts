import type { PermissionFacts } from './token.ts'

/** What a form has ticked: each permission on everything (null) or on the resources named. */
export type PermissionChoice = Readonly<Record<string, readonly string[] | null>>

export interface PermissionGroup {
  readonly title: string
  readonly items: readonly PermissionFacts[]
}

const groups: readonly { title: string; permissions: readonly string[] }[] = [
  { title: 'Get data out', permissions: ['warehouse:read', 'warehouse:raw', 'reports:read', 'datasets:read'] },
  {
    title: 'Set work going',
    permissions: ['subscriptions:run', 'models:refresh', 'runs:read', 'reports:write', 'subscriptions:write'],
  },
  { title: 'Put data in', permissions: ['reports:input', 'datasets:write', 'datasets:publish'] },
]
const administration = 'Administration'

/** Permissions in the groups that a form shows; empty groups are left out, and what is in none is administration. */
export function groupPermissions(items: readonly PermissionFacts[]): PermissionGroup[] {
  const placed = new Set(groups.flatMap(({ permissions }) => permissions))
  const byName = new Map(items.map((item) => [item.permission, item]))
  return [
    ...groups.map(({ title, permissions }) => ({
      title,
      items: permissions.flatMap((permission) => byName.get(permission) ?? []),
    })),
    { title: administration, items: items.filter(({ permission }) => !placed.has(permission)) },
  ].filter((group) => group.items.length > 0)
}

/** What *Generate API Token* gives: all that the person may do with data, nothing that governs the portal. */
export const everydayPermissions = (items: readonly PermissionFacts[]): string[] =>
  groupPermissions(items.filter(({ held }) => held))
    .filter(({ title }) => title !== administration)
    .flatMap((group) => group.items.map(({ permission }) => permission))

/** The choice in the one permission language: `models:refresh`, `models:refresh:jobs`. */
export const grantsOf = (choice: PermissionChoice): string[] =>
  Object.entries(choice).flatMap(([permission, on]) =>
    on === null ? [permission] : on.map((resource) => `${permission}:${resource}`),
  )

/** The same backwards. */
export function choiceOf(grants: readonly string[]): PermissionChoice {
  const choice: Record<string, string[] | null> = {}
  for (const grant of grants) {
    const [noun = '', verb = '', ...rest] = grant.split(':')
    const permission = `${noun}:${verb}`
    const before = choice[permission]
    if (rest.length === 0) choice[permission] = null
    else if (before !== null) choice[permission] = [...(before ?? []), rest.join(':')]
  }
  return choice
}

/** Permissions that are narrowed to named resources, but to none yet. */
export const unfinished = (choice: PermissionChoice): string[] =>
  Object.entries(choice).flatMap(([permission, on]) => (on?.length === 0 ? [permission] : []))

/** Grants in plain words, one a line: `Refresh a semantic data input model: jobs, flights`. */
export function grantWords(grants: readonly string[], items: readonly PermissionFacts[]): string[] {
  const labels = new Map(items.map(({ permission, label }) => [permission, label]))
  return Object.entries(choiceOf(grants)).map(([permission, on]) => {
    const label = labels.get(permission) ?? permission
    return on === null ? label : `${label}: ${on.join(', ')}`
  })
}
