import type { Caller } from '#src/access/caller.ts'
import type { Change, Database, Tx } from '#src/database/change.ts'
import { fieldNamed } from '#src/datasets/blocks/blocks.ts'
import { authorsOf } from '#src/datasets/citation.ts'
import { publishCollection } from '#src/datasets/collections/change-collection.ts'
import { readCollection } from '#src/datasets/collections/collection-view.ts'
import { listCollections, listContents } from '#src/datasets/collections/list-collections.ts'
import { createDataset } from '#src/datasets/create-dataset.ts'
import type { DatasetView } from '#src/datasets/dataset-view.ts'
import { deleteDataset, deleteDraft } from '#src/datasets/delete-dataset.ts'
import { demandDeposit } from '#src/datasets/files/add-files.ts'
import { deleteFile } from '#src/datasets/files/delete-files.ts'
import { depositContent } from '#src/datasets/files/deposit.ts'
import { listVersionFiles } from '#src/datasets/files/list-files.ts'
import { takeContent } from '#src/datasets/files/take-content.ts'
import { datasetPublished, firstVersionMinor, minorRefused } from '#src/datasets/problems.ts'
import { publishDataset } from '#src/datasets/publish-dataset.ts'
import { readDataset } from '#src/datasets/read-dataset.ts'
import { visitor } from '#src/datasets/visitor.ts'
import { mediaUnsupported } from '#src/http/problems.ts'
import { respond } from '#src/http/respond.ts'
import { type Route, route } from '#src/http/serve.ts'
import { Problem } from '#src/problem/problem.ts'
import { fileRef, namingFile } from '../files/references.ts'
import type { DataverseNeeds } from '../needs.ts'
import { refused } from '../problems.ts'
import { datasetRef, naming } from '../references.ts'
import { actorOf } from '../tokens/own-token.ts'
import * as contract from './contract.ts'
import { swordRoot } from './dialect.ts'
import * as documents from './documents.ts'
import { entryMetadata } from './entry-metadata.ts'
import { readEntry } from './read-entry.ts'

const mostListed = 10_000

export function swordRoutes({ datasets, siteAddress }: DataverseNeeds): Route[] {
  const { db, clock, publisher } = datasets
  const at = documents.addresses(siteAddress + swordRoot)

  const view = (caller: Caller, pid: string, within: Database | Tx = db): Promise<DatasetView> => {
    const ref = datasetRef(':persistentId', pid)
    return naming({ dataset: ref }, async () => {
      const found = await readDataset({ ...datasets, db: within }, visitor(caller), ref)
      // Reading a dataset here is for those who edit it; everybody else has other ways to read.
      found.rights.demand('EditDataset')
      return found
    })
  }
  const receipt = ({ dataset, version, citation }: DatasetView, treatment: string) => ({
    body: documents.datasetReceipt(
      at,
      { pid: dataset.pid, title: version.title, citation: citation.text, url: dataset.url },
      treatment,
    ),
    type: 'application/atom+xml;type=entry;charset=utf-8',
    headers: { location: at.edit(dataset.pid) },
  })
  const feed = (body: string) => respond({ body, type: 'application/atom+xml;type=feed;charset=utf-8' })

  return [
    route(contract.serviceDocument, async ({ caller }) => {
      const collections = await listCollections(
        db,
        visitor(caller),
        { takesDatasets: true },
        { after: null, limit: mostListed },
      )
      const policy = `${publisher}: what you deposit is yours to publish.`
      return respond({
        body: documents.serviceDocument(at, publisher, policy, collections),
        type: 'application/atomserv+xml;charset=utf-8',
      })
    }),
    route(contract.showCollection, ({ params, caller }) =>
      naming({ collection: params.alias }, async () => {
        const { collection, rights } = await readCollection(db, visitor(caller), params.alias)
        rights.demand('AddDataset')
        const items = await listContents(db, visitor(caller), params.alias, { after: null, limit: mostListed })
        const listed = items.flatMap(({ pid, title }) => (pid === null ? [] : [{ pid, title }]))
        const { alias, name, published_at } = collection
        const isPublished = published_at !== null
        return feed(documents.collectionFeed(at, { alias, name, isPublished }, listed, clock.now()))
      }),
    ),
    route(contract.createDataset, ({ params, body = '', caller, change }) =>
      naming({ collection: params.alias }, async () => {
        const { citation, license, termsOfUse } = entryMetadata(readEntry(body), subjects)
        const made = await createDataset(datasets, change, params.alias, {
          metadata: { citation },
          ...(license !== null && { license }),
          ...(license === null && termsOfUse !== null && { license: null, terms: { terms_of_use: termsOfUse } }),
        })
        return respond({ ...receipt(await view(caller, made.pid, change.tx), 'A draft was made.'), status: 201 })
      }),
    ),
    route(contract.addFiles, async ({ params, body, caller, request }) => {
      const ref = datasetRef(':persistentId', params.pid)
      const { packaging } = request.headers
      if (packaging !== undefined && packaging !== documents.simpleZip)
        throw mediaUnsupported({ detail: `Packaging has to be ${documents.simpleZip}.` })
      return naming({ dataset: ref }, async () => {
        const datasetId = await demandDeposit(datasets, caller, ref)
        const name = 'package.zip'
        const taken = await takeContent(datasets, body, { name, mediaType: 'application/zip', signal: request.signal })
        try {
          await depositContent(datasets, actorOf(caller, request), datasetId, taken, { name }, { unpack: true })
        } finally {
          await taken.discard()
        }
        return respond({ ...receipt(await view(caller, params.pid), 'Its files are in the draft.'), status: 201 })
      })
    }),
    route(contract.deleteFile, async ({ params, change }) => {
      const ref = fileRef(params.file.split('/')[0] ?? '', undefined)
      await namingFile(ref, null, () => deleteFile(datasets, change, ref))
    }),
    route(contract.showDataset, async ({ params, caller }) =>
      respond(receipt(await view(caller, params.pid), 'None.')),
    ),
    route(contract.publishDataset, async ({ params, caller, change, request }) => {
      refuseInProgress(request.headers['in-progress'])
      const ref = datasetRef(':persistentId', params.pid)
      await naming({ dataset: ref }, () => publishSmallest(change, ref))
      return respond(receipt(await view(caller, params.pid, change.tx), 'It was published.'))
    }),
    route(contract.deleteDataset, async ({ params, change }) => {
      const ref = datasetRef(':persistentId', params.pid)
      await naming({ dataset: ref }, async () => {
        await deleteDataset(change, ref).catch(async (error: unknown) => {
          if (!(error instanceof Problem) || error.code !== datasetPublished.code) throw error
          await deleteDraft(datasets, change, ref)
        })
      })
    }),
    route(contract.publishCollection, ({ params, change, request }) => {
      refuseInProgress(request.headers['in-progress'])
      return naming({ collection: params.alias }, async () => {
        const { alias, name } = await publishCollection(datasets, change, params.alias)
        return respond({
          body: documents.collectionReceipt(at, { alias, name }, 'It was published.'),
          type: 'application/atom+xml;type=entry;charset=utf-8',
        })
      })
    }),
    route(contract.showStatement, async ({ params, caller }) => {
      const found = await view(caller, params.pid)
      const { dataset, version, locks } = found
      const { files: listed } = await listVersionFiles(datasets, found)
      return feed(
        documents.datasetStatement(at, {
          pid: dataset.pid,
          title: version.title,
          authors: authorsOf(version.metadata),
          updatedAt: version.updated_at,
          state: version.state.toUpperCase(),
          isLocked: locks.length > 0,
          isMinorUpdate: version.minor !== null && version.minor > 0,
          files: listed,
        }),
      )
    }),
  ]

  /** As the minor version that most edits are; what cannot be one is a major one. */
  async function publishSmallest(change: Change, ref: string) {
    try {
      return await publishDataset(datasets, change, ref, 'minor')
    } catch (error) {
      if (!(error instanceof Problem) || (error.code !== firstVersionMinor.code && error.code !== minorRefused.code))
        throw error
      return publishDataset(datasets, change, ref, 'major')
    }
  }
}

function refuseInProgress(header: string | string[] | undefined): void {
  if (String(header).toLowerCase() === 'false') return
  throw refused(400, 'Pass `In-Progress: false` header to publish a dataset or a collection.')
}

const subjects: readonly string[] = fieldNamed('subject')?.field.vocabulary ?? []
