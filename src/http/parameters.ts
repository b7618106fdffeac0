import { z } from 'zod'

/** A parameter that may be given several times (`?metric=a&metric=b`); always an array for the act. */
export const many = <S extends z.ZodType<unknown, string>>(item: S) =>
  z.union([z.array(item), item.transform((one) => [one])])

/** `?flag=true` or `false`, and nothing else. */
export const flag = () => z.enum(['true', 'false']).transform((text) => text === 'true')

/** Members of a query that asks for one page of a list. */
export const pageQuery = (most = 200, usual = 50) => ({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(most)
    .default(usual)
    .meta({ description: `Items on a page, at most ${most}.` }),
  cursor: z
    .string()
    .max(1000)
    .optional()
    .meta({ description: 'Where the page begins: the `cursor` of the `Link` with rel="next".' }),
})
