import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import type { TestContext } from 'node:test'
import type { Person, Repository } from './repository.ts'

/** A use case of the client, which all look alike. */
interface UseCase {
  // biome-ignore lint/suspicious/noExplicitAny: what the client gives is looked at, not typed anew
  execute(...given: unknown[]): Promise<any>
}
type Client = Readonly<Record<string, UseCase>> & {
  readonly ApiConfig: { init(address: string, how: string, token?: string): void }
}

/** IQSS's TypeScript client, unmodified, through the whole life of a dataset. */
export async function checkJavaScript(
  t: TestContext,
  directory: string,
  repository: Repository,
  files: string,
): Promise<void> {
  const client = createRequire(path.join(directory, 'package.json'))('@iqss/dataverse-client-javascript') as Client
  const alice = await repository.depositor('jalice')
  const as = ({ token }: Pick<Person, 'token'>) =>
    client.ApiConfig.init(`${repository.address}/api/v1`, 'api-key', token)
  const nobody = () => client.ApiConfig.init(`${repository.address}/api/v1`, 'api-key')
  const use = (name: string, ...given: unknown[]) => {
    const useCase = client[name]
    if (!useCase) throw new Error(`the client has no ${name}`)
    return useCase.execute(...given)
  }
  const alias = 'sandpiper-js'
  const odd = ['nothing.txt', 'fifty-megabytes.bin', 'Übersicht – Zürich №1.csv', 'raw/2026/counts.csv', 'script.py']
  let id = 0
  let pid = ''
  const ids: Record<string, number> = {}
  const step = (name: string, body: () => Promise<void>) => t.test(name, body)
  as(alice)

  await step('who asks, and the version of the server', async () => {
    const me = await use('getCurrentAuthenticatedUser')
    assert.equal(me.identifier, '@jalice')
    assert.equal(me.superuser, false)
    const { apiToken, expirationDate } = await use('getCurrentApiToken')
    assert.equal(apiToken, alice.token)
    assert.ok(expirationDate instanceof Date && expirationDate.getTime() > Date.now() + 300 * 86_400_000)
    assert.ok(Number.parseInt((await use('getDataverseVersion')).number, 10) >= 6)
    assert.ok((await use('getZipDownloadLimit')) > 0)
  })

  await step('a collection is created and published', async () => {
    const root = await use('getCollection')
    assert.deepEqual([root.id, root.alias, root.name, root.isReleased], [1, 'root', 'Root', true])
    const made = await use('createCollection', {
      alias,
      name: 'Sandpiper Lab in TypeScript',
      contacts: ['pi@example.org'],
      type: 'LABORATORY',
      inheritMetadataBlocksFromParent: true,
      inheritFacetsFromParent: true,
    })
    assert.ok(Number.isInteger(made))
    await use('publishCollection', alias)
    const shown = await use('getCollection', alias)
    assert.deepEqual([shown.id, shown.isReleased, shown.type], [made, true, 'LABORATORY'])
    assert.equal(shown.isPartOf.identifier, 'root')
    const facets = await use('getCollectionFacets', alias)
    assert.deepEqual(
      facets.map(({ name }: { name: string }) => name),
      ['authorName', 'subject', 'keywordValue', 'dateOfDeposit'],
    )
    assert.equal((await use('getCollectionUserPermissions', alias)).canAddDataset, true)
  })

  await step('a dataset is created, checked against the blocks of the collection', async () => {
    const blocks = await use('getCollectionMetadataBlocks', alias, true)
    assert.equal(blocks[0].name, 'citation')
    const made = await use('createDataset', inItsWords('Tide pools in TypeScript'), alias)
    id = made.numericId
    pid = made.persistentId
    const shown = await use('getDataset', pid, ':draft')
    assert.equal(shown.id, id)
    assert.equal(shown.versionInfo.state, 'DRAFT')
    assert.equal(shown.metadataBlocks[0].fields.title, 'Tide pools in TypeScript')
    assert.equal(shown.license.name, 'CC0 1.0')
    assert.deepEqual(await use('getDatasetLocks', id), [])
    const without = inItsWords('')
    await assert.rejects(use('createDataset', without, alias), { name: 'Error' })
  })

  await step('files are uploaded as the client uploads, and described', async () => {
    const uploaded = []
    for (const name of odd) {
      const bytes = await readFile(path.join(files, name))
      const file = new File([bytes], path.basename(name), { type: name.endsWith('.csv') ? 'text/csv' : '' })
      const storageId = await use('uploadFile', id, file, () => {}, new AbortController())
      assert.match(storageId, /:\/\//)
      uploaded.push({
        fileName: file.name,
        storageId,
        checksumType: 'md5',
        checksumValue: createHash('md5').update(bytes).digest('hex'),
        mimeType: file.type || 'application/octet-stream',
        description: `This is ${file.name}`,
        ...(name.includes('/') && { directoryLabel: path.dirname(name) }),
      })
    }
    await use('addUploadedFilesToDataset', id, uploaded)
    const listed = await use('getDatasetFiles', id, ':draft')
    assert.equal(listed.totalFilesCount, odd.length)
    for (const { id, name, directoryLabel } of listed.files)
      ids[directoryLabel === undefined ? name : `${directoryLabel}/${name}`] = id
    assert.deepEqual(Object.keys(ids).sort(), [...odd].sort())
    const wrong = [{ ...uploaded[0], fileName: 'wrong.txt', checksumValue: 'd'.repeat(32) }]
    await assert.rejects(use('addUploadedFilesToDataset', id, wrong))
  })

  await step('files are read back as they were', async () => {
    for (const [name, file] of Object.entries(ids)) {
      const reply = await fetch(`${repository.address}/api/access/datafile/${file}`, {
        headers: { 'x-dataverse-key': alice.token },
      })
      assert.equal(reply.status, 200)
      const was = await readFile(path.join(files, name))
      assert.ok(Buffer.from(await reply.arrayBuffer()).equals(was), name)
      const told = await use('getFile', file, ':draft')
      assert.deepEqual([told.name, told.sizeBytes], [path.basename(name), was.length])
      assert.equal(told.checksum.value, createHash('md5').update(was).digest('hex'))
    }
    const counts = await use('getDatasetFileCounts', id, ':draft')
    assert.equal(counts.total, odd.length)
    const sizes = await Promise.all(odd.map(async (name) => (await readFile(path.join(files, name))).length))
    assert.equal(
      await use('getDatasetFilesTotalDownloadSize', id, ':draft'),
      sizes.reduce((sum, size) => sum + size, 0),
    )
    assert.deepEqual(await use('getFileUserPermissions', ids['script.py']), {
      canDownloadFile: true,
      canManageFilePermissions: true,
      canEditOwnerDataset: true,
    })
  })

  await step('a file is restricted, let go again, named anew and deleted', async () => {
    const file = ids['script.py']
    assert.match(
      await use('restrictFile', file, { restrict: true, enableAccessRequest: true }),
      /^File script\.py restricted\./,
    )
    assert.equal((await use('getFile', file, ':draft')).restricted, true)
    await use('restrictFile', file, { restrict: false })
    await use('updateFileMetadata', file, { description: 'Says hello', label: 'hello.py' })
    await use('updateFileCategories', file, ['Code'], true)
    const told = await use('getFile', file, ':draft')
    assert.deepEqual([told.name, told.description, told.categories], ['hello.py', 'Says hello', ['Code']])
    assert.equal(await use('isFileDeleted', file), false)
    await use('deleteFile', file)
    await assert.rejects(use('getFile', file, ':draft'), /\[404\]/)
  })

  await step('another account is refused', async () => {
    as(repository.other)
    await assert.rejects(
      use('getDataset', pid, ':draft'),
      /\[401\] User @bob is not permitted to perform requested action\./,
    )
    await assert.rejects(use('publishDataset', pid, 'major'), /\[401\]/)
    nobody()
    await assert.rejects(use('getDataset', pid, ':latest'), /\[404\]/)
    as({ token: 'c6527048-5bdc-48b0-a1d5-ed1b62c8113b' })
    await assert.rejects(use('getCollection', 'root'), /\[401\] Bad API key/)
    as(alice)
  })

  await step('published, edited and published as 1.1', async () => {
    await assert.rejects(
      use('publishDataset', pid, 'minor'),
      /\[403\] Cannot publish as minor version\. Re-try as major release\./,
    )
    await use('publishDataset', pid, 'major')
    const one = await use('getDataset', pid, ':latest-published')
    assert.deepEqual([one.versionInfo.majorNumber, one.versionInfo.minorNumber], [1, 0])
    const edited = inItsWords('Tide pools in TypeScript, revised')
    await use('updateDataset', pid, edited)
    await use('publishDataset', pid, 'minor')
    nobody()
    const two = await use('getDataset', pid, ':latest')
    assert.deepEqual([two.versionInfo.majorNumber, two.versionInfo.minorNumber], [1, 1])
    assert.equal(two.metadataBlocks[0].fields.title, 'Tide pools in TypeScript, revised')
    assert.match(await use('getDatasetCitation', id, '1.1'), /Tide pools in TypeScript, revised/)
    const before = await use('getDataset', pid, '1.0')
    assert.equal(before.metadataBlocks[0].fields.title, 'Tide pools in TypeScript')
    as(alice)
  })

  await step('found in its collection, with facets and counts', async () => {
    const found = await use('getCollectionItems', alias, 10, 0, { searchText: 'revised' }, undefined, true)
    assert.deepEqual(
      found.items.map(({ title, name }: { title?: string; name?: string }) => title ?? name),
      ['Tide pools in TypeScript, revised'],
    )
    assert.ok(found.facets.some(({ friendlyName }: { friendlyName: string }) => friendlyName === 'Subject'))
    const all = await use('getCollectionItems', alias, 50, 0, undefined, undefined, true)
    assert.equal(all.totalItemCount, 1 + odd.length - 1)
    assert.deepEqual(all.countPerObjectType, { collections: 0, datasets: 1, files: odd.length - 1 })
    const previews = await use('getAllDatasetPreviews', 10, 0, alias)
    assert.equal(previews.totalDatasetCount, 1)
  })

  await step('a download behind the form of a guestbook', async () => {
    nobody()
    const file = ids['raw/2026/counts.csv']
    const guest = { guestbookResponse: { name: 'Guest', email: 'guest@example.org' } }
    const address = await use('submitGuestbookForDatafileDownload', file, guest)
    const reply = await fetch(address)
    assert.equal(await reply.text(), await readFile(path.join(files, 'raw/2026/counts.csv'), 'utf8'))
    const whole = await use('submitGuestbookForDatasetDownload', pid, guest)
    assert.match((await fetch(whole)).headers.get('content-disposition') ?? '', /\.zip"/)
    as(alice)
  })

  await step('the token is made anew, the old one is dead', async () => {
    const { apiToken, expirationDate } = await use('recreateCurrentApiToken')
    assert.notEqual(apiToken, alice.token)
    assert.ok(expirationDate.getTime() > Date.now() + 300 * 86_400_000)
    await assert.rejects(use('getDataset', pid), /\[401\] Bad API key/)
    as({ token: apiToken })
    assert.equal((await use('getDataset', pid)).id, id)
    await assert.rejects(use('deleteCollection', alias), /\[403\] Cannot delete non-empty dataverses/)
    await use('deaccessionDataset', pid, '1.1', { deaccessionReason: 'wrong file' })
    await use('deleteCurrentApiToken')
    await assert.rejects(use('getCurrentAuthenticatedUser'), /\[401\] Bad API key/)
  })
}

const inItsWords = (title: string) => ({
  license: {
    name: 'CC0 1.0',
    uri: 'http://creativecommons.org/publicdomain/zero/1.0',
    iconUri: 'https://licensebuttons.net/p/zero/1.0/88x31.png',
  },
  metadataBlockValues: [
    {
      name: 'citation',
      fields: {
        title,
        author: [{ authorName: 'Ames, Alice', authorAffiliation: 'Example U' }],
        datasetContact: [{ datasetContactEmail: 'alice@example.org', datasetContactName: 'Ames, Alice' }],
        dsDescription: [{ dsDescriptionValue: 'Counts per square metre.' }],
        subject: ['Earth and Environmental Sciences'],
      },
    },
  ],
})
