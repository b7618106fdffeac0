import { createHash } from 'node:crypto'

/** Ids by dimension, and the first day of the period in a series: what values of inputs belong to. */
export type RowKey = Readonly<Record<string, string>>

/** Sorted by name, so that a key is the same however its dimensions follow each other. */
export const sortedKey = (key: RowKey): RowKey =>
  Object.fromEntries(Object.entries(key).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))

/** A key of any length as one word. Stored: must never change. */
export const rowIdOf = (key: RowKey): string =>
  createHash('sha256')
    .update(JSON.stringify(sortedKey(key)))
    .digest('base64url')
    .slice(0, 22)
