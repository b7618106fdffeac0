import { createHash } from 'node:crypto'
import type { RecipeTable } from './recipe.ts'

/** Of what a table is read from and how; rows that were kept may be built upon only while it stays the same. */
export const tableDigest = ({ unique: _, notNull: __, requiredColumns: ___, ...source }: RecipeTable): string =>
  createHash('sha256').update(JSON.stringify(source)).digest('base64url').slice(0, 22)
