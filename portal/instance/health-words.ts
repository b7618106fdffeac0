import type { Reply } from '#portal/kit/contracts.ts'
import { bytesText, countText, durationText } from '#portal/kit/figures.ts'

export type Health = Reply<'GET /v1/health'>
export type Check = Health['checks'][number]
export type Fact = Check['facts'][number]
type State = Health['state']

export const stateWords: Readonly<Record<State, string>> = {
  ok: 'Well',
  degraded: 'Needs attention',
  failing: 'Failing',
}

/** All checks in one sentence. */
export function healthWords(checks: readonly Pick<Check, 'label' | 'state'>[]): string {
  const labelled = (state: State): string[] => checks.filter((check) => check.state === state).map(({ label }) => label)
  const said = (labels: string[], words: string): string[] =>
    labels.length === 0 ? [] : [`${words}: ${labels.join(', ')}.`]
  const troubles = [...said(labelled('failing'), 'Failing'), ...said(labelled('degraded'), 'Needs attention')]
  return troubles.length === 0 ? 'All is well.' : troubles.join(' ')
}

const figures = {
  count: countText,
  bytes: bytesText,
  milliseconds: durationText,
  seconds: (seconds: number) => durationText(seconds * 1000),
} as const

/** A fact as text: "9 of 97", "70.3 MiB", "4 ms". Moments are for a component that keeps up with the clock. */
export function factText(fact: Fact): string {
  if (fact.value === null) return fact.kind === 'seconds' ? 'none' : 'not known'
  if (!('of' in fact)) return fact.value
  const figure = figures[fact.kind]
  return fact.of === null ? figure(fact.value) : `${figure(fact.value)} of ${figure(fact.of)}`
}
