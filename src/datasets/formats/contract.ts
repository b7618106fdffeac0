import { z } from 'zod'
import { endpoint } from '#src/http/endpoint.ts'
import { DatasetParam, VersionParam } from '../shapes.ts'

export const listFormats = endpoint({
  id: 'list-export-formats',
  method: 'GET',
  path: '/v1/export-formats',
  summary: 'The formats in which datasets are told',
  access: 'public',
  reply: z.object({
    items: z.array(
      z.object({
        name: z.string(),
        label: z.string(),
        media_type: z.string(),
        kind: z.enum(['metadata', 'citation']),
        harvested: z.boolean().meta({ description: 'Whether harvesters get it at /oai.' }),
      }),
    ),
  }),
})

export const exportVersion = endpoint({
  id: 'export-dataset',
  method: 'GET',
  path: '/v1/datasets/:dataset/versions/:version/export/:format',
  summary: 'A version of a dataset in one of these formats',
  description: '`linkset` gives the signposts of its page (RFC 9264).',
  access: 'optional',
  params: z.object({
    dataset: DatasetParam,
    version: VersionParam,
    format: z.string().min(1).max(40).meta({ example: 'schema.org' }),
  }),
  media: [
    'application/xml',
    'application/json',
    'application/ld+json',
    'application/vnd.datacite.datacite+json',
    'application/x-bibtex',
    'application/x-research-info-systems',
    'application/vnd.citationstyles.csl+json',
    'application/linkset+json',
  ],
})
