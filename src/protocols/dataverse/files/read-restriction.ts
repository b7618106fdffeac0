import { withoutNulls } from '../parameters.ts'
import { refused } from '../problems.ts'

export interface Restriction {
  readonly restrict: boolean
  readonly accessRequests?: boolean
  readonly termsOfAccess?: string
  /** What is told of the last two. */
  readonly told: string
}

const malformed = () => refused(400, 'Error parsing Json: "true", "false" or an object with "restrict" is expected')

/** `true`, `false`, an object, or nothing, which means *false*. */
export function readRestriction(body: unknown): Restriction {
  if (body === undefined || body === null || body === '' || body === false || body === 'false')
    return { restrict: false, told: '' }
  if (body === true || body === 'true') return { restrict: true, told: '' }
  if (typeof body !== 'object' || Array.isArray(body)) throw malformed()
  const { restrict, enableAccessRequest, termsOfAccess } = withoutNulls(body) as Record<string, unknown>
  if (typeof restrict !== 'boolean') throw malformed()
  if (enableAccessRequest !== undefined && typeof enableAccessRequest !== 'boolean') throw malformed()
  if (termsOfAccess !== undefined && typeof termsOfAccess !== 'string') throw malformed()
  const told = [
    ...(enableAccessRequest === undefined
      ? []
      : [` Access Request is ${enableAccessRequest ? 'enabled' : 'disabled'}.`]),
    ...(termsOfAccess === undefined ? [] : [` Terms of Access for restricted files: ${termsOfAccess}`]),
  ]
  return {
    restrict,
    ...(enableAccessRequest !== undefined && { accessRequests: enableAccessRequest }),
    ...(termsOfAccess !== undefined && { termsOfAccess }),
    told: told.join(''),
  }
}
