import { z } from 'zod'
import { pageOf, readCursor } from '#src/http/paging.ts'
import { respond } from '#src/http/respond.ts'
import { type Route, route } from '#src/http/serve.ts'
import { download } from '../attachment.ts'
import type { DeliveryFile } from '../slice-store.ts'
import * as contract from './contract.ts'
import { bodyOf, type InboxNeeds, listInbox, markInbox, openInboxFile, readInboxItem, subjectOf } from './inbox.ts'
import type { InboxRow } from './store.ts'

const InboxKey = z.tuple([z.iso.datetime(), z.uuid()])

export function inboxRoutes(needs: InboxNeeds & { readonly clock: { now(): Date } }): Route[] {
  return [
    route(contract.listInbox, async ({ caller, query, request }) => {
      const after = readCursor(query.cursor, InboxKey)
      const { items, unread } = await listInbox(needs, caller, {
        unread: query.unread,
        after: after && { at: after[0], id: after[1] },
        limit: query.limit + 1,
      })
      const page = pageOf(request, items, query.limit, ({ row: { delivery } }) => [
        delivery.deliveredAt?.toISOString(),
        delivery.id,
      ])
      return respond({
        body: { items: page.rows.map(({ row, files }) => showItem(row, files)), unread },
        headers: page.headers,
      })
    }),

    route(contract.getInboxItem, async ({ caller, params }) => {
      const { row, files, html } = await readInboxItem(needs, caller, params.item)
      return { ...showItem(row, files), body: bodyOf(row), html }
    }),

    route(contract.downloadInboxFile, async ({ caller, params }) =>
      download(await openInboxFile(needs, caller, params)),
    ),

    route(contract.markInboxRead, async ({ change, body }) => {
      const marked = await markInbox(needs, change, { items: body.items ?? null, read: body.read })
      return respond({ body: marked, ...(marked.changed === 0 && { unchanged: true as const }) })
    }),
  ]
}

const showItem = (row: InboxRow, files: readonly DeliveryFile[]) => ({
  id: row.delivery.id,
  subscription: row.delivery.subscription,
  run: row.delivery.runId,
  subject: subjectOf(row),
  from: row.from,
  at: row.delivery.deliveredAt?.toISOString() ?? row.delivery.updatedAt.toISOString(),
  read_at: row.delivery.readAt?.toISOString() ?? null,
  files: files.map(({ id, name, mediaType, bytes, expiresAt }) => ({
    id,
    name,
    media_type: mediaType,
    bytes,
    expires_at: expiresAt.toISOString(),
  })),
})
