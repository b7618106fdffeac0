import { sql } from 'kysely'
import type { Database, Tx } from '#src/database/change.ts'

/** What is told of them outside has changed just now. */
export async function markTold(tx: Tx, datasetIds: readonly number[], at: Date): Promise<void> {
  await sql`update datasets set told_at = ${at} where id = any(${[...datasetIds]}::bigint[])`.execute(tx)
}

/** Those in a collection or below of which harvesters know, held against other changes until the transaction ends. */
export async function holdTold(tx: Tx, collectionId: number): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select d.id from datasets d join collections c on c.id = d.collection_id
    where d.told_at is not null and c.path @> array[${collectionId}::bigint]
    order by d.id for no key update of d`.execute(tx)
  return rows.map(({ id }) => id)
}

export interface ToldRow {
  readonly id: number
  readonly pid: string
  readonly at: Date
  readonly deleted: boolean
  /** Aliases from the collection below the root down to its own. */
  readonly sets: readonly string[]
}

const columns = sql`
  d.id, d.pid, d.told_at as at,
  not exists (select from dataset_versions v where v.dataset_id = d.id and v.state = 'released') as deleted,
  array(select a.alias from collections a where a.id = any (c.path) and a.id <> 1 order by array_position(c.path, a.id)) as sets`

export async function listTold(
  db: Database,
  {
    from,
    until,
    set,
    after,
    limit,
  }: {
    from: Date | null
    until: Date | null
    set: string | null
    after: { at: Date; id: number } | null
    limit: number
  },
): Promise<ToldRow[]> {
  const { rows } = await sql<ToldRow>`
    select ${columns} from datasets d join collections c on c.id = d.collection_id
    where d.told_at is not null
      ${from ? sql`and d.told_at >= ${from}` : sql``}
      ${until ? sql`and d.told_at <= ${until}` : sql``}
      ${after ? sql`and (d.told_at, d.id) > (${after.at}, ${after.id})` : sql``}
      ${
        set === null
          ? sql``
          : sql`and c.path @> array(select s.id from collections s where lower(s.alias) = lower(${set}) and s.published_at is not null)
        and exists (select from collections s where lower(s.alias) = lower(${set}) and s.published_at is not null)`
      }
    order by d.told_at, d.id limit ${limit}`.execute(db)
  return rows
}

export async function findTold(db: Database, pid: string): Promise<ToldRow | null> {
  const { rows } = await sql<ToldRow>`
    select ${columns} from datasets d join collections c on c.id = d.collection_id
    where lower(d.pid) = lower(${pid}) and d.told_at is not null`.execute(db)
  return rows[0] ?? null
}

/** When anything was told first; null when nothing was. */
export async function firstTold(db: Database): Promise<Date | null> {
  const { rows } = await sql<{ at: Date | null }>`select min(told_at) as at from datasets`.execute(db)
  return rows[0]?.at ?? null
}

/** Collections that hold something published, here or below. */
export async function listSets(db: Database): Promise<{ alias: string; name: string; description: string }[]> {
  const { rows } = await sql<{ alias: string; name: string; description: string }>`
    select alias, name, description from collections where id <> 1 and published_at is not null order by lower(name), id`.execute(
    db,
  )
  return rows
}

/** Pages of the repository that anybody may read, by their ids: what a sitemap lists. */
export async function listPages(
  db: Database,
  after: number,
  limit: number,
): Promise<{ id: number; pid: string; at: Date }[]> {
  const { rows } = await sql<{ id: number; pid: string; at: Date }>`
    select d.id, d.pid, d.told_at as at from datasets d
    where d.told_at is not null and d.id > ${after}
      and exists (select from dataset_versions v where v.dataset_id = d.id and v.state = 'released')
    order by d.id limit ${limit}`.execute(db)
  return rows
}

/** Where each part of such a list begins, and when anything in it last changed. */
export async function listParts(db: Database, size: number): Promise<{ after: number; at: Date }[]> {
  const { rows } = await sql<{ after: number; at: Date }>`
    select min(id) - 1 as after, max(at) as at from (
      select d.id, d.told_at as at, (row_number() over (order by d.id) - 1) / ${size}::int as part from datasets d
      where d.told_at is not null
        and exists (select from dataset_versions v where v.dataset_id = d.id and v.state = 'released')
    ) pages group by part order by part`.execute(db)
  return rows
}
