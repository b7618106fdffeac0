import {
  collectionsByType,
  countDownloads,
  countPublished,
  datasetsBySubject,
  type Span,
} from '#src/datasets/metrics/count-published.ts'
import { type Route, route } from '#src/http/serve.ts'
import { ok } from '../envelope.ts'
import type { RepositoryNeeds } from '../needs.ts'
import { refused } from '../problems.ts'
import * as contract from './contract.ts'

type Kind = 'dataverses' | 'datasets' | 'files' | 'downloads'

export function metricsRoutes({ datasets }: Pick<RepositoryNeeds, 'datasets'>): Route[] {
  const { db, clock } = datasets

  const count = async (kind: Kind, span: Span) => {
    if (kind !== 'downloads')
      return ok({ count: await countPublished(db, kind === 'dataverses' ? 'collections' : kind, span) })
    if (span.from || (span.before && span.before <= clock.now()))
      throw refused(400, 'Downloads are counted as a whole, not by day.')
    return ok({ count: await countDownloads(db) })
  }

  return [
    route(contract.countAll, ({ params, query }) =>
      query.dataLocation === 'remote' ? ok({ count: 0 }) : count(params.kind, {}),
    ),
    route(contract.countToMonth, ({ params }) => count(params.kind, { before: endOf(params.month) })),
    route(contract.countPastDays, ({ params }) => {
      if (!/^[1-9]\d{0,5}$/.test(params.days)) throw refused(400, 'Invalid parameter for number of days.')
      return count(params.kind, { from: new Date(clock.now().getTime() - Number(params.days) * 86_400_000) })
    }),
    route(contract.bySubject, async ({ params }) =>
      // Collections have no subjects of their own here.
      ok(params.kind === 'dataverses' ? [] : subjects(await datasetsBySubject(db))),
    ),
    route(contract.bySubjectToMonth, async ({ params }) =>
      ok(subjects(await datasetsBySubject(db, { before: endOf(params.month) }))),
    ),
    route(contract.byCategory, async () =>
      ok((await collectionsByType(db)).map(({ value, count }) => ({ category: categoryName(value), count }))),
    ),
  ]
}

const subjects = (counts: readonly { readonly value: string; readonly count: number }[]) =>
  counts.map(({ value, count }) => ({ subject: value, count }))

/** `RESEARCH_GROUP` as people read it. */
const categoryName = (type: string): string =>
  type
    .split('_')
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join(' ')

/** The first moment after a month such as `2026-11`, in UTC. */
function endOf(month: string): Date {
  const [, year, number] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month) ?? []
  if (year === undefined || number === undefined) throw refused(400, 'The requested date is not in the form YYYY-MM.')
  return new Date(Date.UTC(Number(year), Number(number), 1))
}
