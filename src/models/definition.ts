import { createHash } from 'node:crypto'
import type { CompiledModel } from './compile-model.ts'

/** Of everything in a model file that decides what a snapshot holds; who may read it takes effect without a refresh. */
export function definitionOf({ catalogue, recipe }: CompiledModel): string {
  const { access: _, ...meaning } = catalogue
  return createHash('sha256')
    .update(JSON.stringify([meaning, recipe]))
    .digest('base64url')
    .slice(0, 22)
}
