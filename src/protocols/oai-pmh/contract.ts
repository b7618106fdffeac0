import { z } from 'zod'
import { endpoint } from '#src/http/endpoint.ts'
import { oaiDialect } from './dialect.ts'

const text = z.union([z.string().max(4000), z.array(z.string().max(4000)).max(100)])

/** Arguments are judged by the protocol, which has errors of its own for each of them. */
const Arguments = z
  .object({
    verb: text.optional(),
    identifier: text.optional(),
    metadataPrefix: text.optional(),
    from: text.optional(),
    until: text.optional(),
    set: text.optional(),
    resumptionToken: text.optional(),
  })
  .catchall(text)

export const harvest = endpoint({
  id: 'harvest',
  method: 'GET',
  path: '/oai',
  summary: 'Harvest what is published (OAI-PMH 2.0)',
  description:
    'Verbs: Identify, ListMetadataFormats, ListSets, ListIdentifiers, ListRecords, GetRecord. Sets are collections.',
  access: 'public',
  dialect: oaiDialect,
  query: Arguments,
  media: ['text/xml'],
})

export const harvestByForm = endpoint({
  id: 'harvest-by-form',
  method: 'POST',
  path: '/oai',
  summary: 'The same, with the arguments in a form',
  access: 'public',
  reads: true,
  hidden: true,
  dialect: oaiDialect,
  accepts: ['application/x-www-form-urlencoded'],
  body: Arguments.optional(),
  media: ['text/xml'],
})
