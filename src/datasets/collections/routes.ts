import { z } from 'zod'
import type { Caller } from '#src/access/caller.ts'
import type { Change } from '#src/database/change.ts'
import { pageOf, readCursor } from '#src/http/paging.ts'
import { respond } from '#src/http/respond.ts'
import { type Route, route } from '#src/http/serve.ts'
import type { DatasetNeeds } from '../needs.ts'
import { visitor } from '../visitor.ts'
import {
  changeCollection,
  createCollection,
  deleteCollection,
  moveCollection,
  publishCollection,
} from './change-collection.ts'
import { readCollection, waysOf } from './collection-view.ts'
import * as contract from './contract.ts'
import { listCollections, listContents } from './list-collections.ts'
import { presentCollection, presentCollectionSummary } from './present-collection.ts'

const NameKey = z.tuple([z.string().max(300), z.int()])
const ContentKey = z.union([
  z.tuple([z.literal('collection'), z.string().max(300), z.int()]),
  z.tuple([z.literal('dataset'), z.int()]),
])

export function collectionRoutes(needs: DatasetNeeds): Route[] {
  const { db } = needs
  const shown = async (on: DatasetNeeds['db'] | Change['tx'], caller: Caller, ref: string | number) => {
    const view = await readCollection(on, visitor(caller), ref)
    return presentCollection(view, await waysOf(on, view.rights))
  }
  return [
    route(contract.listCollections, async ({ caller, query, request }) => {
      const { parent, search, limit } = query
      const after = readCursor(query.cursor, NameKey)
      const rows = await listCollections(db, visitor(caller), { parent, search }, { after, limit: limit + 1 })
      const page = pageOf(request, rows, limit, ({ name, id }) => [name, id])
      return respond({ body: { items: page.rows.map(presentCollectionSummary) }, headers: page.headers })
    }),
    route(contract.createCollection, async ({ caller, change, body }) => {
      const { parent, ...written } = body
      const { id, alias } = await createCollection(needs, change, parent, written)
      return respond({ body: await shown(change.tx, caller, id), headers: { location: `/v1/collections/${alias}` } })
    }),
    route(contract.getCollection, ({ caller, params }) => shown(db, caller, params.collection)),
    route(contract.updateCollection, async ({ caller, change, params, body }) => {
      const { collection, changed } = await changeCollection(needs, change, params.collection, body)
      return respond({
        body: await shown(change.tx, caller, collection.id),
        ...(!changed && { unchanged: true as const }),
      })
    }),
    route(contract.deleteCollection, async ({ change, params }) => {
      await deleteCollection(change, params.collection)
      return undefined
    }),
    route(contract.publishCollection, async ({ caller, change, params }) => {
      const { id } = await publishCollection(needs, change, params.collection)
      return shown(change.tx, caller, id)
    }),
    route(contract.moveCollection, async ({ caller, change, params, body }) => {
      const { collection, changed } = await moveCollection(needs, change, params.collection, body.to)
      return respond({
        body: await shown(change.tx, caller, collection.id),
        ...(!changed && { unchanged: true as const }),
      })
    }),
    route(contract.listContents, async ({ caller, params, query, request }) => {
      const after = readCursor(query.cursor, ContentKey)
      const page = { after, limit: query.limit + 1 }
      const rows = await listContents(db, visitor(caller), params.collection, page)
      const { rows: items, headers } = pageOf(request, rows, query.limit, ({ type, title, id }) =>
        type === 'collection' ? [type, title, id] : [type, id],
      )
      const shownItems = items.map(({ published_at, updated_at, ...item }) => ({
        ...item,
        published_at: published_at?.toISOString() ?? null,
        updated_at: updated_at.toISOString(),
      }))
      return respond({ body: { items: shownItems }, headers })
    }),
  ]
}
