import { z } from 'zod'
import { endpoint } from '#src/http/endpoint.ts'
import { flag, many, pageQuery } from '#src/http/parameters.ts'
import { type FacetName, facetNames, facets, publicationStates } from './facets.ts'
import { itemTypes } from './search-ask.ts'

const Collection = z.object({ id: z.int(), alias: z.string(), name: z.string() })

const Snippet = z
  .object({
    text: z.string(),
    marks: z.array(z.tuple([z.int(), z.int()])),
  })
  .meta({
    description: 'A piece of the text; `marks` are from where to where the words found stand in it, in UTF-16 units.',
  })

const shared = {
  id: z.int(),
  name: z.string(),
  description: z.string(),
  states: z.array(z.enum(publicationStates)),
  published_at: z.iso.datetime().nullable(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
  score: z.number().meta({ description: 'Higher is nearer; to be compared within one answer only.' }),
  matches: z.array(z.object({ field: z.string(), snippets: z.array(Snippet) })).meta({
    description: 'Where the words stand, by metadata field. Empty with `highlight=false`.',
  }),
}

const Dataset = z.object({
  id: z.int(),
  pid: z.string(),
  title: z.string(),
  citation: z.object({ text: z.string(), html: z.string() }),
})

const inDataset = {
  dataset: Dataset,
  collection: Collection,
  version: z.object({
    number: z.string().meta({ description: '`DRAFT`, or `1.0`.' }),
    state: z.enum(['draft', 'released', 'deaccessioned']),
  }),
}

export const SearchItem = z
  .discriminatedUnion('type', [
    z.object({
      type: z.literal('collection'),
      ...shared,
      alias: z.string(),
      affiliation: z.string().nullable(),
      category: z.string(),
      parent: Collection.nullable(),
      datasets: z.int(),
    }),
    z.object({
      type: z.literal('dataset'),
      ...shared,
      ...inDataset,
      authors: z.array(z.string()),
      subjects: z.array(z.string()),
      keywords: z.array(z.string()),
      files: z.int(),
    }),
    z.object({
      type: z.literal('file'),
      ...shared,
      ...inDataset,
      directory: z.string(),
      media_type: z.string(),
      type_name: z.string().meta({ description: 'The kind that it is counted by: `Tabular data`.' }),
      bytes: z.int(),
      md5: z.string(),
      sha256: z.string(),
      tags: z.array(z.string()),
      restricted: z.boolean(),
      embargo_until: z.iso.date().nullable(),
      may_download: z.boolean(),
    }),
  ])
  .meta({ id: 'SearchItem' })

const filterValue = z.string().min(1).max(400)
const filters = Object.fromEntries(
  facetNames.map((name) => [
    name,
    many(filterValue)
      .optional()
      .meta({ description: `${facets[name].label}: one of these values must be there.` }),
  ]),
) as Record<FacetName, z.ZodOptional<ReturnType<typeof many<typeof filterValue>>>>

export const search = endpoint({
  id: 'search',
  method: 'GET',
  path: '/v1/search',
  summary: 'Search collections, datasets and files',
  description:
    'Words are combined with OR; `"a phrase"`, `+must`, `-not`, `AND`, `OR`, `NOT`, brackets, `title:tide` and `tid*` are understood, and what is written wrongly is taken for words. Everybody finds what is published; of a dataset with a draft, who may see the draft finds it instead. Facets that are given several times widen (`subject=Law&subject=Physics`), different ones narrow.',
  access: 'optional',
  query: z.object({
    q: z.string().max(2000).default('').meta({ description: 'What to look for; empty or `*`: everything.' }),
    type: many(z.enum(itemTypes)).optional().meta({ description: 'Default: all.' }),
    below: many(z.string().min(1).max(60))
      .optional()
      .meta({ description: 'Only what lies below this collection, by alias or number, at any depth.' }),
    ...filters,
    sort: z.enum(['relevance', 'name', 'date']).optional().meta({
      description: 'Default: `relevance` when something is asked, else `date` (of publication, else of making).',
    }),
    order: z.enum(['asc', 'desc']).optional(),
    facets: many(z.enum(['none', ...facetNames]))
      .optional()
      .meta({
        description:
          'What to count by. Default: author, subject, keyword, year, licence, collection, file type and state.',
      }),
    facet_values: z.coerce.number().int().min(1).max(100).default(10),
    highlight: flag().default(true),
    offset: z.coerce.number().int().min(0).max(100_000).default(0),
    ...pageQuery(100, 20),
  }),
  reply: z.object({
    total: z.int(),
    counts: z.object({ collection: z.int(), dataset: z.int(), file: z.int() }).meta({
      description: 'Hits of each type, also of those not asked for.',
    }),
    items: z.array(SearchItem),
    facets: z
      .array(
        z.object({
          name: z.enum(facetNames),
          label: z.string(),
          approximate: z.boolean().meta({
            description: 'Whether the counts are reckoned from some 3,000 of the hits: with more than 10,000.',
          }),
          values: z.array(z.object({ value: z.string(), label: z.string(), count: z.int() })),
        }),
      )
      .meta({
        description: 'Most frequent values first.',
      }),
  }),
})
