import { sql } from 'kysely'
import type { Database, Tx } from '#src/database/change.ts'

export interface NamedPerson {
  readonly user_name: string
  /** The display name; the user name where there is none. */
  readonly label: string
  readonly active: boolean
}

/** People by user name, or those whose names have a text in them; for who picks one in a form. No address, no role. */
export async function namePeople(
  db: Database | Tx,
  ask: { readonly userNames: readonly string[] } | { readonly search: string; readonly limit: number },
): Promise<NamedPerson[]> {
  const chosen =
    'userNames' in ask
      ? sql`lower(user_name) = any(${ask.userNames.map((name) => name.toLowerCase())}::text[])`
      : sql`state = 'active' and (user_name ilike ${part(ask.search)} or display_name ilike ${part(ask.search)})`
  const { rows } = await sql<NamedPerson>`
    select user_name, coalesce(nullif(display_name, ''), user_name) as label, state = 'active' as active
    from accounts where kind = 'person' and ${chosen}
    order by lower(user_name) limit ${'limit' in ask ? ask.limit : null}`.execute(db)
  return rows
}

const part = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`
