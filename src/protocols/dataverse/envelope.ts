import { z } from 'zod'

/** What every answer of the native API is wrapped in. */
export const envelope = <S extends z.ZodType>(data: S) => z.object({ status: z.literal('OK'), data })

export const ok = <T>(data: T) => ({ status: 'OK' as const, data })

/** The answer of calls whose only result is a sentence. */
export const Said = envelope(z.object({ message: z.string() }))

export const said = (message: string) => ok({ message })

/** A list of which only a part is shown. */
export const counted = <S extends z.ZodType>(item: S) =>
  z.object({ status: z.literal('OK'), totalCount: z.int(), data: z.array(item) })
