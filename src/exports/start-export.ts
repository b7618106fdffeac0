import { type Caller, localCaller } from '#src/access/caller.ts'
import type { Change } from '#src/database/change.ts'
import type { BodyOf } from '#src/http/endpoint.ts'
import { requirePermission } from '#src/http/permission.ts'
import { Problem } from '#src/problem/problem.ts'
import { countRuns } from '#src/runs/list-runs.ts'
import { type RerunHook, repeatWith } from '#src/runs/rerun-run.ts'
import { type RunStarter, type StartedRun, startRun } from '#src/runs/start-run.ts'
import { openQuestion, type WarehouseNeeds } from '#src/warehouse/run-query.ts'
import { openRawQuestion } from '#src/warehouse/stream-rows.ts'
import type * as contract from './contract.ts'
import { type ExportData, exportQueryRun, exportRawRun, exportRuns } from './jobs.ts'
import { tooManyExports } from './problems.ts'

/** Of one account, waiting or at work. */
const mostOpen = 20

export interface StartExportNeeds {
  readonly warehouse: Pick<WarehouseNeeds, 'shelf' | 'clock'>
  readonly runs: RunStarter
}

/** Starts the run of an export, if the question can be answered for this caller now. */
export async function startExport(
  { warehouse, runs }: StartExportNeeds,
  change: Change,
  caller: Caller,
  ask: BodyOf<typeof contract.startExport>,
): Promise<StartedRun> {
  const { query, raw, format, name = null, cause, callback } = ask
  const model = (query ?? raw)!.model
  const kind = query ? exportQueryRun : exportRawRun
  await checkExport({ warehouse }, change, caller, ask)
  const started = await startRun(runs, change, {
    kind,
    subject: { type: 'model', id: model },
    data: { query, raw, format, name },
    cause,
    callback,
    // Each is a file of its own: the data may have changed since an equal one began.
    same: () => false,
  })
  change.note({
    verb: 'export.requested',
    subjectType: 'model',
    subjectId: model,
    detail: { run: started.run.id, kind: kind.name, format },
  })
  return started
}

/** Refuses an export that this caller may not have now, or that cannot be made. */
async function checkExport(
  { warehouse }: Pick<StartExportNeeds, 'warehouse'>,
  change: Change,
  caller: Caller,
  { query, raw }: Pick<ExportData, 'query' | 'raw'>,
): Promise<void> {
  // Answered and released at once: what is wrong with it is told now rather than by a failed run.
  if (query) within('query', () => openQuestion(warehouse, caller, query).release())
  else within('raw', () => openRawQuestion(warehouse, caller, raw!).release())
  // Of public data too, as it takes room of ours for a while.
  requirePermission(caller, (query ? exportQueryRun : exportRawRun).permission, (query ?? raw)!.model)
  await refuseTooMany(change, caller)
}

/** Makes an export again: a new one in all that is asked of it. */
export function rerunExport(needs: StartExportNeeds, kind: (typeof exportRuns)[number]): RerunHook {
  const repeat = repeatWith(needs.runs, kind)
  return async (change, ask) => {
    const read = kind.data.safeParse(ask.run.data)
    // What cannot be read is refused by the repeating itself.
    if (read.success) await checkExport(needs, change, ask.caller, read.data)
    return repeat(change, ask)
  }
}

/** The question is a member of the body here, so what is wrong with it stands one step further in. */
function within(member: 'query' | 'raw', check: () => void): void {
  try {
    check()
  } catch (error) {
    if (!(error instanceof Problem && error.details.errors)) throw error
    const errors = error.details.errors.map(({ pointer, detail }) => ({
      pointer: pointer.replace(/^#/, `#/${member}`),
      detail,
    }))
    throw new Problem(error, { ...error.details, errors })
  }
}

async function refuseTooMany({ tx }: Change, { accountName }: Caller): Promise<void> {
  if (accountName === null) return
  const own = { kinds: exportRuns.map(({ name }) => name), open: true, accountName }
  const { total } = await countRuns({ db: tx }, localCaller('system', 'exports'), own)
  if (total >= mostOpen)
    throw tooManyExports({ detail: `${total} of your exports wait or are at work.`, headers: { 'retry-after': '30' } })
}
