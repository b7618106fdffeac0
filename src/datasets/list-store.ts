import { sql } from 'kysely'
import type { Database } from '#src/database/change.ts'
import { seesDataset, seesDrafts } from './collections/store.ts'
import type { Pid } from './pid.ts'
import type { Visitor } from './visitor.ts'
import type { LockType, VersionState } from './words.ts'

export interface DatasetSummaryRow extends Pid {
  readonly id: number
  readonly pid: string
  readonly title: string
  readonly state: VersionState
  readonly major: number | null
  readonly minor: number | null
  readonly collection: { readonly id: number; readonly alias: string; readonly name: string }
  readonly created_at: Date
  readonly created_by: string | null
  /** As far as the visitor may know of it. */
  readonly updated_at: Date
  /** What they are ordered by. */
  readonly changed_at: Date
  readonly published_at: Date | null
  readonly locks: readonly LockType[]
}

export async function findDatasets(
  db: Database,
  visitor: Visitor,
  {
    mine,
    state,
    inReview,
    within,
  }: {
    mine?: boolean | undefined
    state?: VersionState | undefined
    inReview?: boolean | undefined
    within: number | null
  },
  page: { readonly after: readonly [updated: string, id: number] | null; readonly limit: number },
): Promise<DatasetSummaryRow[]> {
  const me = visitor.caller.accountId
  const { rows } = await sql<DatasetSummaryRow>`
    select d.id, d.pid, d.protocol, d.authority, d.separator, d.identifier, v.title, v.state, v.major, v.minor,
      json_build_object('id', c.id, 'alias', c.alias, 'name', c.name) as collection,
      d.created_at, (select a.user_name from accounts a where a.id = d.created_by) as created_by,
      case when ${seesDrafts(visitor)} then d.updated_at else coalesce(d.told_at, d.published_at, d.updated_at) end as updated_at,
      d.updated_at as changed_at, d.published_at,
      array(select k.type from dataset_locks k where k.dataset_id = d.id
        and (k.type <> 'in_review' or ${seesDrafts(visitor)}) order by k.type) as locks
    from datasets d join collections c on c.id = d.collection_id
    cross join lateral (select v.title, v.state, v.major, v.minor from dataset_versions v
      where v.dataset_id = d.id and (v.state <> 'draft' or ${seesDrafts(visitor)})
      order by v.state = 'draft' desc, v.state = 'released' desc, v.major desc, v.minor desc limit 1) v
    where ${seesDataset(visitor)}
      ${within === null ? sql`` : sql`and c.path @> array[${within}::bigint]`}
      ${
        mine
          ? sql`and (d.created_by = ${me} or exists (select from role_assignments a
              where a.dataset_id = d.id and a.account_id = ${me}))`
          : sql``
      }
      ${state === undefined ? sql`` : sql`and v.state = ${state}`}
      ${
        inReview
          ? sql`and ${seesDrafts(visitor)}
        and exists (select from dataset_locks k where k.dataset_id = d.id and k.type = 'in_review')`
          : sql``
      }
      ${page.after === null ? sql`` : sql`and (d.updated_at, d.id) < (${page.after[0]}::timestamptz, ${page.after[1]})`}
    order by d.updated_at desc, d.id desc limit ${page.limit}`.execute(db)
  return rows
}
