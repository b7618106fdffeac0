import { z } from 'zod'
import { endpoint } from '#src/http/endpoint.ts'
import { pageQuery } from '#src/http/parameters.ts'

const moment = () => z.iso.datetime()
const mailParams = z.object({ mail: z.string().regex(/^[0-9a-f]{40}$/) })
const OutboxMail = z
  .object({
    id: z.string(),
    to: z.array(z.string()),
    from: z.string(),
    subject: z.string(),
    at: moment(),
    bytes: z.int(),
  })
  .meta({ id: 'OutboxMail' })

export const listOutbox = endpoint({
  id: 'list-outbox',
  method: 'GET',
  path: '/v1/outbox',
  summary: 'List mails that were written to files because there is no mail server, newest first',
  access: 'settings:read',
  shown: 'session',
  query: z.object({
    ...pageQuery(),
    search: z.string().max(100).optional().meta({ description: 'Part of recipient or subject.' }),
  }),
  reply: z.object({ via: z.enum(['smtp', 'outbox']), mails: z.array(OutboxMail), total: z.int() }),
})

export const readOutboxMail = endpoint({
  id: 'read-outbox-mail',
  method: 'GET',
  path: '/v1/outbox/:mail',
  summary: 'Read a mail in the outbox',
  access: 'settings:read',
  shown: 'session',
  params: mailParams,
  reply: OutboxMail.extend({
    headers: z.array(z.object({ name: z.string(), value: z.string() })),
    text: z.string(),
    html: z
      .string()
      .nullable()
      .meta({ description: 'Pictures stand in it as data; to be shown in a frame without rights.' }),
    attachments: z.array(z.object({ index: z.int(), name: z.string(), media_type: z.string(), bytes: z.int() })),
  }),
})

export const downloadOutboxMail = endpoint({
  id: 'download-outbox-mail',
  method: 'GET',
  path: '/v1/outbox/:mail/source.eml',
  summary: 'Download a mail in the outbox as it is',
  access: 'settings:read',
  shown: 'session',
  params: mailParams,
  media: ['message/rfc822'],
})

export const downloadOutboxAttachment = endpoint({
  id: 'download-outbox-attachment',
  method: 'GET',
  path: '/v1/outbox/:mail/attachments/:index',
  summary: 'Download an attachment of a mail in the outbox',
  access: 'settings:read',
  shown: 'session',
  params: mailParams.extend({ index: z.coerce.number().int().min(0).max(999) }),
  media: ['application/octet-stream'],
})
