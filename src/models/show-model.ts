import type { z } from 'zod'
import type { Caller } from '#src/access/caller.ts'
import type { Database } from '#src/database/change.ts'
import { findSchedule } from '#src/runs/schedules/set-schedule.ts'
import { describeSchedule } from '#src/schedule/describe-schedule.ts'
import { unknownModel } from '#src/warehouse/problems.ts'
import { mayRead, mayUse } from '#src/warehouse/reading.ts'
import type { CompiledModel } from './compile-model.ts'
import type { Model } from './contract.ts'
import { definitionOf } from './definition.ts'
import { isAdditive } from './is-additive.ts'
import { refreshModelRun } from './jobs.ts'
import type { LiveModels } from './live-models.ts'

export interface ShowNeeds {
  readonly models: readonly CompiledModel[]
  readonly live: LiveModels
  readonly clock: { now(): Date }
}

type Shown = z.input<typeof Model>
type Summary = Omit<
  Shown,
  'refreshing' | 'time_zone' | 'timed' | 'dimensions' | 'metrics' | 'raw_fields' | 'option_sets'
>

/** Models that the caller may do anything with. */
export const listModels = (needs: ShowNeeds, caller: Caller): Summary[] =>
  needs.models.map((model) => summarize(needs, caller, model)).filter(mayAnything)

/** One model with all that can be asked of it; one that the caller may do nothing with does not exist for them. */
export function showModel(needs: ShowNeeds, caller: Caller, name: string): Omit<Shown, 'refreshing'> {
  const model = needs.models.find((one) => one.name === name)
  const summary = model && summarize(needs, caller, model)
  if (!model || !summary || !mayAnything(summary))
    throw unknownModel({ detail: `There is no model called ${name}.`, hint: 'GET /v1/models lists them.' })
  // What can be asked now is what the snapshot holds.
  const reading = needs.live.take(name)
  const read = reading === null || reading === 'none_yet' ? null : reading
  const catalogue = read?.catalogue ?? model.catalogue
  read?.release()
  return {
    ...summary,
    time_zone: catalogue.timeZone,
    timed: catalogue.timed,
    dimensions: catalogue.dimensions
      .filter((dimension) => !dimension.hidden && mayUse(dimension, caller))
      .map(({ name, label, description, type, order, bucketed }) => ({
        name,
        label,
        description,
        type,
        order,
        bucketed,
      })),
    metrics: catalogue.metrics
      .filter((metric) => !metric.hidden)
      .map((metric) => {
        const { standardError, ...facts } = metric
        return { ...facts, additive: isAdditive(catalogue, metric), standard_error: standardError }
      }),
    raw_fields: summary.may.raw ? [...(catalogue.raw?.fields ?? [])] : [],
    option_sets: summary.may.options
      ? catalogue.optionSets.map(({ name, label, description, filterBy }) => ({
          name,
          label,
          description,
          filter_by: filterBy,
        }))
      : [],
  }
}

const mayAnything = ({ may }: Summary): boolean => may.query || may.raw || may.options || may.refresh

function summarize({ live, clock }: ShowNeeds, caller: Caller, model: CompiledModel): Summary {
  const { catalogue } = model
  const { query, raw } = catalogue.access
  return {
    name: model.name,
    label: catalogue.label,
    description: catalogue.description,
    realm: catalogue.realm,
    access: { query, raw },
    may: {
      query: catalogue.metrics.length > 0 && mayRead(catalogue, caller, 'query'),
      raw: catalogue.raw !== null && mayRead(catalogue, caller, 'raw'),
      options: catalogue.optionSets.length > 0 && mayRead(catalogue, caller, 'query'),
      refresh: caller.grants.allows('models:refresh', model.name),
    },
    freshness: freshnessOf(model, live, clock.now()),
  }
}

/** How old the data are that are read; null before the first refresh. */
export function freshnessOf(model: CompiledModel, live: LiveModels, now: Date): Summary['freshness'] {
  const snapshot = live.snapshot(model.name)
  if (!snapshot) return null
  const ageMs = Math.max(0, now.getTime() - snapshot.startedAt.getTime())
  const within = model.freshWithinMs
  return {
    version: snapshot.version,
    refreshed_at: snapshot.finishedAt.toISOString(),
    // Data are as old as the moment when reading them began.
    age_seconds: Math.floor(ageMs / 1000),
    fresh_within_seconds: within === null ? null : within / 1000,
    stale: within !== null && ageMs > within,
    outdated: snapshot.definition !== definitionOf(model),
    source_time: snapshot.sourceTime?.toISOString() ?? null,
    rows: snapshot.rows,
    first_day: snapshot.days?.start ?? null,
    last_day: snapshot.days?.end ?? null,
  }
}

/** How a model comes to new data. */
export async function showRefreshing(
  { db, models }: Pick<ShowNeeds, 'models'> & { readonly db: Database },
  name: string,
): Promise<Shown['refreshing']> {
  const model = models.find((one) => one.name === name)
  if (!model) throw unknownModel({ detail: `There is no model called ${name}.`, hint: 'GET /v1/models lists them.' })
  const key = { kind: refreshModelRun.name, subject: { type: 'model', id: name } }
  const kept = model.schedule && (await findSchedule(db, key))
  return {
    type: model.refreshType,
    incremental: model.recipe.tables.some((table) => table.kind === 'query' && table.incremental !== null),
    schedule: model.schedule && {
      description: describeSchedule(model.schedule),
      next_at: kept?.nextAt?.toISOString() ?? null,
    },
    after: [...model.after],
    notify: model.freshWithinMs !== null && model.notify?.length !== 0,
  }
}
