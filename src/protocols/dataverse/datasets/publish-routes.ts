import { deaccession } from '#src/datasets/deaccession-versions.ts'
import { deaccessionRefused, versionNotFound } from '#src/datasets/problems.ts'
import { type PublishType, publishDataset } from '#src/datasets/publish-dataset.ts'
import { readDataset } from '#src/datasets/read-dataset.ts'
import { addLock, removeLocks, returnToAuthor, submitForReview } from '#src/datasets/review-dataset.ts'
import type { Route } from '#src/http/serve.ts'
import { Problem } from '#src/problem/problem.ts'
import { ok, said } from '../envelope.ts'
import { hearing } from '../hear.ts'
import { lockTypeNamed } from '../lock-names.ts'
import type { RepositoryNeeds } from '../needs.ts'
import { refused } from '../problems.ts'
import { datasetRef, naming, versionRef } from '../references.ts'
import * as contract from './contract.ts'
import { datasetJson } from './dataset-json.ts'
import { objectOf } from './read-version-json.ts'

export function datasetPublishRoutes({ datasets }: RepositoryNeeds): Route[] {
  const { publisher } = datasets
  const route = hearing(datasets.db)
  return [
    route(contract.publish, ({ params, query, visitor, change }) => {
      const ref = datasetRef(params.dataset, query.persistentId)
      const type = publishType(query.type)
      return naming({ dataset: ref }, async () => {
        const { datasetId } = await publishDataset(datasets, change, ref, type)
        const { dataset, locks } = await readDataset({ ...datasets, db: change.tx }, visitor, datasetId)
        return ok(datasetJson(dataset, { publisher, locks }))
      })
    }),
    route(contract.deaccession, ({ params, query, body, change }) => {
      const ref = datasetRef(params.dataset, query.persistentId)
      const version = versionRef(params.version)
      const { deaccessionReason: reason, deaccessionForwardURL: forward } = objectOf(body)
      if (typeof reason !== 'string' || reason.trim() === '')
        throw refused(400, 'Error parsing Json: deaccessionReason is missing')
      if (forward !== undefined && (typeof forward !== 'string' || !/^https?:\/\/\S+$/.test(forward)))
        throw refused(400, `Invalid deaccession forward URL: ${String(forward)}`)
      return naming({ dataset: ref }, async () => {
        const why = { reason: reason.trim(), url: typeof forward === 'string' ? forward : null }
        const { datasetId } = await deaccession(datasets, change, ref, version, why).catch((error: unknown) => {
          const code = error instanceof Problem ? error.code : null
          if (code === deaccessionRefused.code && (version === 'draft' || version === 'latest'))
            throw refused(400, 'Only :latest-published or a specific version can be deaccessioned')
          if (code === versionNotFound.code)
            throw refused(404, `Dataset version ${params.version} of dataset ${ref} not found`)
          throw error
        })
        return said(`Dataset ${datasetId} deaccessioned for version ${params.version}`)
      })
    }),
    route(contract.submitForReview, ({ params, query, change }) => {
      const ref = datasetRef(params.dataset, query.persistentId)
      return naming({ dataset: ref }, async () => {
        const { datasetId } = await submitForReview(datasets, change, ref)
        return ok({ inReview: true, message: `Dataset id ${datasetId} has been submitted for review.` })
      })
    }),
    route(contract.returnToAuthor, ({ params, query, body, change }) => {
      const ref = datasetRef(params.dataset, query.persistentId)
      const { reasonForReturn: reason } = objectOf(body)
      if (typeof reason !== 'string' || reason.trim() === '')
        throw refused(400, 'You must enter a reason for returning a dataset to its author.')
      return naming({ dataset: ref }, async () => {
        const { datasetId } = await returnToAuthor(datasets, change, ref, { reason: reason.trim() })
        return ok({ inReview: false, message: `Dataset id ${datasetId} has been sent back to the author(s).` })
      })
    }),
    route(contract.addLock, ({ params, query, change }) => {
      const ref = datasetRef(params.dataset, query.persistentId)
      const type = lockTypeNamed(params.type)
      if (type === undefined) throw refused(400, `Lock type unknown: ${params.type.slice(0, 40)}`)
      return naming({ dataset: ref }, async () => {
        await addLock(datasets, change, ref, type)
        return said(`dataset locked with lock type ${params.type}`)
      })
    }),
    route(contract.removeLocks, ({ params, query, change }) => {
      const ref = datasetRef(params.dataset, query.persistentId)
      const type = query.type === undefined ? null : lockTypeNamed(query.type)
      if (type === undefined) throw refused(400, `Lock type unknown: ${query.type?.slice(0, 40)}`)
      return naming({ dataset: ref }, async () => {
        const { removed } = await removeLocks(change, ref, type)
        if (removed === 0)
          return said(query.type ? `no lock type ${query.type} on the dataset` : 'no locks on the dataset')
        return said(query.type ? `lock type ${query.type} removed` : 'locks removed')
      })
    }),
  ]
}

function publishType(text: string | undefined): PublishType {
  if (text === undefined || text === '')
    throw refused(400, "Missing 'type' parameter (either 'major','minor', or 'updatecurrent').")
  const type = text.toLowerCase()
  if (type === 'major' || type === 'minor' || type === 'updatecurrent') return type
  throw refused(
    400,
    `Illegal 'type' parameter value '${text}'. It needs to be either 'major', 'minor', or 'updatecurrent'.`,
  )
}
