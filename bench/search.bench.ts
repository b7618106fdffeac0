import { mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import type pg from 'pg'
import { anonymous, type Caller } from '#src/access/caller.ts'
import { Grants } from '#src/access/grants.ts'
import type { Database } from '#src/database/change.ts'
import { openEmbedded } from '#src/database/embedded.ts'
import { migrate } from '#src/database/migrate.ts'
import { connect } from '#src/database/open-database.ts'
import { readQuestion } from '#src/datasets/search/read-question.ts'
import { reindex } from '#src/datasets/search/reindex.ts'
import type { SearchAsk } from '#src/datasets/search/search-ask.ts'
import { searchItems } from '#src/datasets/search/search-items.ts'
import { silent } from '#test/postgres.ts'
import { type BenchRow, median } from './row.ts'
import { fillRepository, vocabulary } from './search-data.ts'

const datasets = 100_000
const rounds = 5

const facets = ['state', 'author', 'subject', 'keyword', 'year', 'license', 'collection', 'file_type'] as const
const usual = { limit: 20, facets, countTypes: true, matches: true } satisfies Partial<SearchAsk>
const [frequent, common, middling, rare] = [30, 300, 3000, 20_000].map((n) => vocabulary[n]!) as [
  string,
  string,
  string,
  string,
]

/** As people and clients ask: what a page of results takes, each with its facets, counts by type and places of words. */
const questions: Record<string, SearchAsk> = {
  'everything, newest first': { ...usual, question: '*' },
  'all datasets of a subject': {
    ...usual,
    question: '',
    types: ['dataset'],
    filters: [{ facet: 'subject', values: ['Law'] }],
  },
  'everything in a collection': { ...usual, question: '', below: ['c1'] },
  'a rare word': { ...usual, question: rare },
  'a word now and then': { ...usual, question: middling },
  'a common word': { ...usual, question: common },
  'a frequent word': { ...usual, question: frequent },
  'three words, any of them': { ...usual, question: `${rare} ${middling} ${vocabulary[5000]}` },
  'three words, all of them': { ...usual, question: `+${common} +${middling} +${frequent}` },
  'a phrase': { ...usual, question: `"${common} ${middling}"` },
  'a word in titles': { ...usual, question: `title:${common}` },
  'the beginning of a word': { ...usual, question: `${vocabulary[9000]!.slice(0, 4)}*` },
  'an author': { ...usual, question: `author:${vocabulary[77]}`, types: ['dataset'] },
  'files by name': { ...usual, question: `fileName:${middling}`, types: ['file'] },
  'a word within a subject and a year': {
    ...usual,
    question: common,
    filters: [
      { facet: 'subject', values: ['Physics'] },
      { facet: 'year', values: ['2019'] },
    ],
  },
  'by name, third page': { ...usual, question: middling, sort: 'name', offset: 40 },
}

const member: Caller = {
  ...anonymous,
  via: 'token',
  accountId: '00000000-0000-4000-8000-000000000001',
  role: 'member',
  grants: Grants.ofRole('member'),
}

export async function run(): Promise<BenchRow[]> {
  const kept = process.env.SEARCH_BENCH_DIRECTORY
  const directory = kept ?? (await mkdtemp(path.join(tmpdir(), 'tessera-search-')))
  const embedded = await openEmbedded({ dataDirectory: directory, log: silent, durability: 'throwaway' })
  const { db, pool, close } = connect(embedded.connection, { log: silent, poolSize: 4, allowExitOnIdle: true })
  try {
    await migrate(db)
    const { rows } = await sql<{ n: number }>`select count(*) as n from search_items`.execute(db)
    if (rows[0]!.n < datasets) await fill(db, pool)
    return await measure(db, pool)
  } finally {
    await close()
    await embedded.close()
    if (!kept) await rm(directory, { recursive: true, force: true })
  }
}

/** Indexes over all are made at the end: one by one, documents take some ten minutes. */
async function fill(db: Database, pool: pg.Pool): Promise<void> {
  await fillRepository(db, { datasets, collections: 500 })
  await pool.query('analyze')
  const { rows } = await pool.query<{ indexname: string; indexdef: string }>(
    `select indexname, indexdef from pg_indexes where tablename = 'search_items' and indexdef like '%USING gin%'`,
  )
  for (const { indexname } of rows) await pool.query(`drop index ${indexname}`)
  await reindex(db)
  for (const { indexdef } of rows) await pool.query(indexdef)
  await pool.query('vacuum analyze')
}

async function measure(db: Database, pool: pg.Pool): Promise<BenchRow[]> {
  const needs = { db, pids: { siteAddress: 'http://localhost:8080' }, publisher: 'Tessera' }
  const ours: number[] = []
  const bare: number[] = []
  const told: string[] = []
  for (const [name, ask] of Object.entries(questions)) {
    const times: number[] = []
    const alone: number[] = []
    let total = 0
    const { match } = readQuestion(ask.question)
    for (let round = 0; round < rounds; round++) {
      const caller = round % 2 === 0 ? anonymous : member
      let started = performance.now()
      ;({ total } = await searchItems(needs, caller, ask))
      times.push(performance.now() - started)
      started = performance.now()
      await pool.query(
        match === null
          ? 'select id from search_items order by sort_date desc limit 20'
          : `select id, ts_rank(weighty, $1::tsquery) as score from search_items where words @@ $1::tsquery order by score desc limit 20`,
        match === null ? [] : [match],
      )
      alone.push(performance.now() - started)
    }
    ours.push(median(times))
    bare.push(median(alone))
    told.push(`${name} (${total}): ${median(times).toFixed(0)}`)
  }
  const [whole, least] = [median(ours), median(bare)]
  return [
    {
      name: `a page of results over ${datasets.toLocaleString('en')} datasets with their files, with facets, counts and marked words: median of ${ours.length} questions`,
      ours: `${whole.toFixed(0)} ms`,
      baseline: `only the words, ranked, in SQL: ${least.toFixed(0)} ms`,
      ratio: whole / least,
      bar: '≤ 50 ms',
      met: whole <= 50,
      note: `load of the machine ${Math.round(loadavg()[0]!)}; ms by question (hits): ${told.join('; ')}`,
    },
  ]
}
