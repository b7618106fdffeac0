import type { Actor, Caller } from '#src/access/caller.ts'
import { type AddedFiles, addFiles, demandDeposit, type NewFile } from '#src/datasets/files/add-files.ts'
import { deleteFiles } from '#src/datasets/files/delete-files.ts'
import { rightMissing } from '#src/datasets/problems.ts'
import { readDataset } from '#src/datasets/read-dataset.ts'
import { rightsOn } from '#src/datasets/rights.ts'
import { visitor } from '#src/datasets/visitor.ts'
import type { BodyPart } from '#src/http/multipart.ts'
import { respond } from '#src/http/respond.ts'
import { type Route, route } from '#src/http/serve.ts'
import { callerOfUrl } from '../access/signed-url.ts'
import { signingOf } from '../access/signing.ts'
import { ok, said } from '../envelope.ts'
import type { DataverseNeeds } from '../needs.ts'
import { refused } from '../problems.ts'
import { datasetRef, naming } from '../references.ts'
import { retelling } from '../retelling.ts'
import { actorOf } from '../tokens/own-token.ts'
import * as contract from './contract.ts'
import { sentFile, takeDirectly, uploadDestination } from './direct-upload.ts'
import { fileJson } from './file-json.ts'
import { type About, readManyAbout } from './read-about.ts'
import { fileRef } from './references.ts'
import { ofReplacements, ofUploads } from './told.ts'
import { uploadForm } from './upload.ts'

export function uploadRoutes(needs: DataverseNeeds): Route[] {
  const { datasets } = needs
  const { db } = datasets
  const signing = signingOf(needs)

  /** Whether access may be requested stands in each file, though it is its dataset's. */
  const answer = async (caller: Caller, added: AddedFiles) => {
    const { dataset } = await readDataset(datasets, visitor(caller), added.datasetId)
    const accessRequests = dataset.access_requests
    const same = added.warnings.find(({ kind }) => kind === 'same_content')
    return {
      status: 'OK' as const,
      ...(same && { message: `${same.detail.replace(/\.?$/, '.')} ` }),
      data: { files: added.files.map((file) => fileJson(file, { accessRequests })) },
    }
  }

  return [
    route(contract.addFile, ({ params, query, body, caller, request }) => {
      const ref = datasetRef(params.dataset, query.persistentId)
      return naming({ dataset: ref }, () =>
        retelling(ofUploads, async () =>
          answer(caller, await uploadForm(needs, actorOf(caller, request), ref, body, { signal: request.signal })),
        ),
      )
    }),
    route(contract.replaceFile, ({ params, query, body, caller, request }) => {
      const ref = fileRef(params.file, query.persistentId)
      return retelling(ofReplacements(ref), async () => {
        const { datasetId, fileId } = await rightsOn(db, caller, { file: ref })
        const how = { signal: request.signal, replaces: fileId as number }
        return answer(caller, await uploadForm(needs, actorOf(caller, request), datasetId as number, body, how))
      })
    }),
    route(contract.uploadUrls, ({ params, query, caller, request }) => {
      const ref = datasetRef(params.dataset, query.persistentId)
      const mayNot = () => refused(403, 'You are not permitted to upload files to this dataset.')
      return naming({ dataset: ref }, () =>
        retelling(
          [
            ['hidden', mayNot],
            [rightMissing, mayNot],
          ],
          async () => {
            const destination = await uploadDestination(needs, caller, ref, sizeOf(query.size))
            if (sumsTwice(request.client))
              throw refused(404, `Direct upload not supported for files in this dataset: ${destination.datasetId}`)
            const { url, partSize, storageIdentifier } = destination
            return ok({ url, partSize, storageIdentifier })
          },
        ),
      )
    }),
    route(contract.putDirectly, async ({ params, query, body, request }) => {
      const caller = await callerOfUrl(signing, request.url, 'PUT')
      if (caller === null) throw refused(401, 'Bad signed URL')
      const ask = { id: params.upload, dataset: query.dataset ?? '', bytes: sizeOf(query.size) }
      const md5 = await retelling(ofUploads, () => takeDirectly(needs, actorOf(caller, request), ask, body))
      return respond({ status: 200, headers: { etag: `"${md5}"` } })
    }),
    route(contract.addFiles, ({ params, query, body, caller, request }) => {
      const ref = datasetRef(params.dataset, query.persistentId)
      return naming({ dataset: ref }, () =>
        retelling(ofUploads, async () =>
          registered(await register(actorOf(caller, request), ref, body, false), 'added'),
        ),
      )
    }),
    route(contract.replaceFiles, ({ params, query, body, caller, request }) => {
      const ref = datasetRef(params.dataset, query.persistentId)
      return naming({ dataset: ref }, () =>
        retelling(ofReplacements(ref), async () =>
          registered(await register(actorOf(caller, request), ref, body, true), 'replaced'),
        ),
      )
    }),
    route(contract.deleteFiles, ({ params, query, body, change }) => {
      const ref = datasetRef(params.dataset, query.persistentId)
      return naming({ dataset: ref }, async () => {
        if (!Array.isArray(body) || !body.every((one) => Number.isSafeInteger(one) && one > 0))
          throw refused(400, 'Error parsing Json: a list of file ids is expected')
        if (body.length === 0) throw refused(400, 'No file ids were given')
        const { deleted } = await deleteFiles(datasets, change, ref, body as number[])
        return said(`${deleted} files deleted successfully`)
      })
    }),
  ]

  interface Registered {
    readonly added: AddedFiles
    readonly abouts: readonly About[]
    readonly accessRequests: boolean
  }

  /** Makes files of what was sent before; all of them or none. */
  async function register(
    actor: Actor,
    ref: string,
    parts: AsyncIterable<BodyPart>,
    replacing: boolean,
  ): Promise<Registered> {
    const datasetId = await demandDeposit(datasets, actor.caller, ref)
    let abouts: About[] | undefined
    for await (const part of parts) if (part.kind === 'text') abouts = readManyAbout(part.text)
    if (!abouts || abouts.length === 0) throw refused(400, 'Error in parsing provided json')
    const all = abouts
    const added = await datasets.changer(actor, async (change) => {
      const files: NewFile[] = []
      for (const about of all) {
        const file = await sentFile(needs, change, datasetId, about)
        if (replacing && about.fileToReplaceId === undefined)
          throw refused(400, `fileToReplaceId is missing for ${file.name}`)
        files.push({ ...file, ...(replacing && { replaces: about.fileToReplaceId }) })
      }
      return addFiles(datasets, change, datasetId, files, replacing ? { refuseSame: true } : {})
    })
    const { dataset } = await readDataset(datasets, visitor(actor.caller), datasetId)
    return { added, abouts: all, accessRequests: dataset.access_requests }
  }
}

const registered = (
  {
    added: { files },
    abouts,
    accessRequests,
  }: { added: AddedFiles; abouts: readonly About[]; accessRequests: boolean },
  what: 'added' | 'replaced',
) =>
  ok({
    Files: files.map((file, at) => ({
      storageIdentifier: abouts[at]?.storageIdentifier ?? '',
      successMessage: what === 'added' ? 'Added successfully to the dataset' : 'Replaced successfully in the dataset',
      fileDetails: fileJson(file, { accessRequests }),
    })),
    Result: { 'Total number of files': files.length, [`Number of files successfully ${what}`]: files.length },
  })

/**
 * DVUploader sums up a file that is there already once when it looks and once more when it sends, and then tells the checksum
 * of both. Told 404, it sends files as forms, which it does well.
 */
const sumsTwice = (client: string | null): boolean => client?.startsWith('python-httpx') ?? false

function sizeOf(text: string | undefined): number {
  if (text !== undefined && /^\d{1,15}$/.test(text)) return Number(text)
  throw refused(400, 'The parameter size has to say how many bytes will come.')
}
