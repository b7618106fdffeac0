import { z } from 'zod'
import { endpoint } from '#src/http/endpoint.ts'
import { mailDialect } from './mail-dialect.ts'

/** Recognisable by its shape, so that logs never show it. */
export const fileSecret = /^tsrfile_[0-9a-f]{48}$/
export const leaveSecret = /^tsrleave_[0-9a-f]{48}$/

export const downloadLinkedFile = endpoint({
  id: 'download-linked-file',
  method: 'GET',
  path: '/d/:secret',
  summary: 'Download a file through the link in a mail',
  access: 'public',
  dialect: mailDialect,
  perMinute: 60,
  params: z.object({ secret: z.string().regex(fileSecret) }),
  media: ['application/octet-stream'],
})

const leaveParams = z.object({ secret: z.string().regex(leaveSecret) })

export const showUnsubscribe = endpoint({
  id: 'show-unsubscribe',
  method: 'GET',
  path: '/unsubscribe/:secret',
  summary: 'The page behind the unsubscribe link of a mail: asks, and changes nothing',
  access: 'public',
  dialect: mailDialect,
  perMinute: 60,
  params: leaveParams,
  media: ['text/html'],
})

export const unsubscribe = endpoint({
  id: 'unsubscribe',
  method: 'POST',
  path: '/unsubscribe/:secret',
  summary: 'Leave a subscription (one-click, RFC 8058)',
  access: 'public',
  dialect: mailDialect,
  perMinute: 60,
  audit: 'subscription.left',
  params: leaveParams,
  accepts: ['application/x-www-form-urlencoded', 'multipart/form-data'],
  body: z.unknown().optional(),
  media: ['text/html'],
})
