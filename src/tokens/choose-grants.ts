import { Grants, parseGrant } from '#src/access/grants.ts'
import type { Role } from '#src/access/permissions.ts'
import { grantsExceeded, tokenUnacceptable } from './problems.ts'

/**
 * The grants of a token, checked and put into their shortest form: never more than whoever makes it holds, nor than the role
 * of the account that it speaks for.
 */
export function chooseGrants(texts: readonly string[], maker: Grants, role: Role): string[] {
  const unknown = texts.flatMap((text, i) =>
    parseGrant(text) ? [] : [{ pointer: `#/permissions/${i}`, detail: `${JSON.stringify(text)} is no permission.` }],
  )
  if (unknown.length > 0)
    throw tokenUnacceptable({
      detail: 'Some permissions do not exist.',
      hint: 'GET /v1/permissions lists them.',
      errors: unknown,
    })
  const allowed = maker.and(Grants.ofRole(role))
  const beyond = texts.flatMap((text, i) =>
    allowed.covers(Grants.of([text]))
      ? []
      : [{ pointer: `#/permissions/${i}`, detail: `${text} is more than may be handed on.` }],
  )
  if (beyond.length > 0)
    throw grantsExceeded({
      detail: 'Not all of these permissions are the maker’s and the account’s own.',
      errors: beyond,
    })
  const grants = Grants.of(texts).toTexts()
  if (grants.length === 0)
    throw tokenUnacceptable({
      detail: 'A token needs at least one permission.',
      errors: [{ pointer: '#/permissions', detail: 'is empty' }],
    })
  return grants
}
