import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { after, before, describe, type TestContext, test } from 'node:test'
import { sql } from 'kysely'
import type { Locator, Page } from 'playwright-core'
import { ZipFile } from 'yazl'
import { noBrowser, type TestPortal, testPortal } from './browser.ts'
import { allow, eventually, settled } from './watch-page.ts'

const button = (at: Page | Locator, name: string | RegExp): Locator => at.getByRole('button', { name, exact: true })

describe('the API token in Dataverse’s words', { skip: noBrowser }, () => {
  let portal: TestPortal
  before(async () => {
    portal = await testPortal({ data: 'none' })
  })
  after(() => portal[Symbol.asyncDispose]())

  const status = async (secret: string): Promise<number> => {
    const reply = await fetch(`${portal.url}/v1/tokens/current`, { headers: { authorization: `Bearer ${secret}` } })
    await reply.body?.cancel()
    return reply.status
  }

  /** Copies the token that the dialog shows, and closes the dialog. */
  async function takeToken(page: Page): Promise<string> {
    const dialog = page.getByRole('dialog', { name: 'Your new API token' })
    await dialog.getByText('X-Dataverse-key').waitFor()
    await button(dialog, 'Copy API Token to Clipboard').click()
    await dialog.getByText('Copied. Paste it').waitFor()
    const secret = await page.evaluate(() => navigator.clipboard.readText())
    await button(dialog, 'Close').click()
    await dialog.waitFor({ state: 'detached' })
    return secret
  }

  test('it is created, shown once, recreated with the old one dead at once, expires with a warning, and is revoked', async (t) => {
    const page = await portal.page(t, { as: await portal.person('member', 'dora') })
    await page.goto('/')
    await page.getByRole('link', { name: 'My Profile' }).click()
    await page.getByRole('link', { name: 'API Token' }).click()
    const place = page.getByRole('region', { name: 'API Token for depositing (Dataverse)' })
    await place.getByText('API Token for dora has not been created.').waitFor()

    await button(place, 'Create Token').dblclick()
    const first = await takeToken(page)
    assert.equal(await status(first), 200)
    const inAYear = new Date()
    inAYear.setUTCFullYear(inAYear.getUTCFullYear() + 1)
    await place.getByText(`Expiration Date: ${inAYear.toISOString().slice(0, 10)}`).waitFor()
    await place.getByText(`tsr_${first.split('_')[1]}_••••`).waitFor()
    await page.reload()
    await place.getByText('Expiration Date').waitFor()
    assert.ok(!(await page.content()).includes(first.split('_')[2]!), 'it is not shown a second time')
    assert.equal(await page.getByRole('article').count(), 0, 'it stands in its own place only')
    const saved = page.waitForEvent('download')
    await place.getByRole('link', { name: 'Add expiry date to calendar' }).click()
    assert.match(await readFile(await (await saved).path(), 'utf8'), /BEGIN:VALARM/)

    await button(place, 'Recreate Token').click()
    const dialog = page.getByRole('dialog', { name: 'Recreate the token?' })
    await dialog.getByText('The old one stops at once').waitFor()
    await button(dialog, 'Recreate Token').click()
    const second = await takeToken(page)
    assert.deepEqual([await status(first), await status(second)], [401, 200])

    await sql`update tokens set created_at = now() - interval '1 year', expires_at = now() - interval '1 day' where id = ${second.split('_')[1]}`.execute(
      portal.base.db,
    )
    await page.reload()
    await place.getByText('This token is expired, please generate a new one.').waitFor()
    await button(place, 'Recreate Token').click()
    const third = await takeToken(page)
    assert.equal(await status(third), 200)

    await button(place, 'Revoke Token').click()
    await button(page.getByRole('dialog', { name: 'Revoke the token?' }), 'Revoke Token').click()
    await place.getByText('API Token for dora has not been created.').waitFor()
    assert.equal(await status(third), 401)
    await settled(page)
  })
})

describe('depositing in the portal', { skip: noBrowser }, () => {
  let portal: TestPortal
  before(async () => {
    portal = await testPortal({ data: 'none' })
  })
  after(() => portal[Symbol.asyncDispose]())

  /** Asks the API in the name of whoever is signed in on the page. */
  async function api<T>(page: Page, path: string, method = 'GET', data?: object): Promise<T> {
    const reply = await page.context().request.fetch(portal.url + path, {
      method,
      ...(data && { data }),
      headers: { origin: portal.url },
    })
    if (!reply.ok()) throw new Error(`${method} ${path}: ${await reply.text()}`)
    return (await reply.json()) as T
  }
  const textbox = (at: Page | Locator, name: string): Locator => at.getByRole('textbox', { name, exact: true })

  /** Fills in what a dataset needs. */
  async function describeDataset(page: Page, title: string): Promise<void> {
    await textbox(page, 'Title').fill(title)
    await page.getByRole('group', { name: 'Author' }).getByRole('textbox', { name: 'Name' }).fill('Ames, Alice')
    await page
      .getByRole('group', { name: 'Point of Contact' })
      .getByRole('textbox', { name: 'E-mail' })
      .fill('alice@example.org')
    await page
      .getByRole('group', { name: 'Description' })
      .getByRole('textbox', { name: 'Text' })
      .fill('Counts per square metre.')
    await page.getByRole('combobox', { name: 'Subject' }).click()
    await page.getByRole('option', { name: 'Earth and Environmental Sciences' }).click()
    await page.keyboard.press('Escape')
  }

  const draftIn = (page: Page, title: string, collection = 'root') =>
    api<{ id: number; pid: string }>(page, `/v1/collections/${collection}/datasets`, 'POST', {
      metadata: {
        citation: {
          title,
          author: [{ authorName: 'Ames, Alice' }],
          datasetContact: [{ datasetContactEmail: 'alice@example.org' }],
          dsDescription: [{ dsDescriptionValue: 'Counts.' }],
          subject: ['Physics'],
        },
      },
    })

  const uploads = (page: Page): Locator => page.getByRole('region', { name: 'Uploads' })
  const filesOf = async (page: Page, dataset: number) =>
    (
      await api<{ items: { path: string; bytes: number; checksums: { sha256: string }; id: number }[] }>(
        page,
        `/v1/datasets/${dataset}/versions/latest/files`,
      )
    ).items

  /** Drops files with these contents on the place for it. */
  async function drop(page: Page, files: Record<string, string>): Promise<void> {
    const data = await page.evaluateHandle((given) => {
      const transfer = new DataTransfer()
      for (const [name, content] of Object.entries(given)) transfer.items.add(new File([content], name))
      return transfer
    }, files)
    await page.getByRole('group', { name: 'Upload files' }).dispatchEvent('drop', { dataTransfer: data })
  }

  test('a depositor makes a collection and a dataset, is told what is missing, drops files, publishes, edits, publishes 1.1', async (t) => {
    const page = await portal.page(t, { as: await portal.person('member', 'dora') })
    allow(page, /^422 POST \/v1\/collections\/tidal-lab\/datasets/)
    await page.goto('/collections/root/new')
    await textbox(page, 'Name').fill('Tidal Lab')
    assert.equal(await textbox(page, 'Alias').inputValue(), 'tidal-lab')
    await page.getByRole('combobox', { name: 'Contacts' }).fill('lab@example.org')
    await page.keyboard.press('Enter')
    await button(page, 'Add collection').click()
    await page.getByRole('heading', { level: 1, name: 'Tidal Lab' }).waitFor()

    await page.goto('/deposit?collection=tidal-lab')
    await textbox(page, 'Title').fill('Tide pools of Inchkeith')
    await button(page, 'Save and add files').click()
    const summary = page.getByRole('alert').filter({ hasText: 'before this can be saved' })
    await summary.waitFor()
    await summary.getByRole('button', { name: 'Subject' }).click()
    await eventually(
      () => page.getByRole('combobox', { name: 'Subject' }).evaluate((it) => it === document.activeElement),
      true,
    )
    await page.reload()
    await page.getByText('This is what you had begun').waitFor()
    assert.equal(await textbox(page, 'Title').inputValue(), 'Tide pools of Inchkeith', 'a reload loses nothing')
    await describeDataset(page, 'Tide pools of Inchkeith')
    await button(page, 'Save and add files').click()
    await page.waitForURL(/\/deposit\/\d+\?tab=files/)
    const id = Number(/\/deposit\/(\d+)/.exec(page.url())![1])

    await drop(page, { 'counts.csv': 'pool,count\na,3\n', 'empty.txt': '', 'größe & <b>.txt': 'odd' })
    // What may not stand in a name is changed before it is sent.
    await uploads(page).getByText('3 files uploaded', { exact: true }).waitFor()
    await eventually(async () => (await filesOf(page, id)).length, 3)
    await page.getByRole('row', { name: /counts\.csv/ }).waitFor()
    await page.getByRole('row', { name: /größe & _b_\.txt/ }).waitFor()

    await button(page, 'Publish…').click()
    const publish = page.getByRole('dialog', { name: /^Publish/ })
    await publish.getByText('“Tidal Lab” will be published with it').waitFor()
    await publish.getByText('It becomes version 1.0.').waitFor()
    await publish.getByText('It has no files').waitFor({ state: 'detached' })
    await button(publish, 'Publish with Tidal Lab').click()
    await page.waitForURL(/\/datasets\//)
    const published = await api<{ pid: string; version: { number: string } }>(page, `/v1/datasets/${id}`)
    assert.equal(published.version.number, '1.0')

    await page.goto(`/deposit/${id}`)
    await page.getByText('what you change here makes a new draft').waitFor()
    await textbox(page, 'Title').fill('Tide pools of Inchkeith, 2026')
    await page.getByText('Not saved yet: Title').waitFor()
    await textbox(page, 'Note on this version').fill('The year.')
    await button(page, 'Save the draft').click()
    await page.getByText('All saved.').waitFor()
    await button(page, 'Publish…').click()
    await publish.getByText('Title: Tide pools of Inchkeith, 2026').waitFor()
    assert.ok(await publish.getByLabel(/^1\.1: a minor version/).isChecked())
    await button(publish, 'Publish').click()
    await page.waitForURL(/\/datasets\//)
    assert.equal((await api<{ version: { number: string } }>(page, `/v1/datasets/${id}`)).version.number, '1.1')

    await page.goto(`/deposit/${id}?tab=files`)
    await page.getByText('what you change here makes a new draft').waitFor()
    assert.equal(await button(page, 'Publish…').count(), 0)
    await page
      .getByRole('row', { name: /counts\.csv/ })
      .getByRole('button')
      .click()
    await page.getByRole('menuitem', { name: 'Edit…' }).click()
    const details = page.getByRole('dialog')
    await details.getByLabel('Restricted').check()
    await details.getByRole('button', { name: /^Save/ }).click()
    await button(page, 'Publish…').waitFor()
    await page.getByText('A draft: ').waitFor()
    await settled(page)
  })

  /** Large enough to be on its way for a while, also on this machine. */
  const mostBytes = 256 * 2 ** 20

  /** A file of so many bytes that no two parts are alike, and its SHA-256. */
  async function bigFile(t: TestContext, name: string, bytes: number): Promise<{ at: string; sha256: string }> {
    const directory = await mkdtemp(path.join(tmpdir(), 'deposit-'))
    t.after(() => rm(directory, { recursive: true, force: true }))
    const content = randomBytes(bytes)
    const at = path.join(directory, name)
    await writeFile(at, content)
    return { at, sha256: createHash('sha256').update(content).digest('hex') }
  }

  /** Lets so many bytes a second leave the browser. */
  async function slowDown(page: Page, bytesPerSecond: number): Promise<(online: boolean) => Promise<unknown>> {
    const session = await page.context().newCDPSession(page)
    await session.send('Network.enable')
    return (online) =>
      session.send('Network.emulateNetworkConditions', {
        offline: !online,
        latency: 0,
        downloadThroughput: -1,
        uploadThroughput: bytesPerSecond,
      })
  }

  /** Ends the connection over which the next part of an upload comes, once so many bytes have come. */
  function cutOnce(bytes: number): void {
    const cut = (message: unknown) => {
      const { request, socket } = message as { request: IncomingMessage; socket: Socket }
      if (request.method !== 'PATCH' || !request.url?.startsWith('/v1/uploads/')) return
      unsubscribe('http.server.request.start', cut)
      const before = socket.bytesRead
      const timer = setInterval(() => {
        if (socket.bytesRead - before < bytes && !socket.destroyed) return
        clearInterval(timer)
        socket.destroy()
      }, 2)
    }
    subscribe('http.server.request.start', cut)
  }

  /** Where each part of an upload began that the page has sent. */
  function offsetsSent(page: Page): number[] {
    const offsets: number[] = []
    page.on('request', (request) => {
      const offset = request.headers()['upload-offset']
      if (request.method() === 'PATCH' && offset !== undefined) offsets.push(Number(offset))
    })
    return offsets
  }

  test('an upload whose connection is cut goes on where it stopped; so does one whose page was loaded anew', async (t) => {
    const page = await portal.page(t, { as: await portal.person('member', 'dora') })
    // The connection is cut on purpose.
    // A part may meet the end of the one that it follows: the browser is told so (409), asks how far it is, and goes on.
    allow(page, /^failed: PATCH .*\/v1\/uploads\//, /^409 PATCH \/v1\/uploads\//)
    const { id } = await draftIn(page, 'Big')
    const first = await bigFile(t, 'first.bin', mostBytes)
    const second = await bigFile(t, 'second.bin', mostBytes)
    const offsets = offsetsSent(page)
    await page.goto(`/deposit/${id}?tab=files`)
    const input = page.getByLabel('Files to upload')
    cutOnce(64 * 2 ** 20)
    await input.setInputFiles(first.at)
    await uploads(page).getByText('1 file uploaded', { exact: true }).waitFor({ timeout: 120_000 })
    assert.ok(Math.max(...offsets) > 0, `it went on from where it stopped, not from the beginning: ${offsets}`)
    await eventually(async () => (await filesOf(page, id))[0]?.checksums.sha256 ?? '', first.sha256)

    offsets.length = 0
    await input.setInputFiles(second.at)
    const other = uploads(page).getByRole('listitem').filter({ hasText: 'second.bin' })
    await other.getByText(/^[1-9][0-9.]* MiB of 256 MiB/).waitFor()
    await page.reload()
    await uploads(page).getByText('1 upload was cut off when the page was closed').waitFor()
    await input.setInputFiles(second.at)
    await uploads(page).getByText('1 file uploaded', { exact: true }).waitFor({ timeout: 120_000 })
    assert.ok(Math.max(...offsets) > 0, `after a reload as well: ${offsets}`)
    await eventually(
      async () => (await filesOf(page, id)).find((file) => file.path === 'second.bin')?.checksums.sha256 ?? '',
      second.sha256,
    )
    assert.equal((await filesOf(page, id)).length, 2, 'each is there once')
  })

  test('uploads are paused, go on and are left out; folders keep their names, ZIPs are asked about, taken names replaced', async (t) => {
    const page = await portal.page(t, { as: await portal.person('member', 'dora') })
    const { id } = await draftIn(page, 'Many')
    const big = await bigFile(t, 'big.bin', 8 * 2 ** 20)
    const goSlowly = await slowDown(page, 2 * 2 ** 20)
    await page.goto(`/deposit/${id}?tab=files`)
    await goSlowly(true)
    const input = page.getByLabel('Files to upload')
    await input.setInputFiles(big.at)
    const row = uploads(page).getByRole('listitem').filter({ hasText: 'big.bin' })
    await row.getByText(/^[1-9][0-9.]* MiB of/).waitFor()
    await button(row, 'Pause big.bin').click()
    await row.getByText(/· paused/).waitFor()
    await button(row, 'Resume big.bin').click()
    await row.getByText(/is being sent/).waitFor()
    await button(row, 'Leave big.bin out').click()
    await row.waitFor({ state: 'detached' })
    await goSlowly(true)

    const folder = await mkdtemp(path.join(tmpdir(), 'deposit-folder-'))
    t.after(() => rm(folder, { recursive: true, force: true }))
    await mkdir(path.join(folder, 'raw/2026'), { recursive: true })
    await writeFile(path.join(folder, 'raw/2026/may.csv'), 'a,b\n1,2\n')
    await writeFile(path.join(folder, 'raw/notes.txt'), 'notes')
    await writeFile(path.join(folder, 'raw/.DS_Store'), 'litter')
    await page.getByLabel('Folder to upload').setInputFiles(path.join(folder, 'raw'))
    await uploads(page).getByText('2 files uploaded', { exact: true }).waitFor()
    assert.deepEqual((await filesOf(page, id)).map((file) => file.path).toSorted(), [
      'raw/2026/may.csv',
      'raw/notes.txt',
    ])

    const zip = new ZipFile()
    zip.addBuffer(Buffer.from('x'), 'inside/one.txt')
    zip.addBuffer(Buffer.from('y'), 'two.txt')
    zip.end()
    const packed = await buffer(zip.outputStream)
    await input.setInputFiles({ name: 'packed.zip', mimeType: 'application/zip', buffer: packed })
    const dialog = page.getByRole('dialog', { name: 'Before these are uploaded' })
    await dialog.getByLabel('Unpack').check()
    await button(dialog, 'Upload').click()
    await eventually(async () => (await filesOf(page, id)).some((file) => file.path === 'inside/one.txt'), true)

    await input.setInputFiles({ name: 'two.txt', mimeType: 'text/plain', buffer: Buffer.from('another') })
    await dialog.getByText('1 name is taken already').waitFor()
    await button(dialog, 'Upload').click()
    await eventually(async () => (await filesOf(page, id)).find((file) => file.path === 'two.txt')?.bytes, 7)
    assert.equal((await filesOf(page, id)).length, 4)

    await page.getByLabel('Select raw/notes.txt').check()
    await page.getByLabel('Select two.txt').check()
    await button(page, 'Edit selected…').click()
    const many = page.getByRole('dialog', { name: 'Edit 2 files' })
    await many.getByLabel('Move all to one folder').check()
    await many.getByLabel('To the folder').fill('docs')
    await many.getByLabel('Restrict', { exact: true }).check()
    await button(many, 'Save').click()
    await page
      .getByRole('row', { name: /docs\/notes\.txt/ })
      .getByText('restricted')
      .waitFor()

    await button(page, 'What to do with docs/two.txt').click()
    await page.getByRole('menuitem', { name: 'Edit…' }).click()
    const one = page.getByRole('dialog', { name: 'Edit two.txt' })
    await one.getByLabel('Name').fill('bad/name.txt')
    allow(page, /^(400|422) PATCH \/v1\/files\//)
    await button(one, 'Save').click()
    await eventually(() => one.getByLabel('Name').getAttribute('aria-invalid'), 'true')
    await one.getByLabel('Name').fill('three.txt')
    await one.getByLabel('Description').fill('The third.')
    await button(one, 'Save').click()
    await page
      .getByRole('row', { name: /docs\/three\.txt/ })
      .getByText('The third.')
      .waitFor()

    await button(page, 'What to do with docs/three.txt').click()
    await page.getByRole('menuitem', { name: 'Delete…' }).click()
    await button(page.getByRole('dialog', { name: 'Delete docs/three.txt?' }), 'Delete').click()
    await page.getByRole('row', { name: /docs\/three\.txt/ }).waitFor({ state: 'detached' })
    await settled(page)
  })

  test('two who edit at once lose nothing: the second is shown what the first changed, and chooses', async (t) => {
    const page = await portal.page(t, { as: await portal.person('member', 'dora') })
    allow(page, /^412 PUT /)
    const { id } = await draftIn(page, 'Contested')
    await page.goto(`/deposit/${id}`)
    await textbox(page, 'Title').fill('Mine')
    await textbox(page, 'Notes').fill('my notes')
    const { version } = await api<{ version: { metadata: { citation: object } } }>(page, `/v1/datasets/${id}`)
    await api(page, `/v1/datasets/${id}/draft`, 'PUT', {
      metadata: { citation: { ...version.metadata.citation, title: 'Theirs', depositor: 'Bode, Bob' } },
    })
    await button(page, 'Save the draft').click()
    const dialog = page.getByRole('dialog', { name: /has changed the dataset since you began$/ })
    await dialog.getByText('Depositor: Bode, Bob').waitFor()
    const title = dialog.getByRole('radiogroup', { name: 'Title: both of you changed it' })
    await title.getByLabel('Theirs').check()
    await button(dialog, 'Save both together').click()
    await page.getByText('All saved.').waitFor()
    const saved = await api<{ version: { metadata: { citation: Record<string, unknown> } } }>(
      page,
      `/v1/datasets/${id}`,
    )
    const { title: kept, notesText, depositor } = saved.version.metadata.citation
    assert.deepEqual([kept, notesText, depositor], ['Theirs', 'my notes', 'Bode, Bob'])
  })

  test('what is written outlives a server that is away and a session that has ended', async (t) => {
    const page = await portal.page(t, { as: await portal.person('member', 'erin') })
    allow(page, /^401 /, /ERR_INTERNET_DISCONNECTED/)
    const { id } = await draftIn(page, 'Patient')
    await page.goto(`/deposit/${id}`)
    await textbox(page, 'Title').fill('Patience')
    await page.context().setOffline(true)
    await button(page, 'Save the draft').click()
    await page.getByText('The server cannot be reached').waitFor()
    await page.context().setOffline(false)
    await sql`delete from sessions where account_id = (select id from accounts where user_name = 'erin')`.execute(
      portal.base.db,
    )
    await button(page, 'Save the draft').click()
    const dialog = page.getByRole('dialog', { name: 'Your session has ended' })
    const { password } = await portal.person('member', 'erin')
    await dialog.getByRole('textbox', { name: 'Password' }).fill(password)
    await button(dialog, 'Sign In').click()
    await page.getByText('All saved.').waitFor()
    assert.equal((await api<{ version: { title: string } }>(page, `/v1/datasets/${id}`)).version.title, 'Patience')
  })

  test('roles are given by name and taken away; a contributor submits, a curator returns it, and publishes it once it is better', async (t) => {
    const admin = await portal.page(t, { as: 'admin' })
    await portal.person('member', 'carl')
    await api(admin, '/v1/collections', 'POST', { alias: 'reviewed', name: 'Reviewed', contacts: [] })
    await api(admin, '/v1/collections/reviewed/publish', 'POST')
    await admin.goto('/collections/reviewed/permissions')
    await admin.getByRole('combobox', { name: 'Who' }).fill('carl')
    await admin.getByRole('option', { name: 'carl' }).click()
    await admin.getByRole('combobox', { name: 'Role' }).click()
    await admin.getByRole('option', { name: 'Dataset Creator', exact: true }).click()
    await button(admin, 'Give role').click()
    await admin.getByRole('row', { name: /carl.*Dataset Creator/ }).waitFor()
    await button(admin, 'Make a role…').click()
    const making = admin.getByRole('dialog', { name: 'Make a role' })
    await making.getByLabel('Name').fill('Reviewer')
    await making.getByLabel('publish datasets', { exact: true }).check()
    await button(making, 'Make the role').click()
    await admin.getByRole('row', { name: /^Reviewer/ }).waitFor()

    const page = await portal.page(t, { as: await portal.person('member', 'carl') })
    const { id } = await draftIn(page, 'Under review', 'reviewed')
    await page.goto(`/deposit/${id}`)
    assert.equal(await button(page, 'Publish…').count(), 0, 'a contributor does not publish')
    await button(page, 'Submit for review…').click()
    await button(page.getByRole('dialog'), 'Submit for review').click()
    await page.getByText('It is in review').first().waitFor()
    await admin.goto(`/deposit/${id}`)
    await button(admin, 'Return to author…').click()
    await admin.getByRole('dialog').getByLabel('What is missing').fill('The units.')
    await button(admin.getByRole('dialog'), 'Return to author').click()
    await button(admin, 'Return to author…').waitFor({ state: 'detached' })

    await button(admin, 'More acts').click()
    await admin.getByRole('menuitem', { name: 'Preview link…' }).click()
    allow(admin, /^404 GET \/v1\/datasets\/\d+\/preview-link/)
    await button(admin.getByRole('dialog', { name: 'Preview link' }), 'Make a preview link').click()
    await admin.getByRole('region', { name: 'preview link' }).waitFor()
    await button(admin.getByRole('dialog', { name: 'Preview link' }), 'End the link').click()
    await button(admin.getByRole('dialog', { name: 'Preview link' }), 'Make a preview link').waitFor()
    await button(admin.getByRole('dialog', { name: 'Preview link' }), 'Close')
      .last()
      .click()

    await page.reload()
    await textbox(page, 'Notes').fill('Counts per square metre.')
    await button(page, 'Save the draft').click()
    await page.getByText('All saved.').waitFor()
    await button(page, 'Submit for review…').click()
    await button(page.getByRole('dialog'), 'Submit for review').click()
    await page.getByText('It is in review').first().waitFor()
    await admin.reload()
    await button(admin, 'Publish…').click()
    await button(admin.getByRole('dialog', { name: 'Publish “Under review”' }), 'Publish').click()
    await admin.waitForURL(/\/datasets\//)
    await page.goto(`/deposit/${id}`)
    await page.getByText('Version 1.0: what you change here makes a new draft.').waitFor()

    await admin.goto('/collections/reviewed/permissions')
    await button(admin, /^Take away Dataset Creator from carl/).click()
    await button(admin.getByRole('dialog'), 'Take away').click()
    await admin.getByRole('row', { name: /carl.*Dataset Creator/ }).waitFor({ state: 'detached' })
    await settled(admin)
  })

  test('a version is deaccessioned with its reason, a draft deleted, a collection moved, emptied and deleted', async (t) => {
    const page = await portal.page(t, { as: 'admin' })
    await api(page, '/v1/collections', 'POST', { alias: 'short', name: 'Short-lived', contacts: [] })
    await api(page, '/v1/collections', 'POST', { alias: 'roof', name: 'Roof', contacts: [] })
    await api(page, '/v1/collections/short/publish', 'POST')
    await api(page, '/v1/collections/roof/publish', 'POST')
    const { id } = await draftIn(page, 'Withdrawn', 'short')
    await api(page, `/v1/datasets/${id}/publish`, 'POST', { type: 'major' })
    await page.goto(`/deposit/${id}`)
    await button(page, 'More acts').click()
    await page.getByRole('menuitem', { name: 'Deaccession…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Deaccession “Withdrawn”' })
    await dialog.getByLabel('Reason').fill('The wrong file.')
    await button(dialog, 'Deaccession').click()
    await dialog.waitFor({ state: 'detached' })
    const after = await api<{ version: { state: string; deaccession: { reason: string } } }>(
      page,
      `/v1/datasets/${id}?version=1.0`,
    )
    assert.deepEqual([after.version.state, after.version.deaccession.reason], ['deaccessioned', 'The wrong file.'])

    const draft = await draftIn(page, 'Thrown away', 'roof')
    await page.goto(`/deposit/${draft.id}`)
    await button(page, 'More acts').click()
    await page.getByRole('menuitem', { name: 'Delete dataset…' }).click()
    await button(page.getByRole('dialog', { name: 'Delete “Thrown away”?' }), 'Delete').click()
    await page.waitForURL(/\/collections\/roof/)

    await api(page, '/v1/collections', 'POST', { alias: 'wandering', name: 'Wandering', contacts: [] })
    await page.goto('/collections/wandering')
    await button(page, 'More acts').click()
    await page.getByRole('menuitem', { name: 'Move…' }).click()
    const move = page.getByRole('dialog', { name: 'Move “Wandering”' })
    await move.getByRole('combobox', { name: 'Into the collection' }).click()
    await page.getByRole('option', { name: 'Roof' }).click()
    await button(move, 'Move').click()
    await move.waitFor({ state: 'detached' })
    assert.deepEqual(
      (await api<{ path: { alias: string }[] }>(page, '/v1/collections/wandering')).path.map(({ alias }) => alias),
      ['root', 'roof', 'wandering'],
    )
    await button(page, 'Publish…').click()
    await button(page.getByRole('dialog', { name: /^Publish/ }), 'Publish').click()
    await button(page, 'Publish…').waitFor({ state: 'detached' })
    await button(page, 'More acts').click()
    await page.getByRole('menuitem', { name: 'Delete…' }).click()
    await button(page.getByRole('dialog', { name: 'Delete “Wandering”?' }), 'Delete').click()
    await page.waitForURL(/\/collections\/roof/)
    await settled(page)
  })
})
