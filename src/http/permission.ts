import type { Caller } from '#src/access/caller.ts'
import { parseGrant } from '#src/access/grants.ts'
import { type Permission, permissions } from '#src/access/permissions.ts'
import type { Endpoint } from './endpoint.ts'
import { permissionMissing } from './problems.ts'

/** For acts that learn the resource from the body, or check one resource after another. */
export function requirePermission(caller: Caller, permission: Permission, resource?: string): void {
  if (!caller.grants.allows(permission, resource)) throw missing(caller, permission, resource)
}

/** Checks that the caller holds what the contract asks for, on the resource that the path names. */
export function permissionChecker(contract: Endpoint): (caller: Caller, params: unknown) => void {
  const { access, resource, someResource } = contract
  if (access === 'public' || access === 'optional' || access === 'signed_in') return () => {}
  if (someResource)
    return (caller) => {
      if (!caller.grants.allowsSome(access)) throw missing(caller, access)
    }
  if (resource === undefined) return (caller) => requirePermission(caller, access)
  return (caller, params) => {
    const named = (params as Record<string, unknown>)[resource]
    requirePermission(caller, access, typeof named === 'string' ? named : undefined)
  }
}

function missing(caller: Caller, permission: Permission, resource?: string) {
  const wanted = resource === undefined ? permission : `${permission}:${resource}`
  const named = permissions[permission].resource
  // A resource is named by the caller, who must not write our headers.
  const scope = parseGrant(wanted) === null ? permission : wanted
  return permissionMissing({
    detail: `This needs the permission ${wanted} (${permissions[permission].label}).`,
    hint:
      caller.via === 'token'
        ? 'Use a token that holds it. A token never holds more than its owner may do.'
        : 'Ask an administrator for a role that holds it.',
    extensions: {
      missing_permissions: [wanted],
      accepted_permissions: named === null || resource === undefined ? [permission] : [permission, wanted],
    },
    ...(caller.via === 'token' && {
      headers: { 'www-authenticate': `Bearer realm="tessera", error="insufficient_scope", scope="${scope}"` },
    }),
  })
}
