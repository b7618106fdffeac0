import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import type { Locator, Page } from 'playwright-core'
import { noBrowser, type TestPortal, testPortal } from './browser.ts'
import { caller, counts, type Deposited, depositDataset, metadata } from './dataset-data.ts'
import { allow, eventually, settled } from './watch-page.ts'

const run = promisify(execFile)

describe('datasets, as they are found and read', { skip: noBrowser }, () => {
  let portal: TestPortal
  let deposited: Deposited
  let call: ReturnType<typeof caller>
  let directory: string
  before(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'tessera-datasets-'))
    portal = await testPortal({ data: 'none' })
    const context = await portal.browser.newContext({ baseURL: portal.url })
    const page = await context.newPage()
    await portal.signIn(page, 'admin')
    call = caller(portal, page)
    deposited = await depositDataset(portal, page)
  })
  after(async () => {
    await portal[Symbol.asyncDispose]()
    await rm(directory, { recursive: true, force: true })
  })

  const open = async (page: Page, more = '', pid = deposited.pid): Promise<void> => {
    await page.goto(`/datasets/${pid}${more}`)
    await settled(page)
  }
  const clipboard = (page: Page): Promise<string> => page.evaluate(() => navigator.clipboard.readText())
  const draft = async (title: string): Promise<{ id: number; pid: string }> =>
    await call(`/v1/collections/${deposited.collection}/datasets`, {
      body: { metadata: { ...metadata, citation: { ...metadata.citation, title } } },
    })
  /** What a click downloads. */
  const downloaded = async (page: Page, click: () => Promise<void>) => {
    const [download] = await Promise.all([page.waitForEvent('download'), click()])
    const file = path.join(directory, download.suggestedFilename())
    await download.saveAs(file)
    return { name: download.suggestedFilename(), file, content: await readFile(file) }
  }

  test('a visitor finds by words, narrows by facets, and the address holds it all', async (t) => {
    const page = await portal.page(t)
    await page.goto('/')
    await settled(page)
    await page.getByRole('link', { name: 'Datasets', exact: true }).click()
    await page.getByRole('searchbox', { name: 'Search datasets, collections and files' }).fill('whelk')
    await page.keyboard.press('Enter')
    const hit = page.getByRole('article', { name: 'Tide pools of Inchkeith' })
    await hit.locator('mark').first().waitFor()
    assert.equal(await hit.locator('mark').first().textContent(), 'whelk', 'the word stands out')
    assert.match(page.url(), /\/datasets\?q=whelk$/)
    await page.getByRole('checkbox', { name: /CC BY 4.0/ }).check()
    await page.getByRole('button', { name: 'No longer CC BY 4.0' }).waitFor()
    await page.getByRole('button', { name: /^Datasets/ }).click()
    await eventually(async () => new URL(page.url()).search, '?q=whelk&type=dataset&license=CC+BY+4.0')
    await page.reload()
    await hit.waitFor()
    assert.equal(await page.getByRole('checkbox', { name: /CC BY 4.0/ }).isChecked(), true)
    await page.goBack()
    await page.goBack()
    await eventually(async () => new URL(page.url()).search, '?q=whelk', 'each step can be gone back')
    const field = page.getByRole('searchbox')
    await field.fill('nothing-of-the-sort')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Nothing is like that' }).waitFor()
    await page.goBack()
    await eventually(() => field.inputValue(), 'whelk', 'the field says what was searched')
  })

  test('the focus stays where one searches and narrows, on a wide screen and on a phone', async (t) => {
    const page = await portal.page(t)
    const field = page.getByRole('searchbox')
    const choice = page.getByRole('checkbox', { name: /CC BY 4.0/ })
    const hasFocus = (at: Locator) => at.evaluate((one) => one === document.activeElement)
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 900 })
      await page.goto('/datasets')
      await settled(page)
      await field.focus()
      await page.keyboard.type('whelk')
      await page.keyboard.press('Enter')
      await page.locator('mark').first().waitFor()
      assert.equal(await hasFocus(field), true, `on the field at ${width} pixels`)
      if (width < 992) {
        assert.equal(await choice.isVisible(), false, 'what narrows is folded away')
        await page.getByRole('button', { name: 'Narrow down' }).click()
      }
      await choice.focus()
      await page.keyboard.press('Space')
      await page.getByRole('button', { name: 'No longer CC BY 4.0' }).waitFor()
      await settled(page)
      assert.equal(await choice.isChecked(), true)
      assert.equal(await hasFocus(choice), true, `on the choice at ${width} pixels`)
    }
  })

  test('many hits come page by page, in the order that was chosen', async (t) => {
    const alias = 'many'
    await call('/v1/collections', { body: { parent: 'root', alias, name: 'Many' } })
    await call(`/v1/collections/${alias}/publish`, { body: {} })
    for (let at = 1; at <= 25; at++)
      await call('/v1/collections', {
        body: { parent: alias, alias: `many-${at}`, name: `Shelf ${String(at).padStart(2, '0')}` },
      })
    const page = await portal.page(t, { as: 'admin' })
    await page.goto(`/collections/${alias}?type=collection`)
    await settled(page)
    await page.getByLabel('Order').selectOption('name-az')
    const first = page.getByRole('article').first()
    await eventually(() => first.getAttribute('aria-label'), 'Shelf 01')
    await page.getByText('25 results').waitFor()
    await page.getByRole('button', { name: 'Page 2' }).click()
    await eventually(() => first.getAttribute('aria-label'), 'Shelf 21')
    assert.match(page.url(), /sort=name-az&page=2$/)
    await page.getByRole('button', { name: 'More collections' }).click()
    await page
      .getByRole('link', { name: /^Shelf 25/ })
      .first()
      .waitFor()
  })

  test('a dataset shows what it is; its citation is copied as text and for programs that keep references', async (t) => {
    const page = await portal.page(t)
    await open(page)
    await page.getByRole('heading', { level: 1, name: 'Tide pools of Inchkeith' }).waitFor()
    await page.getByText('Version 1.0', { exact: true }).first().waitFor()
    await page.getByRole('button', { name: 'Copy citation' }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    const year = new Date().getUTCFullYear()
    assert.equal(
      await clipboard(page),
      `Marsh, Sandra; Sandpiper Lab, ${year}, "Tide pools of Inchkeith", ${portal.url}/datasets/${deposited.pid}, Tessera, V1`,
    )
    await page.getByRole('button', { name: 'Cite as' }).click()
    await page.getByRole('menuitem', { name: 'Copy BibTeX' }).click()
    await eventually(async () => (await clipboard(page)).startsWith('@data{'), true)
    await page.getByRole('button', { name: 'Cite as' }).click()
    const ris = await downloaded(page, () => page.getByRole('menuitem', { name: 'Download RIS' }).click())
    assert.match(ris.name, /\.ris$/)
    assert.match(ris.content.toString(), /^TY {2}- DATA\r\n/)
    await page.getByRole('tab', { name: 'Metadata' }).click()
    await page.getByRole('heading', { name: 'Geospatial Metadata' }).waitFor()
    const orcid = page.getByRole('link', { name: '0000-0002-1825-0097' })
    assert.equal(await orcid.getAttribute('href'), 'https://orcid.org/0000-0002-1825-0097')
    await page.getByRole('tab', { name: 'Terms' }).click()
    await page.getByRole('link', { name: 'CC BY 4.0' }).waitFor()
    assert.match(page.url(), /\?tab=terms$/)
  })

  test('the metadata leave in every format of the menu', async (t) => {
    const page = await portal.page(t)
    await open(page, '?tab=metadata')
    await page.getByRole('button', { name: 'Export metadata' }).click()
    const items = page.getByRole('menuitem')
    await items.first().waitFor()
    const addresses = await items.evaluateAll((all) => all.map((one) => (one as HTMLAnchorElement).href))
    assert.ok(addresses.length > 5)
    for (const address of addresses) {
      const reply = await page.context().request.get(address)
      assert.equal(reply.status(), 200, address)
      assert.match(await reply.text(), /Tide pools of Inchkeith/, address)
    }
  })

  test('files are gone through folder by folder or found by a word; nothing in them is run', async (t) => {
    const page = await portal.page(t)
    await open(page)
    const rows = page.getByRole('table', { name: 'Files' })
    await rows.getByRole('link', { name: 'counts.csv', exact: true }).waitFor()
    assert.equal(await rows.getByRole('link', { name: 'notes.txt', exact: true }).count(), 0, 'it lies in a folder')
    await rows.getByRole('button', { name: 'raw' }).click()
    await rows.getByRole('button', { name: '2026' }).click()
    await rows.getByRole('link', { name: 'notes.txt', exact: true }).waitFor()
    assert.match(page.url(), /directory=raw(\/|%2F)2026$/)
    await page.getByRole('navigation', { name: 'Folder' }).getByRole('button', { name: 'All folders' }).click()
    await page.getByRole('searchbox', { name: 'Find a file' }).fill('page')
    await rows.getByRole('link', { name: 'raw/page.html', exact: true }).waitFor()
    await page.getByRole('button', { name: 'Preview raw/page.html' }).click()
    const dialog = page.getByRole('dialog', { name: 'page.html' })
    await dialog.getByText('<p>Never run</p>').waitFor()
    assert.notEqual(await page.title(), 'run')
    await page.keyboard.press('Escape')
    await page.getByRole('searchbox', { name: 'Find a file' }).fill('pool.png')
    await page.getByRole('button', { name: 'Preview pictures/pool.png' }).click()
    const image = page.getByRole('dialog').getByRole('img', { name: 'pool.png' })
    await eventually(() => image.evaluate((one) => (one as HTMLImageElement).naturalWidth), 8)
    const html = await call<{ items: { id: number }[] }>(
      `/v1/datasets/${deposited.dataset}/versions/1.0/files?search=page.html`,
    )
    const reply = await page.context().request.get(`/v1/files/${html.items[0]?.id}/content?inline=true`)
    assert.match(
      `${reply.headers()['content-disposition']} ${reply.headers()['content-type']}`,
      /attachment|text\/plain/,
    )
  })

  test('files are downloaded one by one, some, or all, with checksums to hold them against', async (t) => {
    const page = await portal.page(t)
    await open(page)
    const one = await downloaded(page, () => page.getByRole('link', { name: 'Download counts.csv' }).click())
    assert.deepEqual([one.name, one.content.toString()], ['counts.csv', counts])
    await page.getByRole('checkbox', { name: 'Select counts.csv' }).check()
    await page.getByRole('checkbox', { name: 'Select README.md' }).check()
    await page.getByText('2 files selected').waitFor()
    const some = await downloaded(page, () => page.getByRole('link', { name: 'Download selected' }).click())
    const all = await downloaded(page, () => page.getByRole('link', { name: 'Download all files as one ZIP' }).click())
    const members = async (file: string): Promise<string[]> =>
      (
        await run('python3', [
          '-c',
          'import sys, zipfile; print("\\n".join(zipfile.ZipFile(sys.argv[1]).namelist()))',
          file,
        ])
      ).stdout
        .trim()
        .split('\n')
        .filter((name) => name !== 'MANIFEST.TXT')
        .sort()
    assert.deepEqual(await members(some.file), ['README.md', 'counts.csv'])
    assert.deepEqual(await members(all.file), [
      'README.md',
      'counts.csv',
      'pictures/pool.png',
      'raw/2026/notes.txt',
      'raw/page.html',
    ])
    const sums = await downloaded(page, () => page.getByRole('button', { name: 'Checksums' }).click())
    const sha256 = createHash('sha256').update(counts).digest('hex')
    assert.ok(sums.content.toString().split('\n').includes(`${sha256}  counts.csv`))
  })

  test('the page of a file has its checksums, a look into it, and the versions that hold it', async (t) => {
    const page = await portal.page(t)
    await page.goto(`/files/${deposited.file}`)
    await page.getByRole('heading', { level: 1, name: 'counts.csv' }).waitFor()
    await page.getByText('120 rows, 4 columns').waitFor()
    await page.getByRole('table', { name: 'First rows of counts.csv' }).getByText('Nucella lapillus').first().waitFor()
    await page.getByRole('tab', { name: 'Columns (4)' }).click()
    await page
      .getByRole('row', { name: /^species text Littorina littorea \(80\), Nucella lapillus \(40\) 2 none$/ })
      .waitFor()
    const parquet = await downloaded(page, () =>
      page.getByRole('link', { name: 'Download the table as Parquet' }).click(),
    )
    assert.equal(parquet.content.subarray(0, 4).toString(), 'PAR1')
    const md5 = createHash('md5').update(counts).digest('hex')
    assert.equal(await page.getByRole('region', { name: 'MD5', exact: true }).textContent(), md5)
    await page.getByRole('link', { name: 'Version 1.0' }).click()
    await page.getByRole('heading', { level: 1, name: 'Tide pools of Inchkeith' }).waitFor()
  })

  test('the lines of “Use the API” run as they are pasted, without a token for what is open', async (t) => {
    const page = await portal.page(t)
    await open(page, '?tab=api')
    for (const name of ['curl', 'curl (Dataverse API)']) {
      await page.getByRole('tab', { name, exact: true }).click()
      await page.getByRole('button', { name: `Copy ${name} lines` }).click()
      await page.getByRole('button', { name: `${name} lines: copied` }).waitFor()
      const script = path.join(directory, 'pasted.sh')
      await writeFile(script, await clipboard(page))
      const { stdout } = await run('sh', [script], { cwd: directory, env: { PATH: process.env.PATH } })
      assert.match(stdout, /Tide pools of Inchkeith/, name)
      const zip = path.join(directory, `${deposited.pid.replace(/[^A-Za-z0-9.]+/g, '-')}.zip`)
      assert.equal((await readFile(zip)).subarray(0, 2).toString(), 'PK', name)
      await rm(zip)
    }
    for (const name of ['pyDataverse', 'R']) {
      await page.getByRole('tab', { name, exact: true }).click()
      assert.ok((await page.getByRole('region', { name: `${name} lines` }).textContent())?.includes(portal.url), name)
    }
  })

  test('versions say what has changed; an older one says that there is a newer, a withdrawn one why', async (t) => {
    const { id, pid } = await draft('Limpets')
    await call(`/v1/datasets/${id}/content/first.txt`, { content: 'one', type: 'text/plain' })
    await call(`/v1/datasets/${id}/publish`, { body: { type: 'major' } })
    await call(`/v1/datasets/${id}/draft`, {
      method: 'PUT',
      body: {
        metadata: { ...metadata, citation: { ...metadata.citation, title: 'Limpets and more' } },
        note: 'More than limpets.',
      },
    })
    await call(`/v1/datasets/${id}/content/second.txt`, { content: 'two', type: 'text/plain' })
    await call(`/v1/datasets/${id}/publish`, { body: { type: 'major' } })
    const page = await portal.page(t)
    await open(page, '?tab=versions', pid)
    const second = page.getByRole('article', { name: 'Version 2.0' })
    await second.getByText('More than limpets.').waitFor()
    await second.getByRole('button', { name: 'What changed' }).click()
    await second.getByRole('row', { name: 'Title Limpets Limpets and more' }).waitFor()
    await second.getByText('second.txt').waitFor()
    await page.getByRole('link', { name: 'Version 1.0' }).click()
    await page.getByText('This is not the latest version.').waitFor()
    await page.getByRole('heading', { level: 1, name: 'Limpets', exact: true }).waitFor()
    await page.getByRole('link', { name: 'See version 2.0' }).click()
    await page.getByRole('heading', { level: 1, name: 'Limpets and more' }).waitFor()
    await call(`/v1/datasets/${id}/versions/all/deaccession`, {
      body: { reason: 'They were not limpets.', url: 'https://example.org/elsewhere' },
    })
    await open(page, '', pid)
    await page.getByText('They were not limpets.').waitFor()
    await page.getByRole('link', { name: 'https://example.org/elsewhere' }).waitFor()
    assert.equal(await page.getByRole('tab', { name: /^Files/ }).count(), 0)
  })

  test('a draft is not there for others; a preview link shows it with its files, and its secret is gone from the address', async (t) => {
    const { id, pid } = await draft('Not yet told')
    await call(`/v1/datasets/${id}/content/secret.txt`, { content: 'hush', type: 'text/plain' })
    await call(`/v1/datasets/${id}/content/pool.png`, {
      content: (await import('./dataset-data.ts')).picture,
      type: 'image/png',
    })
    const page = await portal.page(t)
    allow(page, /^404 GET \/v1\/datasets\//)
    await open(page, '', pid)
    await page.getByText('It may be there for people who are signed in.').waitFor()
    const { url, token } = await call<{ url: string; token: string }>(`/v1/datasets/${id}/preview-link`, { body: {} })
    await page.goto('/')
    await settled(page)
    await page.goto(url)
    await page.getByRole('heading', { level: 1, name: 'Not yet told' }).waitFor()
    await page.getByText('You see this by a link that was given to you.').waitFor()
    assert.equal(page.url(), `${portal.url}/datasets/${pid}?version=draft`)
    assert.ok(
      !(
        await page.evaluate(() => JSON.stringify([document.body.outerHTML, { ...localStorage }, { ...sessionStorage }]))
      ).includes(token),
    )
    const file = await downloaded(page, () => page.getByRole('link', { name: 'Download secret.txt' }).click())
    assert.equal(file.content.toString(), 'hush')
    await page.getByRole('button', { name: 'Preview pool.png' }).click()
    const image = page.getByRole('dialog').getByRole('img', { name: 'pool.png' })
    await eventually(() => image.evaluate((one) => (one as HTMLImageElement).naturalWidth), 8)
    await page.reload()
    await page.getByRole('heading', { level: 1, name: 'Not yet told' }).waitFor()
    await call(`/v1/datasets/${id}/preview-link`, { method: 'DELETE' })
    await page.reload()
    await page.getByText('It may be there for people who are signed in.').waitFor()
  })

  test('a restricted file is named to visitors, who are led to sign in', async (t) => {
    const { id, pid } = await draft('For some')
    const { items } = await call<{ items: [{ id: number }] }>(`/v1/datasets/${id}/content/names.csv?restricted=true`, {
      content: 'name\nSandra\n',
      type: 'text/csv',
    })
    const file = items[0].id
    await call(`/v1/datasets/${id}/draft`, {
      method: 'PUT',
      body: {
        metadata: { ...metadata, citation: { ...metadata.citation, title: 'For some' } },
        terms: { terms_of_access: 'Ask us.' },
      },
    })
    await call(`/v1/datasets/${id}/publish`, { body: { type: 'major' } })
    const visitor = await portal.page(t)
    await open(visitor, '', pid)
    await visitor.getByText('Restricted', { exact: true }).waitFor()
    assert.equal(await visitor.getByRole('link', { name: 'Download names.csv' }).count(), 0)
    await visitor.getByRole('link', { name: 'names.csv', exact: true }).click()
    await visitor.getByRole('main').getByRole('link', { name: 'Sign In' }).waitFor()
    assert.equal(new URL(visitor.url()).pathname, `/files/${file}`)
    assert.equal((await visitor.context().request.get(`${portal.url}/v1/files/${file}/content`)).status(), 403)
  })
})
