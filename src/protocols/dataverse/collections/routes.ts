import { blockNamed, fieldNamed } from '#src/datasets/blocks/blocks.ts'
import {
  changeCollection,
  createCollection,
  deleteCollection,
  moveCollection,
  publishCollection,
} from '#src/datasets/collections/change-collection.ts'
import { readCollection, waysOf } from '#src/datasets/collections/collection-view.ts'
import { listAllowed } from '#src/datasets/collections/list-allowed.ts'
import { listContents } from '#src/datasets/collections/list-collections.ts'
import { repositoryPermissions } from '#src/datasets/words.ts'
import { respond } from '#src/http/respond.ts'
import type { Route } from '#src/http/serve.ts'
import { ok, said } from '../envelope.ts'
import { hearing } from '../hear.ts'
import { blockJson } from '../info/block-json.ts'
import type { RepositoryNeeds } from '../needs.ts'
import { ownersJson } from '../owners-json.ts'
import { isTrue } from '../parameters.ts'
import { refused } from '../problems.ts'
import { collectionRef, naming } from '../references.ts'
import { collectionJson } from './collection-json.ts'
import { contentJson } from './content-json.ts'
import * as contract from './contract.ts'
import { personAsked } from './person-asked.ts'
import { readCollectionJson, readNewCollectionJson } from './read-collection-json.ts'

export function collectionRoutes({ datasets, siteAddress }: RepositoryNeeds): Route[] {
  const { db } = datasets
  const route = hearing(db)
  return [
    route(contract.createCollection, ({ params: { collection }, body, change }) =>
      naming({ collection }, async () => {
        const made = await createCollection(datasets, change, collectionRef(collection), readNewCollectionJson(body))
        return respond({
          status: 201,
          headers: { location: `${siteAddress}/api/dataverses/${made.alias}` },
          body: ok(collectionJson(made)),
        })
      }),
    ),
    route(contract.showCollection, ({ params, query, visitor }) =>
      naming(params, async () => {
        const { collection, rights, counts } = await readCollection(db, visitor, collectionRef(params.collection))
        const { collections, datasets: own } = counts
        return ok(
          collectionJson(collection, {
            owners: isTrue(query.returnOwners) ? ownersJson(rights.path.slice(0, -1)) : undefined,
            childCount: isTrue(query.returnChildCount) ? collections + own : undefined,
          }),
        )
      }),
    ),
    route(contract.changeCollection, ({ params, body, change }) =>
      naming(params, async () => {
        const ref = collectionRef(params.collection)
        const { collection, changed } = await changeCollection(datasets, change, ref, readCollectionJson(body))
        return respond({ body: ok(collectionJson(collection)), ...(!changed && { unchanged: true }) })
      }),
    ),
    route(contract.deleteCollection, ({ params, change }) =>
      naming(params, async () => {
        const { alias } = await deleteCollection(change, collectionRef(params.collection))
        return said(`Dataverse ${alias} deleted`)
      }),
    ),
    route(contract.publishCollection, ({ params, change }) =>
      naming(params, async () =>
        ok(collectionJson(await publishCollection(datasets, change, collectionRef(params.collection)))),
      ),
    ),
    route(contract.moveCollection, ({ params, caller, change }) =>
      naming(params, async () => {
        if (caller.role !== 'admin') throw refused(403, 'Command can only be called by superusers.')
        const { changed } = await moveCollection(
          datasets,
          change,
          collectionRef(params.collection),
          collectionRef(params.target),
        )
        if (!changed) throw refused(403, 'Dataverse already in this location.')
        return said('Dataverse moved successfully')
      }),
    ),
    route(contract.listContents, ({ params, visitor }) =>
      naming(params, async () => {
        const page = { after: null, limit: mostContents }
        const items = await listContents(db, visitor, collectionRef(params.collection), page)
        return ok(items.map((item) => contentJson(item, datasets)))
      }),
    ),
    route(contract.listFacets, ({ params, query, visitor }) =>
      naming(params, async () => {
        const { rights } = await readCollection(db, visitor, collectionRef(params.collection))
        const { facets } = await waysOf(db, rights)
        if (!isTrue(query.returnDetails)) return ok([...facets])
        return ok(
          facets.map((name, at) => ({
            id: String(at + 1),
            displayName: fieldNamed(name)?.field.displayName ?? name,
            name,
          })),
        )
      }),
    ),
    route(contract.listBlocks, ({ params, query, visitor }) =>
      naming(params, async () => {
        const { rights } = await readCollection(db, visitor, collectionRef(params.collection))
        const { blocks, inputLevels } = await waysOf(db, rights)
        const required = new Set(inputLevels.filter((level) => level.required).map(({ field }) => field))
        const onlyOnCreate = isTrue(query.onlyDisplayedOnCreate)
        const shown = blocks
          .flatMap((name) => blockNamed(name) ?? [])
          .map((block) =>
            blockJson(block, { withFields: isTrue(query.returnDatasetFieldTypes), onlyOnCreate, required }),
          )
        return ok(onlyOnCreate ? shown.filter(({ displayOnCreate }) => displayOnCreate) : shown)
      }),
    ),
    route(contract.allowedCollections, async ({ params, caller }) => {
      const right = repositoryPermissions.find((one) => one.toLowerCase() === params.permission.toLowerCase())
      if (right === undefined) throw refused(400, `Permission ${params.permission.slice(0, 60)} not found.`)
      const items = await listAllowed(db, await personAsked(datasets, caller, params.identifier), right)
      return ok({ count: items.length, items: items.map(({ id, name, alias }) => ({ id, name, alias })) })
    }),
    route(contract.userPermissions, ({ params, visitor }) =>
      naming(params, async () => {
        const { rights } = await readCollection(db, visitor, collectionRef(params.collection))
        return ok({
          canAddDataverse: rights.may('AddDataverse'),
          canAddDataset: rights.may('AddDataset'),
          canViewUnpublishedDataverse: rights.may('ViewUnpublishedDataverse'),
          canEditDataverse: rights.may('EditDataverse'),
          canManageDataversePermissions: rights.may('ManageDataversePermissions'),
          canPublishDataverse: rights.may('PublishDataverse'),
          canDeleteDataverse: rights.may('DeleteDataverse'),
        })
      }),
    ),
  ]
}

/** Clients know of no second page. */
const mostContents = 100_000
