import type { CheckedExpression } from './expression.ts'
import type { DimensionFile } from './model-file.ts'
import type { RecipeExpression } from './recipe.ts'

type Buckets = NonNullable<DimensionFile['buckets']>

/** Which bucket a number falls into, as a CASE. Bounds must rise, and only the last bucket may be open. */
export function bucketExpression(
  value: CheckedExpression,
  buckets: Buckets,
  wrong: (index: number, message: string) => void,
): RecipeExpression {
  let last = Number.NEGATIVE_INFINITY
  const branches = buckets.map((bucket, i) => {
    const id = bucket.id ?? i + 1
    if (bucket.max !== undefined && bucket.below !== undefined) wrong(i, 'a bucket has max or below, not both')
    const bound = bucket.max ?? bucket.below
    if (bound === undefined) {
      if (i < buckets.length - 1) wrong(i, 'only the last bucket may be open; add max or below')
      return `when x is not null then ${id}`
    }
    if (bound < last) wrong(i, 'bounds must rise from bucket to bucket')
    last = bound
    return `when x ${bucket.max === undefined ? '<' : '<='} ${bound} then ${id}`
  })
  const ids = buckets.map((bucket, i) => bucket.id ?? i + 1)
  ids.forEach((id, i) => {
    if (ids.indexOf(id) < i) wrong(i, `two buckets have the id ${id}`)
  })
  const sql = `case ${branches.join(' ').replaceAll(/\bx\b/g, () => `(${value.sql})`)} end`
  return { sql, relations: value.relations }
}
