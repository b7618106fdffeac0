import { z } from 'zod'

/** A parameter as clients send it: given twice, the first counts. */
export const parameter = (description: string) =>
  z
    .union([z.string(), z.array(z.string()).transform((all) => all[0] ?? '')])
    .optional()
    .meta({ description })

/** `true` in whatever case; anything else is no. */
export const isTrue = (text: string | undefined): boolean => text?.toLowerCase() === 'true'

/** Bodies come with nulls for what is not there. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, below]) => (below === null ? [] : [[key, withoutNulls(below)]])),
  )
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
