import type { Caller } from '#src/access/caller.ts'
import type { Database } from '#src/database/change.ts'
import { type Run, type RunState, runStates } from './run.ts'
import { countRuns as countFound, findRuns, type RunFilter, type RunPage } from './store.ts'

export type RunListAsk = Omit<RunFilter, 'accountId' | 'ownTokenId'>

/** Newest first, and only what the caller may see. */
export async function listRuns(
  { db }: { db: Database },
  caller: Caller,
  { limit, after, ...ask }: RunListAsk & RunPage,
): Promise<Run[]> {
  const filter = visible(caller, ask)
  return filter ? findRuns(db, filter, { limit, ...(after && { after }) }) : []
}

export interface RunCounts {
  readonly total: number
  readonly states: Record<RunState, number>
  readonly kinds: readonly { kind: string; total: number; states: Record<RunState, number> }[]
}

/** How many the list would show, by kind and state. */
export async function countRuns({ db }: { db: Database }, caller: Caller, ask: RunListAsk): Promise<RunCounts> {
  const filter = visible(caller, ask)
  const found = filter ? await countFound(db, filter) : []
  const kinds = [...Map.groupBy(found, ({ kind }) => kind)].map(([kind, counts]) => ({ kind, ...sum(counts) }))
  return { ...sum(found), kinds }
}

function sum(counts: readonly { state: RunState; count: number }[]): Omit<RunCounts, 'kinds'> {
  const states = Object.fromEntries(runStates.map((state) => [state, 0])) as Record<RunState, number>
  let total = 0
  for (const { state, count } of counts) {
    states[state] += count
    total += count
  }
  return { total, states }
}

/** Null: nothing. */
function visible({ grants, tokenId, accountId }: Caller, ask: RunListAsk): RunFilter | null {
  if (grants.allows('runs:admin')) return ask
  if (accountId !== null && grants.allows('runs:read')) return { ...ask, accountId }
  return tokenId === null ? null : { ...ask, ownTokenId: tokenId }
}
