import type { Change } from '#src/database/change.ts'
import { changeDraft } from '#src/datasets/change-draft.ts'
import type { Written } from '#src/datasets/check-draft.ts'
import { createDataset } from '#src/datasets/create-dataset.ts'
import type { DatasetView } from '#src/datasets/dataset-view.ts'
import { deleteDataset, deleteDraft, destroyDataset } from '#src/datasets/delete-dataset.ts'
import { holdDataset } from '#src/datasets/hold-dataset.ts'
import { listLicenses } from '#src/datasets/licenses/list-licenses.ts'
import { moveDataset } from '#src/datasets/move-dataset.ts'
import { datasetPublished } from '#src/datasets/problems.ts'
import { readWithRights } from '#src/datasets/read-dataset.ts'
import { type TermName, type Terms, termsOfAccess, termsOfUse } from '#src/datasets/terms.ts'
import { respond } from '#src/http/respond.ts'
import type { Route } from '#src/http/serve.ts'
import { Problem } from '#src/problem/problem.ts'
import { ok, said } from '../envelope.ts'
import { hearing } from '../hear.ts'
import { withAdded, withRemoved, withReplaced } from '../metadata-json.ts'
import type { RepositoryNeeds } from '../needs.ts'
import { isObject, isTrue } from '../parameters.ts'
import { refused } from '../problems.ts'
import { collectionRef, datasetRef, naming } from '../references.ts'
import { writeTime } from '../times.ts'
import * as contract from './contract.ts'
import { heldLatest } from './held-latest.ts'
import { shownVersion } from './read-routes.ts'
import { licenseNamed, objectOf, readFieldsJson, reading, readTerms, readVersionJson } from './read-version-json.ts'

export function datasetWriteRoutes(needs: RepositoryNeeds): Route[] {
  const { datasets, siteAddress } = needs
  const route = hearing(datasets.db)

  const write = (change: Change, ref: string, work: (view: DatasetView) => Written | Promise<Written>) =>
    naming({ dataset: ref }, async () => {
      const written = await work(await heldLatest(needs, change, ref))
      return changeDraft(datasets, change, ref, written)
    })
  /** The version as it is now, as the answer to a change of it. */
  const answer = async (change: Change, ref: string, { changed }: { changed: boolean }) => {
    const inChange = { ...needs, datasets: { ...datasets, db: change.tx } }
    const body = ok(await shownVersion(inChange, await heldLatest(needs, change, ref), {}))
    return respond({ body, ...(!changed && { unchanged: true }) })
  }

  return [
    route(contract.createDataset, ({ params, body, change }) =>
      naming(params, async () => {
        const { datasetVersion } = objectOf(body)
        if (!isObject(datasetVersion)) throw refused(400, 'Error parsing Json: datasetVersion is missing')
        const written = readVersionJson(datasetVersion, await listLicenses(change.tx))
        // Nobody is asked at first whether access may be requested.
        const made = await createDataset(datasets, change, collectionRef(params.collection), {
          ...written,
          access_requests: true,
        })
        return respond({
          status: 201,
          headers: { location: `${siteAddress}/api/datasets/${made.id}` },
          body: ok({ id: made.id, persistentId: made.pid }),
        })
      }),
    ),
    route(contract.importDataset, ({ caller }) => {
      throw refused(403, caller.role === 'admin' ? 'Importing datasets is not supported.' : 'Not a superuser')
    }),
    route(contract.replaceDraft, async ({ params, query, body, change }) => {
      const ref = datasetRef(params.dataset, query.persistentId)
      if (params.version !== ':draft') throw refused(400, 'Only the :draft version can be updated')
      const licenses = await listLicenses(change.tx)
      return answer(change, ref, await write(change, ref, () => readVersionJson(body, licenses)))
    }),
    route(contract.editMetadata, async ({ params, query, body, change }) => {
      const ref = datasetRef(params.dataset, query.persistentId)
      const given = readFieldsJson(body)
      const combine = isTrue(query.replace) ? withReplaced : withAdded
      const done = await write(change, ref, ({ version }) => {
        const since = query.sourceLastUpdateTime
        if (since !== undefined && since !== '' && since !== writeTime(version.updated_at))
          throw refused(400, `The dataset was last changed at ${writeTime(version.updated_at)}, after ${since}`)
        return {
          metadata: reading('Error parsing dataset update: ', () => combine(version.metadata, given)),
        }
      })
      return answer(change, ref, done)
    }),
    route(contract.deleteMetadata, async ({ params, query, body, change }) => {
      const ref = datasetRef(params.dataset, query.persistentId)
      const given = readFieldsJson(body)
      const done = await write(change, ref, ({ version }) => ({
        metadata: reading('', () => withRemoved(version.metadata, given)),
      }))
      return answer(change, ref, done)
    }),
    route(contract.setLicense, async ({ params, query, body, change }) => {
      const ref = datasetRef(params.dataset, query.persistentId)
      const { name, customTerms } = objectOf(body)
      const licenses = await listLicenses(change.tx)
      const { changed } = await write(change, ref, ({ version: { metadata, terms } }) => {
        const access = only(terms, termsOfAccess)
        if (isObject(customTerms))
          return { metadata, license: null, terms: { ...access, ...only(readTerms(customTerms), termsOfUse) } }
        return { metadata, license: licenseNamed(name, licenses), terms: access }
      })
      return respond({ body: said('License updated successfully'), ...(!changed && { unchanged: true }) })
    }),
    route(contract.setAccess, async ({ params, query, body, change }) => {
      const ref = datasetRef(params.dataset, query.persistentId)
      const { customTermsOfAccess } = objectOf(body)
      if (!isObject(customTermsOfAccess)) throw refused(400, 'Error parsing Json: customTermsOfAccess is missing')
      const { fileAccessRequest, termsOfAccessForRestrictedFiles: long } = customTermsOfAccess
      const { changed } = await write(change, ref, ({ version: { metadata, terms } }) => ({
        metadata,
        terms: {
          ...only(terms, termsOfUse),
          ...only(readTerms(customTermsOfAccess), termsOfAccess),
          ...(typeof long === 'string' && { terms_of_access: long }),
        },
        ...(typeof fileAccessRequest === 'boolean' && { access_requests: fileAccessRequest }),
      }))
      return respond({ body: said('Terms of access updated successfully'), ...(!changed && { unchanged: true }) })
    }),
    route(contract.moveDataset, ({ params, query, change }) => {
      const ref = datasetRef(params.dataset, query.persistentId)
      return naming({ dataset: ref, collection: params.collection }, async () => {
        const { changed } = await moveDataset(datasets, change, ref, collectionRef(params.collection))
        if (!changed) throw refused(403, 'This dataset is already in this dataverse.')
        return said('Dataset moved successfully')
      })
    }),
    route(contract.deleteDraft, ({ params, query, change }) => {
      const ref = datasetRef(params.dataset, query.persistentId)
      if (params.version !== ':draft') throw refused(401, 'This is NOT a DRAFT version')
      return naming({ dataset: ref }, async () => {
        const { datasetId } = await deleteDraft(datasets, change, ref)
        return said(`Draft version of dataset ${datasetId} deleted`)
      })
    }),
    route(contract.deleteDataset, ({ params, query, caller, change }) => {
      const ref = datasetRef(params.dataset, query.persistentId)
      return naming({ dataset: ref }, async () => {
        await deleteDataset(change, ref).catch(async (error: unknown) => {
          if (!(error instanceof Problem) || error.code !== datasetPublished.code) throw error
          const { has_draft, versions } = error.details.extensions ?? {}
          if (has_draft === true) return deleteDraft(datasets, change, ref)
          if (Number(versions) > 1)
            throw refused(
              401,
              'This is a published dataset with multiple versions. This API can only delete the latest version if it is a DRAFT',
            )
          if (caller.role !== 'admin') throw refused(401, 'Only superusers can delete published datasets')
          return destroyDataset(datasets, change, ref)
        })
        return said(`Dataset ${params.dataset} deleted`)
      })
    }),
    route(contract.destroyDataset, ({ params, query, caller, change }) => {
      const ref = datasetRef(params.dataset, query.persistentId)
      return naming({ dataset: ref }, async () => {
        const rights = await holdDataset(change, ref, 'DeleteDatasetDraft')
        const { dataset } = await readWithRights({ ...datasets, db: change.tx }, rights, 'latest', {
          deaccessioned: true,
        })
        if (caller.role === 'admin') await destroyDataset(datasets, change, ref)
        else if (dataset.published_at === null) await deleteDataset(change, ref)
        else throw refused(401, 'Destroy can only be called by superusers.')
        return said(`Dataset ${dataset.pid} destroyed`)
      })
    }),
  ]
}

const only = (terms: Terms, names: readonly TermName[]): Terms =>
  Object.fromEntries(names.flatMap((name) => (terms[name] === undefined ? [] : [[name, terms[name]]])))
