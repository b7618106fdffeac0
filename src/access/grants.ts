import { isPermission, type Permission, permissions, permissionsOf, type Role } from './permissions.ts'

/** A grant as written in tokens, requests and docs: `models:refresh` (all) or `models:refresh:jobs` (that one). */
export type GrantText = string

const resourceName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/

/** Splits and checks a grant; null when it names no permission, or a resource where none is possible. */
export function parseGrant(text: GrantText): { permission: Permission; resource: string | null } | null {
  const [noun = '', verb = '', ...rest] = text.split(':')
  const permission = `${noun}:${verb}`
  if (!isPermission(permission)) return null
  if (rest.length === 0) return { permission, resource: null }
  const resource = rest.join(':')
  if (permissions[permission].resource === null || !resourceName.test(resource)) return null
  return { permission, resource }
}

/** A set of grants, compiled once and asked often. Immutable. */
export class Grants {
  readonly #held: ReadonlyMap<Permission, 'all' | ReadonlySet<string>>

  private constructor(held: ReadonlyMap<Permission, 'all' | ReadonlySet<string>>) {
    this.#held = held
  }

  static readonly none = new Grants(new Map())

  /** Unknown texts grant nothing. */
  static of(texts: readonly GrantText[]): Grants {
    const held = new Map<Permission, 'all' | Set<string>>()
    for (const text of texts) {
      const grant = parseGrant(text)
      if (!grant) continue
      const before = held.get(grant.permission)
      if (grant.resource === null) held.set(grant.permission, 'all')
      else if (before === undefined) held.set(grant.permission, new Set([grant.resource]))
      else if (before !== 'all') before.add(grant.resource)
    }
    return new Grants(held)
  }

  static ofRole(role: Role): Grants {
    return Grants.of(permissionsOf(role))
  }

  /** Without a resource: whether the permission is held for all resources. */
  allows(permission: Permission, resource?: string): boolean {
    const held = this.#held.get(permission)
    if (held === undefined) return false
    return held === 'all' || (resource !== undefined && held.has(resource))
  }

  /** Whether the permission is held for anything at all (lists are then filtered by `allows`). */
  allowsSome(permission: Permission): boolean {
    return this.#held.has(permission)
  }

  /** Whether nothing in `other` goes beyond this set. */
  covers(other: Grants): boolean {
    return other.toTexts().every((text) => {
      const grant = parseGrant(text)
      return grant !== null && this.allows(grant.permission, grant.resource ?? undefined)
    })
  }

  /** What both sets allow: a token's grants cut down to what its account may do today. */
  and(other: Grants): Grants {
    return Grants.of([
      ...this.toTexts().filter((text) => allowsText(other, text)),
      ...other.toTexts().filter((text) => allowsText(this, text)),
    ])
  }

  toTexts(): GrantText[] {
    return [...this.#held].flatMap(([permission, on]) =>
      on === 'all' ? [permission] : [...on].map((resource) => `${permission}:${resource}`),
    )
  }
}

function allowsText(grants: Grants, text: GrantText): boolean {
  const grant = parseGrant(text)
  return grant !== null && grants.allows(grant.permission, grant.resource ?? undefined)
}
