import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { localCaller } from '#src/access/caller.ts'
import type { AskInput, Unit } from '#src/warehouse/ask.ts'
import { runQuery } from '#src/warehouse/run-query.ts'
import { openSmallModel } from '#test/small-model.ts'

/*
 * Every answer against a second computation: plain loops over the rows, which know nothing of SQL, spreading or the
 * formulas that the planner uses. What counts "once" is a set of jobs here.
 */

const metricNames = [
  'ended', 'started', 'submitted', 'running', 'hours', 'hours_per_job', 'width', 'people', 'widest', 'narrowest',
  'mean_span', 'middle_span', 'capacity', 'used', 'error',
] as const // biome-ignore format: a list
type MetricName = (typeof metricNames)[number]

const yaml = `
version: 1
name: jobs
label: Jobs
facts: named
tables:
  - { name: jobs, files: jobs.csv, header: true, delimiter: ",", columns: { id: BIGINT, submit: BIGINT, start: BIGINT, stop: BIGINT, width: INTEGER, person: VARCHAR, machine: INTEGER } }
  - { name: named, sql: "select *, local_day(to_timestamp(submit)) as submit_day from jobs" }
  - { name: machines, files: machines.csv, header: true, delimiter: ",", unique: [[machine]] }
  - { name: offers, files: offers.csv, header: true, delimiter: ",", columns: { machine: INTEGER, since: BIGINT, until: BIGINT, width: INTEGER } }
relationships:
  - { name: its_machine, from: named, to: machines, from_columns: [machine], to_columns: [machine] }
time: { spread: { start: start, end: stop } }
dimensions:
  - { name: person, label: Person, expr: "nullif(person, '')" }
  - { name: machine, label: Machine, type: integer, expr: machine, value_label: its_machine.label, order: label }
  - { name: size, label: Size, expr: width, buckets: [{ label: small, max: 2 }, { label: middle, below: 6 }, { label: large }] }
metrics:
  - { name: ended, label: Ended, agg: count, filter: day = end_day }
  - { name: started, label: Started, agg: count, filter: day = start_day }
  - { name: submitted, label: Submitted, agg: count, once: period, filter: period(submit_day) = period(day) }
  - { name: running, label: Running, agg: count, once: answer }
  - { name: hours, label: Hours, agg: sum, expr: width * span_seconds / 3600 }
  - { name: hours_per_job, label: Hours per Job, expr: hours / running }
  - { name: width, label: Width, agg: sum, expr: width, once: answer }
  - { name: people, label: People, agg: count_distinct, expr: "nullif(person, '')" }
  - { name: widest, label: Widest, agg: max, expr: width }
  - { name: narrowest, label: Narrowest, agg: min, expr: width }
  - { name: mean_span, label: Mean Span, agg: avg, expr: span_seconds }
  - { name: middle_span, label: Middle Span, agg: median, expr: span_seconds }
  - { name: capacity, label: Capacity, agg: capacity, capacity: { table: offers, key: machine, of: machine, from: since, until: until, expr: width } }
  - { name: used, label: Used, expr: 100 * (hours * 3600) / capacity }
  - { name: squares, label: Squares, agg: sum, expr: width * width, once: answer, hidden: true }
  - { name: error, label: Error, expr: "sqrt((squares / running - (width / running) * (width / running)) / running)" }
access: { query: public }
`

interface Job {
  id: number
  submit: number
  start: number
  stop: number
  width: number
  person: string
  machine: number
}

interface Offer {
  machine: number
  since: number | null
  until: number | null
  width: number
}

interface World {
  zone: string
  jobs: readonly Job[]
  offers: readonly Offer[]
}

const machineLabels: Record<number, string> = { 1: 'Quartz', 2: 'anvil', 3: 'Basalt' }

// ── the second computation ───────────────────────────────────────────────────────────────────────────────────────

const dayBegin = (day: string, zone: string): number =>
  Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds / 1000
const dayOf = (seconds: number, zone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(seconds * 1000)
    .toZonedDateTimeISO(zone)
    .toPlainDate()
    .toString()
const nextDay = (day: string): string => Temporal.PlainDate.from(day).add({ days: 1 }).toString()

function periodOf(day: string, unit: Unit): string {
  const date = Temporal.PlainDate.from(day)
  if (unit === 'day') return day
  if (unit === 'year') return date.with({ month: 1, day: 1 }).toString()
  if (unit === 'month') return date.with({ day: 1 }).toString()
  return date.with({ month: Math.floor((date.month - 1) / 3) * 3 + 1, day: 1 }).toString()
}

function periodEnd(day: string, unit: Unit): string {
  const start = Temporal.PlainDate.from(periodOf(day, unit))
  const months = { day: 0, month: 1, quarter: 3, year: 12 }[unit]
  return months === 0 ? day : start.add({ months }).subtract({ days: 1 }).toString()
}

interface Fact {
  job: Job
  day: string
  span: number
}

function factsOf({ jobs, zone }: World): Fact[] {
  return jobs.flatMap((job) => {
    const facts: Fact[] = []
    const last = dayOf(job.stop, zone)
    for (let day = dayOf(job.start, zone); day <= last; day = nextDay(day)) {
      const [begin, end] = [dayBegin(day, zone), dayBegin(nextDay(day), zone)]
      facts.push({ job, day, span: Math.max(0, Math.min(job.stop, end) - Math.max(job.start, begin)) })
    }
    return facts
  })
}

const idOf: Record<string, (job: Job) => string> = {
  person: (job) => (job.person === '' ? 'unknown' : job.person),
  machine: (job) => String(job.machine),
  size: (job) => (job.width <= 2 ? '1' : job.width < 6 ? '2' : '3'),
}
const labelOf: Record<string, (id: string) => string> = {
  person: (id) => (id === 'unknown' ? 'Unknown' : id),
  machine: (id) => machineLabels[Number(id)] ?? id,
  size: (id) => ['small', 'middle', 'large'][Number(id) - 1] ?? id,
}

/** Metrics of a group of facts, between two days that are whole periods. */
function measure(
  world: World,
  facts: readonly Fact[],
  unit: Unit,
  from: string,
  to: string,
): Record<MetricName, number | null> {
  const { zone } = world
  const jobs = new Set(facts.map((fact) => fact.job))
  const sum = (values: Iterable<number>) => [...values].reduce((a, b) => a + b, 0)
  const widths = [...jobs].map((job) => job.width)
  const spans = facts.map((fact) => fact.span).sort((a, b) => a - b)
  const inPeriods = new Set(
    facts
      .filter(({ job, day }) => periodOf(dayOf(job.submit, zone), unit) === periodOf(day, unit))
      .map(({ job, day }) => `${job.id} ${periodOf(day, unit)}`),
  )
  const hours = sum(facts.map(({ job, span }) => (job.width * span) / 3600))
  const [begin, end] = [dayBegin(from, zone), dayBegin(nextDay(to), zone)]
  const machines = new Set([...jobs].map((job) => job.machine))
  const capacity = sum(
    world.offers
      .filter((offer) => machines.has(offer.machine))
      .map(
        (offer) => offer.width * Math.max(0, Math.min(offer.until ?? end, end) - Math.max(offer.since ?? begin, begin)),
      ),
  )
  const n = jobs.size
  const mean = n === 0 ? 0 : sum(widths) / n
  const half = Math.floor(spans.length / 2)
  return {
    ended: facts.filter(({ job, day }) => day === dayOf(job.stop, zone)).length,
    started: facts.filter(({ job, day }) => day === dayOf(job.start, zone)).length,
    submitted: inPeriods.size,
    running: n,
    hours,
    hours_per_job: n === 0 ? 0 : hours / n,
    width: sum(widths),
    people: new Set([...jobs].map((job) => job.person).filter((person) => person !== '')).size,
    widest: n === 0 ? null : Math.max(...widths),
    narrowest: n === 0 ? null : Math.min(...widths),
    mean_span: spans.length === 0 ? null : sum(spans) / spans.length,
    middle_span: spans.length === 0 ? null : spans.length % 2 ? spans[half]! : (spans[half - 1]! + spans[half]!) / 2,
    capacity,
    used: capacity === 0 ? 0 : (100 * hours * 3600) / capacity,
    error: n === 0 ? 0 : Math.sqrt(Math.max(0, sum(widths.map((w) => w * w)) / n - mean * mean) / n),
  }
}

type Line = { period: string | null; ids: (string | null)[]; values: (number | null)[] }

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const compareLabels = (a: string, b: string): number =>
  compareText(a.toLowerCase(), b.toLowerCase()) || compareText(a, b)

/** In a dimension's own order: buckets by number, others by label, what is unknown last. */
function compareIds(dimension: string, a: string, b: string): number {
  if ((a === 'unknown') !== (b === 'unknown')) return a === 'unknown' ? 1 : -1
  if (dimension === 'size') return Number(a) - Number(b)
  return compareLabels(labelOf[dimension]!(a), labelOf[dimension]!(b))
}

function expected(world: World, facts: readonly Fact[], ask: PlainAsk): { lines: Line[]; totals: (number | null)[] } {
  const { unit, metrics, dimensions } = ask
  const [from, to] = [periodOf(ask.start, unit), periodEnd(ask.end, unit)]
  const chosen = facts.filter(
    ({ job, day }) =>
      day >= from && day <= to &&
      ask.filters.every((filter) => {
        const id = idOf[filter.dimension]!(job)
        const hit = filter.labels ? filter.labels.includes(labelOf[filter.dimension]!(id)) : filter.values!.includes(id)
        return hit !== filter.exclude
      }),
  ) // biome-ignore format: as it reads
  const idsOf = ({ job }: Fact) => dimensions.map((dimension) => idOf[dimension]!(job))
  const compareGroups = (a: string[], b: string[]) =>
    dimensions.reduce((order, dimension, i) => order || compareIds(dimension, a[i]!, b[i]!), 0)
  const values = (group: readonly Fact[], first: string, last: string) => {
    const measured = measure(world, group, unit, first, last)
    return metrics.map((metric) => measured[metric])
  }
  const grouped = (list: readonly Fact[], key: (fact: Fact) => string): Map<string, Fact[]> => Map.groupBy(list, key)

  // Groups in the order of the aggregate, from which a limit takes the first.
  const groups = [...grouped(chosen, (fact) => JSON.stringify(idsOf(fact)))].map(([key, list]) => ({
    ids: JSON.parse(key) as string[],
    list,
    first: values(list, from, to)[0]!,
  }))
  groups.sort((a, b) => byValue(b.first, a.first) || compareGroups(a.ids, b.ids))
  const kept = dimensions.length > 0 && ask.limit !== null ? groups.slice(0, ask.limit) : groups
  const rest = groups.slice(kept.length).flatMap((group) => group.list)
  const shown: { ids: (string | null)[]; list: Fact[] }[] =
    dimensions.length === 0 ? [{ ids: [], list: chosen }] : [...kept]
  if (ask.others && rest.length > 0) shown.push({ ids: dimensions.map(() => null), list: rest })

  const lines = shown.flatMap(({ ids, list }): Line[] =>
    ask.series
      ? [...grouped(list, (fact) => periodOf(fact.day, unit))].map(([period, part]) => ({
          period,
          ids,
          values: values(part, period, periodEnd(period, unit)),
        }))
      : [{ period: null, ids, values: values(list, from, to) }],
  )
  return { lines, totals: values(chosen, from, to) }
}

const byValue = (a: number | null, b: number | null): number => {
  const [x, y] = [a ?? Number.NEGATIVE_INFINITY, b ?? Number.NEGATIVE_INFINITY]
  return near(x, y) ? 0 : x - y
}
const near = (a: number, b: number): boolean =>
  a === b || Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b))

// ── random worlds and questions ──────────────────────────────────────────────────────────────────────────────────

interface PlainAsk {
  metrics: MetricName[]
  dimensions: string[]
  filters: { dimension: string; values?: string[]; labels?: string[]; exclude: boolean }[]
  start: string
  end: string
  unit: Unit
  series: boolean
  limit: number | null
  others: boolean
}

// Days around both changes of the clock, and turns of month, quarter and year.
const moments = fc.oneof(
  fc.integer({ min: Date.parse('2025-10-24T00:00Z') / 1000, max: Date.parse('2025-11-03T00:00Z') / 1000 }),
  fc.integer({ min: Date.parse('2025-12-29T00:00Z') / 1000, max: Date.parse('2026-01-03T00:00Z') / 1000 }),
  fc.integer({ min: Date.parse('2026-03-27T00:00Z') / 1000, max: Date.parse('2026-04-02T00:00Z') / 1000 }),
)
const lengths = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 7200 }), fc.integer({ min: 3600, max: 5 * 86_400 }))

const jobs = fc.record({
  start: moments,
  length: lengths,
  waited: lengths,
  width: fc.integer({ min: 1, max: 9 }),
  person: fc.constantFrom('', 'ada', 'Bo', 'cy', 'unknown'),
  machine: fc.integer({ min: 1, max: 3 }),
  atMidnight: fc.boolean(),
})
const offers = fc.record({
  machine: fc.integer({ min: 1, max: 3 }),
  since: fc.option(moments),
  until: fc.option(moments),
  width: fc.integer({ min: 1, max: 20 }),
})

const worlds = fc
  .record({
    zone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns', 'Pacific/Apia'),
    raw: fc.array(jobs, { minLength: 3, maxLength: 40 }),
    offers: fc.array(offers, { maxLength: 5 }),
  })
  .map(
    ({ zone, raw, offers }): World => ({
      zone,
      offers,
      jobs: raw.map(({ start, length, waited, atMidnight, ...rest }, i) => {
        const stop = start + length
        // A job that ends exactly at midnight still runs on the new day.
        const end = atMidnight ? Math.max(start, dayBegin(dayOf(stop, zone), zone)) : stop
        return { id: i + 1, submit: start - waited, start, stop: end, ...rest }
      }),
    }),
  )

const days = moments.map((seconds) => new Date(seconds * 1000).toISOString().slice(0, 10))
const filters = fc.oneof(
  fc.record({
    dimension: fc.constant('person'),
    values: fc.subarray(['ada', 'Bo', 'unknown', "x' or 1=1 --"], { minLength: 1 }),
    exclude: fc.boolean(),
  }),
  fc.record({
    dimension: fc.constant('machine'),
    labels: fc.subarray(['Quartz', 'anvil', 'nowhere'], { minLength: 1 }),
    exclude: fc.boolean(),
  }),
  fc.record({
    dimension: fc.constant('size'),
    values: fc.subarray(['1', '3', 'x'], { minLength: 1 }),
    exclude: fc.boolean(),
  }),
)
const asks: fc.Arbitrary<PlainAsk> = fc
  .record({
    metrics: fc.shuffledSubarray([...metricNames], { minLength: 1 }),
    dimensions: fc.shuffledSubarray(['person', 'machine', 'size'], { maxLength: 2 }),
    filters: fc.array(filters, { maxLength: 2 }),
    bounds: fc.tuple(days, days),
    unit: fc.constantFrom<Unit>('day', 'month', 'quarter', 'year'),
    series: fc.boolean(),
    limit: fc.option(fc.integer({ min: 1, max: 4 })),
    others: fc.boolean(),
  })
  .map(({ bounds, ...ask }) => {
    const [start, end] = [...bounds].sort() as [string, string]
    const limit = ask.dimensions.length > 0 ? ask.limit : null
    return { ...ask, start, end, limit, others: ask.others && limit !== null }
  })

function csvOf(world: World): Record<string, string> {
  const lines = world.jobs.map((job) =>
    [job.id, job.submit, job.start, job.stop, job.width, job.person, job.machine].join(','),
  )
  const machines = Object.entries(machineLabels).map(([machine, label]) => `${machine},${label}`)
  const offered = world.offers.map((offer) =>
    [offer.machine, offer.since ?? '', offer.until ?? '', offer.width].join(','),
  )
  return {
    'jobs.csv': ['id,submit,start,stop,width,person,machine', ...lines].join('\n'),
    'machines.csv': ['machine,label', ...machines].join('\n'),
    'offers.csv': ['machine,since,until,width', ...offered].join('\n'),
  }
}

async function checkWorld(world: World, questions: readonly PlainAsk[]): Promise<void> {
  await using model = await openSmallModel({ yaml, files: csvOf(world), timeZone: world.zone })
  const facts = factsOf(world)
  for (const question of questions) {
    const { start, end, limit, ...rest } = question
    const input: AskInput = {
      ...rest,
      model: 'jobs',
      period: { start, end },
      totals: true,
      ...(limit !== null && { limit }),
    }
    // The order that a limit goes by, said out loud so that time series have it too.
    const answer = await runQuery(model.needs, localCaller('system', 'test'), {
      ...input,
      order: [{ by: question.metrics[0]!, descending: true }],
    })
    const wanted = expected(world, facts, question)
    const context = () => JSON.stringify({ question, zone: world.zone, rows: answer.rows, wanted: wanted.lines })
    assert.equal(answer.period?.start, periodOf(start, question.unit))
    assert.equal(answer.period?.end, periodEnd(end, question.unit))
    const offset = question.series ? 1 : 0
    const got = answer.rows.map((row) => ({
      period: question.series ? (row[0] as string) : null,
      ids: question.dimensions.map((_, i) => row[offset + 2 * i] as string | null),
      values: row.slice(offset + 2 * question.dimensions.length) as (number | null)[],
    }))
    const key = (line: Line) => JSON.stringify([line.period, line.ids])
    assert.deepEqual(got.map(key).sort(), wanted.lines.map(key).sort(), context())
    const byKey = new Map(wanted.lines.map((line) => [key(line), line.values]))
    for (const line of got) assertValues(line.values, byKey.get(key(line))!, context)
    if (!question.series) assert.deepEqual(got.map(key), wanted.lines.map(key), context())
    assertValues(Object.values(answer.totals!) as (number | null)[], wanted.totals, context)
  }
}

function assertValues(
  got: readonly (number | null)[],
  wanted: readonly (number | null)[],
  context: () => string,
): void {
  assert.equal(got.length, wanted.length)
  got.forEach((value, i) => {
    const other = wanted[i]!
    // A standard error near nothing is the root of a rounding error.
    const same =
      value === null || other === null ? value === other : near(value, other) || Math.abs(value - other) < 1e-7
    assert.ok(same, `${value} ≠ ${other} at ${i}: ${context()}`)
  })
}

test('every answer equals a second computation by plain loops', async () => {
  await fc.assert(fc.asyncProperty(worlds, fc.array(asks, { minLength: 40, maxLength: 40 }), checkWorld), {
    numRuns: 4,
    endOnFailure: true,
  })
})
