import type { Change } from '#src/database/change.ts'
import { changeDraft } from '#src/datasets/change-draft.ts'
import { deleteFile } from '#src/datasets/files/delete-files.ts'
import { editFile, type FileEdits } from '#src/datasets/files/edit-file.ts'
import { redetectType } from '#src/datasets/files/redetect-type.ts'
import { type SeenFile, seeFile } from '#src/datasets/files/see-file.ts'
import type { VersionFile } from '#src/datasets/files/version-file.ts'
import { holdDataset } from '#src/datasets/hold-dataset.ts'
import { fileNotFound, rightMissing, versionNotFound } from '#src/datasets/problems.ts'
import { readDataset } from '#src/datasets/read-dataset.ts'
import { rightsOn } from '#src/datasets/rights.ts'
import type { Visitor } from '#src/datasets/visitor.ts'
import { respond } from '#src/http/respond.ts'
import type { Route } from '#src/http/serve.ts'
import type { Problem } from '#src/problem/problem.ts'
import { shownVersion } from '../datasets/read-routes.ts'
import { ok, said } from '../envelope.ts'
import { hearing } from '../hear.ts'
import type { DataverseNeeds } from '../needs.ts'
import { ownersJson } from '../owners-json.ts'
import { isTrue } from '../parameters.ts'
import { refused } from '../problems.ts'
import { versionRef } from '../references.ts'
import { retelling } from '../retelling.ts'
import { actorOf } from '../tokens/own-token.ts'
import * as contract from './contract.ts'
import { fileJson } from './file-json.ts'
import { type About, readAbout, tagsOf, wordsOf } from './read-about.ts'
import { readRestriction } from './read-restriction.ts'
import { fileRef, namingFile } from './references.ts'
import { ofEdits } from './told.ts'

interface ShowQuery {
  readonly returnDatasetVersion?: string | undefined
  readonly returnOwners?: string | undefined
}

export function fileRoutes(needs: DataverseNeeds): Route[] {
  const { datasets } = needs
  const route = hearing(datasets.db)

  const show = async (visitor: Visitor, ref: string, segment: string, query: ShowQuery) =>
    namingFile(ref, segment, async () => {
      const { file } = await seeFile(datasets, visitor, ref, versionRef(segment))
      const view = await readDataset(datasets, visitor, file.datasetId, nameOf(file), { deaccessioned: true })
      const shown = fileJson(file, { accessRequests: view.dataset.access_requests })
      const within = ownersJson(view.path)
      const owner = {
        type: 'DATASET',
        persistentIdentifier: view.dataset.pid,
        identifier: view.dataset.id,
        version: view.version.number,
        displayName: view.version.title,
        ...(within && { isPartOf: within }),
      }
      return ok({
        ...shown,
        dataFile: { ...shown.dataFile, ...(isTrue(query.returnOwners) && { isPartOf: owner }) },
        ...(isTrue(query.returnDatasetVersion) && {
          datasetVersion: await shownVersion(needs, view, { excludeFiles: 'true' }),
        }),
      })
    })

  /** Changes how a file is described; who may not is told so in Dataverse's words for it. */
  const edit = (change: Change, ref: string, edits: FileEdits) =>
    namingFile(ref, null, () => retelling(ofEdits, () => editFile(datasets, change, ref, edits)))

  const seen = (visitor: Visitor, ref: string): Promise<SeenFile> =>
    namingFile(ref, null, () => seeFile(datasets, visitor, ref))

  /** The file, held for who edits it: of words that are added, those that are there. */
  const held = (change: Change, visitor: Visitor, ref: string): Promise<VersionFile> =>
    namingFile(ref, null, () =>
      retelling(ofEdits, async () => {
        const rights = await rightsOn(change.tx, change.actor.caller, { file: ref })
        rights.demand('EditDataset')
        await holdDataset(change, rights.datasetId!, 'EditDataset')
        return (await seeFile({ ...datasets, db: change.tx }, visitor, ref)).file
      }),
    )

  return [
    route(contract.showFile, ({ params, query, visitor }) =>
      show(visitor, fileRef(params.file, query.persistentId), ':latest', query),
    ),
    route(contract.showDraftFile, ({ params, query, visitor }) =>
      show(visitor, fileRef(params.file, query.persistentId), ':draft', query),
    ),
    route(contract.showFileInVersion, ({ params, query, visitor }) =>
      show(visitor, fileRef(params.file, query.persistentId), params.version, query),
    ),
    route(contract.showFileCitation, async ({ params, query, visitor }) => {
      const ref = fileRef(params.file, query.persistentId)
      const absent = () => refused(404, 'File not found for given id.')
      return retelling(
        [
          [fileNotFound, absent],
          [versionNotFound, () => refused(404, `Dataset version ${params.version} of file ${ref} not found`)],
        ],
        async () => {
          const { file } = await seeFile(datasets, visitor, ref, versionRef(params.version))
          const view = await readDataset(datasets, visitor, file.datasetId, nameOf(file), { deaccessioned: true })
          return said(`${view.citation.html}; ${escapeHtml(file.name)} [fileName]`)
        },
      )
    }),
    route(contract.showFileMetadata, async ({ params, query, visitor }) => {
      const ref = fileRef(params.file, query.persistentId)
      const absent = () => refused(400, 'Error attempting get the requested data file.')
      return retelling(
        [
          [fileNotFound, absent],
          [versionNotFound, absent],
        ],
        async () => plain(describe((await seeFile(datasets, visitor, ref, 'latest-published')).file)),
      )
    }),
    route(contract.showDraftFileMetadata, async ({ params, query, visitor }) => {
      const ref = fileRef(params.file, query.persistentId)
      return retelling(
        [
          [fileNotFound, () => refused(400, 'Error attempting get the requested data file.')],
          [versionNotFound, () => refused(400, 'No draft available for this file')],
        ],
        async () => plain(describe((await seeFile(datasets, visitor, ref, 'draft')).file)),
      )
    }),
    route(contract.editFileMetadata, async ({ params, query, body, caller, request }) => {
      const ref = fileRef(params.file, query.persistentId)
      let about: About | undefined
      for await (const part of body) if (part.kind === 'text') about = readAbout(part.text)
      if (!about) throw refused(400, 'Error in parsing provided json')
      const { label, directoryLabel, description, categories, tags, restrict } = about
      const edits = { name: label, directory: directoryLabel, description, categories, tags, restricted: restrict }
      const { file } = await datasets.changer(actorOf(caller, request), (change) => edit(change, ref, edits))
      return plain(`File Metadata update has been completed: ${describe(file)}`)
    }),
    route(contract.setCategories, async ({ params, query, body, change, visitor }) => {
      const ref = fileRef(params.file, query.persistentId)
      const categories = wordsOf(Object(body) as Record<string, unknown>, 'categories') ?? []
      const before = isTrue(query.replace) ? [] : (await held(change, visitor, ref)).categories
      const all = [...new Set([...before, ...categories])]
      const { file, changed } = await edit(change, ref, { categories: all })
      const body_ = said(`Categories of file ${file.name} updated.`)
      return respond({ body: body_, ...(!changed && { unchanged: true as const }) })
    }),
    route(contract.setTags, async ({ params, query, body, change, visitor }) => {
      const ref = fileRef(params.file, query.persistentId)
      const tags = tagsOf(Object(body) as Record<string, unknown>, 'tabularTags') ?? []
      const before = isTrue(query.replace) ? [] : (await held(change, visitor, ref)).tags
      const { file, changed } = await edit(change, ref, { tags: [...new Set([...before, ...tags])] })
      return respond({
        body: said(`Tabular Tags of file ${file.name} updated.`),
        ...(!changed && { unchanged: true as const }),
      })
    }),
    route(contract.restrictFile, ({ params, query, body, change, visitor }) => {
      const ref = fileRef(params.file, query.persistentId)
      const asked = readRestriction(body)
      return namingFile(ref, null, async () => {
        const { file } = await seeFile({ ...datasets, db: change.tx }, visitor, ref)
        const failed = (why: string) =>
          refused(400, `Problem trying to update restriction status on ${file.name}: ${why}`)
        const mayNot = ({ details, title }: Problem) => failed(details.detail ?? title)
        const { restrict } = asked
        if (file.restricted === restrict)
          throw failed(`File ${file.name} is already ${restrict ? 'restricted' : 'unrestricted'}`)
        return retelling([[rightMissing, mayNot]], async () => {
          await editFile(datasets, change, ref, { restricted: restrict })
          await writeAccess(change, file.datasetId, visitor, asked)
          return said(`File ${file.name} ${restrict ? 'restricted' : 'unrestricted'}.${asked.told}`)
        })
      })
    }),
    route(contract.deleteFile, ({ params, query, change }) => {
      const ref = fileRef(params.file, query.persistentId)
      const failed = ({ details, title }: Problem) =>
        refused(400, `Delete failed for file ID ${ref} (CommandException): ${details.detail ?? title}`)
      return namingFile(ref, null, () =>
        retelling(
          [
            ['hidden', failed],
            [rightMissing, failed],
          ],
          async () => ok((await deleteFile(datasets, change, ref)).destroyed),
        ),
      )
    }),
    route(contract.redetectType, ({ params, query, change }) => {
      const ref = fileRef(params.file, query.persistentId)
      const dryRun = isTrue(query.dryRun)
      return namingFile(ref, null, async () => {
        const { before, after, changed } = await redetectType(datasets, change, ref, { dryRun })
        return respond({
          body: ok({ dryRun, oldContentType: before, newContentType: after }),
          ...(!changed && { unchanged: true as const }),
        })
      })
    }),
    route(contract.uningest, async ({ params, query, visitor }) => {
      await seen(visitor, fileRef(params.file, query.persistentId))
      throw refused(400, 'Cannot uningest non-tabular file.')
    }),
    route(contract.reingest, async ({ params, query, visitor }) => {
      const ref = fileRef(params.file, query.persistentId)
      await seen(visitor, ref)
      throw refused(400, `Failed to reingest file ${ref}: files are kept as they were deposited.`)
    }),
    route(contract.dataTables, async ({ params, query, visitor }) => {
      await seen(visitor, fileRef(params.file, query.persistentId))
      throw refused(400, 'This operation is only available for tabular files.')
    }),
    route(contract.fileDownloadCount, async ({ params, query, visitor }) => {
      const { file } = await seen(visitor, fileRef(params.file, query.persistentId))
      return said(String(file.downloads))
    }),
    route(contract.hasBeenDeleted, async ({ params, query, visitor }) => {
      const ref = fileRef(params.file, query.persistentId)
      const { file, versions } = await seen(visitor, ref)
      const { version } = await readDataset(datasets, visitor, file.datasetId, 'latest')
      return ok(!versions.some(({ versionId }) => versionId === version.id))
    }),
  ]

  /** Whether access may be requested, and the terms of access: they are the dataset's. */
  async function writeAccess(
    change: Change,
    datasetId: number,
    visitor: Visitor,
    { accessRequests, termsOfAccess }: ReturnType<typeof readRestriction>,
  ): Promise<void> {
    if (accessRequests === undefined && termsOfAccess === undefined) return
    const { version, rights } = await readDataset({ ...datasets, db: change.tx }, visitor, datasetId, 'latest')
    // Who does not see the draft would write over it what was published before.
    rights.demand('ViewUnpublishedDataset')
    const { metadata, license, terms } = version
    await changeDraft(datasets, change, datasetId, {
      metadata,
      license: license?.name ?? null,
      terms: termsOfAccess === undefined ? terms : { ...terms, terms_of_access: termsOfAccess },
      ...(accessRequests !== undefined && { access_requests: accessRequests }),
    })
  }
}

/** As `/v1` names the version that a file is shown in. */
const nameOf = ({ major, minor }: { readonly major: number | null; readonly minor: number | null }): string =>
  major === null ? 'draft' : `${major}.${minor}`

/** What is said of a file in a version; without an envelope, as Dataverse says it. */
const describe = ({ name, description, restricted, directory, categories, metadataId }: VersionFile): string =>
  JSON.stringify({
    label: name,
    description,
    restricted,
    ...(directory !== '' && { directoryLabel: directory }),
    ...(categories.length > 0 && { categories }),
    id: metadataId,
  })

const plain = (body: string) => respond({ body, type: 'text/plain; charset=utf-8' })

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (sign) => entities[sign] ?? sign)
