import type { Actor, Caller } from '#src/access/caller.ts'
import type { RequestFacts } from '#src/http/request.ts'
import { respond } from '#src/http/respond.ts'
import { type Route, route } from '#src/http/serve.ts'
import { appendUpload } from './append-upload.ts'
import * as contract from './contract.ts'
import { endUpload } from './end-upload.ts'
import { findOwnUpload, listOwnUploads } from './find-own-upload.ts'
import type { UploadNeeds } from './needs.ts'
import { startUpload } from './start-upload.ts'
import {
  carriesPart,
  checkVersion,
  metadataHeader,
  partLength,
  readChecksum,
  readLength,
  readMetadata,
  readOffset,
  tusHeaders,
} from './tus-headers.ts'
import type { Upload } from './upload.ts'

export function uploadRoutes(needs: UploadNeeds): Route[] {
  return [
    route(contract.startUpload, async ({ caller, params, body, request }) => {
      const { headers } = request
      const actor = actorOf(caller, request)
      checkVersion(headers)
      const more = carriesPart(headers)
      const asked = { ...readMetadata(headers), bytes: readLength(headers) }
      const checksum = readChecksum(headers)
      const begun = await startUpload(needs, actor, params.dataset, asked)
      const part = { offset: 0, length: partLength(headers), checksum, content: body }
      const upload = more ? await appendUpload(needs, actor, begun.id, part) : begun
      return respond({
        body: present(upload),
        headers: { ...tusHeaders(upload), location: `/v1/uploads/${upload.id}` },
      })
    }),

    route(contract.listUploads, async ({ caller }) => ({
      uploads: (await listOwnUploads(needs, caller)).map(present),
    })),

    route(contract.readUpload, async ({ caller, params, request }) => {
      checkVersion(request.headers)
      const upload = await findOwnUpload(needs, caller, params.upload)
      return respond({ body: present(upload), headers: { ...tusHeaders(upload), ...metadataHeader(upload) } })
    }),

    route(contract.appendUpload, async ({ caller, params, body, request }) => {
      const { headers } = request
      checkVersion(headers)
      const upload = await appendUpload(needs, actorOf(caller, request), params.upload, {
        offset: readOffset(headers),
        length: partLength(headers),
        checksum: readChecksum(headers),
        content: body,
      })
      return respond({ headers: tusHeaders(upload) })
    }),

    route(contract.endUpload, async ({ params, change, request }) => {
      checkVersion(request.headers)
      await endUpload(needs, change, params.upload)
      return respond({ headers: { 'tus-resumable': contract.tusVersion } })
    }),
  ]
}

const actorOf = (caller: Caller, { id: requestId, address, client }: RequestFacts): Actor => ({
  caller,
  requestId,
  address,
  client,
})

const present = (upload: Upload) => ({
  id: upload.id,
  dataset: upload.datasetId,
  name: upload.name,
  media_type: upload.finished?.mediaType ?? null,
  bytes: upload.bytes,
  offset: upload.received,
  state: upload.finished ? ('finished' as const) : ('open' as const),
  checksums: upload.finished && { md5: upload.finished.md5, sha256: upload.finished.sha256 },
  created_at: upload.createdAt.toISOString(),
  expires_at: upload.expiresAt.toISOString(),
})
