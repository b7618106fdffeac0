import { etagOf } from '#src/http/etag.ts'
import { Problem } from '#src/problem/problem.ts'
import type { RunOutcome } from '#src/runs/run.ts'
import { whyNot } from './condition.ts'
import type { NewDelivery } from './delivery-store.ts'
import { type UniqueName, uniqueNames } from './file-name.ts'
import { isWhole } from './jobs.ts'
import { makeSlice } from './make-slice.ts'
import { type Plan, type PlannedSlice, planRun } from './plan-run.ts'
import { reportNotUsable } from './problems.ts'
import type { MadeReport, OpenSlice } from './report-maker.ts'
import { holderOf, type Prepared, type RunNeeds, type Work } from './run-needs.ts'
import { keepLast } from './store.ts'

/** What the next run compares with. */
interface Last {
  readonly etag: string
  readonly values: Readonly<Record<string, number>>
}

export type Made =
  | {
      readonly skipped: string
      readonly deliveries: readonly NewDelivery[]
      readonly outcome?: Pick<RunOutcome, 'commit'>
    }
  | { readonly slices: readonly PlannedSlice[]; readonly deliveries: readonly NewDelivery[]; readonly last: Last }

/** How many reports are evaluated before any is set; of more, each is set at once, so that few are in memory. */
const mostAtOnce = 8
const nothingNew = 'Nothing has changed since it was delivered last.'

/** Evaluates and sets every slice. What does not meet the condition is left out; nothing has been sent when this ends. */
export async function makeSlices(needs: RunNeeds, work: Work, prepared: Prepared): Promise<Made> {
  const plan = await planFor(needs, work, prepared)
  const numbers = usedOf(work, plan)
  if (numbers.length === 0) return { skipped: 'There is nobody to send it to.', deliveries: plan.deliveries }
  const { definition, parameters } = prepared
  const slices = numbers.flatMap((at) => plan.slices[at] ?? [])
  const open = await needs.reports.open(definition.report, parameters, slices)
  try {
    const maker = sliceMaker(needs, work, prepared, { open: open.slices, slices, numbers })
    await (slices.length <= mostAtOnce ? inTwoSteps(work, slices.length, maker) : inOneStep(work, slices.length, maker))
    return conclude(work, prepared, plan, maker, numbers)
  } finally {
    open.release()
  }
}

/** A test is for whoever asks alone, and of the whole; a trial without recipients still shows the report. */
async function planFor(needs: RunNeeds, { data }: Work, { definition, recipients, caller }: Prepared): Promise<Plan> {
  const plan = await planRun(needs, {
    owner: caller,
    // The owner of a trial is who asked for it: nobody else's rights have a part in it.
    definition: {
      ...definition,
      ...(data.trial && { rows: 'owner' as const }),
      ...(data.trial?.kind === 'test' && { burst: null, destinations: [{ type: 'mail' as const }] }),
    },
    recipients,
    only: data.only ?? null,
  })
  const whole: PlannedSlice = { caller, only: null, label: null, key: null }
  return plan.slices.length === 0 && data.trial ? { ...plan, slices: [whole] } : plan
}

/** Which slices somebody is to get; in a dry run all. */
function usedOf({ data }: Work, { slices, deliveries }: Plan): number[] {
  if (data.trial?.kind === 'dry_run') return [...slices.keys()]
  const used = new Set(deliveries.flatMap(({ state, slice }) => (state === 'pending' ? [slice] : [])))
  return [...used].sort((a, b) => a - b)
}

interface Dead {
  readonly state: 'skipped' | 'failed'
  readonly reason: string
}

interface SliceMaker {
  /** Null when it will not be sent; `dead` says why. */
  evaluate(place: number): Promise<MadeReport | null>
  render(place: number, made: MadeReport): Promise<void>
  /** Whether all slices together are what was delivered last. */
  isUnchanged(): boolean
  /** By number of the slice. */
  readonly dead: ReadonlyMap<number, Dead>
  last(): Last
}

function sliceMaker(
  needs: RunNeeds,
  work: Work,
  prepared: Prepared,
  of: { open: readonly OpenSlice[]; slices: readonly PlannedSlice[]; numbers: readonly number[] },
): SliceMaker {
  const { data, signal } = work
  const { definition, subscription } = prepared
  const dead = new Map<number, Dead>()
  const tags: string[] = []
  const values: Record<string, number> = {}
  // Those with other rights go to others; of one account, all may come into one folder.
  const names = new Map<string | null, UniqueName>()
  const nameFor = (place: number): UniqueName => {
    const account = of.slices[place]?.caller.accountId ?? null
    const before = names.get(account)
    if (before) return before
    const own = uniqueNames()
    names.set(account, own)
    return own
  }
  const placeOf = (place: number) => {
    const { label = null, key = null, caller = prepared.caller } = of.slices[place] ?? {}
    const account = caller.accountId === prepared.caller.accountId ? null : caller.accountId
    return { at: of.numbers[place] ?? 0, label, keys: [key, account].filter((part) => part !== null) }
  }
  /** With one report a failure is the run's; of many the others go on. */
  const fail = (at: number, error: unknown): null => {
    if (of.slices.length === 1 || !(error instanceof Problem) || signal.aborted) throw error
    const reason = error.details.detail ?? error.title
    work.log(`A report could not be made: ${reason}`, 'error')
    dead.set(at, { state: 'failed', reason })
    return null
  }
  return {
    dead,
    async evaluate(place) {
      const { at, keys } = placeOf(place)
      const made = await of.open[place]?.make(signal).catch((error: unknown) => fail(at, error))
      if (!made) return null
      tags.push(made.etag)
      const named = (block: string): string => [block, ...keys].join(' ')
      for (const [block, value] of Object.entries(made.values)) values[named(block)] = value
      const before = (block: string) => subscription.lastValues[named(block)]
      const why = data.trial ? null : whyNot(definition.condition, made, before)
      if (why !== null) dead.set(at, { state: 'skipped', reason: why })
      return why === null ? made : null
    },
    async render(place, made) {
      const { at, label } = placeOf(place)
      const uniqueName = nameFor(place)
      await makeSlice(needs, { ...sliceAsk(needs, work, prepared, { at, label, made }), uniqueName }).catch(
        (error: unknown) => fail(at, error),
      )
    },
    isUnchanged: () =>
      definition.condition?.only_if_changed === true &&
      !data.trial &&
      !data.only &&
      !data.recipients &&
      subscription.lastEtag === etagOf(...tags.sort()),
    // What could not be made this time is compared with the time before.
    last: () => ({ etag: etagOf(...tags.sort()), values: { ...subscription.lastValues, ...values } }),
  }
}

async function inTwoSteps(work: Work, count: number, maker: SliceMaker): Promise<void> {
  const ready = new Map<number, MadeReport>()
  await work.step('evaluate', async () => {
    for (let place = 0; place < count; place++) {
      const made = await maker.evaluate(place)
      if (made) ready.set(place, made)
    }
  })
  if (ready.size === 0 || maker.isUnchanged()) return
  await work.step('render', async () => {
    let done = 0
    for (const [place, made] of ready) {
      await maker.render(place, made)
      tell(work, ++done, count)
    }
  })
}

async function inOneStep(work: Work, count: number, maker: SliceMaker): Promise<void> {
  let next = 0
  let done = 0
  const lane = async (): Promise<void> => {
    for (let place = next++; place < count; place = next++) {
      work.signal.throwIfAborted()
      const made = await maker.evaluate(place)
      if (made) await maker.render(place, made)
      tell(work, ++done, count)
    }
  }
  await work.step('evaluate and render', () => Promise.all([lane(), lane(), lane()]))
}

const tell = (work: Work, done: number, count: number): void =>
  work.progress((0.3 * done) / count, count === 1 ? 'making the report' : `${done} of ${count} reports made`)

function conclude(
  work: Work,
  { subscription }: Prepared,
  { slices, deliveries }: Plan,
  maker: SliceMaker,
  numbers: readonly number[],
): Made {
  const leaveOut = (whyOf: (slice: number) => Dead | undefined): NewDelivery[] =>
    deliveries.map((one): NewDelivery => {
      const why = one.state === 'pending' ? whyOf(one.slice) : undefined
      return why ? { ...one, ...why } : one
    })
  if (maker.isUnchanged())
    return { skipped: nothingNew, deliveries: leaveOut(() => ({ state: 'skipped', reason: nothingNew })) }
  const { dead } = maker
  const left = leaveOut((slice) => dead.get(slice))
  if (numbers.some((at) => !dead.has(at))) return { slices, deliveries: left, last: maker.last() }
  const failed = [...dead.values()].find(({ state }) => state === 'failed')
  if (failed) throw reportNotUsable({ detail: failed.reason })
  const skipped = dead.get(numbers[0] ?? 0)?.reason ?? 'There is nobody to send it to.'
  if (!isWhole(work.data)) return { skipped, deliveries: left }
  // What was seen is kept even where nothing is sent, so that a change is one against the run before.
  const last = { etag: subscription.lastEtag, values: maker.last().values }
  return { skipped, deliveries: left, outcome: { commit: (change) => keepLast(change.tx, subscription.id, last) } }
}

const sliceAsk = (
  { clock, timeZone }: RunNeeds,
  work: Work,
  { definition, subscription }: Prepared,
  { at, label, made }: { at: number; label: string | null; made: MadeReport },
) => ({
  holder: holderOf(work),
  slice: at,
  label,
  made,
  subscription: definition.name,
  owner: subscription.owner.name,
  reportId: definition.report,
  formats: definition.formats,
  inBody: definition.in_body,
  linked: definition.files === 'linked',
  subject: definition.subject,
  body: definition.body,
  at: clock.now(),
  timeZone: definition.schedule?.time_zone ?? timeZone,
  expiresAt: new Date(clock.now().getTime() + definition.link_days * 86_400_000),
  signal: work.signal,
})
