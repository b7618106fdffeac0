import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, test } from 'node:test'
import { asAdmin } from '#test/as-admin.ts'
import { noBrowser, type TestPortal, testPortal } from './browser.ts'
import { allow, eventually, faultsOf, settled } from './watch-page.ts'

describe('the API docs', { skip: noBrowser }, () => {
  let portal: TestPortal
  before(async () => {
    portal = await testPortal()
  })
  after(() => portal[Symbol.asyncDispose]())

  test('are found by a search, read, and tried out in place with one’s own token, which is kept nowhere', async (t) => {
    const ask = await asAdmin(portal)
    const made = await ask('/v1/tokens', { name: 'docs', permissions: ['warehouse:read', 'warehouse:raw'] })
    const { secret } = (await made.json()) as { secret: string }
    const page = await portal.page(t)
    await page.goto('/docs')
    await settled(page)

    await page.getByLabel('Find an operation').fill('current token')
    const shown = page.getByRole('button', { name: /GET \/v1\/tokens\/current/ })
    await shown.click()
    await page.waitForURL('**/docs#show-current-token')
    const item = page.locator('#show-current-token')
    await item.getByText('with a token.').waitFor()
    assert.doesNotMatch(await item.innerText(), /`/, 'names stand out without their backticks')
    await item.getByRole('button', { name: 'Send' }).click()
    await item.getByText('401').first().waitFor()
    assert.deepEqual(faultsOf(page), ['401 GET /v1/tokens/current'], 'without a token it is refused')

    await item.getByLabel('Token', { exact: true }).fill(secret)
    const command = await item.getByRole('region', { name: 'curl command' }).innerText()
    assert.match(command, /\$TESSERA_TOKEN/)
    assert.ok(!command.includes(secret), 'the command does not write the token out')
    await item.getByRole('button', { name: 'Send' }).click()
    await item.getByText('200').first().waitFor()
    assert.match(await item.getByRole('region', { name: 'Body of the reply' }).innerText(), /"name": "docs"/)

    const kept = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href]),
    )
    assert.ok(!kept.includes(secret), 'the token is in no storage and no address')
    await page.reload()
    await settled(page)
    assert.match(await page.title(), /^What the token that you show is · API docs/)
    assert.equal(await item.getByLabel('Token', { exact: true }).inputValue(), '', 'a reload forgets it')
  })

  test('send bodies and choose the form of the answer; a file is offered to be kept', async (t) => {
    const page = await portal.page(t, { as: 'admin' })
    await page.goto('/docs#post-query')
    await settled(page)
    const item = page.locator('#post-query')
    assert.ok(await item.getByRole('button', { name: 'Send' }).isVisible(), 'the named operation stands open')
    const today = new Date().toISOString().slice(0, 10)
    const body = {
      model: 'jobs',
      metrics: ['job_count'],
      dimensions: ['resource'],
      period: { start: '2020-01-01', end: today },
    }
    await item.getByLabel('Body (JSON)').fill(JSON.stringify(body))
    await item.getByRole('button', { name: 'Send' }).click()
    await item.getByText('200').first().waitFor()
    assert.match(
      await item.getByRole('region', { name: 'Body of the reply' }).innerText(),
      /"job_count"[\s\S]*"atlas",\s+\d+/,
    )

    await item.getByRole('combobox', { name: 'Answer as' }).click()
    await page.getByRole('option', { name: /parquet/ }).click()
    await item.getByRole('button', { name: 'Send' }).click()
    await item.getByText('is no text: download it').waitFor()
    const downloading = page.waitForEvent('download')
    await item.getByRole('button', { name: 'Download' }).click()
    const download = await downloading
    assert.equal(download.suggestedFilename(), 'post-query.parquet')
    const bytes = await readFile(await download.path())
    assert.equal(bytes.subarray(0, 4).toString(), 'PAR1')

    await item.getByLabel('Body (JSON)').fill('{"model": "nothing", "metrics": ["none"]}')
    await item.getByRole('button', { name: 'Send' }).click()
    await item.getByText('404').first().waitFor()
    allow(page, /^404 POST \/v1\/query/)
    assert.match(
      await item.getByRole('region', { name: 'Body of the reply' }).innerText(),
      /"code": "unknown-model"|"code"/,
    )
  })

  test('list all operations, and every sort of them opens', async (t) => {
    const page = await portal.page(t, { as: 'admin' })
    await page.goto('/docs')
    await settled(page)
    const { paths } = (await (await fetch(`${portal.url}/v1/openapi.json`)).json()) as { paths: Record<string, object> }
    const count = Object.values(paths).reduce((sum, methods) => sum + Object.keys(methods).length, 0)
    const controls = page.locator('main h3 button')
    await eventually(() => controls.count(), count)
    const shut = await page.evaluate(async () => {
      const drawn = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
      const closed: string[] = []
      // Each costs a moment; every fourth is of every sort.
      const controls = [...document.querySelectorAll<HTMLElement>('main h3 button')].filter((_, at) => at % 4 === 0)
      for (const control of controls) {
        control.click()
        for (let frames = 0; frames < 60 && !control.closest('[id]:not(button)')?.querySelector('form'); frames++)
          await drawn()
        if (!control.closest('[id]:not(button)')?.querySelector('form')) closed.push(control.innerText)
        control.click()
        await drawn()
      }
      return closed
    })
    assert.deepEqual(shut, [])
  })

  test('the type of a problem leads to what to do about it', async (t) => {
    const page = await portal.page(t)
    const refused = await fetch(`${portal.url}/v1/accounts`)
    const { type, code, title } = (await refused.json()) as { type: string; code: string; title: string }
    assert.equal(type, `/docs/problems#${code}`)
    await page.goto(type)
    await settled(page)
    const named = page.locator('[aria-current="true"]').filter({ hasText: code })
    assert.ok(await named.isVisible())
    await named.getByRole('heading', { name: title }).waitFor()
    const box = await named.boundingBox()
    assert.ok(box && box.y >= 56 && box.y + box.height <= 900, 'it is scrolled to')
    assert.ok((await page.title()).startsWith(title))
  })
})
