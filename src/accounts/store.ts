import { type Selectable, sql, type Updateable } from 'kysely'
import type { Role } from '#src/access/permissions.ts'
import type { Database, Tx } from '#src/database/change.ts'
import type { Accounts, Sessions } from '#src/database/tables.ts'

type AccountRow = Selectable<Accounts>

/** An account as this room knows it. The hash of its password is asked for apart. */
export interface Account extends Omit<AccountRow, 'kind' | 'role' | 'state' | 'password_hash'> {
  readonly kind: 'person' | 'service'
  readonly role: Role
  readonly state: 'active' | 'disabled'
  readonly has_password: boolean
  readonly owner_name: string | null
}

const accountsOf = (db: Database) =>
  db
    .selectFrom('accounts as a')
    .leftJoin('accounts as owner', 'owner.id', 'a.owner_id')
    .select([
      'a.id',
      'a.user_name',
      'a.display_name',
      'a.first_name',
      'a.last_name',
      'a.email',
      'a.owner_id',
      'a.password_changed_at',
      'a.last_signed_in_at',
      'a.created_at',
      'a.updated_at',
      'a.disabled_at',
      'owner.user_name as owner_name',
    ])
    .select([sql<Account['kind']>`a.kind`.as('kind'), sql<Role>`a.role`.as('role')])
    .select([sql<Account['state']>`a.state`.as('state'), sql<boolean>`a.password_hash is not null`.as('has_password')])

export async function findAccount(db: Database, id: string): Promise<Account | null> {
  return (await accountsOf(db).where('a.id', '=', id).executeTakeFirst()) ?? null
}

export async function findAccountByName(db: Database, userName: string): Promise<Account | null> {
  const found = accountsOf(db).where(sql`lower(a.user_name)`, '=', sql`lower(${userName})`)
  return (await found.executeTakeFirst()) ?? null
}

/** The same, held against other changes until the transaction ends. */
export async function lockAccount(tx: Tx, id: string): Promise<Account | null> {
  await tx.selectFrom('accounts').select('id').where('id', '=', id).forUpdate().execute()
  return findAccount(tx, id)
}

export interface AccountFilter {
  /** Part of a user name, display name or e-mail address. */
  readonly search?: string | undefined
  readonly kind?: string | undefined
  readonly role?: string | undefined
  readonly state?: string | undefined
}

/** Accounts by user name, beyond `after`. */
export function findAccounts(
  db: Database,
  filter: AccountFilter,
  page: { after: string | null; limit: number },
): Promise<Account[]> {
  let found = accountsOf(db)
  if (filter.kind !== undefined) found = found.where('a.kind', '=', filter.kind)
  if (filter.role !== undefined) found = found.where('a.role', '=', filter.role)
  if (filter.state !== undefined) found = found.where('a.state', '=', filter.state)
  if (filter.search !== undefined) {
    const part = `%${filter.search.replace(/[\\%_]/g, '\\$&')}%`
    found = found.where((or) =>
      or.or([or('a.user_name', 'ilike', part), or('a.display_name', 'ilike', part), or('a.email', 'ilike', part)]),
    )
  }
  if (page.after !== null) found = found.where(sql`lower(a.user_name)`, '>', sql`lower(${page.after})`)
  return found.orderBy(sql`lower(a.user_name)`).limit(page.limit).execute()
}

export const findAccountsByIds = (db: Database, ids: readonly string[]): Promise<Account[]> =>
  accountsOf(db).where(sql<boolean>`a.id = any(${ids}::uuid[])`).execute()

/** In any case. */
export const findAccountsByNames = (db: Database, userNames: readonly string[]): Promise<Account[]> =>
  accountsOf(db)
    .where(sql<boolean>`lower(a.user_name) = any(select lower(name) from unnest(${userNames}::text[]) name)`)
    .execute()

/** People who can sign in, by user name. */
export const findActivePeople = (
  db: Database,
  search: string | undefined,
  page: { after: string | null; limit: number },
): Promise<Account[]> => findAccounts(db, { search, kind: 'person', state: 'active' }, page)

export interface NewAccount {
  readonly user_name: string
  readonly kind: 'person' | 'service'
  readonly role: Role
  readonly display_name: string
  readonly first_name: string | null
  readonly last_name: string | null
  readonly email: string | null
  readonly owner_id: string | null
  readonly password_hash: string | null
  readonly created_at: Date
}

/** The new account's id; null when the user name is taken. */
export async function insertAccount(tx: Tx, account: NewAccount): Promise<string | null> {
  const { created_at } = account
  const row = await tx
    .insertInto('accounts')
    .values({
      ...account,
      updated_at: created_at,
      password_changed_at: account.password_hash === null ? null : created_at,
    })
    .onConflict((conflict) => conflict.expression(sql`lower(user_name)`).doNothing())
    .returning('id')
    .executeTakeFirst()
  return row?.id ?? null
}

export async function updateAccount(tx: Tx, id: string, values: Updateable<Accounts>): Promise<void> {
  await tx.updateTable('accounts').set(values).where('id', '=', id).execute()
}

/**
 * Everyone who administers and can sign in, held until the transaction ends: of two admins who demote each other at the
 * same moment the second waits, and then sees that nobody else is left.
 */
export async function lockAdmins(tx: Tx): Promise<string[]> {
  const rows = await tx
    .selectFrom('accounts')
    .select('id')
    .where('role', '=', 'admin')
    .where('state', '=', 'active')
    .where('kind', '=', 'person')
    .where('password_hash', 'is not', null)
    .orderBy('id')
    .forUpdate()
    .execute()
  return rows.map((row) => row.id)
}

/** Mail addresses of active administrators who have one. */
export async function findAdminAddresses(db: Database | Tx): Promise<string[]> {
  const rows = await db
    .selectFrom('accounts')
    .select('email')
    .where('role', '=', 'admin')
    .where('state', '=', 'active')
    .where('kind', '=', 'person')
    .where('email', 'is not', null)
    .orderBy('email')
    .execute()
  return rows.flatMap((row) => row.email ?? [])
}

export async function hasAccounts(db: Database): Promise<boolean> {
  const { rows } = await sql<{ any: boolean }>`select exists (select from accounts) as any`.execute(db)
  return rows[0]?.any === true
}

export interface SignInFacts {
  readonly id: string
  readonly user_name: string
  readonly role: Role
  readonly state: 'active' | 'disabled'
  readonly password_hash: string | null
  /** Whether the account has signed in from this browser, and from this address, before. */
  readonly device_known: boolean
  readonly address_known: boolean
}

/** One statement, whether or not the account exists: what it costs must not tell. */
export async function findForSignIn(
  db: Database,
  ask: { userName: string; device: Buffer | null; address: Buffer; knownSince: Date },
): Promise<SignInFacts | null> {
  const knows = (source: Buffer | null) => sql`exists (
    select from known_sources where account_id = a.id and source = ${source} and last_used_at > ${ask.knownSince})`
  const { rows } = await sql<SignInFacts>`
    select id, user_name, role, state, password_hash,
      ${knows(ask.device)} as device_known, ${knows(ask.address)} as address_known
    from accounts a where lower(user_name) = lower(${ask.userName})`.execute(db)
  return rows[0] ?? null
}

export async function findPasswordHash(db: Database, id: string): Promise<string | null> {
  const row = await db.selectFrom('accounts').select('password_hash').where('id', '=', id).executeTakeFirst()
  return row?.password_hash ?? null
}

/** The same password at today's cost, unless it was changed in the meantime. */
export async function replacePasswordHash(db: Database, id: string, from: string, to: string): Promise<void> {
  await db
    .updateTable('accounts')
    .set({ password_hash: to })
    .where('id', '=', id)
    .where('password_hash', '=', from)
    .execute()
}

/** False when the account was disabled, or its password changed, since the password was checked. */
export async function markSignedIn(tx: Tx, ask: { id: string; checkedHash: string; now: Date }): Promise<boolean> {
  const row = await tx
    .updateTable('accounts')
    .set({ last_signed_in_at: ask.now })
    .where('id', '=', ask.id)
    .where('state', '=', 'active')
    .where('password_hash', '=', ask.checkedHash)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

// — Where accounts have signed in from

const mostSources = 50

/** Remembers the sources; the ones used longest ago make room. */
export async function rememberSources(db: Database, id: string, sources: readonly Buffer[], now: Date): Promise<void> {
  await sql`
    insert into known_sources (account_id, source, last_used_at)
    select ${id}, source, ${now} from unnest(${sources}::bytea[]) as source
    on conflict (account_id, source) do update set last_used_at = excluded.last_used_at`.execute(db)
  await sql`
    delete from known_sources where account_id = ${id} and source in (
      select source from known_sources where account_id = ${id} order by last_used_at desc offset ${mostSources})`.execute(
    db,
  )
}

export async function isKnownSource(db: Database, source: Buffer): Promise<boolean> {
  const { rows } = await sql<{ any: boolean }>`
    select exists (select from known_sources where source = ${source}) as any`.execute(db)
  return rows[0]?.any === true
}

// — Attempts

/**
 * Counts an attempt before it is made, so that a thousand at once cannot slip through. From the attempt number `free` on,
 * each makes the next one wait: 1 s, 2 s, 4 s… up to `longest`. Returns null, or until when it must wait.
 */
export async function countAttempt(
  db: Database,
  ask: { key: Buffer; free: number; longestSeconds: number; now: Date; forgottenSince: Date },
): Promise<Date | null> {
  const { key, free, longestSeconds, now, forgottenSince } = ask
  const wait = sql`least(power(2, least(counted - ${free}, 20)), ${longestSeconds}) * interval '1 second'`
  const { rows } = await sql<{ admitted: boolean; until: Date | null }>`
    with before as (
      select attempts, last_attempt_at, blocked_until from sign_in_throttles where key = ${key}
    ), admitted as (
      insert into sign_in_throttles as t (key, attempts, last_attempt_at, blocked_until)
      values (${key}, 1, ${now}, case when 1 >= ${free} then ${now}::timestamptz + interval '1 second' end)
      on conflict (key) do update set
        attempts = case when t.last_attempt_at < ${forgottenSince} then 1 else t.attempts + 1 end,
        last_attempt_at = ${now},
        blocked_until = (
          select case when counted >= ${free} then ${now}::timestamptz + ${wait} end
          from (select case when t.last_attempt_at < ${forgottenSince} then 1 else t.attempts + 1 end as counted) as c)
      where t.blocked_until is null or t.blocked_until <= ${now}
      returning true
    )
    select exists (select from admitted) as admitted, (select blocked_until from before) as until`.execute(db)
  const row = rows[0]!
  // Of several attempts at the same instant one may see the block before it can read until when it holds.
  return row.admitted ? null : row.until && row.until > now ? row.until : new Date(now.getTime() + 1000)
}

/** The attempt was a good one: what is the account's own is forgotten, what is shared is counted back. */
export async function forgiveAttempts(db: Database, own: Buffer, shared: readonly Buffer[]): Promise<void> {
  await sql`
    with own as (delete from sign_in_throttles where key = ${own})
    update sign_in_throttles set attempts = greatest(attempts - 1, 0), blocked_until = null
    where key = any(${shared}::bytea[])`.execute(db)
}

// — Sessions

export type Session = Selectable<Sessions>

export async function insertSession(
  tx: Tx,
  session: Pick<Session, 'account_id' | 'secret_hash' | 'expires_at' | 'address' | 'client'> & { now: Date },
): Promise<string> {
  const { now, ...values } = session
  const row = await tx
    .insertInto('sessions')
    .values({ ...values, created_at: now, authenticated_at: now, last_seen_at: now })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

export interface LiveAt {
  readonly now: Date
  /** Sessions last seen before this have ended. */
  readonly idleSince: Date
}

export function findSessions(db: Database, accountId: string, { now, idleSince }: LiveAt): Promise<Session[]> {
  return db
    .selectFrom('sessions')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('expires_at', '>', now)
    .where('last_seen_at', '>', idleSince)
    .orderBy('last_seen_at', 'desc')
    .execute()
}

/** How many there were. */
export async function deleteSessions(
  tx: Tx,
  which: { accountId: string; id?: string; except?: string; secretHash?: Buffer },
): Promise<number> {
  let doomed = tx.deleteFrom('sessions').where('account_id', '=', which.accountId)
  if (which.id !== undefined) doomed = doomed.where('id', '=', which.id)
  if (which.except !== undefined) doomed = doomed.where('id', '!=', which.except)
  if (which.secretHash !== undefined) doomed = doomed.where('secret_hash', '=', which.secretHash)
  return Number((await doomed.executeTakeFirst()).numDeletedRows)
}

// — One-time links

export interface PasswordLink {
  readonly account_id: string
  readonly purpose: 'invitation' | 'reset'
  readonly expires_at: Date
}

/** Replaces the link that the account may have had. */
export async function putPasswordLink(
  tx: Tx,
  link: PasswordLink & { secret_hash: Buffer; created_at: Date },
): Promise<void> {
  const { account_id, ...values } = link
  await tx
    .insertInto('password_links')
    .values(link)
    .onConflict((conflict) => conflict.column('account_id').doUpdateSet(values))
    .execute()
}

export async function findPasswordLink(db: Database, secretHash: Buffer, now: Date): Promise<PasswordLink | null> {
  const { rows } = await sql<PasswordLink>`
    select account_id, purpose, expires_at from password_links
    where secret_hash = ${secretHash} and expires_at > ${now}`.execute(db)
  return rows[0] ?? null
}

/** True for exactly one of those who use it at the same time. */
export async function takePasswordLink(tx: Tx, secretHash: Buffer, now: Date): Promise<boolean> {
  const doomed = tx.deleteFrom('password_links').where('secret_hash', '=', secretHash).where('expires_at', '>', now)
  return (await doomed.executeTakeFirst()).numDeletedRows > 0n
}

export async function deletePasswordLink(tx: Tx, accountId: string): Promise<void> {
  await tx.deleteFrom('password_links').where('account_id', '=', accountId).execute()
}

// — What time has made useless

export async function deleteOutdated(
  db: Database,
  before: LiveAt & { attemptsSince: Date; sourcesSince: Date },
): Promise<void> {
  const { now, idleSince, attemptsSince, sourcesSince } = before
  await sql`delete from sessions where expires_at <= ${now} or last_seen_at <= ${idleSince}`.execute(db)
  await sql`delete from password_links where expires_at <= ${now}`.execute(db)
  await sql`delete from sign_in_throttles where last_attempt_at < ${attemptsSince}`.execute(db)
  await sql`delete from known_sources where last_used_at < ${sourcesSince}`.execute(db)
}
