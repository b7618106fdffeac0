import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import type { Locator, Page } from 'playwright-core'
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
    const page = await portal.page(t, { as: await portal.person('admin') })
    allow(page, /^422 POST \/v1\/collections\/tidal-lab\/datasets/)
    await page.goto('/collections/root/new')
    await textbox(page, 'Name').fill('Tidal Lab')
    assert.equal(await textbox(page, 'Alias').inputValue(), 'tidal-lab')
    await page.getByLabel('Contacts').fill('lab@example.org')
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
    await uploads(page).getByText('3 files uploaded').waitFor()
    await eventually(async () => (await filesOf(page, id)).length, 3)
    await page.getByRole('row', { name: /counts\.csv/ }).waitFor()

    await button(page, 'Publish…').click()
    const publish = page.getByRole('dialog', { name: /^Publish/ })
    await publish.getByText('“Tidal Lab” will be published with it').waitFor()
    await publish.getByText('It becomes version 1.0.').waitFor()
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
    await settled(page)
  })
})
