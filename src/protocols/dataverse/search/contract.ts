import { z } from 'zod'
import { dataverseEndpoint } from '../endpoint.ts'
import { envelope } from '../envelope.ts'
import { parameter } from '../parameters.ts'

const several = (description: string) =>
  z
    .union([z.string().transform((one) => [one]), z.array(z.string())])
    .default([])
    .meta({ description })

const Contact = z.object({ name: z.string(), affiliation: z.string() })
const optionalText = z.string().optional()

/** Of all three kinds; what a kind does not have is not there. */
const Item = z.object({
  name: z.string(),
  type: z.enum(['dataverse', 'dataset', 'file']),
  url: z.string(),
  identifier: optionalText,
  global_id: optionalText,
  file_id: optionalText,
  description: optionalText,
  published_at: optionalText,
  publisher: optionalText,
  citationHtml: optionalText,
  identifier_of_dataverse: optionalText,
  name_of_dataverse: optionalText,
  citation: optionalText,
  affiliation: optionalText,
  parentDataverseName: optionalText,
  parentDataverseIdentifier: optionalText,
  datasetCount: z.int().optional(),
  file_type: optionalText,
  file_content_type: optionalText,
  size_in_bytes: z.int().optional(),
  md5: optionalText,
  checksum: z.object({ type: z.string(), value: z.string() }).optional(),
  dataset_name: optionalText,
  dataset_id: optionalText,
  dataset_persistent_id: optionalText,
  dataset_citation: optionalText,
  directory_label: optionalText,
  tabular_tags: z.array(z.string()).optional(),
  restricted: z.boolean().optional(),
  canDownloadFile: z.boolean().optional(),
  publicationStatuses: z.array(z.string()),
  releaseOrCreateDate: optionalText,
  storageIdentifier: optionalText,
  keywords: z.array(z.string()).optional(),
  subjects: z.array(z.string()).optional(),
  fileCount: z.int().optional(),
  versionId: z.int().optional(),
  versionState: optionalText,
  majorVersion: z.int().optional(),
  minorVersion: z.int().optional(),
  createdAt: optionalText,
  updatedAt: optionalText,
  contacts: z.array(Contact).optional(),
  publications: z.array(z.object({ citation: z.string() })).optional(),
  producers: z.array(z.string()).optional(),
  authors: z.array(z.string()).optional(),
  entity_id: z.int().optional(),
  api_url: optionalText,
  matches: z.array(z.record(z.string(), z.object({ snippets: z.array(z.string()) }))).optional(),
  score: z.number().optional(),
})

export const search = dataverseEndpoint({
  id: 'dataverse-search',
  method: 'GET',
  path: '/api/search',
  summary: 'Dataverse: search collections, datasets and files',
  description:
    'Words are alternatives; `"phrases"`, `+must`, `-not`, `AND`, `OR`, `NOT`, `field:value` and `tide*` are understood.',
  query: z.looseObject({
    q: parameter('What is asked; `*`: everything.'),
    type: several('`dataverse`, `dataset`, `file`; several narrow to any of them.'),
    subtree: several('Aliases: only what lies below one of these collections.'),
    sort: parameter('`name` or `date`. Default: by relevance.'),
    order: parameter('`asc` or `desc`.'),
    per_page: parameter('Items at most; 10 if missing, 1000 at most.'),
    start: parameter('Items to skip.'),
    fq: several('Each narrows: `subject_ss:"Law"`, `publicationStatus:Published`.'),
    show_relevance: parameter('`true`: where the words stand, and the score.'),
    show_facets: parameter('`true`: counts by facet.'),
    show_entity_ids: parameter('`true`: the number of each.'),
    show_api_urls: parameter('`true`: the address of each in this API.'),
    show_type_counts: parameter('`true`: hits of each type.'),
  }),
  reply: envelope(
    z.object({
      q: z.string(),
      total_count: z.int(),
      start: z.int(),
      spelling_alternatives: z.object({}),
      items: z.array(Item),
      facets: z
        .array(z.record(z.string(), z.object({ friendly: z.string(), labels: z.array(z.record(z.string(), z.int())) })))
        .optional(),
      total_count_per_object_type: z.object({ Dataverses: z.int(), Datasets: z.int(), Files: z.int() }).optional(),
      count_in_response: z.int(),
    }),
  ),
})
