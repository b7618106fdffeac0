import assert from 'node:assert/strict'
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Health } from '#portal/instance/health-words.ts'
import { productDirectory } from '#src/base.ts'
import { noBrowser, type TestPortal, testPortal } from './browser.ts'
import { allow, eventually, settled } from './watch-page.ts'

const salt = 'a grain of salt that nobody sees'

describe('the console: audit log, settings, health', { skip: noBrowser }, () => {
  let portal: TestPortal
  let directory: string
  before(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'tessera-console-'))
    await copyFile(path.join(productDirectory, 'models/jobs.yml'), path.join(directory, 'jobs.yml'))
    portal = await testPortal({
      settings: { TESSERA_MODELS__DIRECTORY: directory, TESSERA_DATA_WAREHOUSE_EXPORT__HASH_SALT: salt },
    })
  })
  after(async () => {
    await portal[Symbol.asyncDispose]()
    await rm(directory, { recursive: true, force: true })
  })

  test('the audit log is followed as things happen, filtered in the address, verified and exported', async (t) => {
    const page = await portal.page(t, { as: 'admin' })
    await portal.person('member')
    await page.goto('/admin/audit')
    await page
      .getByRole('row', { name: /Signed in/ })
      .first()
      .waitFor()
    await page.getByRole('row', { name: /A model got a new snapshot.*model jobs/ }).waitFor()

    await page.getByRole('switch', { name: /^Follow/ }).click()
    const other = await portal.page(t, { as: 'member' })
    const arrived = page.getByRole('row', { name: /Signed in .* member account/ })
    await arrived.waitFor()
    await arrived.getByRole('button', { name: /details/ }).click()
    const drawer = page.getByRole('dialog', { name: /^Event \d+$/ })
    const event = JSON.parse((await drawer.getByRole('region', { name: 'the event as JSON' }).textContent()) ?? '')
    assert.equal(event.verb, 'account.signed_in')
    assert.equal(await drawer.getByText(event.hash, { exact: true }).count(), 1)
    await page.keyboard.press('Escape')
    await page.getByRole('switch', { name: /^Follow/ }).click()
    const shown = await page.getByRole('row').count()
    await portal.signIn(other, 'member')
    const asked: string[] = []
    page.on('request', (request) => void asked.push(request.url()))
    await sleep(2_500)
    assert.deepEqual(asked, [], 'when it is not followed, nothing is asked')
    await eventually(() => page.getByRole('row').count(), shown)

    await page.getByRole('combobox', { name: 'What happened' }).click()
    await page.getByRole('option', { name: 'Signed in', exact: true }).click()
    await page.getByLabel('Who', { exact: true }).fill('member')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\?verb=account\.signed_in&actor=member$/)
    await page.getByText('2 events').waitFor()

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Export NDJSON' }).click(),
    ])
    assert.equal(download.suggestedFilename(), 'audit.ndjson')
    const exported = (await readFile(await download.path(), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    assert.deepEqual(
      exported.map(({ verb, account_name }) => [verb, account_name]),
      [
        ['account.signed_in', 'member'],
        ['account.signed_in', 'member'],
      ],
    )
    assert.equal(exported[0].hash, event.hash)

    await page.getByRole('button', { name: 'Verify the chain' }).click()
    await page.getByText('The audit trail is whole').waitFor()
    assert.match((await page.getByRole('alert').textContent()) ?? '', /No event was edited.*\d+ events read/)
    allow(page, /^400 GET \/v1\/audit\?verb=/)
    await page.goto('/admin/audit?verb=no.such')
    await page.getByRole('alert').getByText('verb').first().waitFor()
    await page.getByRole('button', { name: 'Show all events' }).click()
    await page
      .getByRole('row', { name: /Signed in/ })
      .first()
      .waitFor()
  })

  test('settings say what is in effect and where it comes from, and keep secrets', async (t) => {
    const page = await portal.page(t, { as: 'admin' })
    const replies: string[] = []
    page.on('response', async (reply) => void replies.push(await reply.text().catch(() => '')))
    await page.goto('/admin/settings')
    await page
      .getByRole('row', { name: /^hash_salt.*\(secret, set\) TESSERA_DATA_WAREHOUSE_EXPORT__HASH_SALT/ })
      .waitFor()
    await settled(page)
    for (const secret of [salt, portal.base.settings.database.url]) {
      assert.ok(secret)
      assert.ok(![await page.content(), ...replies].some((text) => text.includes(secret)), 'no secret reaches the page')
    }
    await page.getByRole('row', { name: /^title Tessera the default/ }).waitFor()
    await page.getByText('portal_settings.ini').first().waitFor()

    await page.getByRole('switch', { name: 'Only what differs from the default' }).click()
    await page.getByRole('row', { name: /^title/ }).waitFor({ state: 'detached' })
    await page.getByRole('row', { name: /^hash_salt/ }).waitFor()
    await page.getByLabel('Find a setting').fill('salt')
    await page.getByText('1 setting', { exact: true }).waitFor()
    assert.match(page.url(), /changed=yes/)
    assert.match(page.url(), /search=salt/)
  })

  test('health tells every check in words, that all is well when it is, and looks again by itself', async (t) => {
    const page = await portal.page(t, { as: 'admin' })
    await page.clock.install()
    const first = page.waitForResponse('**/v1/health')
    await page.goto('/admin/health')
    const health = (await (await first).json()) as Health
    assert.equal(health.checks.length, 8)
    const words = { ok: 'Well', degraded: 'Needs attention', failing: 'Failing' } as const
    for (const { label, state, says } of health.checks) {
      const check = page.getByRole('region', { name: label, exact: true })
      await check.getByText(words[state], { exact: true }).waitFor()
      await check.getByText(says, { exact: true }).waitFor()
      // How full the disk of this machine is isn't ours to say.
      if (label !== 'Disk') assert.equal(state, 'ok', `${label}: ${says}`)
    }
    if (health.state === 'ok') await page.getByText('All is well.').waitFor()
    await page.getByRole('button', { name: 'Show one by one: Warehouse' }).click()
    await page.getByRole('row', { name: /^Jobs Well Refreshed: / }).waitFor()
    // For a second the server gives everybody the same answer.
    await sleep(1_100)
    const [again] = await Promise.all([page.waitForResponse('**/v1/health'), page.clock.fastForward(11_000)])
    assert.notEqual(((await again.json()) as Health).checked_at, health.checked_at)
  })

  test('who may not read the audit log is told so, and asks nothing of it', async (t) => {
    const page = await portal.page(t, { as: 'member' })
    allow(page, /^403 GET \/v1\//)
    for (const address of ['/admin/audit', '/admin/settings', '/admin/health']) {
      await page.goto(address)
      await settled(page)
      assert.equal(await page.getByRole('row').count(), 0)
      assert.equal(await page.getByRole('heading', { level: 1 }).count(), 1)
    }
  })
})
