import { z } from 'zod'
import { endpoint } from '#src/http/endpoint.ts'

const moment = z.iso.datetime()
const upload = z.uuid().meta({ description: 'The id of the upload.' })

export const Upload = z
  .object({
    id: z.uuid(),
    dataset: z.int().meta({ description: 'The number of the dataset that it is for.' }),
    name: z.string().meta({ description: 'As its sender calls it.' }),
    media_type: z.string().nullable().meta({ description: 'Null: not known before it is whole.' }),
    bytes: z.int().meta({ description: 'That it will have.' }),
    offset: z.int().meta({ description: 'Bytes that are there for good: where to go on.' }),
    state: z.enum(['open', 'finished']),
    checksums: z
      .object({ md5: z.string(), sha256: z.string() })
      .nullable()
      .meta({ description: 'In hexadecimal. Null: not known before it is whole.' }),
    created_at: moment,
    expires_at: moment.meta({ description: 'What has not become a file by then is deleted; each part puts it off.' }),
  })
  .meta({ id: 'Upload' })

const whatTus =
  'Speaks tus 1.0.0 (https://tus.io), with creation, creation-with-upload, checksum, termination and expiration: its clients go on where they were cut off.'

export const tusVersion = '1.0.0'
export const tusExtensions = 'creation,creation-with-upload,checksum,termination,expiration'
export const tusChecksums = 'md5,sha1,sha256,sha512'
export const offsetMedia = 'application/offset+octet-stream'

const optionsHeaders = {
  'tus-resumable': tusVersion,
  'tus-version': tusVersion,
  'tus-extension': tusExtensions,
  'tus-checksum-algorithm': tusChecksums,
}

export const startUpload = endpoint({
  id: 'start-upload',
  method: 'POST',
  path: '/v1/datasets/:dataset/uploads',
  summary: 'Begin to upload a file into a dataset',
  description: `${whatTus} \`Upload-Length\` says how many bytes will come, \`Upload-Metadata\` the \`filename\` and, if you like, \`filetype\`, each in Base64. A body of \`${offsetMedia}\` is its first part. When all bytes are there, \`POST /v1/datasets/{dataset}/files\` makes it a file.`,
  access: 'datasets:write',
  someResource: true,
  audit: ['upload.started', 'upload.finished'],
  opensChange: true,
  params: z.object({
    dataset: z
      .string()
      .regex(/^([1-9][0-9]{0,14}|[a-z]{3,5}:[^\s]{1,200})$/)
      .meta({ description: 'The number of the dataset, or its persistent id, percent-encoded.', examples: ['42'] }),
  }),
  body: 'stream',
  reply: Upload,
  status: 201,
  optionsHeaders,
})

export const listUploads = endpoint({
  id: 'list-uploads',
  method: 'GET',
  path: '/v1/uploads',
  summary: 'List your uploads that have not become files',
  access: 'datasets:write',
  someResource: true,
  reply: z.object({ uploads: z.array(Upload) }),
})

export const readUpload = endpoint({
  id: 'read-upload',
  method: 'GET',
  path: '/v1/uploads/:upload',
  summary: 'Read how far an upload is',
  description: '`HEAD` tells it in the headers of tus: `Upload-Offset`, `Upload-Length`, `Upload-Expires`.',
  access: 'datasets:write',
  someResource: true,
  params: z.object({ upload }),
  reply: Upload,
})

export const appendUpload = endpoint({
  id: 'append-upload',
  method: 'PATCH',
  path: '/v1/uploads/:upload',
  summary: 'Send the next part of an upload',
  description: `${whatTus} \`Upload-Offset\` says where the part begins, which has to be where the upload ends so far. \`Upload-Checksum\` (\`sha256 <Base64>\`) is compared with the part. Whatever came before a connection broke off stays.`,
  access: 'datasets:write',
  someResource: true,
  audit: 'upload.finished',
  opensChange: true,
  params: z.object({ upload }),
  body: 'stream',
  accepts: [offsetMedia],
  optionsHeaders,
})

export const endUpload = endpoint({
  id: 'end-upload',
  method: 'DELETE',
  path: '/v1/uploads/:upload',
  summary: 'End an upload and delete what has come of it',
  access: 'datasets:write',
  someResource: true,
  audit: 'upload.ended',
  params: z.object({ upload }),
})
