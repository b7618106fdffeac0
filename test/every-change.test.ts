import assert from 'node:assert/strict'
import path from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { after, before, describe, test } from 'node:test'
import { zipStream } from '#src/files/zip-stream.ts'
import { isMutating } from '#src/http/endpoint.ts'
import { routerPath } from '#src/http/serve.ts'
import { insertDeliveries } from '#src/subscriptions/delivery-store.ts'
import { hashOfSecret, openLinkSecrets } from '#src/subscriptions/links/link-secrets.ts'
import { putLeaveLinks } from '#src/subscriptions/store.ts'
import type { Body, Reply, Step } from './change-step.ts'
import { plainMetadata } from './datasets.ts'
import { dataverseChanges } from './dataverse-changes.ts'
import { type TestProduct, testProduct } from './product.ts'
import { promisedAddresses, routedAddresses, takesRest } from './sweep-endpoints.ts'

const password = 'moths in the relays'
const newPassword = 'a bug in relay number 70'
const builtinUsersKey = 'burrito'

describe('every change over HTTP leaves one event of its own in the audit trail:', () => {
  let product: TestProduct
  /** The administrator's cookie. */
  let admin = ''
  /** Which contracts the story has been through. */
  const told = new Set<string>()

  before(async () => {
    product = await testProduct({
      TESSERA_GENERAL__DEMO: 'off',
      TESSERA_RATE_LIMIT__PER_ADDRESS: '0',
      TESSERA_API_TOKEN__TERMS_FILE: 'LICENSE',
      TESSERA_DATAVERSE__BUILTIN_USERS_KEY: builtinUsersKey,
    })
  })
  after(() => product[Symbol.asyncDispose]())

  /** Does the step, sees that it was audited once and under a declared verb, and returns its reply. */
  async function change(id: string, step: Step = {}): Promise<Reply> {
    const contract = product.server.contracts.find((one) => one.id === id)
    assert.ok(contract, `${id} is not served`)
    const { cookie = admin, params = {} } = step
    const before = await lastEvent()
    const reply = await product.server.inject({
      method: contract.method,
      url: contract.path.replace(/[:*](\w+)/g, (_, name: string) => params[name] ?? assert.fail(`${id} needs ${name}`)),
      ...(step.query && { query: step.query }),
      headers: {
        'sec-fetch-site': 'same-origin',
        ...(step.token ? { authorization: `Bearer ${step.token}` } : cookie !== null && { cookie }),
        ...(step.form && { 'content-type': 'application/x-www-form-urlencoded' }),
        ...step.headers,
      },
      ...(step.body && { payload: step.body }),
      ...(step.bytes && { payload: step.bytes }),
      ...(step.form && { payload: new URLSearchParams(step.form).toString() }),
    })
    const usual = contract.status ?? (contract.reply || contract.media ? 200 : 204)
    assert.equal(reply.statusCode, usual, `${id}: ${reply.statusCode} ${reply.body}`)
    const declared: readonly string[] = [contract.audit ?? []].flat()
    const noted = (await eventsAfter(before)).filter((event) => event.request_id === reply.headers['x-request-id'])
    assert.ok(
      noted.every(({ verb }) => declared.includes(verb)),
      `${id} noted ${noted.map(({ verb }) => verb)}`,
    )
    assert.deepEqual([...new Set(noted.map(({ verb }) => verb))].length, noted.length, `${id} noted the same twice`)
    if (step.leaves) assert.deepEqual(noted.map(({ verb }) => verb).sort(), [...step.leaves].sort(), id)
    assert.ok(declared.length === 1 ? noted.length === 1 : noted.length >= 1, `${id} noted ${noted.length} events`)
    told.add(id)
    const cookies = [reply.headers['set-cookie'] ?? []].flat().map((line) => line.split(';', 1)[0])
    const json: Body = String(reply.headers['content-type']).includes('json') ? reply.json() : {}
    return { ...json, cookie: cookies.join('; '), location: String(reply.headers.location ?? '') }
  }

  const lastEvent = async (): Promise<number> =>
    (await product.base.db.selectFrom('audit_head').select('id').executeTakeFirstOrThrow()).id

  const eventsAfter = (id: number) =>
    product.base.db.selectFrom('audit_events').select(['verb', 'request_id']).where('id', '>', id).execute()

  /** However busy the machine is. */
  async function ended(run: unknown): Promise<void> {
    const headers = { cookie: admin, prefer: 'wait=30' }
    for (;;) {
      const { state } = (await product.server.inject({ url: `/v1/runs/${run}`, headers })).json()
      if (state !== 'queued' && state !== 'running') return
    }
  }

  const acceptTerms = async (cookie: string) => {
    const { version } = (await product.server.inject({ url: '/v1/tokens/terms', headers: { cookie } })).json()
    await change('accept-token-terms', { cookie, body: { version } })
  }

  const signIn = async (user_name: string, secret: string) =>
    change('sign-in', { cookie: null, body: { user_name, password: secret } })

  test('accounts, sessions and passwords', async () => {
    const { userName } = product.admin
    const signedIn = await signIn(userName, product.admin.password)
    admin = signedIn.cookie
    const bob = await change('create-account', { body: { user_name: 'bob' } })
    const account = { account: String(bob.id) }
    await change('update-account', { params: account, body: { display_name: 'Bob' } })
    const link = await change('make-password-link', { params: account })
    const secret = String(link.url).split('#')[1]
    await change('use-password-link', { cookie: null, body: { secret, new_password: password } })
    await signIn('bob', password)
    await change('end-account-sessions', { params: account })
    const mine = await signIn('bob', password)
    const other = await signIn('bob', password)
    const { id } = other.session as { id: string }
    await change('end-session', { cookie: mine.cookie, params: { session: id } })
    await signIn('bob', password)
    await change('end-other-sessions', { cookie: mine.cookie })
    await change('update-current-account', { cookie: mine.cookie, body: { first_name: 'Robert' } })
    const body = { current_password: password, new_password: newPassword }
    const renewed = await change('change-password', { cookie: mine.cookie, body })
    await change('sign-out', { cookie: renewed.cookie })
  })

  test('tokens, their succession, their ends and their feed', async () => {
    await acceptTerms(admin)
    const make = async () => {
      const made = await change('issue-token', {
        body: { name: 'notebook', permissions: ['warehouse:read', 'runs:read'] },
      })
      return { token: String(made.id), secret: String(made.secret) }
    }
    const first = await make()
    await change('rename-token', { params: first, body: { name: 'laptop' } })
    await change('narrow-token', { params: first, body: { permissions: ['warehouse:read'] } })
    const second = await change('rotate-token', { params: first, body: { overlap_seconds: 60 } })
    const third = await change('recreate-token', { params: { token: String(second.id) }, body: {} })
    await change('revoke-token', { params: { token: String(third.id) } })
    await change('revoke-current-token', { token: (await make()).secret })
    await change('revoke-tokens', { body: { ids: [(await make()).token], reason: 'test' } })
    await change('report-leaked-tokens', { cookie: null, body: { tokens: [(await make()).secret] } })
    await change('oauth-revoke-token', { cookie: null, form: { token: (await make()).secret } })
    const slot = { slot: 'xdmod' }
    await change('fill-token-slot', { params: slot, leaves: ['token.issued'] })
    await change('fill-token-slot', { params: slot, leaves: ['token.recreated'] })
    await change('empty-token-slot', { params: slot })
    await change('renew-token-feed')
    await change('end-token-feed')
  })

  test('refreshes and runs', async () => {
    const run = await change('refresh-model', { params: { model: 'flights' } })
    await change('cancel-run', { params: { run: String(run.id) } })
    await ended(run.id)
    const again = await change('rerun-run', { params: { run: String(run.id) } })
    await change('delete-run', { params: { run: String(again.id) } })
    for (let refreshes = 0; refreshes < 2; refreshes++) {
      const { id } = await change('refresh-model', { params: { model: 'cost_centers' } })
      await ended(id)
    }
    await change('roll-back-model', { params: { model: 'cost_centers' } })
    await ended(again.id)
    const whole = await change('refresh-model', { params: { model: 'flights' } })
    await ended(whole.id)
    await change('start-export', { body: { query: { model: 'flights', metrics: ['flights'] }, format: 'csv' } })
  })

  test('reports and what is filled in', async () => {
    const query = { model: 'flights', metrics: ['flights'], dimensions: ['origin'] }
    const options = { model: 'cost_centers', option_set: 'cost_centers' }
    const inputs = [
      { id: 'note', type: 'text', label: 'Note' },
      { id: 'center', type: 'single_select', label: 'Center', options },
    ]
    const written = (title: string) => ({
      title,
      definition: { blocks: [{ type: 'table', id: 'table', title: 'Table', query, inputs }] },
    })
    const { id } = await change('create-report', { body: written('One') })
    const report = { report: String(id) }
    await change('put-report', { params: report, body: written('Two'), headers: { 'if-match': '*' } })
    await change('restore-report-version', { params: { ...report, version: '1' } })
    const cells = [{ row: { origin: 'ORD' }, column: 'note', value: 'Busy', version: 0 }]
    await change('fill-in-report', { params: report, body: { cells } })
    await change('inforiver-refresh-options', {
      params: { ...report, column: 'center' },
      query: { 'semantic-refresh': 'true' },
    })
    await change('delete-report', { params: report })
  })

  test('subscriptions, their runs, and who leaves them', async () => {
    const { db, places } = product.base
    const query = { model: 'flights', metrics: ['flights'], dimensions: ['origin'] }
    const blocks = [{ type: 'table', id: 'table', title: 'Table', query }]
    const report = String(
      (await change('create-report', { body: { title: 'Sent', shared_with: 'viewer', definition: { blocks } } })).id,
    )
    const written = (name: string) => ({
      name,
      report,
      recipients: [{ address: 'ada@example.org' }],
      destinations: [{ type: 'mail' }, { type: 'webhook', id: 'hook', url: 'https://hooks.example.org/x' }],
    })
    await change('create-subscription', { body: { id: 'sent', ...written('One') } })
    const params = { subscription: 'sent' }
    await change('update-subscription', { params, body: written('Two'), headers: { 'if-match': '*' } })
    await change('renew-webhook-secret', { params: { ...params, webhook: 'hook' } })
    const run = String((await change('start-subscription-run', { params })).id)
    await change('test-subscription', { params })
    await change('pause-subscription', { params })
    await change('archive-subscription', { params })
    await change('resume-subscription', { params })

    const me = await db.selectFrom('accounts').select('id').where('role', '=', 'admin').executeTakeFirstOrThrow()
    const { created_at: since } = await db.selectFrom('subscriptions').select('created_at').executeTakeFirstOrThrow()
    await insertDeliveries(db, { id: run, subscription: { id: 'sent', createdAt: since }, report }, [
      {
        recipient: 'admin',
        name: 'admin',
        accountId: me.id,
        address: null,
        destination: 'inbox',
        slice: 0,
        sliceLabel: null,
        state: 'pending',
        reason: null,
      },
    ])
    await db.updateTable('deliveries').set({ state: 'delivered', delivered_at: new Date() }).execute()
    await change('mark-inbox-read', { body: {} })

    const links = await openLinkSecrets(path.join(places.secrets, 'link-key'))
    const secret = links.ofLeaving({ id: 'sent', since }, 'ada@example.org')
    const link = { hash: hashOfSecret(secret), subscription: 'sent', recipient: 'ada@example.org', at: new Date() }
    await putLeaveLinks(db, [link])
    await change('unsubscribe', { cookie: null, params: { secret }, form: { 'List-Unsubscribe': 'One-Click' } })

    const cleo = await change('create-account', { body: { user_name: 'cleo', role: 'admin' } })
    await change('change-subscription-owner', { params, body: { account: cleo.id } })
    await change('delete-subscription', { params })
  })

  test('holiday calendars', async () => {
    const params = { calendar: 'bank' }
    await change('put-holiday-calendar', { params, body: { label: 'Bank holidays', days: [{ date: '2027-12-27' }] } })
    await change('delete-holiday-calendar', { params })
  })

  test('collections, datasets, their versions, and who may what', async () => {
    const { db } = product.base
    const made = await change('create-collection', { body: { alias: 'pools', name: 'Pools' } })
    const collection = { collection: 'pools' }
    await change('update-collection', { params: collection, body: { description: 'Tide pools' } })
    await change('publish-collection', { params: collection })
    await change('create-collection', { body: { alias: 'ponds', name: 'Ponds' } })
    await change('move-collection', { params: { collection: 'ponds' }, body: { to: 'pools' } })

    const metadata = plainMetadata()
    const make = async () => String((await change('create-dataset', { params: collection, body: { metadata } })).id)
    const id = await make()
    const dataset = { dataset: id }
    await change('put-dataset-draft', { params: dataset, body: { metadata: plainMetadata({ title: 'Pools' }) } })
    await change('make-dataset-preview-link', { params: dataset })
    await change('end-dataset-preview-link', { params: dataset })
    await change('submit-dataset', { params: dataset })
    await change('return-dataset', { params: dataset, body: { reason: 'Which island?' } })
    await change('publish-dataset', { params: dataset, body: { type: 'major' } })
    await change('put-dataset-draft', { params: dataset, body: { metadata } })
    await change('delete-dataset-draft', { params: dataset })
    await change('deaccession-dataset-version', { params: { ...dataset, version: '1.0' }, body: { reason: 'Wrong' } })
    const other = await make()
    await change('move-dataset', { params: { dataset: other }, body: { to: 'ponds' } })

    const by = { assignee: 'bob', role: 'reader' }
    const role = { alias: 'reader', name: 'Reader', permissions: ['DownloadFile'] }
    const { id: roleId } = await change('create-repository-role', { params: collection, body: role })
    const onCollection = await change('give-collection-role', { params: collection, body: by })
    await change('take-collection-role', { params: { ...collection, assignment: String(onCollection.id) } })
    const onDataset = await change('give-dataset-role', { params: dataset, body: by })
    await change('take-dataset-role', { params: { ...dataset, assignment: String(onDataset.id) } })
    const { id: fileId } = await db
      .insertInto('dataset_files')
      .values({
        dataset_id: Number(id),
        sha256: 'a'.repeat(64),
        md5: 'b'.repeat(32),
        bytes: 1,
        media_type: 'text/plain',
        original_name: 'a.txt',
        created_at: new Date(),
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    const file = { file: String(fileId) }
    const onFile = await change('give-file-role', { params: file, body: by })
    await change('take-file-role', { params: { ...file, assignment: String(onFile.id) } })
    await change('delete-repository-role', { params: { role: String(roleId) } })

    await change('delete-dataset', { params: { dataset: other } })
    await change('delete-dataset', { params: dataset, query: { destroy: 'true' } })
    await change('delete-collection', { params: { collection: 'ponds' } })
    await change('delete-collection', { params: { collection: String(made.id) } })
    const license = { name: 'ODbL 1.0', uri: 'https://opendatacommons.org/licenses/odbl/1-0/', description: 'Open' }
    const { id: licenseId } = await change('create-license', { body: license })
    await change('update-license', { params: { license: String(licenseId) }, body: { active: false } })
  })

  test('uploads and files of datasets', async () => {
    const metadata = plainMetadata()
    const made = await change('create-dataset', { params: { collection: 'root' }, body: { metadata } })
    const dataset = { dataset: String(made.id) }
    const tus = { 'tus-resumable': '1.0.0' }
    const part = { ...tus, 'content-type': 'application/offset+octet-stream' }
    const named = { ...tus, 'upload-metadata': `filename ${Buffer.from('a.csv').toString('base64')}` }
    const begin = async () =>
      String((await change('start-upload', { params: dataset, headers: { ...named, 'upload-length': '3' } })).id)
    const whole = async (content: Buffer) => {
      const headers = { ...part, ...named, 'upload-length': String(content.length) }
      return String((await change('start-upload', { params: dataset, bytes: content, headers })).id)
    }
    const upload = await begin()
    await change('append-upload', {
      params: { upload },
      bytes: Buffer.from('a,b'),
      headers: { ...part, 'upload-offset': '0' },
    })
    await change('end-upload', { params: { upload: await begin() }, headers: tus })
    const added = await change('add-dataset-files', { params: dataset, body: { files: [{ upload }] } })
    const [{ id }] = added.items as [{ id: number }]
    const file = { file: String(id) }
    await change('edit-dataset-file', { params: file, body: { restricted: true } })
    await change('edit-dataset-files', { params: dataset, body: { files: [id], description: 'Counts' } })
    await change('publish-dataset', { params: dataset, body: { type: 'major' } })

    const asked = await signIn('bob', newPassword)
    await change('request-file-access', { cookie: asked.cookie, params: file })
    const { id: account } = await product.base.db
      .selectFrom('accounts')
      .select('id')
      .where('user_name', '=', 'bob')
      .executeTakeFirstOrThrow()
    await change('grant-file-access', { params: { ...file, account } })
    await change('reject-file-access', { params: { ...file, account } })

    const fresh = await whole(Buffer.from('c,d'))
    const replaced = await change('replace-dataset-file', { params: file, body: { upload: fresh } })
    const [{ id: second }] = replaced.items as [{ id: number }]
    await change('delete-dataset-file', { params: { file: String(second) } })
    const put = {
      params: { ...dataset, path: 'raw/b.csv' },
      bytes: Buffer.from('b'),
      headers: { 'content-type': 'text/csv' },
    }
    const sent = await change('put-dataset-content', put)
    const [{ id: third }] = sent.items as [{ id: number }]
    await change('delete-dataset-files', { params: dataset, body: { files: [third] } })
    const entry = { name: 'c.csv', bytes: 1, modified: new Date(), open: async () => Readable.from([Buffer.from('c')]) }
    const zip = await whole(await buffer(zipStream([entry])))
    await change('unpack-dataset-upload', { params: dataset, body: { upload: zip } })
  })

  test('XDMoD’s own endpoints', async () => {
    const signedIn = await change('xdmod-sign-in', { cookie: null, form: { username: 'bob', password: newPassword } })
    await acceptTerms(signedIn.cookie)
    await change('xdmod-make-token', { cookie: signedIn.cookie })
    await change('xdmod-revoke-token', { cookie: signedIn.cookie })
    await change('xdmod-sign-out', { cookie: signedIn.cookie, form: {} })
  })

  dataverseChanges({
    change,
    admin: () => admin,
    bob: async () => (await signIn('bob', newPassword)).cookie,
    builtinUsersKey,
    password,
    data: async (url, headers) => (await product.server.inject({ url, headers })).json().data,
  })

  test('the router knows the addresses of the contracts and no others', () => {
    const { server } = product
    assert.deepEqual(routedAddresses(server).sort(), promisedAddresses(server.contracts).sort())
    for (const contract of server.contracts.filter(takesRest))
      assert.ok(server.hasRoute({ method: contract.method, url: routerPath(contract) }), contract.path)
  })

  test('nothing that changes something was left out', () => {
    const changing = product.server.contracts.filter((one) => isMutating(one) && !one.hidden).map(({ id }) => id)
    assert.deepEqual(
      changing.filter((id) => !told.has(id)),
      [],
    )
  })
})
