import { z } from 'zod'
import { endpoint } from '#src/http/endpoint.ts'

const fieldFacts = {
  name: z.string(),
  title: z.string().meta({ description: 'Within the field that it is part of.' }),
  display_name: z.string().meta({ description: 'On its own.' }),
  description: z.string(),
  watermark: z.string().meta({ description: 'What an empty input shows.' }),
  type: z.enum(['TEXT', 'TEXTBOX', 'STRING', 'DATE', 'EMAIL', 'URL', 'FLOAT', 'INT', 'NONE']),
  multiple: z.boolean(),
  required: z.boolean(),
  display_on_create: z.boolean(),
  facetable: z.boolean(),
  vocabulary: z.array(z.string()).optional().meta({ description: 'The only values that it takes.' }),
}
const Field = z.object({
  ...fieldFacts,
  children: z.array(z.object(fieldFacts)).optional().meta({ description: 'What it is made of.' }),
})
export const MetadataBlock = z
  .object({ name: z.string(), display_name: z.string(), fields: z.array(Field) })
  .meta({ id: 'MetadataBlock' })

export const listBlocks = endpoint({
  id: 'list-metadata-blocks',
  method: 'GET',
  path: '/v1/metadata-blocks',
  summary: 'List the blocks of metadata with their fields',
  access: 'public',
  reply: z.object({ items: z.array(MetadataBlock) }),
})

export const getBlock = endpoint({
  id: 'get-metadata-block',
  method: 'GET',
  path: '/v1/metadata-blocks/:block',
  summary: 'Show a block of metadata with its fields',
  access: 'public',
  params: z.object({
    block: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,60}$/)
      .meta({ examples: ['citation'] }),
  }),
  reply: MetadataBlock,
})
