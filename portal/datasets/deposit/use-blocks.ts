import { useSuspenseQuery } from '@tanstack/react-query'
import { query } from '#portal/kit/queries.ts'
import type { Block } from './metadata.ts'
import { blocksQuery, type Collection, type Dataset } from './repository.ts'

/** The blocks that hold where a dataset lies, with what its collection asks of it beyond them. */
export function useBlocks(dataset: Pick<Dataset, 'path'>): readonly Block[] {
  const { data: all } = useSuspenseQuery(blocksQuery)
  const alias = dataset.path.at(-1)?.alias ?? 'root'
  const { data: collection } = useSuspenseQuery(
    query('GET /v1/collections/:collection', { params: { collection: alias } }),
  )
  return blocksIn(all.items, collection.in_force)
}

/** What is not in force may still be filled in, from before: it is shown where it is. */
export function blocksIn(all: readonly Block[], { metadata_blocks, input_levels }: Collection['in_force']): Block[] {
  const required = new Set(input_levels.filter((level) => level.required).map(({ field }) => field))
  const hidden = new Set(input_levels.filter((level) => !level.include).map(({ field }) => field))
  return all
    .filter(({ name }) => metadata_blocks.includes(name))
    .map((block) => ({
      ...block,
      fields: block.fields
        .filter(({ name, required: always }) => always || !hidden.has(name))
        .map((field) => (required.has(field.name) ? { ...field, required: true } : field)),
    }))
}
