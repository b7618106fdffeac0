import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after } from 'node:test'
import { actor, anonymous, type Caller } from '#src/access/caller.ts'
import { Grants } from '#src/access/grants.ts'
import type { Role } from '#src/access/permissions.ts'
import type { Change, Changer } from '#src/database/change.ts'
import { namedByDatasetFiles } from '#src/datasets/files/kept-files.ts'
import type { FileNeeds } from '#src/datasets/files/needs.ts'
import type { DatasetNeeds, OnPublished } from '#src/datasets/needs.ts'
import { openDatasets } from '#src/datasets/open-datasets.ts'
import { namedByUploads } from '#src/datasets/uploads/kept-files.ts'
import { openContentStore } from '#src/files/content-store.ts'
import { openSealer } from '#src/files/sealed.ts'
import type { Route } from '#src/http/serve.ts'
import type { Mail } from '#src/mail/mail.ts'
import { openQueue } from '#src/queue/queue.ts'
import { accountsOver } from './accounts.ts'
import { silent, testDatabase } from './postgres.ts'
import { bearer, openSample } from './sample-api.ts'

/** The least that a dataset can say of itself. */
export const plainMetadata = (over: object = {}) => ({
  citation: {
    title: 'Tide pools of Inchkeith',
    author: [{ authorName: 'Ames, Alice', authorAffiliation: 'Example U' }],
    datasetContact: [{ datasetContactEmail: 'alice@example.org' }],
    dsDescription: [{ dsDescriptionValue: 'Counts per square metre.' }],
    subject: ['Earth and Environmental Sciences'],
    ...over,
  },
})

/** The repository over PostgreSQL, for all tests of a file. */
export async function datasetsHouse({
  onPublished = [],
  moreRoutes = () => [],
  limits = {},
  queued = false,
  over = {},
}: {
  onPublished?: OnPublished[]
  moreRoutes?: (needs: DatasetNeeds, changer: Changer, files: FileNeeds) => Route[]
  /** In bytes. */
  limits?: { largestFile?: number; largestDataset?: number; zipDownloadLimit?: number; tableDownloadLimit?: number }
  /** With a queue of its own, whose jobs are done once `work` has been called. */
  queued?: boolean
  /** Settings. */
  over?: { dataverse?: object; datacite?: object }
} = {}) {
  const database = await testDatabase()
  const { db, pool } = database
  const { needs: accounts, clock, person } = accountsOver({ db, pool })
  const directory = await mkdtemp(path.join(tmpdir(), 'tessera-datasets-'))
  const sealer = await openSealer(path.join(directory, 'sealing-key'))
  const settings = {
    general: { title: 'Tessera', siteAddress: 'http://localhost:8080', timeZone: 'UTC' },
    files: { largestFile: 50e6, largestDataset: 100e6, zipDownloadLimit: 1e9, tableDownloadLimit: 1e9, ...limits },
    dataverse: {
      pidProtocol: 'perma',
      pidAuthority: 'tessera',
      pidShoulder: '',
      tokenLifetime: '1 year',
      ...over.dataverse,
    },
    datacite: { repository: null, password: null, api: 'https://api.datacite.org', ...over.datacite },
  } as unknown as Parameters<typeof openDatasets>[0]['settings']
  const queue = queued ? await openQueue({ connection: database.connection, log: silent, role: 'worker' }) : null
  const registry = queue && { queue, agent: 'Tessera/test' }
  const contents = openContentStore({
    directory: path.join(directory, 'contents'),
    namedBy: [namedByDatasetFiles, namedByUploads],
  })
  const { change: changer } = accounts
  const mails: Pick<Mail, 'to' | 'subject' | 'text'>[] = []
  const mailer = { send: async (mail: Mail) => void mails.push(mail) }
  const mail = queue && { queue, mailer }
  const opened = openDatasets({
    settings,
    db,
    clock,
    sealer,
    contents,
    changer,
    log: silent,
    onPublished,
    registry,
    mail,
  })
  const { needs, routes, harvest, work } = opened
  const people = new Map<string, Caller>()
  const { app, logged } = openSample({
    routes: [...routes, ...moreRoutes(needs, accounts.change, opened.files)],
    changer: accounts.change,
    verifiers: {
      sessionCookie: 'session',
      verifyToken: (secret) => people.get(secret) ?? null,
      verifySession: () => null,
    },
  })
  after(async () => {
    await app.close()
    await opened.close()
    await queue?.close()
    await database.close()
    await rm(directory, { recursive: true, force: true })
  })

  /** Somebody, who then asks under their name; a token narrows them. */
  async function join(name: string, role: Role = 'member', grants: Grants = Grants.ofRole(role)): Promise<Caller> {
    const { id } = await person(name, role)
    const caller: Caller = { ...anonymous, via: 'token', accountId: id, accountName: name, role, grants }
    people.set(name, caller)
    return caller
  }

  /** Asks over HTTP; as nobody with an empty name. */
  async function ask(
    who: string,
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    payload?: object,
    headers: Record<string, string> = {},
  ) {
    const answer = await app.inject({
      method,
      url,
      headers: { ...(who !== '' && bearer(who)), ...headers },
      ...(payload !== undefined && { payload }),
    })
    const json = answer.headers['content-type']?.includes('json')
    return {
      status: answer.statusCode,
      headers: answer.headers,
      etag: String(answer.headers.etag ?? ''),
      body: answer.body === '' ? null : json ? answer.json() : answer.body,
    }
  }

  let collections = 0
  /** A new collection of somebody's, published unless said otherwise; its alias. */
  async function collection({ who = 'alice', published = true, parent = 'root', ...over } = {}): Promise<string> {
    const alias = `c-${++collections}`
    const made = await ask(who, 'POST', '/v1/collections', {
      parent,
      alias,
      name: `Collection ${collections}`,
      ...over,
    })
    assert.equal(made.status, 201, JSON.stringify(made.body))
    if (published) assert.equal((await ask(who, 'POST', `/v1/collections/${alias}/publish`)).status, 200)
    return alias
  }

  /** A new draft of somebody's; its number and its address in `/v1`. */
  async function draft(
    alias: string,
    over: object = {},
    who = 'alice',
  ): Promise<{ id: number; pid: string; url: string }> {
    const made = await ask(who, 'POST', `/v1/collections/${alias}/datasets`, { metadata: plainMetadata(), ...over })
    assert.equal(made.status, 201, JSON.stringify(made.body))
    return { id: made.body.id, pid: made.body.pid, url: `/v1/datasets/${made.body.id}` }
  }

  /** Puts files into the draft of a dataset, as rows only: what is in them is not there. */
  async function putFiles(datasetId: number, names: readonly string[], over: object = {}): Promise<number[]> {
    const { id: version_id } = await db
      .selectFrom('dataset_versions')
      .select('id')
      .where('dataset_id', '=', datasetId)
      .where('state', '=', 'draft')
      .executeTakeFirstOrThrow()
    const ids: number[] = []
    for (const original_name of names) {
      const hash = createHash('sha256').update(original_name).digest('hex')
      const { id } = await db
        .insertInto('dataset_files')
        .values({
          dataset_id: datasetId,
          sha256: hash,
          md5: hash.slice(0, 32),
          bytes: 10,
          media_type: 'text/plain',
          original_name,
          created_at: clock.now(),
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      await db
        .insertInto('version_files')
        .values({ version_id, file_id: id, label: original_name, ...over })
        .execute()
      ids.push(id)
    }
    return ids
  }

  return {
    database,
    app,
    db,
    clock,
    collection,
    draft,
    putFiles,
    accounts,
    needs,
    files: opened.files,
    contentsDirectory: path.join(directory, 'contents'),
    harvest,
    work,
    /** Sent, in their order. */
    mails,
    people,
    join,
    ask,
    logged,
    /** Takes requests of other programs as well; the address. */
    listen: (): Promise<string> => app.listen({ port: 0, host: '127.0.0.1' }),
    /** Shows a caller under another token. */
    show: (token: string, caller: Caller) => void people.set(token, caller),
    /** Does something in a change of its own, as somebody. */
    change: <T>(who: string, body: (change: Change) => Promise<T>): Promise<T> =>
      accounts.change(actor(people.get(who) ?? anonymous), body),
    verbs: async (): Promise<string[]> =>
      (await db.selectFrom('audit_events').select('verb').orderBy('id').execute()).map(({ verb }) => verb),
  }
}
