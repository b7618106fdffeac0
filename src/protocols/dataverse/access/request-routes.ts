import type { Pool } from 'pg'
import { findByUserName } from '#src/accounts/find-by-user-name.ts'
import type { Change } from '#src/database/change.ts'
import { changeDraft } from '#src/datasets/change-draft.ts'
import { accessNotNeeded, accessRequestsClosed } from '#src/datasets/files/problems.ts'
import { grantAccess, listFileAccessRequests, rejectAccess, requestAccess } from '#src/datasets/files/request-access.ts'
import { seeFile } from '#src/datasets/files/see-file.ts'
import { showFile } from '#src/datasets/files/show-file.ts'
import { visitor } from '#src/datasets/visitor.ts'
import { respond } from '#src/http/respond.ts'
import type { Route } from '#src/http/serve.ts'
import { heldLatest } from '../datasets/held-latest.ts'
import { ok, said } from '../envelope.ts'
import { fileRef, namingFile } from '../files/references.ts'
import { hearing } from '../hear.ts'
import type { DataverseNeeds } from '../needs.ts'
import { authenticatedOnly, refused } from '../problems.ts'
import { datasetRef, naming } from '../references.ts'
import { retelling } from '../retelling.ts'
import { writeSqlTime } from '../times.ts'
import * as contract from './contract.ts'

/** Their list has no pages. */
const mostRequests = 10_000

/** Asking for restricted files, and answering those who ask. */
export function accessRequestRoutes({ datasets, timeZone }: DataverseNeeds, pool: Pool): Route[] {
  const { db } = datasets
  const route = hearing(db)

  const file = (change: Change, ref: string) =>
    seeFile({ ...datasets, db: change.tx }, visitor(change.actor.caller), ref)

  /** The file, and `@bob` or `bob`: who is there is told only to those who let people have it. */
  const decided = async (change: Change, ref: string, assignee: string) => {
    const { file: asked, rights } = await file(change, ref)
    rights.demand('ManageFilePermissions')
    const account = await findByUserName(pool, assignee.replace(/^@/, ''))
    if (!account) throw refused(400, `Could not find user with username: ${assignee}`)
    return { asked, id: account.id }
  }

  return [
    route(contract.allowRequests, ({ params, query, body, change }) => {
      const ref = datasetRef(params.dataset, query.persistentId)
      const allow = body === true || body === 'true'
      if (!allow && body !== false && body !== 'false' && body !== undefined)
        throw refused(400, 'Error parsing Json: "true" or "false" is expected')
      return naming({ dataset: ref }, async () => {
        const { metadata, license, terms, title } = (await heldLatest({ datasets }, change, ref)).version
        const { changed } = await changeDraft(datasets, change, ref, {
          metadata,
          license: license?.name ?? null,
          terms,
          access_requests: allow,
        })
        const body = said(`Dataset ${title} ${allow ? 'allows' : 'disallows'} file access requests.`)
        return respond({ body, ...(!changed && { unchanged: true as const }) })
      })
    }),
    route(contract.requestAccess, ({ params, query, change, caller }) => {
      const ref = fileRef(params.file, query.persistentId)
      if (caller.accountId === null) throw authenticatedOnly()
      return namingFile(ref, null, () =>
        retelling(
          [
            [
              accessNotNeeded,
              () => refused(400, 'You may not request access to this file. It may already be available to you.'),
            ],
            [accessRequestsClosed, () => refused(400, 'Requests for access are not accepted on the Dataset.')],
          ],
          async () => {
            const { file: asked } = await file(change, ref)
            const { changed } = await requestAccess(datasets, change, ref)
            if (!changed) throw refused(400, 'An access request for this file on your behalf already exists.')
            return said(`Access to File ${asked.name} requested.`)
          },
        ),
      )
    }),
    route(contract.listRequests, ({ params, query, caller }) => {
      const ref = fileRef(params.file, query.persistentId)
      return namingFile(ref, null, async () => {
        const requests = await listFileAccessRequests(datasets, caller, ref, { state: 'open', limit: mostRequests })
        if (requests.length === 0) {
          const { file: asked } = await seeFile(datasets, visitor(caller), ref)
          throw refused(404, `There are no access requests for this file: ${asked.name}.`)
        }
        return ok(
          requests.map(({ userName, displayName, email, createdAt }) => ({
            identifier: `@${userName}`,
            displayInfo: { Title: displayName, ...(email !== null && { email }) },
            requestedDate: writeSqlTime(createdAt, timeZone),
          })),
        )
      })
    }),
    route(contract.grantAccess, ({ params, query, change }) => {
      const ref = fileRef(params.file, query.persistentId)
      return namingFile(ref, null, async () => {
        const { asked, id } = await decided(change, ref, params.assignee)
        const { changed } = await grantAccess(datasets, change, ref, id)
        const body = said(`Access to File ${asked.name} granted.`)
        return respond({ body, ...(!changed && { unchanged: true as const }) })
      })
    }),
    route(contract.revokeAccess, ({ params, query, change }) => {
      const ref = fileRef(params.file, query.persistentId)
      return namingFile(ref, null, async () => {
        const { asked, id } = await decided(change, ref, params.assignee)
        const { changed } = await rejectAccess(datasets, change, ref, id)
        const body = said(`File Downloader access has been revoked for user ${params.assignee} on file ${asked.name}`)
        return respond({ body, ...(!changed && { unchanged: true as const }) })
      })
    }),
    route(contract.rejectAccess, ({ params, query, change }) => {
      const ref = fileRef(params.file, query.persistentId)
      return namingFile(ref, null, async () => {
        const { asked, id } = await decided(change, ref, params.assignee)
        const { changed } = await rejectAccess(datasets, change, ref, id)
        if (!changed)
          throw refused(400, `Request for access to file ${asked.name} not found for user ${params.assignee}.`)
        return said(`Access to File ${asked.name} rejected for user ${params.assignee}.`)
      })
    }),
    route(contract.hasRequested, ({ params, query, caller }) => {
      const ref = fileRef(params.file, query.persistentId)
      if (caller.accountId === null) throw authenticatedOnly()
      return namingFile(ref, null, async () => ok((await showFile(datasets, visitor(caller), ref)).request === 'open'))
    }),
    route(contract.userPermissions, ({ params, query, visitor: who }) => {
      const ref = fileRef(params.file, query.persistentId)
      return namingFile(ref, null, async () => {
        const { rights, mayDownload } = await seeFile(datasets, who, ref)
        return ok({
          canDownloadFile: mayDownload,
          canManageFilePermissions: rights.may('ManageFilePermissions'),
          canEditOwnerDataset: rights.may('EditDataset'),
        })
      })
    }),
  ]
}
