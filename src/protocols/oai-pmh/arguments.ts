import { z } from 'zod'

export type OaiErrorCode =
  | 'badArgument'
  | 'badResumptionToken'
  | 'badVerb'
  | 'cannotDisseminateFormat'
  | 'idDoesNotExist'
  | 'noRecordsMatch'

/** What the protocol answers instead of what was asked for. */
export class OaiError extends Error {
  readonly code: OaiErrorCode
  constructor(code: OaiErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

const verbs = {
  Identify: { required: [], optional: [] },
  ListMetadataFormats: { required: [], optional: ['identifier'] },
  ListSets: { required: [], optional: ['resumptionToken'] },
  GetRecord: { required: ['identifier', 'metadataPrefix'], optional: [] },
  ListIdentifiers: { required: ['metadataPrefix'], optional: ['from', 'until', 'set', 'resumptionToken'] },
  ListRecords: { required: ['metadataPrefix'], optional: ['from', 'until', 'set', 'resumptionToken'] },
} as const satisfies Record<string, { required: readonly string[]; optional: readonly string[] }>

export type OaiVerb = keyof typeof verbs

/** A verb with the arguments that it may have, each once. */
export interface OaiRequest {
  readonly verb: OaiVerb
  readonly arguments: Readonly<Record<string, string>>
}

/** Reads what was asked; throws an `OaiError` for whatever the protocol does not know. */
export function readArguments(given: Readonly<Record<string, string | readonly string[]>>): OaiRequest {
  const { verb, ...rest } = given
  if (typeof verb !== 'string' || !Object.hasOwn(verbs, verb))
    throw new OaiError(
      'badVerb',
      verb === undefined ? 'The argument verb is missing.' : 'There is no such verb, or several.',
    )
  const { required, optional } = verbs[verb as OaiVerb] as { required: readonly string[]; optional: readonly string[] }
  const known: Record<string, string> = {}
  for (const [name, value] of Object.entries(rest)) {
    if (typeof value !== 'string')
      throw new OaiError('badArgument', `The argument ${name.slice(0, 40)} is given more than once.`)
    if (![...required, ...optional].includes(name))
      throw new OaiError('badArgument', `${verb} has no argument ${name.slice(0, 40)}.`)
    known[name] = value
  }
  const continues = 'resumptionToken' in known
  if (continues && Object.keys(known).length > 1) throw new OaiError('badArgument', 'A resumptionToken stands alone.')
  const missing = continues ? undefined : required.find((name) => !(name in known))
  if (missing) throw new OaiError('badArgument', `${verb} needs the argument ${missing}.`)
  return { verb: verb as OaiVerb, arguments: known }
}

/** Days are whole days: `until` one is until its end. Both ends have the same granularity. */
export function readRange({ from, until }: { from?: string; until?: string }): {
  from: Date | null
  until: Date | null
} {
  if (from !== undefined && until !== undefined && from.length !== until.length)
    throw new OaiError('badArgument', 'from and until have different granularities.')
  const range = { from: instant(from, 'T00:00:00Z', 'from'), until: instant(until, 'T23:59:59Z', 'until') }
  if (range.from && range.until && range.from > range.until)
    throw new OaiError('badArgument', 'from is later than until.')
  // What is kept to the millisecond is told to the second.
  if (range.until) range.until.setUTCMilliseconds(999)
  return range
}

function instant(text: string | undefined, rest: string, name: string): Date | null {
  if (text === undefined) return null
  const whole = /^\d{4}-\d{2}-\d{2}$/.test(text) ? text + rest : text
  const date = new Date(whole)
  const isReal =
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(whole) && !Number.isNaN(date.getTime()) && stamp(date) === whole
  if (!isReal) throw new OaiError('badArgument', `${name} is no date like 2026-11-22 or 2026-11-22T14:40:10Z.`)
  return date
}

/** As the protocol writes times. */
export const stamp = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`

const Place = z.object({
  prefix: z.string().max(40),
  from: z.iso.datetime().nullable(),
  until: z.iso.datetime().nullable(),
  set: z.string().max(60).nullable(),
  after: z.object({ at: z.iso.datetime(), id: z.int().nonnegative() }),
  cursor: z.int().nonnegative(),
})

/** Where a list goes on. It holds nothing that is not public, so it is only checked, not signed. */
export type Place = z.infer<typeof Place>

export const writePlace = (place: Place): string => Buffer.from(JSON.stringify(place)).toString('base64url')

export function readPlace(text: string): Place {
  try {
    return Place.parse(JSON.parse(Buffer.from(text, 'base64url').toString()))
  } catch {
    throw new OaiError('badResumptionToken', 'This resumptionToken was not given out here.')
  }
}
