import { Readable } from 'node:stream'
import { z } from 'zod'
import type { Caller } from '#src/access/caller.ts'
import { searchPeople } from '#src/accounts/find-people.ts'
import type { Change } from '#src/database/change.ts'
import { attachmentNamed } from '#src/http/content-disposition.ts'
import { etagOf } from '#src/http/etag.ts'
import { pageOf, readCursor } from '#src/http/paging.ts'
import { startCollection } from '#src/http/postman.ts'
import { respond } from '#src/http/respond.ts'
import { type Route, route } from '#src/http/serve.ts'
import { startedRun } from '#src/runs/started-run.ts'
import { changeOwner, changeState, deleteSubscription, renewWebhookSecret } from './change-state.ts'
import * as contract from './contract.ts'
import { fileFormats } from './definition.ts'
import type { Delivery } from './delivery-store.ts'
import type { InboxNeeds } from './inbox/inbox.ts'
import { inboxRoutes } from './inbox/routes.ts'
import { linkRoutes } from './links/routes.ts'
import { csvOfDeliveries, listDeliveries } from './list-deliveries.ts'
import { listSubscriptions } from './list-subscriptions.ts'
import { takeOwnSubscription, takeSubscription } from './may-see-subscription.ts'
import { type OutboxNeeds, outboxRoutes } from './outbox/routes.ts'
import { placeholders } from './placeholders.ts'
import { presentLines, presentRecipient, presentSubscription, recipientsNow } from './present-subscription.ts'
import { type PreviewNeeds, previewSubscription } from './preview-subscription.ts'
import { mostRecipients } from './recipients.ts'
import { createSubscription, type Saved, tagOf, updateSubscription } from './save-subscription.ts'
import { callsOf } from './show-calls.ts'
import { startSubscriptionRun, testSubscription } from './start-run.ts'
import type { Subscription } from './store.ts'

export interface SubscriptionRouteNeeds
  extends PreviewNeeds,
    Pick<InboxNeeds, 'contents' | 'links'>,
    Pick<OutboxNeeds, 'outbox'> {}

const NameKey = z.tuple([z.string().max(120), z.string().max(64)])
const DeliveryKey = z.tuple([z.string().max(500), z.string().max(300)])

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
      formats: [...fileFormats],
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
