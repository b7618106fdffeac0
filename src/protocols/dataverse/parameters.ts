import { z } from 'zod'
import { refused } from './problems.ts'

/** A parameter as clients send it: given twice, the first counts. */
export const parameter = (description: string) =>
  z
    .union([z.string(), z.array(z.string()).transform((all) => all[0] ?? '')])
    .optional()
    .meta({ description })

/** `true` in whatever case; anything else is no. */
export const isTrue = (text: string | undefined): boolean => text?.toLowerCase() === 'true'

/** Bodies come with nulls for what is not there. Refuses what is nested deeper than anything that anybody means. */
export function withoutNulls(value: unknown, depth = 0): unknown {
  if (depth > mostDepth) throw refused(400, 'Error parsing Json: it is nested too deeply')
  if (Array.isArray(value)) return value.map((one) => withoutNulls(one, depth + 1))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, below]) => (below === null ? [] : [[key, withoutNulls(below, depth + 1)]])),
  )
}

const mostDepth = 50

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
