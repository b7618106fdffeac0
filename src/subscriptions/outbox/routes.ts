import { Readable } from 'node:stream'
import { z } from 'zod'
import { pageOf, readCursor } from '#src/http/paging.ts'
import { respond } from '#src/http/respond.ts'
import { type Route, route } from '#src/http/serve.ts'
import type { Mailer } from '#src/mail/mailer.ts'
import type { OutboxReader } from '#src/mail/read-outbox.ts'
import { attachment } from '../attachment.ts'
import { mailNotFound } from '../problems.ts'
import * as contract from './contract.ts'

export interface OutboxNeeds {
  readonly outbox: OutboxReader
  readonly mailer: Pick<Mailer, 'via'>
}

export function outboxRoutes({ outbox, mailer }: OutboxNeeds): Route[] {
  const showLine = ({ at, to, ...line }: Awaited<ReturnType<OutboxReader['list']>>[number]) => ({
    ...line,
    to: [...to],
    at: at.toISOString(),
  })
  return [
    route(contract.listOutbox, async ({ query, request }) => {
      const wanted = query.search?.toLowerCase()
      const all = (await outbox.list()).filter(
        ({ to, subject }) => wanted === undefined || `${to.join(' ')} ${subject}`.toLowerCase().includes(wanted),
      )
      const start = readCursor(query.cursor, z.int().min(0)) ?? 0
      const rows = all.slice(start, start + query.limit + 1)
      const page = pageOf(request, rows, query.limit, () => start + query.limit)
      return respond({
        body: { via: mailer.via, mails: page.rows.map(showLine), total: all.length },
        headers: page.headers,
      })
    }),

    route(contract.readOutboxMail, async ({ params }) => {
      const mail = await outbox.read(params.mail)
      if (!mail) throw mailNotFound()
      return {
        ...showLine(mail),
        headers: [...mail.headers],
        text: mail.text,
        html: mail.html,
        attachments: mail.attachments.map(({ mediaType, ...one }) => ({ ...one, media_type: mediaType })),
      }
    }),

    route(contract.downloadOutboxMail, async ({ params }) => {
      const bytes = await outbox.bytesOf(params.mail)
      if (!bytes) throw mailNotFound()
      return attachment(Readable.from([bytes]), 'message/rfc822', `${params.mail}.eml`, bytes.length)
    }),

    route(contract.downloadOutboxAttachment, async ({ params }) => {
      const found = await outbox.attachment(params.mail, params.index)
      if (!found) throw mailNotFound({ detail: 'The mail has no such attachment.' })
      return attachment(Readable.from([found.bytes]), 'application/octet-stream', found.name, found.bytes.length)
    }),
  ]
}
