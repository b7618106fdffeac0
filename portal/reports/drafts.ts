import type { ProblemDocument } from '#portal/kit/problem.ts'
import { type Choice, type InputCell, type InputValue, type RowKey, rowId } from './report-data.ts'

/** What somebody wrote into a cell and the server does not have yet. Nothing of it is lost until it has, or they let go of it. */
export interface Draft {
  readonly row: RowKey
  readonly column: string
  readonly value: InputValue
  /** What the ids in it stand for. */
  readonly choices: readonly Choice[]
  /** The version of the cell that its writer has seen. */
  readonly version: number
  /**
   * `waiting` and `saving` go on by themselves; `failed`: it could not be asked, and is tried again; `refused` and
   * `unclear` (as it was typed it means nothing) need other words; `conflict`: somebody else was quicker.
   */
  readonly state: 'waiting' | 'saving' | 'failed' | 'refused' | 'unclear' | 'conflict'
  readonly complaint: string | null
  /** As typed, where that is no value. */
  readonly text: string | null
  /** What the cell holds now, in a conflict. */
  readonly theirs: InputCell | null
}

export type Drafts = ReadonlyMap<string, Draft>

export const cellKey = (row: RowKey, column: string): string => `${rowId(row)} ${column}`

const keyOf = ({ row, column }: Draft): string => cellKey(row, column)

/** What is written into a cell; its text and complaint instead where it could not be understood. */
export interface Entry {
  readonly row: RowKey
  readonly column: string
  readonly value: InputValue
  readonly choices?: readonly Choice[]
  readonly version: number
  readonly unclear?: { readonly text: string; readonly complaint: string }
}

/** Takes in what was written. A cell that is just being saved, or waits, goes on from the version that its saving brings. */
export function written(drafts: Drafts, entries: readonly Entry[]): Drafts {
  const next = new Map(drafts)
  for (const { row, column, value, choices = [], version, unclear } of entries)
    next.set(cellKey(row, column), {
      row,
      column,
      value,
      choices,
      version,
      state: unclear ? 'unclear' : 'waiting',
      complaint: unclear?.complaint ?? null,
      text: unclear?.text ?? null,
      theirs: null,
    })
  return next
}

/** The next of what waits, marked as being saved. */
export function taken(drafts: Drafts, most: number): { batch: readonly Draft[]; drafts: Drafts } {
  const batch = [...drafts.values()].filter(({ state }) => state === 'waiting').slice(0, most)
  return { batch, drafts: marked(drafts, batch.map(keyOf), { state: 'saving' }) }
}

/** What was saved is no draft any more; what was written over it meanwhile goes on from the version that it brought. */
export function saved(
  drafts: Drafts,
  cells: readonly { readonly row: RowKey; readonly column: string; readonly cell: InputCell }[],
): Drafts {
  const next = new Map(drafts)
  for (const { row, column, cell } of cells) {
    const key = cellKey(row, column)
    const draft = next.get(key)
    if (draft?.state === 'saving') next.delete(key)
    else if (draft) next.set(key, { ...draft, version: cell.version })
  }
  return next
}

interface Conflict {
  readonly row: RowKey
  readonly column: string
  /** What it holds now. */
  readonly current: InputCell
}

/**
 * What was sent together is saved together or not at all. Those that the problem names are marked with what is wrong;
 * the others wait for the next try. Where it names none, the problem is that of all.
 */
export function refused(drafts: Drafts, batch: readonly Draft[], problem: ProblemDocument): Drafts {
  const sent = batch.map(keyOf)
  const conflicts = new Map(conflictsOf(problem).map((one) => [cellKey(one.row, one.column), one.current]))
  const complaints = new Map<string, string>()
  for (const { pointer, detail } of problem.errors ?? []) {
    const [, at] = /^#?\/(?:body\/)?cells\/(\d+)/.exec(pointer ?? '') ?? []
    const key = at === undefined ? undefined : sent[Number(at)]
    if (key !== undefined && !complaints.has(key)) complaints.set(key, detail)
  }
  if (conflicts.size === 0 && complaints.size === 0) {
    const isPassing = problem.status === 0 || problem.status >= 500 || problem.status === 429 || problem.status === 401
    const complaint = [problem.detail ?? problem.title, problem.hint].filter(Boolean).join(' ')
    return marked(drafts, sent, { state: isPassing ? 'failed' : 'refused', complaint })
  }
  let next = marked(drafts, sent, { state: 'waiting' })
  for (const [key, complaint] of complaints) next = marked(next, [key], { state: 'refused', complaint }, 'waiting')
  for (const [key, theirs] of conflicts)
    next = marked(next, [key], { state: 'conflict', theirs, complaint: null }, 'waiting')
  return next
}

/** The cells that others were quicker with, as the problem tells of them. */
function conflictsOf(problem: ProblemDocument & { readonly conflicts?: unknown }): readonly Conflict[] {
  return problem.status === 409 && Array.isArray(problem.conflicts) ? (problem.conflicts as Conflict[]) : []
}

/** Tries once more what could not be asked. */
export const again = (drafts: Drafts): Drafts =>
  marked(
    drafts,
    [...drafts].flatMap(([key, { state }]) => (state === 'failed' ? [key] : [])),
    { state: 'waiting', complaint: null },
    'failed',
  )

/** One's own value in spite of theirs: they have been seen now. */
export function insisted(drafts: Drafts, key: string): Drafts {
  const theirs = drafts.get(key)?.theirs
  return theirs
    ? marked(drafts, [key], { state: 'waiting', version: theirs.version, theirs: null, complaint: null }, 'conflict')
    : drafts
}

export function dropped(drafts: Drafts, keys: readonly string[]): Drafts {
  const next = new Map(drafts)
  for (const key of keys) next.delete(key)
  return next
}

/** Only those that stand as they were left: what was written over them since is another draft. */
function marked(drafts: Drafts, keys: readonly string[], change: Partial<Draft>, from?: Draft['state']): Drafts {
  const next = new Map(drafts)
  for (const key of keys) {
    const draft = next.get(key)
    const isAsLeft = from === undefined ? draft?.state === 'saving' || change.state === 'saving' : draft?.state === from
    if (draft && isAsLeft) next.set(key, { ...draft, ...change })
  }
  return next
}

/** How many stand how, for the line that tells whether everything is saved. */
export function countsOf(drafts: Drafts): {
  readonly underWay: number
  readonly failed: number
  readonly open: number
} {
  const states = [...drafts.values()].map(({ state }) => state)
  const underWay = states.filter((state) => state === 'waiting' || state === 'saving').length
  const failed = states.filter((state) => state === 'failed').length
  return { underWay, failed, open: states.length - underWay - failed }
}
