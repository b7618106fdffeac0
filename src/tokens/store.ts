import { type SqlBool, sql } from 'kysely'
import type pg from 'pg'
import type { Role } from '#src/access/permissions.ts'
import type { Database, Tx } from '#src/database/change.ts'
import type { Slot, TokenSort, TokenState } from './contract.ts'
import type { Sealed } from './peppers.ts'

/** A token with what is known of its account and its use. */
export interface TokenRow {
  readonly id: string
  readonly account_id: string
  readonly account_name: string
  readonly account_kind: 'person' | 'service'
  readonly account_state: 'active' | 'disabled'
  readonly account_role: Role
  readonly name: string
  readonly description: string
  readonly grants: readonly string[]
  readonly slot: Slot | null
  readonly created_at: Date
  readonly not_before: Date | null
  readonly expires_at: Date
  readonly closes_at: Date | null
  readonly revoked_at: Date | null
  readonly revoked_reason: string | null
  readonly predecessor_id: string | null
  readonly successor_id: string | null
  readonly issued_with: string | null
  readonly issued_by_name: string | null
  readonly last_used_at: Date | null
  readonly last_used_address: string | null
  readonly last_used_client: string | null
}

const selectTokens = sql`
  select t.id, t.account_id, a.user_name as account_name, a.kind as account_kind, a.state as account_state,
    a.role as account_role, t.name, t.description, t.grants, t.slot, t.created_at, t.not_before, t.expires_at, t.closes_at,
    t.revoked_at, t.revoked_reason, t.predecessor_id, t.issued_with, i.user_name as issued_by_name,
    (select s.id from tokens s where s.predecessor_id = t.id order by s.created_at desc limit 1) as successor_id,
    u.at as last_used_at, u.address as last_used_address, u.client as last_used_client
  from tokens t join accounts a on a.id = t.account_id
    left join accounts i on i.id = t.issued_by
    left join token_last_uses u on u.token_id = t.id`

export async function findToken(db: Database, id: string): Promise<TokenRow | null> {
  const { rows } = await sql<TokenRow>`${selectTokens} where t.id = ${id}`.execute(db)
  return rows[0] ?? null
}

/** The same, held against other changes until the transaction ends. */
export async function lockToken(tx: Tx, id: string): Promise<TokenRow | null> {
  await sql`select from tokens where id = ${id} for update`.execute(tx)
  return findToken(tx, id)
}

/** The account's token in a slot, even an expired one; held until the transaction ends. */
export async function lockSlot(tx: Tx, accountId: string, slot: Slot): Promise<TokenRow | null> {
  const { rows } = await sql<{ id: string }>`
    select id from tokens where account_id = ${accountId} and slot = ${slot} and revoked_at is null and closes_at is null
    for update`.execute(tx)
  return rows[0] ? findToken(tx, rows[0].id) : null
}

export async function findSlot(db: Database, accountId: string, slot: Slot): Promise<TokenRow | null> {
  const { rows } = await sql<TokenRow>`
    ${selectTokens} where t.account_id = ${accountId} and t.slot = ${slot} and t.revoked_at is null and t.closes_at is null`.execute(
    db,
  )
  return rows[0] ?? null
}

export interface TokenFilter {
  readonly accountId?: string | undefined
  readonly accountName?: string | undefined
  readonly kind?: TokenRow['account_kind'] | undefined
  readonly state?: TokenState | undefined
  /** Whether it is neither revoked nor past its end (`isAlive` says the same of a row). */
  readonly live?: boolean | undefined
  /** Was given this permission on whatever resource; or, when it names one, on that or on all. */
  readonly permission?: string | undefined
  /** Part of the name, the description, the user name or the public id. */
  readonly search?: string | undefined
  readonly expiresBefore?: Date | undefined
  /** Not used since; never used counts from when it was made. */
  readonly unusedSince?: Date | undefined
  readonly issuedBefore?: Date | undefined
  readonly ids?: readonly string[] | undefined
}

const isPastItsEnd = (now: Date) => sql<SqlBool>`least(t.expires_at, coalesce(t.closes_at, t.expires_at)) <= ${now}`

/** What holds of a token now; written once, for filters and counts alike (`stateOf` says the same of a row). */
const stateIs = (state: TokenState, now: Date) => {
  const dead = isPastItsEnd(now)
  const rules: Record<TokenState, ReturnType<typeof sql<SqlBool>>> = {
    revoked: sql`t.revoked_at is not null`,
    expired: sql`t.revoked_at is null and ${dead}`,
    suspended: sql`t.revoked_at is null and not ${dead} and a.state <> 'active'`,
    pending: sql`t.revoked_at is null and not ${dead} and a.state = 'active' and t.not_before > ${now}`,
    closing: sql`t.revoked_at is null and not ${dead} and a.state = 'active' and coalesce(t.not_before <= ${now}, true)
      and t.closes_at is not null`,
    active: sql`t.revoked_at is null and not ${dead} and a.state = 'active' and coalesce(t.not_before <= ${now}, true)
      and t.closes_at is null`,
  }
  return rules[state]
}

function wasGiven(text: string) {
  const [noun = '', verb = '', ...resource] = text.split(':')
  const permission = `${noun}:${verb}`
  return resource.length === 0
    ? sql<SqlBool>`exists (select from unnest(t.grants) as g where g = ${permission} or starts_with(g, ${`${permission}:`}))`
    : sql<SqlBool>`t.grants && ${[permission, text]}::text[]`
}

function whereOf(filter: TokenFilter, now: Date) {
  const { accountId, accountName, kind, state, live, permission, search } = filter
  const { expiresBefore, unusedSince, issuedBefore, ids } = filter
  const part = search === undefined ? null : `%${search.replace(/[\\%_]/g, '\\$&')}%`
  return sql<SqlBool>`true
    ${accountId === undefined ? sql`` : sql`and t.account_id = ${accountId}`}
    ${accountName === undefined ? sql`` : sql`and lower(a.user_name) = lower(${accountName})`}
    ${kind === undefined ? sql`` : sql`and a.kind = ${kind}`}
    ${state === undefined ? sql`` : sql`and ${stateIs(state, now)}`}
    ${live === undefined ? sql`` : sql`and (t.revoked_at is null and not ${isPastItsEnd(now)}) = ${live}`}
    ${permission === undefined ? sql`` : sql`and ${wasGiven(permission)}`}
    ${part === null ? sql`` : sql`and (t.name ilike ${part} or t.description ilike ${part} or a.user_name ilike ${part} or t.id = ${search})`}
    ${expiresBefore === undefined ? sql`` : sql`and t.expires_at < ${expiresBefore}`}
    ${unusedSince === undefined ? sql`` : sql`and coalesce(u.at, t.created_at) < ${unusedSince}`}
    ${issuedBefore === undefined ? sql`` : sql`and t.created_at < ${issuedBefore}`}
    ${ids === undefined ? sql`` : sql`and t.id = any(${ids}::text[])`}`
}

export interface TokenPage {
  readonly now: Date
  readonly limit: number
  /** Default: newest first. */
  readonly sort?: TokenSort
  /** The last one seen: what it is sorted by (null: never used), and its id. */
  readonly after: { readonly key: Date | string | null; readonly id: string } | null
}

const sortedBy = {
  created: sql`t.created_at`,
  expires: sql`t.expires_at`,
  last_used: sql`u.at`,
  name: sql`lower(t.name)`,
}

/** Tokens in the order asked for, beyond `after`; same keys by id, never used ones last. */
export async function findTokens(db: Database, filter: TokenFilter, page: TokenPage): Promise<TokenRow[]> {
  const { sort = '-created', after } = page
  const falling = sort.startsWith('-')
  const by = sort.replace('-', '') as keyof typeof sortedBy
  const key = sortedBy[by]
  const way = falling ? sql`desc` : sql`asc`
  const than = falling ? sql`<` : sql`>`
  const given = by === 'name' ? sql`lower(${after?.key}::text)` : sql`${after?.key}::timestamptz`
  const further = sql`(${key}, t.id) ${than} (${given}, ${after?.id})`
  const beyond =
    after === null
      ? sql`true`
      : after.key === null
        ? sql`${key} is null and t.id ${than} ${after.id}`
        : by === 'last_used'
          ? sql`(${further} or ${key} is null)`
          : further
  const { rows } = await sql<TokenRow>`
    ${selectTokens} where ${whereOf(filter, page.now)} and ${beyond}
    order by ${key} ${way} nulls last, t.id ${way} limit ${page.limit}`.execute(db)
  return rows
}

export async function countTokens(db: Database, filter: TokenFilter, now: Date): Promise<number> {
  const { rows } = await sql<{ total: number }>`
    select count(*) as total from tokens t join accounts a on a.id = t.account_id
      left join token_last_uses u on u.token_id = t.id
    where ${whereOf(filter, now)}`.execute(db)
  return rows[0]?.total ?? 0
}

/** The tokens that a filter finds and that are not revoked, held in one order until the transaction ends. */
export async function lockTokens(
  tx: Tx,
  filter: TokenFilter,
  now: Date,
): Promise<{ id: string; name: string; account_name: string }[]> {
  const { rows } = await sql<{ id: string; name: string; account_name: string }>`
    select t.id, t.name, a.user_name as account_name
    from tokens t join accounts a on a.id = t.account_id left join token_last_uses u on u.token_id = t.id
    where t.revoked_at is null and ${whereOf(filter, now)} order by t.id for update of t`.execute(tx)
  return rows
}

/** Tokens that were made with one of these, directly or through others that were. */
export async function findMadeWith(db: Database, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with recursive made as (
      select id from tokens where issued_with = any(${ids}::text[])
      union select t.id from tokens t join made on t.issued_with = made.id
    ) select id from made`.execute(db)
  return rows.map((row) => row.id)
}

export interface NewToken {
  readonly id: string
  readonly account_id: string
  readonly name: string
  readonly description: string
  readonly grants: readonly string[]
  readonly slot: Slot | null
  readonly sealed: Sealed
  readonly created_at: Date
  readonly not_before: Date | null
  readonly expires_at: Date
  readonly predecessor_id: string | null
  readonly issued_by: string | null
  readonly issued_with: string | null
}

/** False when the account's slot is taken. */
export async function insertToken(tx: Tx, { sealed, grants, ...values }: NewToken): Promise<boolean> {
  const row = await tx
    .insertInto('tokens')
    .values({ ...values, grants: [...grants], secret_hash: sealed.hash, pepper: sealed.pepper })
    .onConflict((conflict) =>
      conflict
        .columns(['account_id', 'slot'])
        .where(sql<SqlBool>`slot is not null and revoked_at is null and closes_at is null`)
        .doNothing(),
    )
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

export async function updateToken(
  tx: Tx,
  id: string,
  values: { name?: string; description?: string; grants?: string[]; expires_at?: Date; closes_at?: Date },
): Promise<void> {
  await tx.updateTable('tokens').set(values).where('id', '=', id).execute()
}

/** Ids of those that were not revoked before. */
export async function markRevoked(tx: Tx, ids: readonly string[], reason: string, now: Date): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    update tokens set revoked_at = ${now}, revoked_reason = ${reason}
    where id = any(${ids}::text[]) and revoked_at is null returning id`.execute(tx)
  return rows.map((row) => row.id)
}

// — Accounts, as far as tokens must know them

export interface Holder {
  readonly id: string
  readonly user_name: string
  readonly kind: 'person' | 'service'
  readonly role: Role
  readonly state: 'active' | 'disabled'
}

/** Held against a change of role or state, so that a token cannot slip in beside it. */
export async function lockHolder(tx: Tx, by: { id: string } | { name: string }): Promise<Holder | null> {
  const { rows } = await sql<Holder>`
    select id, user_name, kind, role, state from accounts
    where ${'id' in by ? sql`id = ${by.id}` : sql`lower(user_name) = lower(${by.name})`} for share`.execute(tx)
  return rows[0] ?? null
}

// — Verification

/** Everything that decides whether a token is good, in one look. */
export interface Evidence {
  readonly id: string
  readonly account_id: string
  readonly user_name: string
  readonly role: Role
  readonly state: 'active' | 'disabled'
  readonly grants: readonly string[]
  readonly secret_hash: Buffer
  readonly pepper: number
  readonly not_before: Date | null
  readonly expires_at: Date
  readonly closes_at: Date | null
  readonly revoked_at: Date | null
}

/** One named statement for any number of ids. */
export async function findEvidence(pool: pg.Pool, ids: readonly string[]): Promise<Evidence[]> {
  const { rows } = await pool.query<Evidence>({
    name: 'token_evidence',
    text: `select t.id, t.account_id, a.user_name, a.role, a.state, t.grants, t.secret_hash, t.pepper,
             t.not_before, t.expires_at, t.closes_at, t.revoked_at
           from tokens t join accounts a on a.id = t.account_id where t.id = any($1::text[])`,
    values: [ids],
  })
  return rows
}

export async function findSealed(db: Database, ids: readonly string[]): Promise<Map<string, Sealed>> {
  const rows = await db.selectFrom('tokens').select(['id', 'pepper', 'secret_hash']).where('id', 'in', ids).execute()
  return new Map(rows.map((row) => [row.id, { pepper: row.pepper, hash: row.secret_hash }]))
}

// — Uses

/** How many pairs of address and client are told apart for a token and day; further ones are added together. */
export const mostSources = 20

/** What one address and client used a token. */
export interface UseCount {
  readonly tokenId: string
  /** YYYY-MM-DD, UTC. */
  readonly day: string
  readonly uses: number
  readonly firstAt: Date
  readonly at: Date
  readonly address: string
  readonly client: string | null
  readonly shortClient: string
  /** Uses of several, of which these are the latest address and client. */
  readonly other: boolean
}

/**
 * Adds up what was counted in memory: one statement however many tokens, rows always in one order. Processes that meet
 * a token’s new sources at the same moment may keep a few more than the most.
 */
export async function addUses(db: Database, counts: readonly UseCount[]): Promise<void> {
  const column = <K extends keyof UseCount>(key: K) => counts.map((count) => count[key])
  await sql`
    with counted as materialized (
      select * from unnest(${column('tokenId')}::text[], ${column('day')}::date[], ${column('uses')}::bigint[],
        ${column('firstAt')}::timestamptz[], ${column('at')}::timestamptz[], ${column('address')}::text[],
        ${column('client')}::text[], ${column('shortClient')}::text[], ${column('other')}::boolean[])
        as c (token_id, day, uses, first_at, at, address, client, short_client, other)
    ), sources as (
      select token_id, day, case when other then '' else address end as address,
        case when other then '' else short_client end as client,
        sum(uses) as uses, min(first_at) as first_at, max(at) as last_at
      from counted group by 1, 2, 3, 4
    ), ranked as (
      select n.*, k.token_id is not null as known,
        row_number() over (partition by n.token_id, n.day, k.token_id is null order by n.first_at) as nth,
        case when k.token_id is null then (
          select count(*) from token_sources s where s.token_id = n.token_id and s.day = n.day and s.address <> ''
        ) end as kept
      from sources n left join token_sources k using (token_id, day, address, client)
    ), placed as (
      select token_id, day, case when fits then address else '' end as address,
        case when fits then client else '' end as client, uses, first_at, last_at
      from (select *, known or nth + kept <= ${mostSources} as fits from ranked) as r
    ), told as (
      insert into token_sources as told (token_id, day, address, client, uses, first_at, last_at)
      select token_id, day, address, client, sum(uses), min(first_at), max(last_at)
      from placed group by 1, 2, 3, 4 order by 1, 2, 3, 4
      on conflict (token_id, day, address, client) do update set uses = told.uses + excluded.uses,
        first_at = least(told.first_at, excluded.first_at), last_at = greatest(told.last_at, excluded.last_at)
    ), days as (
      insert into token_days (token_id, day, uses)
      select token_id, day, sum(uses) from counted group by token_id, day order by token_id, day
      on conflict (token_id, day) do update set uses = token_days.uses + excluded.uses
    )
    insert into token_last_uses as last (token_id, at, address, client)
    select distinct on (token_id) token_id, at, address, client from counted order by token_id, at desc
    on conflict (token_id) do update set at = excluded.at, address = excluded.address, client = excluded.client
    where last.at <= excluded.at`.execute(db)
}

/** Uses of these tokens per day from `since` (YYYY-MM-DD), days without any left out. */
export async function findDays(
  db: Database,
  ids: readonly string[],
  since: string,
): Promise<{ token_id: string; day: string; uses: number }[]> {
  if (ids.length === 0) return []
  return db
    .selectFrom('token_days')
    .select(['token_id', 'day', 'uses'])
    .where('token_id', 'in', ids)
    .where('day', '>=', since)
    .execute()
}

/** From where a token was used; both null: all further ones of that day together. */
export interface SourceUses {
  readonly day: string
  readonly address: string | null
  readonly client: string | null
  readonly uses: number
  readonly first_at: Date
  readonly last_at: Date
}

/** From where a token was used from `since` (YYYY-MM-DD) on, newest first. */
export async function findSources(db: Database, id: string, since: string): Promise<SourceUses[]> {
  const { rows } = await sql<SourceUses>`
    select day, nullif(address, '') as address, nullif(client, '') as client, uses, first_at, last_at
    from token_sources where token_id = ${id} and day >= ${since}
    order by day desc, last_at desc, address, client`.execute(db)
  return rows
}

/** Forgets from where tokens were used before a day; how often they were stays. */
export async function deleteSources(db: Database, before: string): Promise<void> {
  await db.deleteFrom('token_sources').where('day', '<', before).execute()
}

// — Terms of use

/** When the account accepted this version; null when it has not. */
export async function findAcceptance(db: Database, accountId: string, version: string): Promise<Date | null> {
  const row = await db
    .selectFrom('token_terms_acceptances')
    .select('accepted_at')
    .where('account_id', '=', accountId)
    .where('version', '=', version)
    .executeTakeFirst()
  return row?.accepted_at ?? null
}

/** False when it had before. */
export async function insertAcceptance(
  tx: Tx,
  { accountId, version, now }: { accountId: string; version: string; now: Date },
): Promise<boolean> {
  const row = await tx
    .insertInto('token_terms_acceptances')
    .values({ account_id: accountId, version, accepted_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .returning('version')
    .executeTakeFirst()
  return row !== undefined
}

// — Peppers

/** The same secret under a newer pepper, unless it has been sealed anew already. */
export async function reseal(db: Database, id: string, from: number, to: Sealed): Promise<void> {
  await sql`update tokens set secret_hash = ${to.hash}, pepper = ${to.pepper} where id = ${id} and pepper = ${from}`.execute(
    db,
  )
}

/** How many secrets that may still be used are sealed under each pepper. */
export async function countPeppers(db: Database, now: Date): Promise<{ pepper: number; secrets: number }[]> {
  const { rows } = await sql<{ pepper: number; secrets: number }>`
    select pepper, sum(secrets)::bigint as secrets from (
      select pepper, count(*) as secrets from tokens where revoked_at is null and expires_at > ${now} group by pepper
      union all select pepper, count(*) from token_feeds group by pepper) as counts
    group by pepper order by pepper`.execute(db)
  return rows
}

/** One rotation at a time, whichever process asks. */
export async function lockPeppers(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('tessera token peppers', 0))`.execute(tx)
}

// — Notices and calendars

export interface ExpiringToken {
  readonly id: string
  readonly name: string
  readonly account_name: string
  readonly account_kind: TokenRow['account_kind']
  readonly created_at: Date
  readonly expires_at: Date
  readonly last_used_at: Date | null
  /** The account's address; a service account's owner's. */
  readonly email: string | null
}

/** Tokens that work, are not being replaced, and expire before `until`. */
export async function findExpiring(db: Database, now: Date, until: Date): Promise<ExpiringToken[]> {
  const { rows } = await sql<ExpiringToken>`
    select t.id, t.name, a.user_name as account_name, a.kind as account_kind, t.created_at, t.expires_at, u.at as last_used_at,
      coalesce(a.email, o.email) as email
    from tokens t join accounts a on a.id = t.account_id left join accounts o on o.id = a.owner_id
      left join token_last_uses u on u.token_id = t.id
    where t.revoked_at is null and t.closes_at is null and a.state = 'active'
      and t.expires_at > ${now} and t.expires_at <= ${until}
    order by t.id`.execute(db)
  return rows
}

/** Notes that these notices have gone out. False when the most urgent one had before. */
export async function takeNotices(tx: Tx, id: string, days: readonly number[], now: Date): Promise<boolean> {
  const { rows } = await sql<{ days: number }>`
    insert into token_notices (token_id, days, sent_at) select ${id}, days, ${now} from unnest(${days}::int[]) as days
    on conflict do nothing returning days`.execute(tx)
  return rows.some((row) => row.days === Math.min(...days))
}

/** Where mail about an account's tokens goes. */
export async function findMailAddress(db: Database, accountId: string): Promise<string | null> {
  const { rows } = await sql<{ email: string | null }>`
    select coalesce(a.email, o.email) as email from accounts a left join accounts o on o.id = a.owner_id
    where a.id = ${accountId}`.execute(db)
  return rows[0]?.email ?? null
}

export interface Feed {
  readonly id: string
  readonly account_id: string
  readonly account_name: string
  readonly created_at: Date
  readonly secret_hash: Buffer
  readonly pepper: number
}

/** By its own id, or the account's; an account that is disabled has none. */
export async function findFeed(db: Database, by: { id: string } | { accountId: string }): Promise<Feed | null> {
  const { rows } = await sql<Feed>`
    select f.id, f.account_id, a.user_name as account_name, f.created_at, f.secret_hash, f.pepper
    from token_feeds f join accounts a on a.id = f.account_id
    where a.state = 'active' and ${'id' in by ? sql`f.id = ${by.id}` : sql`f.account_id = ${by.accountId}`}`.execute(db)
  return rows[0] ?? null
}

export async function putFeed(
  tx: Tx,
  feed: { id: string; accountId: string; sealed: Sealed; now: Date },
): Promise<void> {
  const { id, accountId, sealed, now } = feed
  await sql`
    insert into token_feeds (account_id, id, secret_hash, pepper, created_at)
    values (${accountId}, ${id}, ${sealed.hash}, ${sealed.pepper}, ${now})
    on conflict (account_id) do update
    set id = excluded.id, secret_hash = excluded.secret_hash, pepper = excluded.pepper, created_at = excluded.created_at`.execute(
    tx,
  )
}

/** Whether there was one. */
export async function deleteFeed(tx: Tx, accountId: string): Promise<boolean> {
  const gone = await tx.deleteFrom('token_feeds').where('account_id', '=', accountId).executeTakeFirst()
  return gone.numDeletedRows > 0n
}
