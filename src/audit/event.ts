import { createHash } from 'node:crypto'
import type { Caller } from '#src/access/caller.ts'

/** One line of the audit trail, before it has its place in the chain. `detail` is JSON text in canonical form. */
export interface EventFacts {
  readonly verb: string
  readonly subject_type: string
  readonly subject_id: string | null
  readonly via: Caller['via']
  readonly account_id: string | null
  readonly account_name: string | null
  readonly token_id: string | null
  readonly session_id: string | null
  readonly request_id: string | null
  readonly address: string | null
  readonly client: string | null
  readonly detail: string
}

/** An event in its place: numbered without gaps, and bound to the one before it. Hashes are lower-case hex. */
export interface ChainedEvent extends EventFacts {
  readonly id: number
  /** ISO 8601, UTC, milliseconds. */
  readonly at: string
  readonly prev_hash: string
  readonly hash: string
}

/** What stands before event 1. */
export const genesis = { id: 0, hash: '0'.repeat(64) } as const

/**
 * The hash of an event: SHA-256 over its JSON without `hash`, members sorted by name, no white space, UTF-8.
 * Anyone can recompute it from an exported line. `detail` goes in as stored, so that no edit of its text escapes.
 */
export function hashEvent(event: Omit<ChainedEvent, 'hash'>): string {
  const text = [
    `"account_id":${json(event.account_id)}`,
    `"account_name":${json(event.account_name)}`,
    `"address":${json(event.address)}`,
    `"at":${json(event.at)}`,
    `"client":${json(event.client)}`,
    `"detail":${event.detail}`,
    `"id":${event.id}`,
    `"prev_hash":${json(event.prev_hash)}`,
    `"request_id":${json(event.request_id)}`,
    `"session_id":${json(event.session_id)}`,
    `"subject_id":${json(event.subject_id)}`,
    `"subject_type":${json(event.subject_type)}`,
    `"token_id":${json(event.token_id)}`,
    `"verb":${json(event.verb)}`,
    `"via":${json(event.via)}`,
  ].join()
  return createHash('sha256').update(`{${text}}`, 'utf8').digest('hex')
}

const json = (text: string | null): string => JSON.stringify(text)

/** JSON with sorted members and no white space; what JSON or Postgres cannot hold is made holdable, never refused. */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(storable(value))
  if (typeof value === 'bigint') return JSON.stringify(value.toString())
  if (value instanceof Date) return JSON.stringify(value.toISOString())
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join()}]`
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => [storable(name), member] as const)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join()}}`
  }
  return JSON.stringify(value) ?? 'null'
}

/** Postgres keeps neither NUL nor half a surrogate pair; both come only from people who try. */
export const storable = (text: string): string => text.toWellFormed().replaceAll('\u0000', '\ufffd')
