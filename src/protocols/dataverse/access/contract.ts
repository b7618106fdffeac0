import { z } from 'zod'
import { dataverseEndpoint } from '../endpoint.ts'
import { envelope, Said } from '../envelope.ts'
import { parameter } from '../parameters.ts'

const persistentId = parameter('`doi:10.5072/FK2/J8SJZB`, where the address has `:persistentId`.')
const Query = z.looseObject({ persistentId })
const file = z.string().meta({ description: 'A number; files have no persistent ids of their own here.' })
const FileParams = z.object({ file })
const DatasetParams = z.object({ dataset: z.string() })
const VersionParams = DatasetParams.extend({
  version: z.string().meta({ description: '`:draft`, `:latest`, `:latest-published`, `1.0` or `2`.' }),
})
const PersonParams = FileParams.extend({ assignee: z.string().meta({ description: '`@user`' }) })
const AnyBody = z.unknown()

/** Four parameters that stand at the end of an address which was signed for somebody. */
const signature = {
  until: parameter('When the signature ends.'),
  user: parameter('For whom it was signed.'),
  method: parameter('`GET`.'),
  token: parameter('The signature.'),
}
const DownloadQuery = z.looseObject({
  persistentId,
  format: parameter('`original`: as it was deposited, which here it always is.'),
  imageThumb: parameter('Not offered.'),
  variables: parameter('Not offered.'),
  gbrecs: parameter('`true`: not counted as a download.'),
  ...signature,
})

const base = '/api/access'
const ofFile = `${base}/datafile/:file`

// — Downloads

export const download = dataverseEndpoint({
  id: 'dataverse-download-file',
  method: 'GET',
  path: ofFile,
  summary: 'Dataverse: download a file',
  params: FileParams,
  query: DownloadQuery,
  media: ['application/octet-stream'],
  ranges: true,
})

/** Programs that mirror folders put a path before the number. */
export const downloadByPath = dataverseEndpoint({
  id: 'dataverse-download-file-by-path',
  method: 'GET',
  path: `${base}/datafile/*path`,
  summary: 'Dataverse: download a file by its number at the end of a path',
  params: z.object({ path: z.string() }),
  query: DownloadQuery,
  media: ['application/octet-stream'],
  ranges: true,
})

const zips = ['application/zip'] as const

export const downloadMany = dataverseEndpoint({
  id: 'dataverse-download-files',
  method: 'GET',
  path: `${base}/datafiles/:ids`,
  summary: 'Dataverse: download files as a ZIP, in the order asked for',
  params: z.object({ ids: z.string().meta({ description: 'Numbers, separated by commas.' }) }),
  query: DownloadQuery,
  media: zips,
})

export const downloadPosted = dataverseEndpoint({
  id: 'dataverse-download-files-posted',
  method: 'POST',
  path: `${base}/datafiles`,
  summary: 'Dataverse: download files as a ZIP; for many of them',
  description: 'The body is `fileIds=1,2`.',
  reads: true,
  query: DownloadQuery,
  body: z.string().max(1_000_000),
  plainText: true,
  media: zips,
})

export const downloadDataset = dataverseEndpoint({
  id: 'dataverse-download-dataset',
  method: 'GET',
  path: `${base}/dataset/:dataset`,
  summary: 'Dataverse: download all files of a dataset as a ZIP',
  params: DatasetParams,
  query: DownloadQuery,
  media: zips,
})

export const downloadVersion = dataverseEndpoint({
  id: 'dataverse-download-version',
  method: 'GET',
  path: `${base}/dataset/:dataset/versions/:version`,
  summary: 'Dataverse: download all files of a version as a ZIP',
  params: VersionParams,
  query: DownloadQuery,
  media: zips,
})

export const downloadBundle = dataverseEndpoint({
  id: 'dataverse-download-bundle',
  method: 'GET',
  path: `${base}/datafile/bundle/:file`,
  summary: 'Dataverse: download a file with its citations as a ZIP',
  params: FileParams,
  query: DownloadQuery,
  media: zips,
})

// — Addresses signed for who asks

const signing = {
  method: 'POST',
  reads: true,
  body: AnyBody,
  query: z.looseObject({ persistentId, signed: parameter('Means nothing here.'), format: parameter('Goes along.') }),
  reply: envelope(z.object({ signedUrl: z.string() })),
} as const

export const signFile = dataverseEndpoint({
  ...signing,
  id: 'dataverse-sign-file-download',
  path: ofFile,
  summary: 'Dataverse: an address at which a file can be had for some minutes',
  description: 'What a guestbook asks is sent as the body; there are none here, so it is passed over.',
  params: FileParams,
})

export const signMany = dataverseEndpoint({
  ...signing,
  id: 'dataverse-sign-files-download',
  path: `${base}/datafiles/:ids`,
  summary: 'Dataverse: an address at which files can be had for some minutes',
  params: z.object({ ids: z.string() }),
})

export const signDataset = dataverseEndpoint({
  ...signing,
  id: 'dataverse-sign-dataset-download',
  path: `${base}/dataset/:dataset`,
  summary: 'Dataverse: an address at which a dataset can be had for some minutes',
  params: DatasetParams,
})

export const signVersion = dataverseEndpoint({
  ...signing,
  id: 'dataverse-sign-version-download',
  path: `${base}/dataset/:dataset/versions/:version`,
  summary: 'Dataverse: an address at which a version can be had for some minutes',
  params: VersionParams,
})

// — Asking for restricted files

export const allowRequests = dataverseEndpoint({
  id: 'dataverse-allow-access-requests',
  method: 'PUT',
  path: `${base}/:dataset/allowAccessRequest`,
  summary: 'Dataverse: whether people may ask for restricted files of a dataset',
  description: '`true` or `false`.',
  audit: 'dataset.draft_changed',
  params: DatasetParams,
  query: Query,
  body: AnyBody,
  reply: Said,
})

export const requestAccess = dataverseEndpoint({
  id: 'dataverse-request-access',
  method: 'PUT',
  path: `${ofFile}/requestAccess`,
  summary: 'Dataverse: ask for a restricted file',
  perMinute: 120,
  audit: 'dataset.access_requested',
  params: FileParams,
  query: Query,
  body: AnyBody,
  reply: Said,
})

export const listRequests = dataverseEndpoint({
  id: 'dataverse-list-access-requests',
  method: 'GET',
  path: `${ofFile}/listRequests`,
  summary: 'Dataverse: who asks for a restricted file',
  params: FileParams,
  query: Query,
  reply: envelope(
    z.array(
      z.object({
        identifier: z.string(),
        displayInfo: z.object({ Title: z.string(), email: z.string().optional() }),
        requestedDate: z.string(),
      }),
    ),
  ),
})

export const grantAccess = dataverseEndpoint({
  id: 'dataverse-grant-access',
  method: 'PUT',
  path: `${ofFile}/grantAccess/:assignee`,
  summary: 'Dataverse: let somebody have a restricted file',
  audit: 'dataset.access_granted',
  params: PersonParams,
  query: Query,
  body: AnyBody,
  reply: Said,
})

export const revokeAccess = dataverseEndpoint({
  id: 'dataverse-revoke-access',
  method: 'DELETE',
  path: `${ofFile}/revokeAccess/:assignee`,
  summary: 'Dataverse: take a restricted file back from somebody',
  audit: 'dataset.access_rejected',
  params: PersonParams,
  query: Query,
  reply: Said,
})

export const rejectAccess = dataverseEndpoint({
  id: 'dataverse-reject-access',
  method: 'PUT',
  path: `${ofFile}/rejectAccess/:assignee`,
  summary: 'Dataverse: refuse somebody a restricted file',
  audit: 'dataset.access_rejected',
  params: PersonParams,
  query: Query,
  body: AnyBody,
  reply: Said,
})

export const hasRequested = dataverseEndpoint({
  id: 'dataverse-has-requested-access',
  method: 'GET',
  path: `${ofFile}/userFileAccessRequested`,
  summary: 'Dataverse: whether the caller has asked for a file',
  params: FileParams,
  query: Query,
  reply: envelope(z.boolean()),
})

export const userPermissions = dataverseEndpoint({
  id: 'dataverse-file-user-permissions',
  method: 'GET',
  path: `${ofFile}/userPermissions`,
  summary: 'Dataverse: what the caller may do with a file',
  params: FileParams,
  query: Query,
  reply: envelope(
    z.object({
      canDownloadFile: z.boolean(),
      canManageFilePermissions: z.boolean(),
      canEditOwnerDataset: z.boolean(),
    }),
  ),
})
