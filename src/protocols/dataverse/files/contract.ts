import { z } from 'zod'
import { dataverseEndpoint } from '../endpoint.ts'
import { counted, envelope, Said } from '../envelope.ts'
import { parameter } from '../parameters.ts'
import { FileJson } from './file-shape.ts'

const persistentId = parameter('`doi:10.5072/FK2/J8SJZB`, where the address has `:persistentId`.')
const Query = z.looseObject({ persistentId })
const DatasetParams = z.object({ dataset: z.string() })
const VersionParams = DatasetParams.extend({
  version: z.string().meta({ description: '`:draft`, `:latest`, `:latest-published`, `1.0` or `2`.' }),
})
const FileParams = z.object({
  file: z.string().meta({ description: 'A number; files have no persistent ids of their own here.' }),
})
const FileVersionParams = FileParams.extend({ version: z.string() })
const AnyBody = z.unknown()

const ofFile = '/api/files/:file'
const ofDataset = '/api/datasets/:dataset'
const ofVersion = `${ofDataset}/versions/:version`

// — Depositing

const Added = z.object({
  status: z.literal('OK'),
  message: z.string().optional(),
  data: z.object({ files: z.array(FileJson) }),
})
const upload = {
  opensChange: true,
  body: 'multipart',
  parts: { file: 'file', jsonData: 'text' },
  query: Query,
} as const

export const addFile = dataverseEndpoint({
  ...upload,
  id: 'dataverse-add-file',
  audit: 'dataset.files_added',
  method: 'POST',
  path: `${ofDataset}/add`,
  summary: 'Dataverse: put a file into the draft of a dataset',
  description: 'A form with the parts `file` and `jsonData`, in any order. A ZIP is unpacked.',
  params: DatasetParams,
  reply: Added,
})

export const replaceFile = dataverseEndpoint({
  ...upload,
  id: 'dataverse-replace-file',
  audit: 'dataset.file_replaced',
  method: 'POST',
  path: `${ofFile}/replace`,
  summary: 'Dataverse: put a file in the place of another',
  params: FileParams,
  reply: Added,
})

export const uploadUrls = dataverseEndpoint({
  id: 'dataverse-upload-urls',
  method: 'GET',
  path: `${ofDataset}/uploadurls`,
  summary: 'Dataverse: an address to which a file may be sent by itself',
  description: 'What was sent there becomes a file with `addFiles`.',
  params: DatasetParams,
  query: z.looseObject({ persistentId, size: parameter('Bytes.') }),
  reply: envelope(z.object({ url: z.string(), partSize: z.int(), storageIdentifier: z.string() })),
})

export const putDirectly = dataverseEndpoint({
  id: 'dataverse-put-directly',
  method: 'PUT',
  path: '/api/uploads/:upload',
  summary: 'Dataverse: send a file to the address that was given for it',
  description: 'The signature in the address says for whom.',
  opensChange: true,
  audit: ['upload.started', 'upload.finished', 'upload.ended'],
  params: z.object({ upload: z.uuid() }),
  query: z.looseObject({
    dataset: parameter('The number of the dataset.'),
    size: parameter('Bytes.'),
    until: parameter('When the signature ends.'),
    user: parameter('For whom it was signed.'),
    method: parameter('`PUT`.'),
    token: parameter('The signature.'),
  }),
  body: 'stream',
  status: 200,
})

const register = {
  method: 'POST',
  opensChange: true,
  body: 'multipart',
  parts: { jsonData: 'text' },
  params: DatasetParams,
  query: Query,
  reply: envelope(
    z.object({
      Files: z.array(z.object({ storageIdentifier: z.string(), successMessage: z.string(), fileDetails: FileJson })),
      Result: z.object({
        'Total number of files': z.int(),
        'Number of files successfully added': z.int().optional(),
        'Number of files successfully replaced': z.int().optional(),
      }),
    }),
  ),
} as const

export const addFiles = dataverseEndpoint({
  ...register,
  id: 'dataverse-add-files',
  audit: 'dataset.files_added',
  path: `${ofDataset}/addFiles`,
  summary: 'Dataverse: make what was sent directly files of a dataset',
  description: 'The part `jsonData` has a list; all of them or none.',
})

export const replaceFiles = dataverseEndpoint({
  ...register,
  id: 'dataverse-replace-files',
  audit: 'dataset.file_replaced',
  path: `${ofDataset}/replaceFiles`,
  summary: 'Dataverse: put what was sent directly in the place of files',
  description: 'The part `jsonData` has a list with `fileToReplaceId`; all of them or none.',
})

export const deleteFiles = dataverseEndpoint({
  id: 'dataverse-delete-files',
  method: 'PUT',
  path: `${ofDataset}/deleteFiles`,
  summary: 'Dataverse: take files out of the draft',
  audit: 'dataset.files_deleted',
  params: DatasetParams,
  query: Query,
  body: AnyBody,
  reply: Said,
})

// — Files of a version

const filters = {
  persistentId,
  includeDeaccessioned: parameter('`true`: also of versions that were deaccessioned.'),
  contentType: parameter('A media type.'),
  accessStatus: parameter('`Public`, `Restricted`, `EmbargoedThenRestricted` or `EmbargoedThenPublic`.'),
  categoryName: parameter('A category.'),
  tabularTagName: parameter('A tag.'),
  searchText: parameter('Part of name or description.'),
}

export const listFiles = dataverseEndpoint({
  id: 'dataverse-list-files',
  method: 'GET',
  path: `${ofVersion}/files`,
  summary: 'Dataverse: files of a version',
  params: VersionParams,
  query: z.looseObject({
    ...filters,
    limit: parameter('Files at most.'),
    offset: parameter('Files to skip.'),
    orderCriteria: parameter('`NameAZ`, `NameZA`, `Newest`, `Oldest`, `Size` or `Type`.'),
  }),
  reply: counted(FileJson),
})

const Counts = z.record(z.string(), z.int())

export const countFiles = dataverseEndpoint({
  id: 'dataverse-count-files',
  method: 'GET',
  path: `${ofVersion}/files/counts`,
  summary: 'Dataverse: how many files of a version are of which kind',
  params: VersionParams,
  query: z.looseObject(filters),
  reply: envelope(
    z.object({
      total: z.int(),
      perContentType: Counts,
      perCategoryName: Counts,
      perTabularTagName: Counts,
      perAccessStatus: Counts,
    }),
  ),
})

export const downloadSize = dataverseEndpoint({
  id: 'dataverse-download-size',
  method: 'GET',
  path: `${ofVersion}/downloadsize`,
  summary: 'Dataverse: how many bytes the files of a version have',
  params: VersionParams,
  query: z.looseObject({ ...filters, mode: parameter('`All`, `Original` or `Archival`: the same here.') }),
  reply: envelope(z.object({ message: z.string(), storageSize: z.int() })),
})

export const datasetDownloadCount = dataverseEndpoint({
  id: 'dataverse-dataset-download-count',
  method: 'GET',
  path: `${ofDataset}/download/count`,
  summary: 'Dataverse: how often files of a dataset were downloaded',
  params: DatasetParams,
  query: Query,
  reply: z.object({ id: z.int(), downloadCount: z.int() }),
})

export const availableCategories = dataverseEndpoint({
  id: 'dataverse-available-file-categories',
  method: 'GET',
  path: `${ofDataset}/availableFileCategories`,
  summary: 'Dataverse: categories that files of a dataset are given',
  params: DatasetParams,
  query: Query,
  reply: envelope(z.array(z.string())),
})

// — One file

const ShowQuery = z.looseObject({
  persistentId,
  returnDatasetVersion: parameter('`true`: also the version that holds it.'),
  returnOwners: parameter('`true`: also what it lies in.'),
  includeDeaccessioned: parameter('`true`: also in versions that were deaccessioned.'),
})
const Shown = envelope(FileJson.extend({ datasetVersion: z.unknown().optional() }))

export const showFile = dataverseEndpoint({
  id: 'dataverse-show-file',
  method: 'GET',
  path: ofFile,
  summary: 'Dataverse: a file, as the latest version that the caller may see has it',
  params: FileParams,
  query: ShowQuery,
  reply: Shown,
})

export const showDraftFile = dataverseEndpoint({
  id: 'dataverse-show-draft-file',
  method: 'GET',
  path: `${ofFile}/draft`,
  summary: 'Dataverse: a file, as the draft has it',
  params: FileParams,
  query: ShowQuery,
  reply: Shown,
})

export const showFileInVersion = dataverseEndpoint({
  id: 'dataverse-show-file-in-version',
  method: 'GET',
  path: `${ofFile}/versions/:version`,
  summary: 'Dataverse: a file, as a version has it',
  params: FileVersionParams,
  query: ShowQuery,
  reply: Shown,
})

export const showFileCitation = dataverseEndpoint({
  id: 'dataverse-show-file-citation',
  method: 'GET',
  path: `${ofFile}/versions/:version/citation`,
  summary: 'Dataverse: how a file of a version is cited, as HTML',
  params: FileVersionParams,
  query: ShowQuery,
  reply: Said,
})

const plainMedia = ['text/plain'] as const

export const showFileMetadata = dataverseEndpoint({
  id: 'dataverse-show-file-metadata',
  method: 'GET',
  path: `${ofFile}/metadata`,
  summary: 'Dataverse: how the latest published version describes a file',
  params: FileParams,
  query: Query,
  media: plainMedia,
})

export const showDraftFileMetadata = dataverseEndpoint({
  id: 'dataverse-show-draft-file-metadata',
  method: 'GET',
  path: `${ofFile}/metadata/draft`,
  summary: 'Dataverse: how the draft describes a file',
  params: FileParams,
  query: Query,
  media: plainMedia,
})

export const editFileMetadata = dataverseEndpoint({
  id: 'dataverse-edit-file-metadata',
  method: 'POST',
  path: `${ofFile}/metadata`,
  summary: 'Dataverse: name, describe, move or restrict a file',
  description: 'A form with the part `jsonData`.',
  opensChange: true,
  audit: 'dataset.files_changed',
  body: 'multipart',
  parts: { jsonData: 'text' },
  params: FileParams,
  query: Query,
  media: plainMedia,
})

const words = (name: 'categories' | 'tabularTags') =>
  ({
    method: 'POST',
    path: `${ofFile}/metadata/${name}`,
    audit: 'dataset.files_changed',
    params: FileParams,
    query: z.looseObject({ persistentId, replace: parameter('`true`: instead of those that are there.') }),
    body: AnyBody,
    reply: Said,
  }) as const

export const setCategories = dataverseEndpoint({
  ...words('categories'),
  id: 'dataverse-set-file-categories',
  summary: 'Dataverse: give a file categories',
})

export const setTags = dataverseEndpoint({
  ...words('tabularTags'),
  id: 'dataverse-set-file-tags',
  summary: 'Dataverse: give a file tags',
})

export const restrictFile = dataverseEndpoint({
  id: 'dataverse-restrict-file',
  method: 'PUT',
  path: `${ofFile}/restrict`,
  summary: 'Dataverse: restrict a file, or open it to all',
  description:
    '`true`, `false` (also: no body) or `{"restrict": true, "enableAccessRequest": true, "termsOfAccess": "…"}`.',
  audit: ['dataset.files_changed', 'dataset.draft_changed'],
  params: FileParams,
  query: Query,
  body: AnyBody,
  reply: Said,
})

export const deleteFile = dataverseEndpoint({
  id: 'dataverse-delete-file',
  method: 'DELETE',
  path: ofFile,
  summary: 'Dataverse: take a file out of the draft',
  description: '`true`: it was never published, and is gone.',
  audit: 'dataset.files_deleted',
  params: FileParams,
  query: Query,
  reply: envelope(z.boolean()),
})

export const redetectType = dataverseEndpoint({
  id: 'dataverse-redetect-file-type',
  method: 'POST',
  path: `${ofFile}/redetect`,
  summary: 'Dataverse: find out the type of a file again',
  audit: 'dataset.files_changed',
  params: FileParams,
  query: z.looseObject({ persistentId, dryRun: parameter('`true`: only say what would become of it.') }),
  reply: envelope(z.object({ dryRun: z.boolean(), oldContentType: z.string(), newContentType: z.string() })),
})

/** Tables stay as they were deposited: what would change them into Dataverse's own form and back is refused. */
export const uningest = dataverseEndpoint({
  id: 'dataverse-uningest-file',
  method: 'POST',
  path: `${ofFile}/uningest`,
  summary: 'Dataverse: make a table the file again that it was; here it always is',
  reads: true,
  params: FileParams,
  query: Query,
  body: AnyBody,
  reply: Said,
})

export const reingest = dataverseEndpoint({
  id: 'dataverse-reingest-file',
  method: 'POST',
  path: `${ofFile}/reingest`,
  summary: 'Dataverse: make a table of a file; here files stay as they are',
  reads: true,
  params: FileParams,
  query: Query,
  body: AnyBody,
  reply: Said,
})

export const dataTables = dataverseEndpoint({
  id: 'dataverse-file-data-tables',
  method: 'GET',
  path: `${ofFile}/dataTables`,
  summary: 'Dataverse: tables that were made of a file; here none are',
  params: FileParams,
  query: Query,
  reply: Said,
})

export const fileDownloadCount = dataverseEndpoint({
  id: 'dataverse-file-download-count',
  method: 'GET',
  path: `${ofFile}/downloadCount`,
  summary: 'Dataverse: how often a file was downloaded',
  params: FileParams,
  query: Query,
  reply: Said,
})

export const hasBeenDeleted = dataverseEndpoint({
  id: 'dataverse-file-has-been-deleted',
  method: 'GET',
  path: `${ofFile}/hasBeenDeleted`,
  summary: 'Dataverse: whether the latest version is without a file that earlier ones have',
  params: FileParams,
  query: Query,
  reply: envelope(z.boolean()),
})
