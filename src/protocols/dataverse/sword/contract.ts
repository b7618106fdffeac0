import { z } from 'zod'
import { type Endpoint, endpoint } from '#src/http/endpoint.ts'
import { swordDialect, swordRoot } from './dialect.ts'

/** A session says nothing here: clients are programs. */
const swordEndpoint = <const E extends Omit<Endpoint, 'access' | 'dialect' | 'shown'>>(e: E) =>
  endpoint({ access: 'signed_in', shown: 'token', dialect: swordDialect, ...e })

const AliasParams = z.object({ alias: z.string() })
/** Persistent ids have slashes, which stand in the address as they are. */
const PidParams = z.object({ pid: z.string() })
const FileParams = z.object({ file: z.string().meta({ description: 'A number; the name of the file may follow.' }) })

const feed = ['application/atom+xml'] as const
const receipt = ['application/atom+xml'] as const

export const serviceDocument = swordEndpoint({
  id: 'sword-service-document',
  method: 'GET',
  path: `${swordRoot}/service-document`,
  summary: 'SWORD: collections into which the caller may deposit',
  media: ['application/atomserv+xml'],
})

export const showCollection = swordEndpoint({
  id: 'sword-show-collection',
  method: 'GET',
  path: `${swordRoot}/collection/dataverse/:alias`,
  summary: 'SWORD: datasets of a collection',
  params: AliasParams,
  media: feed,
})

export const createDataset = swordEndpoint({
  id: 'sword-create-dataset',
  method: 'POST',
  path: `${swordRoot}/collection/dataverse/:alias`,
  summary: 'SWORD: make a dataset of an Atom entry',
  audit: 'dataset.created',
  accepts: ['*/*'],
  plainText: true,
  params: AliasParams,
  body: z.string().max(1_000_000).optional(),
  media: receipt,
  status: 201,
})

export const addFiles = swordEndpoint({
  id: 'sword-add-files',
  method: 'POST',
  path: `${swordRoot}/edit-media/study/*pid`,
  summary: 'SWORD: put the files of a ZIP into the draft of a dataset',
  opensChange: true,
  audit: 'dataset.files_added',
  params: PidParams,
  body: 'stream',
  media: receipt,
  status: 201,
})

export const deleteFile = swordEndpoint({
  id: 'sword-delete-file',
  method: 'DELETE',
  path: `${swordRoot}/edit-media/file/*file`,
  summary: 'SWORD: take a file out of the draft',
  audit: 'dataset.files_deleted',
  params: FileParams,
  status: 204,
})

export const showDataset = swordEndpoint({
  id: 'sword-show-dataset',
  method: 'GET',
  path: `${swordRoot}/edit/study/*pid`,
  summary: 'SWORD: a dataset',
  params: PidParams,
  media: receipt,
})

export const publishDataset = swordEndpoint({
  id: 'sword-publish-dataset',
  method: 'POST',
  path: `${swordRoot}/edit/study/*pid`,
  summary: 'SWORD: publish the draft of a dataset',
  description: 'With `In-Progress: false`; as a minor version where that is possible.',
  audit: 'dataset.published',
  accepts: ['*/*'],
  plainText: true,
  params: PidParams,
  body: z.string().max(1_000_000).optional(),
  media: receipt,
})

export const deleteDataset = swordEndpoint({
  id: 'sword-delete-dataset',
  method: 'DELETE',
  path: `${swordRoot}/edit/study/*pid`,
  summary: 'SWORD: delete the draft of a dataset',
  audit: ['dataset.draft_deleted', 'dataset.deleted'],
  params: PidParams,
  status: 204,
})

export const publishCollection = swordEndpoint({
  id: 'sword-publish-collection',
  method: 'POST',
  path: `${swordRoot}/edit/dataverse/:alias`,
  summary: 'SWORD: publish a collection',
  description: 'With `In-Progress: false`.',
  audit: 'collection.published',
  accepts: ['*/*'],
  plainText: true,
  params: AliasParams,
  body: z.string().max(1_000_000).optional(),
  media: receipt,
})

export const showStatement = swordEndpoint({
  id: 'sword-show-statement',
  method: 'GET',
  path: `${swordRoot}/statement/study/*pid`,
  summary: 'SWORD: where a dataset stands, and its files',
  params: PidParams,
  media: feed,
})
