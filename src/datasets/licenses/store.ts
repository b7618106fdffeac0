import { sql } from 'kysely'
import type { Database, Tx } from '#src/database/change.ts'
import type { License } from '../dataset-view.ts'

const columns = sql`id, name, uri, description, icon_uri, spdx_id, active, is_default, sort_order`

export async function findLicenses(db: Database | Tx): Promise<License[]> {
  const { rows } = await sql<License>`select ${columns} from licenses order by sort_order, id`.execute(db)
  return rows
}

/** By its address, with or without a closing slash and by http or https, or else by its name. */
export async function findLicense(db: Database | Tx, ref: string): Promise<License | null> {
  const plain = ref
    .trim()
    .replace(/\/+$/, '')
    .replace(/^https:/i, 'http:')
  const { rows } = await sql<License>`
    select ${columns} from licenses
    where lower(regexp_replace(regexp_replace(uri, '/+$', ''), '^https:', 'http:', 'i')) = lower(${plain}) or lower(name) = lower(${ref.trim()})
    order by lower(name) = lower(${ref.trim()}) limit 1`.execute(db)
  return rows[0] ?? null
}

export async function findUsualLicense(db: Database | Tx): Promise<License | null> {
  const { rows } = await sql<License>`select ${columns} from licenses where is_default`.execute(db)
  return rows[0] ?? null
}

export async function findLicenseById(db: Database | Tx, id: number): Promise<License | null> {
  const { rows } = await sql<License>`select ${columns} from licenses where id = ${id}`.execute(db)
  return rows[0] ?? null
}

export type LicenseContent = Omit<License, 'id'>

/** Null when a name or address is taken. */
export async function insertLicense(tx: Tx, one: LicenseContent): Promise<License | null> {
  if (one.is_default) await sql`update licenses set is_default = false where is_default`.execute(tx)
  const { rows } = await sql<License>`
    insert into licenses (name, uri, description, icon_uri, spdx_id, active, is_default, sort_order)
    values (${one.name}, ${one.uri}, ${one.description}, ${one.icon_uri}, ${one.spdx_id}, ${one.active}, ${one.is_default},
      ${one.sort_order})
    on conflict do nothing returning ${columns}`.execute(tx)
  return rows[0] ?? null
}

/** Null when a name or address is taken by another. */
export async function updateLicense(tx: Tx, { id, ...one }: License): Promise<License | null> {
  const { rows: others } =
    await sql`select from licenses where id <> ${id} and (name = ${one.name} or uri = ${one.uri})`.execute(tx)
  if (others.length > 0) return null
  if (one.is_default) await sql`update licenses set is_default = false where is_default and id <> ${id}`.execute(tx)
  const { rows } = await sql<License>`
    update licenses set name = ${one.name}, uri = ${one.uri}, description = ${one.description}, icon_uri = ${one.icon_uri},
      spdx_id = ${one.spdx_id}, active = ${one.active}, is_default = ${one.is_default}, sort_order = ${one.sort_order}
    where id = ${id} returning ${columns}`.execute(tx)
  return rows[0] ?? null
}
