import { anonymous } from '#src/access/caller.ts'
import type { DatasetView } from '#src/datasets/dataset-view.ts'
import { endPreviewLink, makePreviewLink, type PreviewLink, readPreviewLink } from '#src/datasets/preview-link.ts'
import { previewNotFound } from '#src/datasets/problems.ts'
import { readDataset } from '#src/datasets/read-dataset.ts'
import { visitor, visitorWith } from '#src/datasets/visitor.ts'
import { respond } from '#src/http/respond.ts'
import type { Route } from '#src/http/serve.ts'
import { Problem } from '#src/problem/problem.ts'
import { ok, said } from '../envelope.ts'
import { hearing } from '../hear.ts'
import type { RepositoryNeeds } from '../needs.ts'
import { isTrue } from '../parameters.ts'
import { refused } from '../problems.ts'
import { datasetRef, naming } from '../references.ts'
import * as contract from './contract.ts'
import { shownVersion } from './read-routes.ts'

/** Of replies with a secret: nobody on the way may keep them. */
const unkept = { 'cache-control': 'no-store' }

export const previewRoutes = (needs: RepositoryNeeds): Route[] =>
  Object.values(contract.byNames).flatMap((contracts) => routesNamed(needs, contracts))

function routesNamed(
  needs: RepositoryNeeds,
  { show, make, remove, showVersion, showCitation }: (typeof contract.byNames)['preview' | 'private'],
): Route[] {
  const { datasets, siteAddress } = needs
  const { db } = datasets
  const route = hearing(db)
  const absent = (message: string) => (error: unknown) => {
    if (error instanceof Problem && error.code === previewNotFound.code) throw refused(404, message)
    throw error
  }
  const byLink = async (secret: string): Promise<DatasetView> => {
    const found = await visitorWith(db, anonymous, secret)
    if (found.preview === null) throw refused(404, 'Private URL user not found')
    return readDataset(datasets, found, found.preview.datasetId, 'draft')
  }
  return [
    route(show, ({ params, query, caller }) => {
      const ref = datasetRef(params.dataset, query.persistentId)
      return naming({ dataset: ref }, async () => {
        const link = await readPreviewLink(datasets, db, caller, ref).catch(absent('Private URL not found.'))
        const view = await readDataset(datasets, visitor(caller), link.datasetId)
        return respond({ headers: unkept, body: ok(linkJson(link, view, siteAddress)) })
      })
    }),
    route(make, ({ params, query, caller, change }) => {
      const ref = datasetRef(params.dataset, query.persistentId)
      if (isTrue(query.anonymizedAccess)) throw refused(406, 'Anonymized Access not enabled')
      return naming({ dataset: ref }, async () => {
        const link = await makePreviewLink(datasets, change, ref)
        const view = await readDataset({ ...datasets, db: change.tx }, visitor(caller), link.datasetId)
        return respond({ headers: unkept, body: ok(linkJson(link, view, siteAddress)) })
      })
    }),
    route(remove, ({ params, query, change }) => {
      const ref = datasetRef(params.dataset, query.persistentId)
      return naming({ dataset: ref }, async () => {
        await endPreviewLink(change, ref).catch(absent('No Private URL to delete.'))
        return said('Private URL deleted.')
      })
    }),
    route(showVersion, async ({ params, query }) => {
      const view = await byLink(params.secret)
      return ok(await shownVersion(needs, view, query))
    }),
    route(showCitation, async ({ params }) => said((await byLink(params.secret)).citation.html)),
  ]
}

/** The link as Dataverse tells of it: as a role that was given to whoever has it. */
const linkJson = ({ datasetId, secret }: PreviewLink, { dataset, version }: DatasetView, siteAddress: string) => ({
  token: secret,
  // Behind the hash, so that it gets into nobody's log.
  link: `${siteAddress}/preview#${secret}`,
  roleAssignment: {
    id: datasetId,
    assignee: `#${datasetId}`,
    assigneeName: 'Private URL Enabled',
    roleId: memberRole.id,
    roleName: memberRole.name,
    roleDescription: memberRole.description,
    _roleAlias: 'member',
    privateUrlToken: secret,
    definitionPointId: datasetId,
    definitionPointName: version.title,
    definitionPointType: 'Dataset' as const,
    definitionPointGlobalId: dataset.pid,
  },
})

/** The last of those that come with the product. */
const memberRole = { id: 8, name: 'Member', description: 'May see what is unpublished, and download it.' }
