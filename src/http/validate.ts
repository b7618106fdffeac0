import { Readable } from 'node:stream'
import { z } from 'zod'
import { bodySchemaOf, type Endpoint } from './endpoint.ts'
import { notFound, requestInvalid } from './problems.ts'

export type Part = 'params' | 'query' | 'body'
type Fault = { pointer: string; detail: string }

/** A body full of mistakes must not be answered with a multiple of itself. */
const mostFaults = 100

/**
 * Reads one part of a request through the contract's schema. Our own endpoints refuse members that they do not know,
 * so that a misspelt filter never means "no filter"; foreign dialects take what their clients send.
 */
export function partReader(contract: Endpoint, part: Part): (value: unknown) => unknown {
  const written = part === 'body' ? bodySchemaOf(contract) : contract[part]
  const ours = contract.dialect === undefined
  if (written === undefined) return ours && part !== 'params' ? refuseAnything(part) : () => undefined
  const schema = ours ? strictly(written) : written
  return (value) => {
    const read = schema.safeParse(value)
    const odd = read.success ? oddTextIn(value) : null
    if (read.success && odd === null) return read.data
    // An identifier of the wrong shape names nothing.
    if (part === 'params') throw notFound()
    const errors =
      odd !== null
        ? [{ pointer: pointerTo(part, odd), detail: 'holds a character that cannot be kept' }]
        : (read.error?.issues ?? []).flatMap((issue) => faultsOf(issue, part)).slice(0, mostFaults)
    const what = part === 'body' ? 'members of the body' : 'parameters'
    throw requestInvalid({ detail: `Wrong ${what}: ${errors.map((error) => error.pointer).join(', ')}.`, errors })
  }
}

interface Place {
  readonly value: unknown
  readonly key: string | null
  readonly above: Place | null
}

/** Where a text or a name stands that PostgreSQL does not take, wherever it may be kept: with NUL, or half a character. */
function oddTextIn(whole: unknown): string[] | null {
  const waiting: Place[] = [{ value: whole, key: null, above: null }]
  for (let place = waiting.pop(); place; place = waiting.pop()) {
    const { value, key } = place
    if ((key !== null && isOdd(key)) || (typeof value === 'string' && isOdd(value))) return pathTo(place)
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array || value instanceof Readable)
      continue
    for (const [name, below] of Object.entries(value)) waiting.push({ value: below, key: name, above: place })
  }
  return null
}

const isOdd = (text: string): boolean => !text.isWellFormed() || text.includes('\0')

function pathTo(place: Place): string[] {
  const path: string[] = []
  for (let at: Place | null = place; at?.key != null; at = at.above) path.push(at.key.toWellFormed())
  return path.reverse()
}

function strictly(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional) return strictly(schema.unwrap() as z.ZodType).optional()
  return schema instanceof z.ZodObject && !schema.def.catchall ? schema.strict() : schema
}

function refuseAnything(part: 'query' | 'body') {
  return (value: unknown): undefined => {
    if (value === undefined || value === null) return
    const names = typeof value === 'object' ? Object.keys(value) : ['']
    if (names.length === 0 && !Array.isArray(value)) return
    const what = part === 'query' ? 'parameters' : 'body'
    throw requestInvalid({
      detail: `This endpoint takes no ${what}.`,
      errors: names.slice(0, mostFaults).map((name) => ({
        pointer: pointerTo(part, name === '' ? [] : [name]),
        detail: 'is not known here',
      })),
    })
  }
}

function faultsOf(issue: z.core.$ZodIssue, part: Part, above: readonly PropertyKey[] = []): Fault[] {
  const path = [...above, ...issue.path]
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ pointer: pointerTo(part, [...path, key]), detail: 'is not known here' }))
  if (issue.code === 'invalid_union') {
    // The alternative that came nearest says most: at least of the right type, then fewest faults, then the deepest.
    const [nearest] = [...issue.errors].sort(
      (a, b) => mistyped(a) - mistyped(b) || a.length - b.length || depth(b) - depth(a),
    )
    const faults = nearest?.flatMap((inner) => faultsOf(inner, part, path)) ?? []
    if (faults.length > 0) return faults
  }
  if (issue.code === 'invalid_type' && part === 'query' && issue.message.endsWith('received array'))
    return [{ pointer: pointerTo(part, path), detail: 'is given more than once' }]
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined'))
    return [{ pointer: pointerTo(part, path), detail: 'is missing' }]
  return [{ pointer: pointerTo(part, path), detail: issue.message }]
}

const mistyped = (issues: readonly z.core.$ZodIssue[]): number =>
  issues.some((issue) => issue.code === 'invalid_type' && issue.path.length === 0) ? 1 : 0

const depth = (issues: readonly z.core.$ZodIssue[]): number => Math.max(0, ...issues.map((issue) => issue.path.length))

/** RFC 6901 in URI form for bodies; the parameter's name for queries. */
function pointerTo(part: Part, path: readonly PropertyKey[]): string {
  if (part !== 'body') return path.map(String).join('.')
  return ['#', ...path.map((step) => encodeURI(String(step).replaceAll('~', '~0').replaceAll('/', '~1')))].join('/')
}
