import { Readable } from 'node:stream'
import { z } from 'zod'
import type { Caller } from '#src/access/caller.ts'
import { searchPeople } from '#src/accounts/find-people.ts'
import type { Change } from '#src/database/change.ts'
import type { ContentStore } from '#src/files/content-store.ts'
import { attachmentNamed } from '#src/http/content-disposition.ts'
import { etagOf } from '#src/http/etag.ts'
import { pageOf, readCursor } from '#src/http/paging.ts'
import { startCollection } from '#src/http/postman.ts'
import { type Response, respond } from '#src/http/respond.ts'
import { type Route, route } from '#src/http/serve.ts'
import type { OutboxReader } from '#src/mail/read-outbox.ts'
import { startedRun } from '#src/runs/started-run.ts'
import { changeOwner, changeState, deleteSubscription, renewWebhookSecret } from './change-state.ts'
import * as contract from './contract.ts'
import type { Delivery, DeliveryFile, InboxRow } from './delivery-store.ts'
import { bodyOf, listInbox, markInbox, openInboxFile, openLinkedFile, readInboxItem, subjectOf } from './inbox.ts'
import { leaveSubscription, showLeaveLink } from './leave-subscription.ts'
import type { LinkSecrets } from './link-secrets.ts'
import { csvOfDeliveries, listDeliveries } from './list-deliveries.ts'
import { listSubscriptions } from './list-subscriptions.ts'
import { takeOwnSubscription, takeSubscription } from './may-see-subscription.ts'
import { messagePage } from './message-page.ts'
import { placeholders } from './placeholders.ts'
import { presentLines, presentRecipient, presentSubscription, recipientsNow } from './present-subscription.ts'
import { type PreviewNeeds, previewSubscription } from './preview-subscription.ts'
import { mailNotFound } from './problems.ts'
import { mostRecipients } from './recipients.ts'
import { createSubscription, type Saved, tagOf, updateSubscription } from './save-subscription.ts'
import { callsOf } from './show-calls.ts'
import { startSubscriptionRun, testSubscription } from './start-run.ts'
import type { Subscription } from './store.ts'

export interface SubscriptionRouteNeeds extends PreviewNeeds {
  readonly contents: ContentStore
  readonly links: LinkSecrets
  readonly outbox: OutboxReader
}

const NameKey = z.tuple([z.string().max(120), z.string().max(64)])
const DeliveryKey = z.tuple([z.string().max(500), z.string().max(300)])
const InboxKey = z.tuple([z.iso.datetime(), z.uuid()])

export const subscriptionRoutes = (needs: SubscriptionRouteNeeds): Route[] => [
  ...ownRoutes(needs),
  ...runRoutes(needs),
  ...inboxRoutes(needs),
  ...linkRoutes(needs),
  ...outboxRoutes(needs),
]

function ownRoutes(needs: SubscriptionRouteNeeds): Route[] {
  const { db } = needs
  const shown = async (caller: Caller, change: Change | null, subscription: Subscription) =>
    presentSubscription(change ? { ...needs, db: change.tx } : needs, caller, subscription)
  const saved = async (caller: Caller, change: Change, { subscription, secrets, changed }: Saved) =>
    respond({
      body: { ...(await shown(caller, change, subscription)), ...(secrets.length > 0 && { webhook_secrets: secrets }) },
      etag: tagOf(subscription),
      headers: { location: `/v1/subscriptions/${subscription.id}`, 'cache-control': 'no-store' },
      ...(!changed && { unchanged: true as const }),
    })
  const moved = async (
    caller: Caller,
    change: Change,
    { subscription, changed }: { subscription: Subscription; changed: boolean },
  ) =>
    respond({
      // Who gave it away may see no more than others of their role.
      body: await shown(caller, change, subscription),
      etag: tagOf(subscription),
      ...(!changed && { unchanged: true as const }),
    })
  return [
    route(contract.listSubscriptions, async ({ caller, query, request }) => {
      const { state, report, search, own, limit } = query
      const after = readCursor(query.cursor, NameKey)
      const { subscriptions, total } = await listSubscriptions(
        needs,
        caller,
        { state, report, search, own },
        { after: after && { name: after[0], id: after[1] }, limit: limit + 1 },
      )
      const page = pageOf(request, subscriptions, limit, ({ id, definition }) => [definition.name, id])
      return respond({
        body: { subscriptions: await presentLines(needs, caller, page.rows), total },
        headers: page.headers,
      })
    }),

    route(contract.readSubscriptionPolicy, () => ({
      formats: [...contract.fileFormats],
      placeholders: [
        ...Object.entries(placeholders).map(([name, meaning]) => ({ name, meaning })),
        { name: 'parameter.…', meaning: 'Value of a parameter of the report, by its name' },
      ],
      allowed_domains: needs.allowedDomains.length === 0 ? null : [...needs.allowedDomains],
      most_recipients: mostRecipients,
      mail_via: needs.mailer.via,
    })),

    route(contract.listPossibleRecipients, async ({ query, request }) => {
      const after = readCursor(query.cursor, z.string().max(64))
      const people = await searchPeople(db, query.search, { after, limit: query.limit + 1 })
      const page = pageOf(request, people, query.limit, ({ user_name }) => user_name)
      return respond({
        body: {
          recipients: page.rows.map(({ id, user_name, display_name, email }) => ({
            account: id,
            user_name,
            name: display_name,
            has_address: email !== null,
          })),
        },
        headers: page.headers,
      })
    }),

    route(contract.createSubscription, async ({ caller, change, body }) =>
      saved(caller, change, await createSubscription(needs, change, body)),
    ),

    route(contract.getSubscription, async ({ caller, params }) => {
      const subscription = await takeSubscription(db, caller, params.subscription)
      const body = await shown(caller, null, subscription)
      // Recipients, runs and the next time change without it: they are in the tag, and nobody is asked about them.
      return respond({ body, etag: `${tagOf(subscription)}.${etagOf(JSON.stringify(body))}` })
    }),

    route(contract.updateSubscription, async ({ caller, change, params, body, request }) =>
      saved(caller, change, await updateSubscription(needs, change, request, { ...body, id: params.subscription })),
    ),

    route(contract.deleteSubscription, async ({ change, params }) => {
      await deleteSubscription(change, params.subscription)
      return undefined
    }),

    ...(
      [
        [contract.pauseSubscription, 'paused'],
        [contract.resumeSubscription, 'active'],
        [contract.archiveSubscription, 'archived'],
      ] as const
    ).map(([promise, state]) =>
      route(promise, async ({ caller, change, params }) =>
        moved(caller, change, await changeState(needs, change, params.subscription, state)),
      ),
    ),

    route(contract.changeSubscriptionOwner, async ({ caller, change, params, body }) =>
      moved(caller, change, await changeOwner(needs, change, params.subscription, body.account)),
    ),

    route(contract.renewWebhookSecret, async ({ change, params }) =>
      respond({
        body: await renewWebhookSecret(needs, change, params.subscription, params.webhook),
        headers: { 'cache-control': 'no-store' },
      }),
    ),

    route(contract.listSubscriptionRecipients, async ({ caller, params }) => {
      const subscription = await takeOwnSubscription(db, caller, params.subscription)
      return { recipients: (await recipientsNow(needs, subscription)).map(presentRecipient) }
    }),

    route(contract.previewSubscription, ({ caller, body: { id, ...definition }, request }) =>
      previewSubscription(needs, caller, { id: id ?? null, definition, owner: null }, request.signal),
    ),

    route(contract.previewSavedSubscription, async ({ caller, params, request }) => {
      const { id, definition, owner } = await takeOwnSubscription(db, caller, params.subscription)
      return previewSubscription(needs, caller, { id, definition, owner }, request.signal)
    }),

    route(contract.readSubscriptionCalls, async ({ caller, params }) =>
      callsOf(await takeSubscription(db, caller, params.subscription), needs.site.address),
    ),

    route(contract.readSubscriptionPostman, async ({ caller, params }) => {
      const { id, definition } = await takeSubscription(db, caller, params.subscription)
      const collection = startCollection({
        siteAddress: needs.site.address,
        path: `/v1/subscriptions/${id}/runs`,
        what: `Start “${definition.name}”`,
        files: false,
        more: [{ name: 'Look who got it', place: 'deliveries' }],
      })
      return respond({
        body: JSON.stringify(collection, null, 2),
        type: 'application/json; charset=utf-8',
        headers: { 'content-disposition': attachmentNamed(`${id}.postman_collection.json`) },
      })
    }),
  ]
}

function runRoutes(needs: SubscriptionRouteNeeds): Route[] {
  return [
    route(contract.startSubscriptionRun, async ({ change, params, body = { dry_run: false } }) => {
      const { if_running: ifRunning, dry_run: dryRun, refresh_first: refreshFirst, ...ask } = body
      return startedRun(
        await startSubscriptionRun(needs, change, params.subscription, { ...ask, ifRunning, dryRun, refreshFirst }),
      )
    }),

    route(contract.testSubscription, async ({ change, params }) =>
      startedRun(await testSubscription(needs, change, params.subscription)),
    ),

    route(contract.listDeliveries, async ({ caller, params, query, request }) => {
      const after = readCursor(query.cursor, DeliveryKey)
      const { deliveries, counts } = await listDeliveries(needs, caller, params.run, {
        state: query.state,
        after: after && { recipient: after[0], destination: after[1] },
        limit: query.limit + 1,
      })
      const page = pageOf(request, deliveries, query.limit, ({ recipient, destination }) => [recipient, destination])
      return respond({ body: { deliveries: page.rows.map(showDelivery), counts }, headers: page.headers })
    }),

    route(contract.downloadDeliveries, async ({ caller, params }) =>
      respond({
        stream: Readable.from(await csvOfDeliveries(needs, caller, params.run)),
        type: 'text/csv; charset=utf-8',
        headers: { 'content-disposition': attachmentNamed(`deliveries-${params.run}.csv`) },
      }),
    ),
  ]
}

function inboxRoutes(needs: SubscriptionRouteNeeds): Route[] {
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

function linkRoutes(needs: SubscriptionRouteNeeds): Route[] {
  return [
    route(contract.downloadLinkedFile, async ({ params }) => download(await openLinkedFile(needs, params.secret))),

    route(contract.showUnsubscribe, async ({ params }) => {
      const { name, recipient, left } = await showLeaveLink(needs, params.secret)
      return page(
        left
          ? leftPage(name, recipient)
          : {
              title: 'Unsubscribe',
              text: [`${recipient} gets “${name}” from ${needs.site.title}.`, 'Shall no more of these be sent?'],
              button: 'Unsubscribe',
            },
      )
    }),

    route(contract.unsubscribe, async ({ change, params }) => {
      const { link, changed } = await leaveSubscription(needs, change, params.secret)
      return page(leftPage(link.name, link.recipient), !changed)
    }),
  ]
}

const leftPage = (name: string, recipient: string) => ({
  title: 'You have unsubscribed',
  text: [
    `${recipient} gets no more of “${name}”.`,
    'Nobody but you can undo this; ask the owner of the subscription if you want it again.',
  ],
})

function page(of: Parameters<typeof messagePage>[0], unchanged = false): Response<never> {
  const { html, type, headers } = messagePage(of)
  return respond<never>({ body: html as never, type, headers, ...(unchanged && { unchanged: true as const }) })
}

function outboxRoutes({ outbox, mailer }: SubscriptionRouteNeeds): Route[] {
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

const download = ({ file, content }: { file: DeliveryFile; content: Readable }): Response<never> =>
  attachment(content, file.mediaType, file.name, file.bytes)

/** Saved, never shown: what is in it came from people and data. `nosniff` comes with every reply. */
const attachment = (stream: Readable, type: string, name: string, bytes: number): Response<never> =>
  respond<never>({
    stream,
    type,
    headers: {
      'content-disposition': attachmentNamed(name),
      'content-length': String(bytes),
      'cache-control': 'private, no-store',
    },
  })

const showDelivery = (one: Delivery) => ({
  id: one.id,
  recipient: one.recipient,
  name: one.name,
  destination: one.destination,
  slice: one.sliceLabel,
  state: one.state,
  reason: one.reason,
  attempts: one.attempts,
  message_id: one.destination === 'mail' ? one.messageId : null,
  next_try_at: one.nextTryAt?.toISOString() ?? null,
  updated_at: one.updatedAt.toISOString(),
  delivered_at: one.deliveredAt?.toISOString() ?? null,
})

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
