import { asProblem } from '#portal/kit/problem.ts'

/** What the server found wrong with a definition, by where it stands. */
export interface Complaint {
  /** Behind the part that it is about: `query/metrics/0`. */
  readonly at: string
  readonly says: string
}

export interface Complaints {
  /** By the place of the block. */
  readonly blocks: ReadonlyMap<number, readonly Complaint[]>
  readonly parameters: ReadonlyMap<number, readonly Complaint[]>
  /** Of title, description, note and the like, by name. */
  readonly fields: Readonly<Record<string, string>>
  /** All that belongs nowhere in particular. */
  readonly others: readonly string[]
}

export const noComplaints: Complaints = { blocks: new Map(), parameters: new Map(), fields: {}, others: [] }

/** Sorts what is wrong to the blocks, parameters and fields that it is about. */
export function complaintsOf(error: unknown): Complaints {
  if (error === null || error === undefined) return noComplaints
  const { errors = [], title, detail } = asProblem(error)
  const blocks = new Map<number, Complaint[]>()
  const parameters = new Map<number, Complaint[]>()
  const fields: Record<string, string> = {}
  const others: string[] = []
  for (const { pointer = '', parameter, detail: says } of errors) {
    const path = pointer.replace(/^#?\//, '').replace(/^body\//, '')
    const [, list, place, at = ''] = /^definition\/(blocks|parameters)\/(\d+)(?:\/(.*))?$/.exec(path) ?? []
    if (list !== undefined) {
      const where = list === 'blocks' ? blocks : parameters
      where.set(Number(place), [...(where.get(Number(place)) ?? []), { at, says }])
    } else if (/^(title|description|shared_with|note|id)$/.test(path)) fields[path] ??= says
    else if (path === 'definition/blocks') others.push(`Blocks: ${says}`)
    else others.push([parameter ?? path, says].filter(Boolean).join(' '))
  }
  if (errors.length === 0) others.push(detail ?? title)
  return { blocks, parameters, fields, others }
}

/** Complaints about one part of a block, say an input column, with the rest of where they stand. */
export const complaintsWithin = (complaints: readonly Complaint[], part: string): Complaint[] =>
  complaints.flatMap(({ at, says }) =>
    at === part || at.startsWith(`${part}/`) ? [{ at: at.slice(part.length + 1), says }] : [],
  )

/** A complaint in a line: where in words, and what. */
export function complaintLine({ at, says }: Complaint): string {
  const words = at
    .split('/')
    .filter((word) => word !== '' && word !== 'query')
    .map((word) => (/^\d+$/.test(word) ? String(Number(word) + 1) : word.replaceAll('_', ' ')))
  return words.length === 0 ? says : `${words.join(' ')}: ${says}`
}
