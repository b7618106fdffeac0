import { z } from 'zod'
import { endpoint } from '#src/http/endpoint.ts'
import { flag, pageQuery } from '#src/http/parameters.ts'

const moment = z.iso.datetime()
const day = z.iso.date('is not a day; write e.g. 2027-12-25')

const number = z.string().regex(/^[1-9][0-9]{0,14}$/)
const dataset = z
  .string()
  .regex(/^([1-9][0-9]{0,14}|[a-z]{3,5}:[^\s]{1,200})$/)
  .meta({ description: 'The number of the dataset, or its persistent id, percent-encoded.', examples: ['42'] })
const version = z
  .string()
  .regex(/^(draft|DRAFT|latest|latest-published|[0-9]{1,6}(\.[0-9]{1,6})?)$/)
  .meta({
    description: '`draft`, `latest` (the draft if you may see it), `latest-published`, or a number such as `1.0`.',
  })
const datasetParams = z.object({ dataset })
const versionParams = z.object({ dataset, version })
const fileParams = z.object({ file: number.meta({ description: 'The number of the file.' }) })
const requestParams = fileParams.extend({
  account: z.uuid().meta({ description: 'The id of the account that asked.' }),
})

const id = z.int().min(1).max(Number.MAX_SAFE_INTEGER)
const Name = z
  .string()
  .max(1000)
  .meta({ description: 'At most 255 bytes in UTF-8, and none of `/ \\ : * ? " < > | ; #`.' })
const Directory = z.string().max(4000).meta({ description: 'Such as `raw/2026`; empty: top level.' })
const Description = z.string().max(10_000)
const Words = z.array(z.string().trim().min(1).max(200)).max(50)
const Embargo = z
  .strictObject({
    until: day.meta({ description: 'The first day on which anybody may have it.' }),
    reason: z.string().trim().min(1).max(1000).nullable().default(null),
  })
  .meta({ id: 'Embargo' })

/** Who may have a file, as soon as its version is published. */
export const accessWords = ['public', 'restricted', 'embargoed', 'embargoed_restricted'] as const
const Access = z.enum(accessWords).meta({
  description:
    '`public`: anybody; `restricted`: who was granted it; `embargoed`: anybody, later; `embargoed_restricted`: who was granted it, later.',
})

const fileFacts = {
  id: z.int(),
  name: z.string(),
  directory: z.string().meta({ description: 'Empty: top level.' }),
  path: z.string().meta({ description: 'Directory and name.' }),
  description: z.string(),
  categories: z.array(z.string()),
  tags: z.array(z.string()),
  media_type: z.string(),
  bytes: z.int(),
  checksums: z
    .object({ md5: z.string(), sha256: z.string(), sha1: z.string().optional(), sha512: z.string().optional() })
    .meta({ description: 'Of the content, in hexadecimal.' }),
  restricted: z.boolean(),
  embargo: z.object({ until: day, reason: z.string().nullable() }).nullable(),
  access: Access,
  downloads: z.int(),
  original_name: z.string().meta({ description: 'As it was uploaded.' }),
  created_at: moment,
  published_at: moment.nullable(),
  previous_file: z.int().nullable().meta({ description: 'The file that it replaced.' }),
  root_file: z.int().nullable().meta({ description: 'The first of the files that replaced one another.' }),
  may_download: z.boolean().meta({ description: 'Whether you may have it now.' }),
  url: z.string().meta({ description: 'Where it is downloaded.' }),
}
export const DatasetFile = z.object(fileFacts).meta({ id: 'DatasetFile' })

const Warning = z
  .object({
    file: z.int().meta({ description: 'Of the file that is meant.' }),
    kind: z.enum(['same_content', 'renamed']),
    detail: z.string(),
    other: z.int().nullable().meta({ description: 'The file that has the same content, or the name.' }),
  })
  .meta({ id: 'FileWarning' })

const Added = z.object({ items: z.array(DatasetFile), warnings: z.array(Warning) })

// — Reading

export const fileOrders = ['path', 'name', '-name', 'newest', 'oldest', 'size', 'type'] as const

const filters = {
  search: z.string().max(200).optional().meta({ description: 'Part of name, directory or description.' }),
  type: z
    .string()
    .max(200)
    .optional()
    .meta({ description: 'A media type (`text/csv`), or a group of them (`image`).' }),
  access: Access.optional(),
  restricted: flag().optional().meta({ description: 'Restricted ones, under embargo or not; `false`: the others.' }),
  category: z.string().max(200).optional(),
  tag: z.string().max(200).optional(),
  directory: z.string().max(4000).optional().meta({ description: 'Only what is in this directory or below it.' }),
}

export const listFiles = endpoint({
  id: 'list-dataset-files',
  method: 'GET',
  path: '/v1/datasets/:dataset/versions/:version/files',
  summary: 'List the files of a version of a dataset',
  description: '`total` counts what the filters leave; `size` orders from the largest.',
  access: 'optional',
  params: versionParams,
  query: z.object({
    ...pageQuery(1000, 100),
    ...filters,
    flat: flag()
      .optional()
      .meta({ description: 'Only what is in the directory itself, or at the top level; not what is below.' }),
    order: z.enum(fileOrders).default('path'),
  }),
  reply: z.object({ items: z.array(DatasetFile), total: z.int(), bytes: z.int() }),
})

const Count = z.object({ value: z.string(), count: z.int() })

export const countFiles = endpoint({
  id: 'count-dataset-files',
  method: 'GET',
  path: '/v1/datasets/:dataset/versions/:version/files/counts',
  summary: 'Count the files of a version by type, access, category, tag and directory',
  access: 'optional',
  params: versionParams,
  query: z.object(filters),
  reply: z.object({
    total: z.int(),
    bytes: z.int(),
    types: z.array(Count),
    access: z.array(Count),
    categories: z.array(Count),
    tags: z.array(Count),
    directories: z.array(z.object({ directory: z.string(), count: z.int(), bytes: z.int() })).meta({
      description: 'Each that holds files itself, by name; at most 10,000.',
    }),
  }),
})

export const getFile = endpoint({
  id: 'get-dataset-file',
  method: 'GET',
  path: '/v1/files/:file',
  summary: 'Show a file of a dataset',
  description: 'As the newest version that you may see has it, unless `version` says otherwise.',
  access: 'optional',
  params: fileParams,
  query: z.object({ version: version.optional() }),
  reply: DatasetFile.extend({
    dataset: z.object({ id: z.int(), pid: z.string(), title: z.string() }),
    version: z.string().meta({ description: '`DRAFT`, or a number such as `1.0`.' }),
    versions: z.array(z.object({ version: z.string(), path: z.string(), released_at: moment.nullable() })).meta({
      description: 'Those that hold this file and that you may see, newest first.',
    }),
    history: z.array(z.object({ id: z.int(), name: z.string(), bytes: z.int(), created_at: moment })).meta({
      description: 'The files that replaced one another, newest first, this one included.',
    }),
    may: z.object({
      download: z.boolean(),
      edit: z.boolean(),
      manage: z.boolean().meta({ description: 'Whether you may grant access to it.' }),
      request_access: z.boolean(),
    }),
    access_request: z.enum(['open', 'granted', 'rejected']).nullable().meta({ description: 'Your own.' }),
  }).meta({ id: 'DatasetFileFacts' }),
})

export const downloadFile = endpoint({
  id: 'download-dataset-file',
  method: 'GET',
  path: '/v1/files/:file/content',
  summary: 'Download a file of a dataset',
  description:
    'With its own media type and name. `Range` gives a part, so that a download that broke off can go on; the `ETag` is the SHA-256 of the content. Always as an attachment, except that pictures, PDF and plain text may be asked for `inline`.',
  access: 'optional',
  params: fileParams,
  query: z.object({
    version: version.optional().meta({ description: 'The version that says how it is called.' }),
    inline: flag().optional(),
    preview: flag().optional().meta({ description: 'A look into it: not counted as a download.' }),
  }),
  media: ['application/octet-stream'],
  ranges: true,
})

export const downloadZip = endpoint({
  id: 'download-dataset-zip',
  method: 'GET',
  path: '/v1/datasets/:dataset/versions/:version/zip',
  summary: 'Download many files of a version, or all, as a ZIP',
  description:
    'It is sent while it is made. `MANIFEST.TXT`, its last member, says what is in it and what was left out: what you may not have, and what goes beyond `[files] zip_download_limit`.',
  access: 'optional',
  params: versionParams,
  query: z.object({
    files: z
      .string()
      .regex(/^[1-9][0-9]{0,14}(,[1-9][0-9]{0,14}){0,999}$/)
      .optional()
      .meta({ description: 'Their numbers, separated by commas. Default: all.' }),
  }),
  media: ['application/zip'],
})

// — Depositing

const deposit = { access: 'datasets:write', someResource: true } as const

export const addFiles = endpoint({
  id: 'add-dataset-files',
  method: 'POST',
  path: '/v1/datasets/:dataset/files',
  summary: 'Make finished uploads files of a dataset',
  description:
    'They go into its draft, which is made where there is none. A name that is taken gets a number (`counts-1.csv`); content that is there already is taken and told as a warning. All of them or none.',
  ...deposit,
  audit: ['dataset.files_added', 'dataset.file_replaced'],
  idempotent: true,
  params: datasetParams,
  body: z.object({
    files: z
      .array(
        z.strictObject({
          upload: z.string().max(200).meta({ description: 'The id of a finished upload.' }),
          name: Name.optional().meta({ description: 'Default: as it was uploaded.' }),
          directory: Directory.optional(),
          description: Description.optional(),
          categories: Words.optional(),
          tags: Words.optional(),
          restricted: z.boolean().optional(),
          embargo: Embargo.optional(),
          replaces: id.optional().meta({
            description: 'The file that it takes the place of; what is not said here is as of that one.',
          }),
        }),
      )
      .min(1)
      .max(1000),
  }),
  reply: Added,
  status: 201,
})

export const unpackUpload = endpoint({
  id: 'unpack-dataset-upload',
  method: 'POST',
  path: '/v1/datasets/:dataset/files/unpacked',
  summary: 'Make each member of an uploaded ZIP a file of a dataset',
  description:
    'Its folders become directories, at most 1,000 members become files, and the ZIP itself is not kept; one level is unpacked. An upload is taken once, so that asking again is refused.',
  ...deposit,
  audit: 'dataset.files_added',
  opensChange: true,
  params: datasetParams,
  body: z.object({
    upload: z.string().max(200),
    directory: Directory.optional().meta({ description: 'Above those of the ZIP.' }),
    description: Description.optional(),
    categories: Words.optional(),
    restricted: z.boolean().optional(),
    embargo: Embargo.optional(),
  }),
  reply: Added,
})

export const putContent = endpoint({
  id: 'put-dataset-content',
  method: 'PUT',
  path: '/v1/datasets/:dataset/content/*path',
  summary: 'Send a file straight into a dataset',
  description:
    'The body is the content, of any type; the path behind `content/` is its place: `curl -T counts.csv …/content/raw/`. A file that is there already is replaced. `Repr-Digest`, `Content-Digest`, `Content-MD5` or `X-Checksum-Sha256` (`-Md5`, `-Sha1`, `-Sha512`) are compared with what arrived.',
  ...deposit,
  audit: ['dataset.files_added', 'dataset.file_replaced'],
  opensChange: true,
  params: z.object({ dataset, path: z.string().max(4000).meta({ description: 'Directory and name.' }) }),
  query: z.object({
    if_exists: z.enum(['replace', 'rename', 'refuse']).default('replace'),
    unpack: flag().optional().meta({ description: 'Make each member of a ZIP a file, in the directory of the path.' }),
    description: Description.optional(),
    restricted: flag().optional(),
  }),
  body: 'stream',
  reply: Added,
  status: 201,
})

export const replaceFile = endpoint({
  id: 'replace-dataset-file',
  method: 'POST',
  path: '/v1/files/:file/replacement',
  summary: 'Replace a file by a finished upload',
  description:
    'The new file has a number of its own and stands where the old one stood; the old one stays in the versions that were published with it.',
  ...deposit,
  audit: 'dataset.file_replaced',
  idempotent: true,
  params: fileParams,
  body: z.object({
    upload: z.string().max(200),
    name: Name.optional().meta({ description: 'Default: as the old one is called.' }),
    directory: Directory.optional(),
    description: Description.optional(),
    categories: Words.optional(),
    any_type: z.boolean().default(true).meta({ description: 'Whether it may be of another type than the old one.' }),
  }),
  reply: Added,
  status: 201,
})

// — Editing

const edits = {
  description: Description.optional(),
  categories: Words.optional(),
  tags: Words.optional(),
  restricted: z.boolean().optional(),
  embargo: Embargo.nullable().optional().meta({ description: 'Null ends one that has not been published.' }),
}

export const editFile = endpoint({
  id: 'edit-dataset-file',
  method: 'PATCH',
  path: '/v1/files/:file',
  summary: 'Change how a file of the draft is called, described and kept from others',
  description: 'What was published stays as it is: changes hold from the next publication on.',
  ...deposit,
  audit: 'dataset.files_changed',
  params: fileParams,
  body: z.object({ name: Name.optional(), directory: Directory.optional(), ...edits }),
  reply: DatasetFile,
})

const files = z.array(id).min(1).max(10_000)

export const editFiles = endpoint({
  id: 'edit-dataset-files',
  method: 'PATCH',
  path: '/v1/datasets/:dataset/files',
  summary: 'Change many files of the draft at once',
  ...deposit,
  audit: 'dataset.files_changed',
  params: datasetParams,
  bodyLimit: 2 ** 20,
  body: z.object({ files, directory: Directory.optional(), ...edits }),
  reply: z.object({ changed: z.int() }),
})

export const deleteFile = endpoint({
  id: 'delete-dataset-file',
  method: 'DELETE',
  path: '/v1/files/:file',
  summary: 'Take a file out of the draft',
  description: 'One that was never published is gone; any other stays in the versions that were published with it.',
  ...deposit,
  audit: 'dataset.files_deleted',
  params: fileParams,
  reply: z.object({ destroyed: z.boolean().meta({ description: 'Whether no version holds it any more.' }) }),
})

export const deleteFiles = endpoint({
  id: 'delete-dataset-files',
  method: 'POST',
  path: '/v1/datasets/:dataset/files/deletion',
  summary: 'Take many files out of the draft at once',
  ...deposit,
  audit: 'dataset.files_deleted',
  params: datasetParams,
  body: z.object({ files }),
  reply: z.object({ deleted: z.int(), destroyed: z.int() }),
})

// — Asking for restricted files

const requestState = z.enum(['open', 'granted', 'rejected'])
const requestList = z.object({ ...pageQuery(1000, 100), state: requestState.optional() })

const AccessRequest = z
  .object({
    file: z.object({ id: z.int(), path: z.string() }),
    account: z.object({ id: z.uuid(), user_name: z.string(), display_name: z.string(), email: z.string().nullable() }),
    state: requestState.meta({
      description:
        '`granted`: they have it still; what was taken back is `rejected`. Nothing waits that they may have anyhow.',
    }),
    created_at: moment,
    decided_at: moment.nullable(),
  })
  .meta({ id: 'AccessRequest' })

export const requestAccess = endpoint({
  id: 'request-file-access',
  method: 'PUT',
  path: '/v1/files/:file/access-request',
  summary: 'Ask for a restricted file',
  description:
    'Asking again changes nothing, unless you were refused before. Who decides is told by mail, once while a request of yours for files of the dataset waits for them.',
  access: 'datasets:read',
  someResource: true,
  perMinute: 120,
  audit: 'dataset.access_requested',
  params: fileParams,
  reply: z.object({ state: requestState }),
})

export const listFileAccessRequests = endpoint({
  id: 'list-file-access-requests',
  method: 'GET',
  path: '/v1/files/:file/access-requests',
  summary: 'List who asked for a restricted file, oldest first',
  access: 'signed_in',
  params: fileParams,
  query: requestList,
  reply: z.object({ items: z.array(AccessRequest) }),
})

export const listAccessRequests = endpoint({
  id: 'list-dataset-access-requests',
  method: 'GET',
  path: '/v1/datasets/:dataset/access-requests',
  summary: 'List who asked for restricted files of a dataset, oldest first',
  description: 'Who decides about some of its files only sees what is asked of these.',
  access: 'signed_in',
  params: datasetParams,
  query: requestList,
  reply: z.object({ items: z.array(AccessRequest) }),
})

export const grantAccess = endpoint({
  id: 'grant-file-access',
  method: 'PUT',
  path: '/v1/files/:file/access-requests/:account/grant',
  summary: 'Let somebody have a restricted file',
  description: 'Whether they asked or not.',
  access: 'signed_in',
  audit: 'dataset.access_granted',
  params: requestParams,
  status: 204,
})

export const rejectAccess = endpoint({
  id: 'reject-file-access',
  method: 'PUT',
  path: '/v1/files/:file/access-requests/:account/rejection',
  summary: 'Refuse somebody a restricted file, or take it back',
  access: 'signed_in',
  audit: 'dataset.access_rejected',
  params: requestParams,
  status: 204,
})
