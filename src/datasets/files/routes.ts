import { z } from 'zod'
import type { Actor, Caller } from '#src/access/caller.ts'
import { attachmentNamed } from '#src/http/content-disposition.ts'
import { hasCurrent } from '#src/http/etag.ts'
import { pageOf, readCursor } from '#src/http/paging.ts'
import { rangeOf } from '#src/http/ranges.ts'
import type { RequestFacts } from '#src/http/request.ts'
import { respond } from '#src/http/respond.ts'
import { type Route, route } from '#src/http/serve.ts'
import { rangeInvalid } from '#src/runs/problems.ts'
import { visitorOf } from '../visitor-of.ts'
import { type AccessRequestRow, placeOfRequest } from './access-store.ts'
import type { AddedFiles } from './add-files.ts'
import * as contract from './contract.ts'
import { deleteFile, deleteFiles } from './delete-files.ts'
import { depositStream } from './deposit.ts'
import { editFile, editFiles } from './edit-file.ts'
import { countFiles, listFiles } from './list-files.ts'
import { type FileNeeds, todayOf } from './needs.ts'
import { type OpenedFile, openFile } from './open-file.ts'
import { presentFile, presentVersion } from './present-file.ts'
import { replaceFile } from './replace-file.ts'
import {
  grantAccess,
  type ListedPart,
  listAccessRequests,
  listFileAccessRequests,
  rejectAccess,
  requestAccess,
} from './request-access.ts'
import { servedAs } from './served-as.ts'
import { showFile } from './show-file.ts'
import { addUploads, unpackUpload } from './take-uploads.ts'
import { accessOf, type VersionFile } from './version-file.ts'
import { zipOf } from './zip-of.ts'

const PlaceKey = z.tuple([z.string().max(5000), z.string().max(5000), z.int()])

export function fileRoutes(needs: FileNeeds): Route[] {
  /** To who may edit a draft all of it is open, unless their role says otherwise. */
  const own = (file: VersionFile, mayDownload = true) =>
    presentFile({ ...file, access: accessOf(file, todayOf(needs)), mayDownload })
  const added = ({ files, warnings }: AddedFiles) => ({ items: files.map((file) => own(file)), warnings })

  return [
    route(contract.listFiles, async ({ caller, params, query, request }) => {
      const { limit, cursor, ...ask } = query
      const who = await visitorOf(needs, caller, request)
      const after = readCursor(cursor, PlaceKey)
      const { files, total, bytes } = await listFiles(needs, who, params.dataset, params.version, {
        ...ask,
        after,
        limit: limit + 1,
      })
      const page = pageOf(request, files, limit, ({ place }) => place)
      return respond({ body: { items: page.rows.map(presentFile), total, bytes }, headers: page.headers })
    }),

    route(contract.countFiles, async ({ caller, params, query, request }) =>
      countFiles(needs, await visitorOf(needs, caller, request), params.dataset, params.version, query),
    ),

    route(contract.getFile, async ({ caller, params, query, request }) => {
      const who = await visitorOf(needs, caller, request)
      const shown = await showFile(needs, who, params.file, query.version)
      const { file, versions, rights, mayDownload } = shown
      return {
        ...own(file, mayDownload),
        dataset: shown.dataset,
        version: presentVersion(file).version,
        versions: versions.map(presentVersion),
        history: shown.history.map(({ id, name, bytes, createdAt }) => ({
          id,
          name,
          bytes,
          created_at: createdAt.toISOString(),
        })),
        may: {
          download: mayDownload,
          edit: rights.may('EditDataset'),
          manage: rights.may('ManageFilePermissions'),
          request_access: shown.mayRequest,
        },
        access_request: shown.request,
      }
    }),

    route(contract.downloadFile, async ({ caller, params, query, request }) => {
      const who = await visitorOf(needs, caller, request)
      const opened = await openFile(needs, who, params.file, query.version)
      return sendFile(request, opened, query)
    }),

    route(contract.downloadZip, async ({ caller, params, query, request }) => {
      const who = await visitorOf(needs, caller, request)
      const ids = query.files?.split(',').map(Number)
      const { name, stream } = await zipOf(needs, who, params.dataset, params.version, ids)
      return respond<never>({
        stream,
        type: 'application/zip',
        headers: { 'content-disposition': attachmentNamed(name) },
      })
    }),

    route(contract.addFiles, async ({ change, params, body }) =>
      added(await addUploads(needs, change, params.dataset, body.files)),
    ),

    route(contract.unpackUpload, async ({ caller, params, body, request }) =>
      added(await unpackUpload(needs, actorOf(caller, request), params.dataset, body)),
    ),

    route(contract.putContent, async ({ caller, params, query, body, request }) => {
      const done = await depositStream(needs, actorOf(caller, request), params.dataset, body, {
        path: params.path,
        headers: request.headers,
        signal: request.signal,
        ifExists: query.if_exists,
        unpack: query.unpack,
        description: query.description,
        restricted: query.restricted,
      })
      const [file] = done.files
      return respond({
        body: added(done),
        ...((done.unchanged || done.files.every(({ previousId }) => previousId !== null)) && { status: 200 }),
        ...(file && { headers: { location: `/v1/files/${file.id}` } }),
      })
    }),

    route(contract.replaceFile, async ({ change, params, body }) =>
      added(await replaceFile(needs, change, params.file, body)),
    ),

    route(contract.editFile, async ({ change, params, body }) => {
      const { file, changed } = await editFile(needs, change, params.file, body)
      return respond({ body: own(file), ...(!changed && { unchanged: true as const }) })
    }),

    route(contract.editFiles, async ({ change, params, body }) => {
      const { files, ...edits } = body
      return { changed: await editFiles(needs, change, params.dataset, files, edits) }
    }),

    route(contract.deleteFile, ({ change, params }) => deleteFile(needs, change, params.file)),

    route(contract.deleteFiles, async ({ change, params, body }) => {
      const { deleted, destroyed } = await deleteFiles(needs, change, params.dataset, body.files)
      return { deleted, destroyed: destroyed.length }
    }),

    route(contract.requestAccess, async ({ change, params }) => {
      const { state, changed } = await requestAccess(needs, change, params.file)
      return respond({ body: { state }, ...(!changed && { unchanged: true as const }) })
    }),

    route(contract.listFileAccessRequests, async ({ caller, params, query, request }) =>
      requestPage(request, query, (part) => listFileAccessRequests(needs, caller, params.file, part)),
    ),

    route(contract.listAccessRequests, async ({ caller, params, query, request }) =>
      requestPage(request, query, (part) => listAccessRequests(needs, caller, params.dataset, part)),
    ),

    route(contract.grantAccess, async ({ change, params }) =>
      decided(await grantAccess(needs, change, params.file, params.account)),
    ),

    route(contract.rejectAccess, async ({ change, params }) =>
      decided(await rejectAccess(needs, change, params.file, params.account)),
    ),
  ]
}

const actorOf = (caller: Caller, { id, address, client }: RequestFacts): Actor => ({
  caller,
  requestId: id,
  address,
  client,
})

const decided = ({ changed }: { changed: boolean }) =>
  respond<never>({ status: 204, ...(!changed && { unchanged: true as const }) })

const RequestPlace = z.tuple([z.iso.datetime(), z.int().nonnegative(), z.uuid()])

async function requestPage(
  request: RequestFacts,
  { cursor, limit, state }: z.output<typeof contract.listAccessRequests.query>,
  list: (part: ListedPart) => Promise<AccessRequestRow[]>,
) {
  const rows = await list({ state, limit: limit + 1, after: readCursor(cursor, RequestPlace) })
  const page = pageOf(request, rows, limit, placeOfRequest)
  return respond({ body: { items: page.rows.map(presentRequest) }, headers: page.headers })
}

const presentRequest = (row: AccessRequestRow) => ({
  file: { id: row.fileId, path: row.path },
  account: { id: row.accountId, user_name: row.userName, display_name: row.displayName, email: row.email },
  state: row.state,
  created_at: row.createdAt.toISOString(),
  decided_at: row.decidedAt?.toISOString() ?? null,
})

/** All of a file or the part that is asked for; nothing when the caller has it. */
async function sendFile(
  request: RequestFacts,
  opened: OpenedFile,
  { inline, preview: uncounted = false }: { inline?: boolean | undefined; preview?: boolean | undefined },
) {
  const { bytes, etag } = opened
  const { type, headers: safe } = servedAs(opened, { inline })
  const headers = { ...safe, 'accept-ranges': 'bytes' }
  if (hasCurrent(request, etag)) return respond<never>({ status: 304, etag, headers })
  const range = rangeOf(request, bytes, etag)
  if (range === 'unsatisfiable')
    throw rangeInvalid({ detail: `The file has ${bytes} bytes.`, headers: { 'content-range': `bytes */${bytes}` } })
  return respond<never>({
    stream: await opened.read(range, { uncounted }),
    type,
    etag,
    headers: {
      ...headers,
      'content-length': String(range ? range.end - range.start + 1 : bytes),
      ...(range && { 'content-range': `bytes ${range.start}-${range.end}/${bytes}` }),
    },
    ...(range && { status: 206 }),
  })
}
