import type { Reply } from '#portal/kit/contracts.ts'
import { spanText } from '#portal/kit/figures.ts'
import type { Run } from '#portal/runs/run-words.ts'

export type Model = Reply<'GET /v1/models/:model'>
export type ModelSummary = Reply<'GET /v1/models'>['models'][number]

type Standing = 'fresh' | 'stale' | 'outdated' | 'never'

export interface FreshnessWords {
  readonly standing: Standing
  readonly label: string
  /** What it means, and what to do about it. */
  readonly says: string
}

/** How a model's data stand, for whoever looks at it. */
export function freshnessWords({ freshness, may }: Pick<ModelSummary, 'freshness' | 'may'>): FreshnessWords {
  const remedy = may.refresh ? 'Refresh it' : 'Ask somebody who may refresh it'
  if (freshness === null)
    return {
      standing: 'never',
      label: 'Never refreshed',
      says: `Nothing can be read from it yet. ${remedy}${may.refresh ? ' to read its sources for the first time' : ''}.`,
    }
  const { stale, outdated, fresh_within_seconds: within } = freshness
  const promise = within === null ? null : spanText(within)
  const changed = 'Its model file has changed since the last refresh'
  if (stale)
    return {
      standing: 'stale',
      label: 'Stale',
      says: `Its data are older than the ${promise} that it promises${outdated ? ', and its model file has changed since' : ''}. ${remedy}.`,
    }
  if (outdated)
    return { standing: 'outdated', label: 'Outdated', says: `${changed}. ${remedy} to take the changes in.` }
  return {
    standing: 'fresh',
    label: promise === null ? 'Refreshed' : 'Fresh',
    says:
      promise === null
        ? 'No limit is set on the age of its data.'
        : `It promises data that are no older than ${promise}.`,
  }
}

/** Whether what is read is still older than a refresh that has succeeded: its snapshot takes a moment to be opened. */
export function isBehind(freshness: ModelSummary['freshness'], run: Pick<Run, 'state' | 'started_at'>): boolean {
  if (run.state !== 'succeeded' || run.started_at === null) return false
  return freshness === null || Date.parse(freshness.refreshed_at) < Date.parse(run.started_at)
}

type Who = ModelSummary['access']['query']

/** The least role that may, as the people who may. */
export const whoWords: Readonly<Record<Who, string>> = {
  public: 'Everybody',
  viewer: 'Everybody who is signed in',
  member: 'Members and above',
  manager: 'Managers and above',
  admin: 'Administrators',
}

/** "1 Jan 2001 to 1 Jul 2001". */
export function daysText({ first_day, last_day }: NonNullable<ModelSummary['freshness']>): string {
  if (first_day === null || last_day === null) return 'It knows no days'
  return first_day === last_day ? dayText(first_day) : `${dayText(first_day)} to ${dayText(last_day)}`
}

/** Days of the warehouse are days, whatever zone the reader is in. */
const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' })
const dayText = (iso: string): string => day.format(new Date(`${iso}T00:00:00Z`))

export const metricKindWords: Readonly<Record<Model['metrics'][number]['kind'], string>> = {
  aggregate: 'Counted from rows',
  capacity: 'From capacities',
  derived: 'From other metrics',
}

export const rawTypeWords: Readonly<Record<Model['raw_fields'][number]['type'], string>> = {
  string: 'Text',
  integer: 'Whole number',
  number: 'Number',
  boolean: 'Yes or no',
  date: 'Day',
  timestamp: 'Time',
}

interface Named {
  readonly name: string
  readonly label: string
  readonly description: string
}

/** Fields whose name, label or description holds every word that is looked for. */
export function findFields<T extends Named>(fields: readonly T[], asked: string): readonly T[] {
  const words = asked.toLowerCase().split(/\s+/).filter(Boolean)
  return fields.filter(({ name, label, description }) => {
    const text = `${name} ${label} ${description}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}
