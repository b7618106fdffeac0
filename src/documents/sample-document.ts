import type { Cell, Document, TableBlock } from './document.ts'

/** Numbers that look like any, and are the same each time. */
export function madeUpNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const people = ['Ada Lovelace', 'Grace Hopper', 'Alan Turing', 'Emmy Noether', 'Katherine Johnson']
const queues = ['batch', 'gpu', 'long', 'debug', 'bigmem']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'].map(
  (m) => `${m} 2026`,
)

/** A report with all that reports have, for tests and benchmarks. */
export function sampleDocument({ rows = 60, seed = 1 } = {}): Document {
  const next = madeUpNumbers(seed)
  return {
    title: 'Weekly usage',
    subtitle: 'Who computed how much, and where',
    language: 'en',
    timeZone: 'Europe/Berlin',
    generatedAt: new Date('2026-11-29T07:05:00Z'),
    dataAsOf: '2026-11-28T23:00:00Z',
    link: 'https://portal.example.org/reports/weekly-usage',
    facts: [
      { label: 'Period', value: '1 Nov 2026 to 28 Nov 2026' },
      { label: 'For', value: 'Ada Lovelace' },
    ],
    notes: [],
    blocks: [
      { kind: 'text', markdown: 'The cluster was **97 % busy**. Write to [us](mailto:hpc@example.org).' },
      {
        kind: 'number',
        title: 'Jobs ended',
        value: 182_345,
        unit: 'jobs',
        decimals: 0,
        change: { value: 12.34, label: 'on the week before' },
      },
      { kind: 'number', title: 'Core hours', value: 1_234_567.891, unit: 'core hours', decimals: 1 },
      {
        kind: 'chart',
        title: 'Core hours by queue',
        chart: {
          type: 'line',
          categories: months,
          unit: 'core hours',
          series: queues.slice(0, 4).map((name) => ({ name, values: months.map(() => Math.round(next() * 9e5)) })),
        },
      },
      sampleTable(rows, next),
    ],
  }
}

export function sampleTable(rows: number, next = madeUpNumbers(1)): TableBlock {
  const made = Array.from({ length: rows }, (_, i): Cell[] => [
    `pi-${1000 + i}`,
    people[i % people.length]!,
    queues[i % queues.length]!,
    Math.round(next() * 40_000),
    next() * 1e6,
  ])
  const sum = (at: number): number => made.reduce((total, row) => total + Number(row[at]), 0)
  return {
    kind: 'table',
    title: 'Usage by principal investigator',
    columns: [
      { name: 'pi', label: 'PI', type: 'text' },
      { name: 'name', label: 'Name', type: 'text' },
      { name: 'queue', label: 'Queue', type: 'text' },
      { name: 'jobs', label: 'Jobs', type: 'integer' },
      { name: 'core_hours', label: 'Core hours', type: 'number', decimals: 1 },
    ],
    rows: made,
    totals: ['Total', null, null, sum(3), sum(4)],
  }
}
