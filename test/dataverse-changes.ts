import { test } from 'node:test'
import type { Body, Reply, Step } from './change-step.ts'
import { zipOfTexts } from './clients/dataverse/zip.ts'
import { leastDataset } from './dataverse-examples.ts'
import { formOf } from './dataverse-over-http.ts'

interface Teller {
  readonly change: (id: string, step?: Step) => Promise<Reply>
  /** The administrator's cookie. */
  readonly admin: () => string
  /** The cookie of a fresh session of Bob's, who has accepted the terms of tokens. */
  readonly bob: () => Promise<string>
  readonly builtinUsersKey: string
  /** One that is long enough. */
  readonly password: string
  /** What a reading call tells. */
  readonly data: (url: string, headers: Readonly<Record<string, string>>) => Promise<Body>
}

/** Dataverse's part of the story of all changes, told as its clients tell it: with a token, and JSON, forms or Atom. */
export function dataverseChanges({ change, admin, bob, builtinUsersKey, password, data }: Teller): void {
  /** The administrator's token for this protocol. */
  let key = ''

  const act = async (id: string, step: Step = {}): Promise<Body> => {
    const headers = { 'x-dataverse-key': key, ...step.headers }
    return ((await change(id, { ...step, cookie: null, headers })).data ?? {}) as Body
  }
  const json = (value: unknown) => ({
    bytes: Buffer.from(JSON.stringify(value)),
    headers: { 'content-type': 'application/json' },
  })
  const multipart = async (form: FormData) => {
    const sent = new Response(form)
    const type = sent.headers.get('content-type') ?? ''
    return { bytes: Buffer.from(await sent.arrayBuffer()), headers: { 'content-type': type } }
  }
  const said = (about: unknown) => {
    const form = new FormData()
    form.append('jsonData', JSON.stringify(about))
    return multipart(form)
  }
  const firstFile = ({ files }: Body): string => String((files as [{ dataFile: { id: number } }])[0].dataFile.id)
  const collection = (alias: string) => ({
    alias,
    name: `The ${alias}`,
    dataverseContacts: [{ contactEmail: 'pi@example.org' }],
  })
  const makeDataset = async () => {
    const made = await act('dataverse-create-dataset', { params: { collection: 'reefs' }, body: leastDataset() })
    return { dataset: String(made.id) }
  }
  const publish = (params: { dataset: string }) =>
    act('dataverse-publish-dataset', { params: { ...params, action: ':publish' }, query: { type: 'major' } })

  test('Dataverse: accounts, and their one token', async () => {
    const recreate = async (cookie: string, verb = 'token.issued') => {
      const { data } = await change('dataverse-recreate-token', { cookie, leaves: [verb] })
      return String((data as Body).message).split(' ')[5] ?? ''
    }
    const cookie = await bob()
    await recreate(cookie)
    await recreate(cookie, 'token.recreated')
    await change('dataverse-delete-token', { cookie })
    await change('dataverse-sign-out', { cookie })
    await change('dataverse-make-user', {
      cookie: null,
      query: { key: builtinUsersKey, password },
      body: { userName: 'dora', firstName: 'Dora', lastName: 'Marsh', email: 'dora@example.org' },
      leaves: ['account.created', 'token.issued'],
    })
    key = await recreate(admin())
  })

  test('Dataverse: collections, and who may what', async () => {
    const root = { collection: ':root' }
    const reefs = { collection: 'reefs' }
    await act('dataverse-create-collection', { params: root, body: collection('reefs') })
    await act('dataverse-change-collection', { params: reefs, body: { description: 'Coral' } })
    await act('dataverse-publish-collection', { params: { ...reefs, action: ':publish' } })
    await act('dataverse-create-collection', { params: root, body: collection('atolls') })
    await act('dataverse-move-collection', { params: { collection: 'atolls', target: 'reefs' } })
    await act('dataverse-delete-collection', { params: { collection: 'atolls' } })

    const role = (alias: string) => ({ alias, name: alias, permissions: ['DownloadFile'] })
    await act('dataverse-make-role-in-collection', { params: reefs, body: role('diver') })
    const { id } = await act('dataverse-make-role', { query: { dvo: 'reefs' }, body: role('swimmer') })
    await act('dataverse-delete-role', { params: { role: String(id) } })
    const body = { assignee: '@bob', role: 'diver' }
    const onCollection = await act('dataverse-assign-on-collection', { params: reefs, body })
    await act('dataverse-unassign-on-collection', { params: { ...reefs, assignment: String(onCollection.id) } })
    const params = await makeDataset()
    const onDataset = await act('dataverse-assign-on-dataset', { params, body })
    await act('dataverse-unassign-on-dataset', { params: { ...params, assignment: String(onDataset.id) } })
  })

  test('Dataverse: datasets and their versions', async () => {
    const params = await makeDataset()
    const draft = { ...params, version: ':draft' }
    const subtitle = { fields: [{ typeName: 'subtitle', value: 'North side' }] }
    await act('dataverse-replace-draft', { params: draft, body: leastDataset('Reefs').datasetVersion })
    await act('dataverse-edit-metadata', { params, body: subtitle })
    await act('dataverse-delete-metadata', { params, body: subtitle })
    await act('dataverse-set-license', { params, body: { name: 'CC BY 4.0' } })
    await act('dataverse-set-access', {
      params,
      body: { customTermsOfAccess: { fileAccessRequest: true, dataAccessPlace: 'The library' } },
    })
    for (const name of ['preview', 'private']) {
      await act(`dataverse-make-${name}-url`, { params })
      await act(`dataverse-delete-${name}-url`, { params })
    }
    await act('dataverse-add-lock', { params: { ...params, type: 'Ingest' } })
    await act('dataverse-remove-locks', { params })
    await act('dataverse-submit-for-review', { params })
    await act('dataverse-return-to-author', { params, body: { reasonForReturn: 'Which ocean?' } })
    await publish(params)
    await act('dataverse-edit-metadata', { params, body: subtitle })
    await act('dataverse-delete-draft', { params: draft, leaves: ['dataset.draft_deleted'] })
    await act('dataverse-deaccession', { params: { ...params, version: '1.0' }, body: { deaccessionReason: 'Wrong' } })
    await act('dataverse-destroy-dataset', { params, leaves: ['dataset.destroyed'] })
    const other = await makeDataset()
    await act('dataverse-move-dataset', { params: { ...other, collection: ':root' } })
    await act('dataverse-delete-dataset', { params: other, leaves: ['dataset.deleted'] })
  })

  test('Dataverse: files, and who may have them', async () => {
    const params = await makeDataset()
    const dataset = `/api/datasets/${params.dataset}`
    const add = async (name: string, content: string) =>
      firstFile(await act('dataverse-add-file', { params, ...(await multipart(formOf(name, content))) }))
    const sendDirectly = async (content: string) => {
      const place = await data(`${dataset}/uploadurls?size=${content.length}`, { 'x-dataverse-key': key })
      const url = new URL(String(place.url))
      await change('dataverse-put-directly', {
        cookie: null,
        params: { upload: url.pathname.split('/').at(-1) ?? '' },
        query: Object.fromEntries(url.searchParams),
        bytes: Buffer.from(content),
        headers: { 'content-type': 'application/octet-stream' },
        leaves: ['upload.started', 'upload.finished'],
      })
      return { storageIdentifier: place.storageIdentifier, fileName: 'd.csv', mimeType: 'text/csv' }
    }
    const first = await add('a.csv', 'a,b\n1,2\n')
    await act('dataverse-replace-file', {
      params: { file: first },
      ...(await multipart(formOf('b.csv', 'a,b\n3,4\n'))),
    })
    const direct = await act('dataverse-add-files', { params, ...(await said([await sendDirectly('e,f\n')])) })
    const [{ fileDetails }] = direct.Files as [{ fileDetails: { dataFile: { id: number } } }]
    const fileToReplaceId = fileDetails.dataFile.id
    const fresh = [{ ...(await sendDirectly('g,h\n')), fileToReplaceId }]
    await act('dataverse-replace-files', { params, ...(await said(fresh)) })
    await act('dataverse-delete-files', { params, ...json([Number(await add('c.txt', 'c'))]) })
    await act('dataverse-delete-file', { params: { file: await add('d.txt', 'd') } })

    const file = { file: await add('counts.dump', 'i,j\n5,6\n') }
    await act('dataverse-edit-file-metadata', { params: file, ...(await said({ label: 'counts.csv' })) })
    await act('dataverse-redetect-file-type', { params: file })
    await act('dataverse-set-file-categories', { params: file, body: { categories: ['Data'] } })
    await act('dataverse-set-file-tags', { params: file, body: { tabularTags: ['Survey'] } })
    await act('dataverse-allow-access-requests', { params, ...json(false) })
    const terms = { restrict: true, enableAccessRequest: true, termsOfAccess: 'Ask.' }
    const leaves = ['dataset.files_changed', 'dataset.draft_changed']
    await act('dataverse-restrict-file', { params: file, body: terms, leaves })
    await publish(params)

    const cookie = await bob()
    const ofBob = { ...file, assignee: '@bob' }
    await change('dataverse-request-access', { cookie, params: file })
    await act('dataverse-grant-access', { params: ofBob })
    await act('dataverse-revoke-access', { params: ofBob })
    await change('dataverse-request-access', { cookie, params: file })
    await act('dataverse-reject-access', { params: ofBob })
  })

  test('Dataverse: deposits by SWORD', async () => {
    const headers = { authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` }
    const deposit = (id: string, step: Step) =>
      change(id, { ...step, cookie: null, headers: { ...headers, ...step.headers } })
    const finished = { headers: { 'in-progress': 'false' } }
    await act('dataverse-create-collection', { params: { collection: ':root' }, body: collection('kelp') })
    const made = await deposit('sword-create-dataset', {
      params: { alias: 'kelp' },
      bytes: Buffer.from(entry),
      headers: { 'content-type': 'application/atom+xml' },
    })
    const pid = made.location.split('/edit/study/')[1] ?? ''
    const params = { pid }
    await deposit('sword-add-files', {
      params,
      bytes: await zipOfTexts({ 'a.txt': 'a', 'raw/b.txt': 'b' }),
      headers: { 'content-type': 'application/zip', packaging: 'http://purl.org/net/sword/package/SimpleZip' },
    })
    const url = `/api/datasets/:persistentId/versions/:draft?persistentId=${encodeURIComponent(pid)}`
    const file = firstFile(await data(url, { 'x-dataverse-key': key }))
    await deposit('sword-delete-file', { params: { file } })
    await deposit('sword-publish-collection', { params: { alias: 'kelp' }, ...finished })
    await deposit('sword-publish-dataset', { params, ...finished })
    await act('dataverse-edit-metadata', {
      params: { dataset: ':persistentId' },
      query: { persistentId: pid },
      body: { fields: [{ typeName: 'subtitle', value: 'South side' }] },
    })
    await deposit('sword-delete-dataset', { params, leaves: ['dataset.draft_deleted'] })
  })
}

const entry = `<?xml version="1.0"?>
<entry xmlns="http://www.w3.org/2005/Atom" xmlns:dcterms="http://purl.org/dc/terms/">
  <dcterms:title>Kelp of Inchkeith</dcterms:title>
  <dcterms:creator>Ames, Alice</dcterms:creator>
  <dcterms:description>Counts per square metre.</dcterms:description>
  <dcterms:subject>Physics</dcterms:subject>
  <dcterms:contributor type="Contact">alice@example.org</dcterms:contributor>
</entry>`
