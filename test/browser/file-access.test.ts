import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { noBrowser, type TestPortal, testPortal } from './browser.ts'
import { caller, metadata } from './dataset-data.ts'
import { allow, eventually, settled } from './watch-page.ts'

const button = (at: Page | Locator, name: string | RegExp): Locator => at.getByRole('button', { name, exact: true })

describe('who may have what of a dataset, as its owner decides and others see it', { skip: noBrowser }, () => {
  let portal: TestPortal
  before(async () => {
    portal = await testPortal({ data: 'none' })
  })
  after(() => portal[Symbol.asyncDispose]())

  interface Kept {
    readonly id: number
    readonly pid: string
    /** Numbers of its files, both restricted. */
    readonly names: number
    readonly ages: number
  }

  /** A dataset of the page's person with two restricted files, in a published collection of theirs. */
  async function depositKept(page: Page, title: string, alias: string): Promise<Kept> {
    const call = caller(portal, page)
    await call('/v1/collections', { body: { parent: 'root', alias, name: title } })
    await call(`/v1/collections/${alias}/publish`, { body: {} })
    const { id, pid } = await call<{ id: number; pid: string }>(`/v1/collections/${alias}/datasets`, {
      body: {
        metadata: { ...metadata, citation: { ...metadata.citation, title } },
        terms: { terms_of_access: 'Ask us.' },
      },
    })
    const put = async (name: string, content: string): Promise<number> => {
      const { items } = await call<{ items: [{ id: number }] }>(`/v1/datasets/${id}/content/${name}?restricted=true`, {
        content,
        type: 'text/csv',
      })
      return items[0].id
    }
    return { id, pid, names: await put('names.csv', 'name\nSandra\n'), ages: await put('ages.csv', 'age\n41\n') }
  }
  const publish = (page: Page, { id }: Kept) =>
    caller(portal, page)(`/v1/datasets/${id}/publish`, { body: { type: 'major' } })
  const open = async (page: Page, { pid }: Kept): Promise<void> => {
    await page.goto(`/datasets/${pid}`)
    await settled(page)
  }
  /** What a click on a link of the page downloads. */
  const downloaded = async (page: Page, link: RegExp | string): Promise<string> => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: link }).click(),
    ])
    return readFile(await download.path(), 'utf8')
  }
  /** How the server answers whoever asks for the bytes themselves. */
  const statusOf = async (page: Page, file: number): Promise<number> =>
    (await page.context().request.get(`${portal.url}/v1/files/${file}/content`)).status()

  test('a restricted file is asked for by two; its owner is told, grants it to one and refuses the other; what was granted is taken back', async (t) => {
    const owner = await portal.page(t, { as: await portal.person('member', 'olga') })
    const kept = await depositKept(owner, 'For some', 'for-some')
    await publish(owner, kept)
    await open(owner, kept)
    assert.equal(await owner.getByText(/waits? for an answer/).count(), 0, 'nobody has asked yet')

    const vera = await portal.page(t, { as: await portal.person('viewer', 'vera') })
    const walt = await portal.page(t, { as: await portal.person('viewer', 'walt') })
    for (const page of [vera, walt]) {
      await open(page, kept)
      assert.equal(await page.getByRole('link', { name: 'Download names.csv' }).count(), 0)
      await page.getByRole('link', { name: 'names.csv', exact: true }).click()
      await page.getByRole('heading', { level: 1, name: 'names.csv' }).waitFor()
      await page.getByText('It is given to those who ask and are granted it.').waitFor()
      await button(page, 'Request access').click()
      await page.getByText('You have asked for it').waitFor()
      assert.equal(await button(page, 'Request access').count(), 0)
      assert.equal(await statusOf(page, kept.names), 403, 'asking alone opens nothing')
    }

    await open(owner, kept)
    await owner.getByText('2 requests for files wait for an answer.').waitFor()
    await owner.getByRole('link', { name: 'See who asked' }).click()
    await owner.getByRole('heading', { level: 1, name: 'Access requests for For some' }).waitFor()
    const requests = owner.getByRole('table', { name: 'Access requests' })
    await requests.getByRole('row', { name: /vera.*names\.csv/ }).waitFor()
    await button(requests, 'Grant vera names.csv').press('Enter')
    await owner.getByText('vera may download names.csv.').waitFor()
    await eventually(
      () => owner.evaluate(() => document.activeElement?.textContent ?? ''),
      'Grant walt names.csv',
      'who answers by keys goes on with the next that waits',
    )
    await button(requests, 'Reject walt names.csv').click()
    await owner.getByText('walt was not given names.csv.').waitFor()
    await owner.getByRole('heading', { name: 'Nobody waits for an answer' }).waitFor()

    await vera.reload()
    assert.equal(await downloaded(vera, /^Download \(/), 'name\nSandra\n')
    await vera.getByRole('table', { name: 'First rows of names.csv' }).getByText('Sandra').waitFor()
    await open(vera, kept)
    assert.equal(await downloaded(vera, 'Download names.csv'), 'name\nSandra\n')
    assert.equal(await vera.getByRole('link', { name: 'Download ages.csv' }).count(), 0, 'the other one stays closed')
    assert.equal(await statusOf(vera, kept.ages), 403)

    await walt.reload()
    await walt.getByText('Your request was refused. You can ask again.').waitFor()
    assert.equal(await walt.getByRole('link', { name: /^Download/ }).count(), 0)
    assert.equal(await statusOf(walt, kept.names), 403)
    await button(walt, 'Request access').click()
    await walt.getByText('You have asked for it').waitFor()

    await open(owner, kept)
    await owner.getByText('1 request for a file waits for an answer.').waitFor()
    await button(owner, 'More acts').click()
    await owner.getByRole('menuitem', { name: 'Access requests' }).click()
    await requests.getByRole('row', { name: /walt.*names\.csv/ }).waitFor()
    await owner.getByRole('combobox', { name: 'Show' }).click()
    await owner.getByRole('option', { name: 'Granted' }).click()
    await button(requests, 'Take back vera names.csv').click()
    await owner.getByText('vera is no longer given names.csv.').waitFor()
    await owner.getByRole('heading', { name: 'There are none' }).waitFor()
    await open(vera, kept)
    assert.equal(await vera.getByRole('link', { name: 'Download names.csv' }).count(), 0)
    assert.equal(await statusOf(vera, kept.names), 403)

    // Who decides about one file of it answers at the address that stands in their mail.
    const uma = await portal.page(t, { as: await portal.person('member', 'uma') })
    await caller(portal, owner)(`/v1/files/${kept.ages}/assignments`, { body: { assignee: '@uma', role: 'curator' } })
    await caller(portal, walt)(`/v1/files/${kept.ages}/access-request`, { method: 'PUT' })
    await uma.goto(`/deposit/${kept.id}/requests`)
    await uma.getByRole('heading', { name: 'You may not manage the files of this dataset' }).waitFor()
    await uma.goto(`/deposit/${kept.id}/requests?of=files`)
    const asked = uma.getByRole('table', { name: 'Access requests' })
    await button(asked, 'Grant walt ages.csv').waitFor()
    assert.equal(await asked.getByRole('row', { name: /names\.csv/ }).count(), 0, 'nothing of what others decide')
    await button(asked, 'Grant walt ages.csv').click()
    await uma.getByText('walt may download ages.csv.').waitFor()
    assert.equal(await statusOf(walt, kept.ages), 200)
    for (const page of [owner, vera, walt, uma]) await settled(page)
  })

  /** Gives a role in the form that stands there, to somebody found by their name. */
  async function give(page: Page, at: Page | Locator, who: string, role: string): Promise<void> {
    await at.getByRole('combobox', { name: 'Who' }).fill(who)
    await page.getByRole('option', { name: who }).click()
    if ((await at.getByRole('combobox', { name: 'Role' }).inputValue()) !== role) {
      await at.getByRole('combobox', { name: 'Role' }).click()
      await page.getByRole('option', { name: role, exact: true }).click()
    }
    await button(at, 'Give role').click()
    await at.getByRole('row', { name: new RegExp(`${who}.*${role}`) }).waitFor()
  }
  async function takeAway(page: Page, at: Page | Locator, who: string, role: string): Promise<void> {
    await button(at, `Take away ${role} from ${who}`).click()
    const dialog = page.getByRole('dialog', { name: `Take ${role} from ${who}?` })
    await button(dialog, 'Take away').click()
    await dialog.waitFor({ state: 'detached' })
    await at.getByRole('row', { name: new RegExp(`${who}.*${role}`) }).waitFor({ state: 'detached' })
  }

  test('a role on a dataset shows its draft and lets it be changed; one on a file lets that file be had; taken away, both are as before', async (t) => {
    const owner = await portal.page(t, { as: await portal.person('member', 'olga') })
    const kept = await depositKept(owner, 'By name', 'by-name')
    const otto = await portal.page(t, { as: await portal.person('member', 'otto') })
    allow(otto, /^404 GET \/v1\/datasets\//)
    await open(otto, kept)
    await otto.getByRole('heading', { level: 1, name: 'There is no such dataset' }).waitFor()

    await open(owner, kept)
    await button(owner, 'More acts').click()
    await owner.getByRole('menuitem', { name: 'Permissions' }).click()
    await owner.getByRole('heading', { level: 1, name: 'Permissions of By name' }).waitFor()
    const main = owner.getByRole('main')
    const ofDataset = main.getByRole('region', { name: 'Roles on the dataset' })
    await give(owner, ofDataset, 'otto', 'Contributor')
    await otto.reload()
    await otto.getByRole('heading', { level: 1, name: 'By name' }).waitFor()
    await otto.getByText('A draft', { exact: true }).waitFor()
    await otto.getByRole('link', { name: 'Edit' }).click()
    await otto.getByRole('textbox', { name: 'Subtitle' }).fill('As Otto calls it')
    await button(otto, 'Save the draft').click()
    await otto.getByText('All saved.').waitFor()
    assert.equal(await button(otto, 'Publish…').count(), 0, 'a contributor does not publish')
    await button(otto, 'More acts').click()
    await otto.getByRole('menuitem', { name: 'Add or edit files' }).waitFor()
    assert.equal(await otto.getByRole('menuitem', { name: 'Permissions' }).count(), 0)
    await otto.keyboard.press('Escape')
    await otto.goto(`/deposit/${kept.id}/permissions`)
    await otto.getByRole('heading', { name: 'You may not manage this dataset' }).waitFor()

    await takeAway(owner, ofDataset, 'otto', 'Contributor')
    await open(otto, kept)
    await otto.getByRole('heading', { level: 1, name: 'There is no such dataset' }).waitFor()
    await otto.goto(`/deposit/${kept.id}`)
    await settled(otto)
    assert.equal(await otto.getByRole('textbox', { name: 'Subtitle' }).count(), 0)

    await publish(owner, kept)
    await open(otto, kept)
    assert.equal(await otto.getByRole('link', { name: /^Download (names|ages)\.csv/ }).count(), 0)
    await owner.reload()
    await button(owner, 'names.csv').click()
    const ofFile = main.getByRole('region', { name: 'names.csv' })
    await give(owner, ofFile, 'otto', 'File Downloader')
    await open(otto, kept)
    assert.equal(await downloaded(otto, 'Download names.csv'), 'name\nSandra\n')
    assert.equal(await otto.getByRole('link', { name: 'Download ages.csv' }).count(), 0)
    assert.equal(await statusOf(otto, kept.ages), 403)
    await takeAway(owner, ofFile, 'otto', 'File Downloader')
    await open(otto, kept)
    assert.equal(await otto.getByRole('link', { name: 'Download names.csv' }).count(), 0)
    assert.equal(await statusOf(otto, kept.names), 403)

    await give(owner, ofDataset, 'otto', 'File Downloader')
    await open(otto, kept)
    assert.equal(await downloaded(otto, 'Download ages.csv'), 'age\n41\n')
    await takeAway(owner, ofDataset, 'otto', 'File Downloader')
    await open(otto, kept)
    assert.equal(await otto.getByRole('link', { name: /^Download (names|ages)\.csv/ }).count(), 0)
    for (const page of [owner, otto]) await settled(page)
  })
})
