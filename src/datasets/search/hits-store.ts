import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Caller } from '#src/access/caller.ts'
import type { Database, Tx } from '#src/database/change.ts'
import { type FacetName, facetNumber, facetStep } from './facets.ts'
import type { Question } from './read-question.ts'
import { type ItemType, itemTypes, type SearchAsk, type SearchKey } from './search-ask.ts'

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
  /** Whether the counts of facets, but for that of collections, are reckoned from some of the hits. */
  readonly reckoned: boolean
}

export interface FindAsk extends SearchAsk {
  readonly read: Question
  readonly narrowed: readonly Question[]
  readonly sort: 'relevance' | 'name' | 'date'
  readonly order: 'asc' | 'desc'
}

/** Hits of which facets are counted one by one; of more, some are looked at, picked evenly, and the rest is reckoned. */
const mostCounted = 10_000
const picked = 3000

/** One question to the database: the page, the counts and the facets, of what the caller may see. */
export async function findHits(db: Database | Tx, caller: Caller, ask: FindAsk): Promise<FoundRows> {
  const { found, picked } = isBroad(ask) ? broadly(caller, ask) : closely(caller, ask)
  const { rows } = await sql<FoundRows>`
    with ${found},
    size as materialized (
      select coalesce(sum(n), 0)::bigint as n from tally where type = any(${typesOf(ask)}::text[])),
    picked as materialized (${picked})
    select
      (select coalesce(json_agg(p ${pageOrder(ask, [sql`p.sorted_by`, sql`p.document`])}), '[]') from page p) as rows,
      (select coalesce(json_object_agg(type, n), '{}')
        from (select type, sum(n)::bigint as n from tally group by type) c) as counts,
      (${facetCounts(ask)}) as facets,
      (select n > ${mostCounted} from size) as reckoned`.execute(db)
  return rows[0]!
}

const typesOf = ({ types = itemTypes }: FindAsk): readonly ItemType[] => [...new Set(types)]

/** Nothing narrows: as good as all that there is will be found, so that looking at each of it would take long. */
const isBroad = ({ types, read, narrowed, below = [], filters = [], sort }: FindAsk): boolean =>
  types?.length !== 0 &&
  sort !== 'relevance' &&
  [read, ...narrowed].every(({ match }) => match === null) &&
  below.length === 0 &&
  filters.length === 0

/** Tables that both ways to find make. */
interface Ways {
  /** `page`, and `tally`: how many of which type in which collection. */
  readonly found: RawBuilder<unknown>
  /** `terms` of the hits of which facets are counted; it knows the `size` of all. */
  readonly picked: RawBuilder<unknown>
}

/** Brings together all hits, of which everything else is made. */
const closely = (caller: Caller, ask: FindAsk): Ways => ({
  found: sql`
    hits as materialized (
      select i.id, i.type, i.subject_id, i.collection_id, i.released, ${sortKey(ask)} as sorted_by,
        ${ask.sort === 'relevance' ? sql`0` : score(ask.read)}::float8 as score
      from search_items i
      where ${all(conditions(caller, ask))}),
    wanted as not materialized (select * from hits where type = any(${typesOf(ask)}::text[])),
    page as (
      select id as document, type, subject_id as id, released, sorted_by,
        ${ask.sort === 'relevance' ? sql`sorted_by` : sql`score`} as score
      from wanted
      where ${ask.after ? afterKey(ask, [sql`sorted_by`, sql`id`], keyOf(ask, ask.after)) : sql`true`}
      ${pageOrder(ask, [sql`sorted_by`, sql`id`])} limit ${ask.limit + 1} offset ${offsetOf(ask)}),
    tally as materialized (
      select type, collection_id, count(*) as n from hits group by type, collection_id)`,
  picked: sql`
    with picking as materialized (
      select case when n > ${mostCounted} then ceil(n::numeric / ${picked}) else 1 end::bigint as step from size)
    select i.terms from search_items i
    where i.id in (
      select id from wanted where (select step from picking) = 1 or hashint8(id) % (select step from picking) = 0)`,
})

/** Takes the page, the counts and what facets are counted of from indexes, type by type; the rest is not looked at. */
function broadly(caller: Caller, ask: FindAsk): Ways {
  const { sort, after, limit } = ask
  const types = typesOf(ask)
  const finds = mayFind(caller, false)
  const indexed = [sort === 'name' ? sql`i.sort_name` : sql`i.sort_date`, sql`i.id`] as const
  const key =
    after && sort === 'date' ? sql`timestamptz 'epoch' + ${Number(after[0])}::float8 * interval '1 millisecond'` : null
  const ofType = (type: ItemType) => sql`(
    select i.id as document, i.type, i.subject_id as id, i.released, ${sortKey(ask)} as sorted_by, 0::float8 as score
    from search_items i
    where i.type = ${sql.lit(type)} and ${finds}
      and ${after ? afterKey(ask, indexed, [key ?? sql`${String(after[0])}::text`, after[1]]) : sql`true`}
    ${pageOrder(ask, indexed)} limit ${limit + 1 + offsetOf(ask)})`
  const terms = sql`select i.terms from search_items i where i.type = any(${types}::text[]) and ${finds}`
  return {
    found: sql`
      page as (
        select * from (${sql.join(types.map(ofType), sql` union all `)}) p
        ${pageOrder(ask, [sql`sorted_by`, sql`document`])} limit ${limit + 1} offset ${offsetOf(ask)}),
      tally as materialized (
        select type, collection_id, count(*) as n from search_items i
        where i.released and not i.superseded group by type, collection_id
        union all
        select type, collection_id, count(*) from search_items i
        where (i.superseded or not i.released) and ${finds} group by type, collection_id)`,
    picked: sql`
      ${terms} and (select n from size) <= ${mostCounted}
      union all (
        ${terms} and (select n from size) > ${mostCounted} order by hashint8(i.id) limit ${picked})`,
  }
}

const offsetOf = ({ after, offset = 0 }: FindAsk): number => (after ? 0 : offset)

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

type Columns = readonly [by: RawBuilder<unknown>, id: RawBuilder<unknown>]
type Key = readonly [by: RawBuilder<unknown>, document: string]

const pageOrder = ({ order }: FindAsk, [by, id]: Columns) =>
  order === 'asc' ? sql`order by ${by}, ${id}` : sql`order by ${by} desc, ${id} desc`

const keyOf = ({ sort }: FindAsk, [key, document]: SearchKey): Key => [
  sort === 'name' ? sql`${String(key)}::text` : sql`${Number(key)}::float8`,
  document,
]

const afterKey = ({ order }: FindAsk, [by, id]: Columns, [key, document]: Key): RawBuilder<SqlBool> =>
  order === 'asc'
    ? sql`(${by}, ${id}) > (${key}, ${document}::bigint)`
    : sql`(${by}, ${id}) < (${key}, ${document}::bigint)`

function facetCounts({ facets = [], facetValues = 10, ...ask }: FindAsk) {
  if (facets.length === 0) return sql`'[]'::json`
  const terms = facets.filter((facet) => facet !== 'collection').map(facetNumber)
  return sql`
    with scale as materialized (
      select case when n > ${mostCounted} then n::float8 / greatest((select count(*) from picked), 1) else 1 end as factor
      from size),
    counted as (
      select term / ${facetStep} as facet, term, round(count(*) * (select factor from scale))::bigint as n
      from (select unnest(terms) as term from picked) t
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
        from (
          select collection_id, sum(n)::bigint as n from tally
          where type = any(${typesOf(ask)}::text[]) group by collection_id) w
        join collections c on c.id = w.collection_id order by w.n desc, c.alias limit ${facetValues})`
          : sql``
      }) f`
}
