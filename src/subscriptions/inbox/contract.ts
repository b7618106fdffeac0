import { z } from 'zod'
import { endpoint } from '#src/http/endpoint.ts'
import { flag, pageQuery } from '#src/http/parameters.ts'

const moment = () => z.iso.datetime()

const InboxFile = z.object({
  id: z.uuid(),
  name: z.string(),
  media_type: z.string(),
  bytes: z.int(),
  expires_at: moment(),
})

const InboxItem = z
  .object({
    id: z.uuid(),
    subscription: z.string(),
    run: z.uuid(),
    subject: z.string(),
    from: z.string().meta({ description: 'The name of the subscription’s owner.' }),
    at: moment(),
    read_at: moment().nullable(),
    files: z.array(InboxFile),
  })
  .meta({ id: 'InboxItem' })

export const listInbox = endpoint({
  id: 'list-inbox',
  method: 'GET',
  path: '/v1/inbox',
  summary: 'List reports that were delivered to you, newest first',
  description: 'A token sees those made of reports that it may read (`reports:read`); the others are not there for it.',
  access: 'signed_in',
  query: z.object({ ...pageQuery(), unread: flag().optional() }),
  reply: z.object({ items: z.array(InboxItem), unread: z.int() }),
})

const itemParams = z.object({ item: z.uuid() })

export const getInboxItem = endpoint({
  id: 'get-inbox-item',
  method: 'GET',
  path: '/v1/inbox/:item',
  summary: 'Read a delivered report',
  access: 'signed_in',
  params: itemParams,
  reply: InboxItem.extend({
    body: z.string(),
    html: z.string().nullable().meta({ description: 'The report; to be shown in a frame without rights.' }),
  }),
})

export const downloadInboxFile = endpoint({
  id: 'download-inbox-file',
  method: 'GET',
  path: '/v1/inbox/:item/files/:file',
  summary: 'Download a file of a delivered report',
  access: 'signed_in',
  params: itemParams.extend({ file: z.uuid() }),
  media: ['application/octet-stream'],
})

export const markInboxRead = endpoint({
  id: 'mark-inbox-read',
  method: 'POST',
  path: '/v1/inbox/read',
  summary: 'Mark delivered reports as read or unread',
  access: 'signed_in',
  audit: 'inbox.marked',
  body: z.object({
    items: z.array(z.uuid()).min(1).max(200).optional().meta({ description: 'Default: all.' }),
    read: z.boolean().default(true),
  }),
  reply: z.object({ changed: z.int(), unread: z.int() }),
})
