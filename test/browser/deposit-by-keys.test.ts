import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Locator, Page } from 'playwright-core'
import { noBrowser, type TestPortal, testPortal } from './browser.ts'
import { caller } from './dataset-data.ts'
import { eventually, settled } from './watch-page.ts'

/** What is wrong with where the focus stands; empty: one sees it. */
const faultOfFocus = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const at = document.activeElement as HTMLElement | null
    if (at === null || at === document.body) return 'the focus is nowhere'
    const called = `${at.tagName} “${at.getAttribute('aria-label') ?? at.textContent?.trim().slice(0, 40)}”`
    const box = at.getBoundingClientRect()
    if (box.width === 0 || box.height === 0) return `${called} has no size`
    const [x, y] = [box.left + box.width / 2, box.top + Math.min(box.height, 24) / 2]
    if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) return `${called} is out of sight`
    const top = document.elementFromPoint(x, y)
    const label = at.id ? document.querySelector(`label[for="${CSS.escape(at.id)}"]`) : null
    if (!(top && (at.contains(top) || top.contains(at) || label?.contains(top) || at.parentElement?.contains(top))))
      return `${called} lies under ${top?.outerHTML.slice(0, 120)}`
    const ring = (one: Element | null) => {
      if (!one) return false
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one)
      return (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0) || boxShadow !== 'none'
    }
    // A field with several parts has it around all of them.
    const field = at.closest('[class*="-input"]:not(input)')
    return ring(at) || ring(at.parentElement) || ring(field) ? '' : `${called} shows no ring`
  })

const hasFocus = (at: Locator): Promise<boolean> => at.evaluate((one) => one === document.activeElement)

/** Goes on with Tab, or back, until the focus stands there; at each stop one sees where it is. */
async function tabTo(page: Page, at: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await at.waitFor()
  for (let steps = 0; steps < 150; steps++) {
    if (await hasFocus(at)) return
    await page.keyboard.press(key)
    // At its end the page hands the focus to the browser's own bars for one step.
    if (await page.evaluate(() => document.activeElement === document.body)) continue
    // A note on what was done gives way within a moment.
    await eventually(() => faultOfFocus(page), '', 'one sees where the focus is')
  }
  assert.fail(`${at} is not reached by ${key}`)
}

describe('depositing with the keyboard alone', { skip: noBrowser }, () => {
  let portal: TestPortal
  before(async () => {
    portal = await testPortal({ data: 'none' })
  })
  after(() => portal[Symbol.asyncDispose]())

  test('a dataset is described, given files, one of them changed and one taken out again, and published', async (t) => {
    const page = await portal.page(t, { as: await portal.person('member', 'kim') })
    const call = caller(portal, page)
    await call('/v1/collections', { body: { parent: 'root', alias: 'keys', name: 'By keys' } })
    await call('/v1/collections/keys/publish', { body: {} })
    const button = (name: string | RegExp, at: Page | Locator = page) => at.getByRole('button', { name, exact: true })
    const textbox = (name: string, at: Page | Locator = page) => at.getByRole('textbox', { name, exact: true })
    const group = (name: string) => page.getByRole('group', { name, exact: true })
    const { keyboard } = page
    const write = async (at: Locator, text: string) => {
      await tabTo(page, at)
      await keyboard.press('ControlOrMeta+A')
      await keyboard.type(text)
    }
    const press = async (at: Locator, key: 'Enter' | 'Space' = 'Enter', way: 'Tab' | 'Shift+Tab' = 'Tab') => {
      await tabTo(page, at, way)
      await keyboard.press(key)
    }
    const focused = async (at: Locator, message: string) => {
      await at.waitFor()
      await eventually(() => hasFocus(at), true, message)
    }
    const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name })

    // Asked for early: a key is quicker than a browser that has yet to learn that somebody waits.
    const chosen = page.waitForEvent('filechooser', { timeout: 120_000 })
    await page.goto('/collections/keys')
    await settled(page)
    await press(page.getByRole('link', { name: 'Add dataset' }))
    await focused(heading('Add a dataset'), 'a new page begins at its heading')

    await write(textbox('Title'), 'Written without a mouse')
    const author = group('Author')
    await press(button('Add another author'))
    await write(textbox('Name', group('Author 2')), 'Nobody')
    await press(button('Remove Author 2'))
    await group('Author 2').waitFor({ state: 'detached' })
    await eventually(() => faultOfFocus(page), '', 'after an entry has gone the focus is where it was')
    await tabTo(page, textbox('Name', author), 'Shift+Tab')
    await write(textbox('E-mail', group('Point of Contact')), 'kim@example.org')
    await write(textbox('Text', group('Description')), 'Counts.')
    await tabTo(page, page.getByRole('combobox', { name: 'Subject' }))
    await keyboard.type('Earth')
    await page.getByRole('option', { name: 'Earth and Environmental Sciences' }).waitFor()
    await keyboard.press('ArrowDown')
    await keyboard.press('Enter')
    await keyboard.press('Escape')
    await press(button('Save and add files'))
    await page.waitForURL(/\/deposit\/\d+\?tab=files/)
    await focused(heading('Edit Written without a mouse'), 'the next page begins at its heading')

    const choose = button('Choose files')
    await tabTo(page, choose)
    await keyboard.press('Enter')
    const chooser = await chosen
    await chooser.setFiles(
      ['counts.csv', 'mistake.txt'].map((name) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(`${name}\n`) })),
    )
    await page.getByRole('region', { name: 'Uploads' }).getByText('2 files uploaded', { exact: true }).waitFor()
    await focused(choose, 'who chose files goes on from there')

    const menu = (file: string) => button(`What to do with ${file}`)
    const openMenu = async (file: string) => {
      await press(menu(file))
      const inside = () => page.getByRole('menu').evaluate((one) => one.contains(document.activeElement))
      await eventually(inside, true, 'a menu that opens takes the focus')
      await settled(page)
    }
    await openMenu('counts.csv')
    await keyboard.press('ArrowDown')
    await focused(page.getByRole('menuitem', { name: 'Edit…' }), 'a menu begins at its first item')
    await keyboard.press('Enter')
    const edit = page.getByRole('dialog', { name: 'Edit counts.csv' })
    await write(textbox('Description', edit), 'What was counted.')
    await press(button('Save', edit))
    await edit.waitFor({ state: 'detached' })
    await focused(menu('counts.csv'), 'a dialog gives the focus back to what it was opened from')
    await page
      .getByRole('row', { name: /counts\.csv/ })
      .getByText('What was counted.')
      .waitFor()

    await openMenu('mistake.txt')
    await keyboard.press('ArrowDown')
    await keyboard.press('ArrowUp')
    await focused(page.getByRole('menuitem', { name: 'Delete…' }), 'from its first item a menu goes up to its last')
    await keyboard.press('Enter')
    const sure = page.getByRole('dialog', { name: 'Delete mistake.txt?' })
    await focused(button('Cancel', sure), 'who is asked stands on the way back')
    await press(button('Delete', sure))
    await page.getByRole('row', { name: /mistake\.txt/ }).waitFor({ state: 'detached' })
    await eventually(() => faultOfFocus(page), '', 'after a row has gone the focus is near it')
    assert.ok(
      await page.evaluate(() => document.activeElement?.closest('[aria-label="Files in this dataset"]') !== null),
      'and not at the other end of the page',
    )

    // Whoever stands on a link for a moment has its page asked for: what came is of the draft, and is no more once it is
    // published.
    await tabTo(page, page.getByRole('link', { name: /^perma:/ }), 'Shift+Tab')
    await sleep(200)
    await settled(page)
    await press(button('Publish…'))
    const publish = page.getByRole('dialog', { name: /^Publish/ })
    await focused(button('Publish', publish), 'what the dialog is for has the focus')
    await keyboard.press('Escape')
    await publish.waitFor({ state: 'detached' })
    await focused(button('Publish…'), 'who thinks better of it stands where they were')
    await keyboard.press('Enter')
    await focused(button('Publish', publish), 'and may think again')
    await tabTo(page, button('Cancel', publish), 'Shift+Tab')
    await press(button('Publish', publish))
    await page.waitForURL(/\/datasets\//)
    await focused(heading('Written without a mouse'), 'what is published is shown from its heading on')
    await page.getByText('Version 1.0', { exact: true }).first().waitFor()
    await settled(page)
  })
})
