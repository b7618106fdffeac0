import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Caller } from '#src/access/caller.ts'
import type { Database, Tx } from '#src/database/change.ts'
import { type FacetName, facetNumber, facetStep } from './facets.ts'
import type { Question } from './read-question.ts'
import type { ItemType, SearchAsk, SearchKey } from './search-ask.ts'

/** A document that was found. */
export interface FoundRow {
  readonly document: number
  readonly type: ItemType
  readonly id: number
  readonly released: boolean
  readonly score: number
  readonly sorted_by: string | number
}

export interface FoundRows {
  readonly rows: readonly FoundRow[]
  readonly counts: Readonly<Partial<Record<ItemType, number>>>
  readonly facets: readonly {
    readonly facet: number
    readonly value: string
    readonly label: string
    readonly count: number
  }[]
}

export interface FindAsk extends SearchAsk {
  readonly read: Question
  readonly narrowed: readonly Question[]
  readonly sort: 'relevance' | 'name' | 'date'
  readonly order: 'asc' | 'desc'
}

/** Results of which facets are counted one by one; of more, some are looked at, picked evenly, and the rest is reckoned. */
const mostCounted = 10_000
const picked = 5000

/** One question to the database: the page, the counts and the facets, of what the caller may see. */
export async function findHits(db: Database | Tx, caller: Caller, ask: FindAsk): Promise<FoundRows> {
  const types = sql`${ask.types ?? ['collection', 'dataset', 'file']}::text[]`
  const { rows } = await sql<FoundRows>`
    with hits as materialized (
      select i.id, i.type, i.subject_id, i.collection_id, i.released, ${sortKey(ask)} as sorted_by,
        ${ask.sort === 'relevance' ? sql`0` : score(ask.read)}::float8 as score
      from search_items i
      where ${all(conditions(caller, ask))}),
    wanted as not materialized (select * from hits where type = any(${types})),
    page as (
      select id as document, type, subject_id as id, released, sorted_by,
        ${ask.sort === 'relevance' ? sql`sorted_by` : sql`score`} as score
      from wanted
      where ${ask.after ? afterKey(ask, ask.after) : sql`true`}
      ${pageOrder(ask)} limit ${ask.limit + 1} offset ${ask.after ? 0 : (ask.offset ?? 0)})
    select
      (select coalesce(json_agg(p ${pageOrder(ask, 'p')}), '[]') from page p) as rows,
      (select coalesce(json_object_agg(type, n), '{}')
        from (select type, count(*) as n from hits group by type) c) as counts,
      (${facetCounts(ask)}) as facets`.execute(db)
  return rows[0]!
}

const all = (conditions: readonly RawBuilder<SqlBool>[]) => sql.join(conditions, sql` and `)

function conditions(caller: Caller, ask: FindAsk): RawBuilder<SqlBool>[] {
  const { read, narrowed, below = [], filters = [], types } = ask
  const ofStates = filters.some(({ facet }) => facet === 'state')
  return [
    mayFind(caller, ofStates),
    ...(types && !ask.countTypes ? [sql<SqlBool>`i.type = any(${types}::text[])`] : []),
    ...[read, ...narrowed].flatMap(({ match }) =>
      match === null ? [] : [sql<SqlBool>`i.words @@ ${match}::text::tsquery`],
    ),
    ...(below.length > 0
      ? [
          sql<SqlBool>`i.path && array(select id from collections where ${isOneOf(below)})`,
          sql<SqlBool>`i.subject_id <> all(array(select id from collections where ${isOneOf(below)}))`,
        ]
      : []),
    ...filters.map(({ facet, values }) => has(facet, values)),
  ]
}

const isOneOf = (names: readonly string[]) =>
  sql`lower(alias) = any(${names.map((name) => name.toLowerCase())}::text[]) or id::text = any(${names}::text[])`

const has = (facet: FacetName, values: readonly string[]): RawBuilder<SqlBool> =>
  facet === 'collection'
    ? sql`i.collection_id = any(array(select id from collections where ${isOneOf(values)}))`
    : sql`i.terms && array(select id from search_terms where facet = ${facet} and value = any(${values}::text[]))`

/** Whoever may see a draft finds it in the place of what is released, unless they ask for one of the two by its state. */
function mayFind(caller: Caller, both: boolean): RawBuilder<SqlBool> {
  const sees = maySee(caller)
  if (sees === null) return sql`i.released`
  if (both) return sql`(i.released or ${sees})`
  return sql`(i.released and not (i.superseded and ${sees}) or not i.released and ${sees})`
}

/** Says in SQL whether the caller may see a document that is not published, or has another right on it; null: never. */
export function maySee(
  { grants, role, accountId }: Caller,
  of: 'i' | 'd' = 'i',
  right: 'ViewUnpublishedDataset' | 'DownloadFile' = 'ViewUnpublishedDataset',
): RawBuilder<SqlBool> | null {
  const ceiling = 'datasets:read'
  if (!grants.allowsSome(ceiling)) return null
  const column = (name: string) => sql.ref(`${of}.${name}`)
  const named = grants
    .toTexts()
    .flatMap((text) => (text.startsWith(`${ceiling}:`) ? [text.slice(ceiling.length + 1)] : []))
  const within = grants.allows(ceiling)
    ? sql<SqlBool>`true`
    : sql<SqlBool>`${column('path')} && array(select id from collections where ${isOneOf(named)})`
  if (role === 'admin') return within
  const given = (what: string, right: string) => sql`array(
    select a.${sql.ref(what)} from role_assignments a join repository_roles r on r.id = a.role_id
    where a.${sql.ref(what)} is not null and r.permissions @> array[${right}]
      and (a.account_id = ${accountId}::uuid or a.audience = 'everybody' or a.audience = 'signed_in' and ${accountId !== null}))`
  return sql`(${within} and case when ${column('type')} = 'collection'
    then ${column('path')} && ${given('collection_id', 'ViewUnpublishedDataverse')}
    else ${column('path')} && ${given('collection_id', right)}
      or ${column('dataset_id')} = any(${given('dataset_id', right)})
      or ${column('subject_id')} = any(${given('file_id', right)}) end)`
}

/** Names and authors before subjects before all other words; who has the words in a row before who has them anywhere. */
function score({ rank, phrase }: Question): RawBuilder<number> {
  if (rank === null) return sql`0`
  const inRow =
    phrase === null
      ? sql`0`
      : sql`(i.id = any(array(select id from search_items where words @@ ${phrase}::text::tsquery)))::int`
  return sql`i.boost * (0.05 + ts_rank('{0.1,0.4,0.7,1}', i.weighty, ${rank}::text::tsquery) + ${inRow})`
}

const sortKey = ({ sort, read }: FindAsk) =>
  sort === 'name'
    ? sql`i.sort_name`
    : sort === 'date'
      ? sql`(extract(epoch from i.sort_date) * 1000)::float8`
      : sql`(${score(read)})::float8`

const pageOrder = ({ order }: FindAsk, of?: 'p') => {
  const [by, id] = of ? [sql`p.sorted_by`, sql`p.document`] : [sql`sorted_by`, sql`id`]
  return order === 'asc' ? sql`order by ${by}, ${id}` : sql`order by ${by} desc, ${id} desc`
}

const afterKey = ({ order, sort }: FindAsk, [by, document]: SearchKey): RawBuilder<SqlBool> => {
  const key = sort === 'name' ? sql`${String(by)}::text` : sql`${Number(by)}::float8`
  return order === 'asc'
    ? sql`(sorted_by, id) > (${key}, ${document}::bigint)`
    : sql`(sorted_by, id) < (${key}, ${document}::bigint)`
}

function facetCounts({ facets = [], facetValues = 10 }: FindAsk) {
  if (facets.length === 0) return sql`'[]'::json`
  const terms = facets.filter((facet) => facet !== 'collection').map(facetNumber)
  return sql`
    with size as materialized (
      select case when count(*) > ${mostCounted} then ceil(count(*)::numeric / ${picked}) else 1 end::bigint as step
      from wanted),
    counted as (
      select term / ${facetStep} as facet, term, count(*) * (select step from size) as n
      from (
        select unnest(i.terms) as term from search_items i
        where i.id in (
          select id from wanted where (select step from size) = 1 or hashint8(id) % (select step from size) = 0)) t
      where term / ${facetStep} = any(${terms}::integer[]) group by term),
    placed as (
      select *, row_number() over (partition by facet order by n desc, term) as place from counted)
    select coalesce(json_agg(json_build_object('facet', facet, 'value', value, 'label', label, 'count', n)
      order by facet, n desc, value), '[]')
    from (
      select p.facet, t.value, t.value as label, p.n from placed p join search_terms t on t.id = p.term
      where p.place <= ${facetValues}
      ${
        facets.includes('collection')
          ? sql`union all (
        select ${facetNumber('collection')}, c.alias, c.name, w.n
        from (select collection_id, count(*) as n from wanted group by collection_id) w
        join collections c on c.id = w.collection_id order by w.n desc, c.alias limit ${facetValues})`
          : sql``
      }) f`
}
