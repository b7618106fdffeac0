/**
 * The one permission language. A permission is `noun:verb`; on a named resource it reads `noun:verb:resource`.
 * `label` is the sentence that pages and docs show; `resource` says what the optional third part names.
 */
export const roles = ['viewer', 'member', 'manager', 'admin'] as const
export type Role = (typeof roles)[number]

interface PermissionFacts {
  readonly label: string
  readonly resource: 'model' | 'subscription' | 'report' | 'collection' | null
  /** The least role that holds it. */
  readonly role: Role
}

export const permissions = {
  'warehouse:read': { label: 'Read aggregates from the data warehouse', resource: 'model', role: 'viewer' },
  'warehouse:raw': { label: 'Read raw rows from the data warehouse', resource: 'model', role: 'member' },
  'models:refresh': { label: 'Refresh a semantic data input model', resource: 'model', role: 'manager' },
  'reports:read': { label: 'Read reports', resource: 'report', role: 'viewer' },
  'reports:input': { label: 'Fill in data-input columns of reports', resource: 'report', role: 'member' },
  'reports:write': { label: 'Create and edit reports', resource: 'report', role: 'manager' },
  'subscriptions:run': { label: 'Execute a new subscription', resource: 'subscription', role: 'manager' },
  'subscriptions:write': { label: 'Create and edit subscriptions', resource: 'subscription', role: 'manager' },
  'datasets:read': { label: 'Read datasets and files', resource: 'collection', role: 'viewer' },
  'datasets:write': { label: 'Deposit datasets and files', resource: 'collection', role: 'member' },
  'datasets:publish': { label: 'Publish datasets', resource: 'collection', role: 'member' },
  'runs:read': { label: 'Watch background runs', resource: null, role: 'viewer' },
  'runs:admin': { label: "See and cancel everyone's runs", resource: null, role: 'admin' },
  'calendars:write': { label: 'Manage holiday calendars', resource: null, role: 'admin' },
  'tokens:write': { label: 'Make and manage own API tokens', resource: null, role: 'viewer' },
  'tokens:admin': { label: "See and revoke everyone's API tokens", resource: null, role: 'admin' },
  'tokens:introspect': { label: 'Ask whether a token is active (RFC 7662)', resource: null, role: 'admin' },
  'accounts:admin': { label: 'Manage accounts and roles', resource: null, role: 'admin' },
  'audit:read': { label: 'Read the audit log', resource: null, role: 'admin' },
  'settings:read': { label: 'Read the settings', resource: null, role: 'admin' },
} as const satisfies Record<string, PermissionFacts>

export type Permission = keyof typeof permissions
export const permissionNames = Object.keys(permissions) as Permission[]

export const isPermission = (text: string): text is Permission => Object.hasOwn(permissions, text)

/** Every permission that a role holds, on all resources. */
export function permissionsOf(role: Role): Permission[] {
  const rank = roles.indexOf(role)
  return permissionNames.filter((name) => roles.indexOf(permissions[name].role) <= rank)
}
