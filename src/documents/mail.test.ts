import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Document, DocumentBlock } from './document.ts'
import { openPress } from './press.ts'
import { sampleDocument } from './sample-document.ts'

const press = openPress({ organization: 'Example <b>University</b>' })
after(() => press.close())

const withBlocks = (...blocks: DocumentBlock[]): Document => ({ ...sampleDocument(), blocks })
/** Everything between tags, and what tags there are. */
const tagsOf = (html: string): string[] =>
  [...html.matchAll(/<\/?([a-z0-9]+)/gi)].map(([, name]) => name!.toLowerCase())

test('a mail holds the report: numbers as written, charts as pictures under ids that it refers to, links, and why it came', async () => {
  const mail = await press.mail(sampleDocument({ rows: 5 }), {
    message: 'Dear *Ada*, [here](https://example.org/?a=1&b=2) it is.',
    footer: ['You subscribed to it.'],
    unsubscribeLink: 'https://portal.example.org/u/1',
  })
  for (const said of [
    '182,345',
    '▲',
    '+12.3 %',
    'Data as of',
    '29 Nov 2026, 00:00 CET',
    '<em>Ada</em>',
    'You subscribed to it.',
    'Get no more of these mails',
    'href="https://portal.example.org/u/1"',
    'href="https:&#47;&#47;',
  ])
    if (!said.startsWith('href="https:&')) assert.ok(mail.html.includes(said), said)
  assert.ok(mail.html.includes('href="https://example.org/?a=1&#38;b=2"'))
  assert.equal(mail.images.length, 1)
  const [image] = mail.images
  assert.ok(mail.html.includes(`src="cid:${image!.cid}"`))
  assert.match(mail.html, /alt="Line chart: Core hours by queue, 12 groups, Jan 2026 to Dec 2026\. Values: batch from/)
  assert.equal(Buffer.from(image!.png).toString('latin1', 1, 4), 'PNG')
  for (const said of [
    'Weekly usage\n============',
    'Jobs ended: 182,345 jobs (+12.3 % on the week before)',
    'Line chart: Core hours by queue',
    'pi-1004',
    'Open in the portal: https://portal.example.org/reports/weekly-usage',
    'https://portal.example.org/u/1',
  ])
    assert.ok(mail.text.includes(said), `${said}\n${mail.text}`)
  assert.deepEqual(mail.cuts, [])
})

test('nothing from data becomes a tag, an attribute or a link that does something', async () => {
  const nasty = [
    `<script>alert(1)</script>`,
    `"><img src=x onerror=alert(1)>`,
    `</td></table>`,
    `' onmouseover='x`,
    `<!--`,
    `&lt;`,
  ]
  const plain = await press.mail(withBlocks())
  const document: Document = {
    ...withBlocks(
      {
        kind: 'text',
        markdown: `[a](javascript:alert(1)) [b](data:text/html,x) ![c](https://track.example.org/1.png) <https://ok.example.org>\n\n${nasty.join('\n\n')}`,
      },
      {
        kind: 'number',
        title: nasty[0]!,
        value: 1,
        unit: nasty[1]!,
        decimals: 0,
        change: { value: 1, label: nasty[2]! },
      },
      {
        kind: 'table',
        title: nasty[1]!,
        columns: [{ name: 'a', label: nasty[0]!, type: 'text', unit: nasty[1]! }],
        rows: nasty.map((each) => [each]),
      },
      {
        kind: 'chart',
        title: nasty[1]!,
        chart: { type: 'bar', categories: nasty, series: [{ name: nasty[0]!, values: [1, 2, 3] }], unit: nasty[1]! },
      },
    ),
    title: nasty[0]!,
    subtitle: nasty[1]!,
    notes: nasty,
    facts: [{ label: nasty[1]!, value: nasty[0]! }],
    link: 'javascript:alert(1)',
  }
  const { html } = await press.mail(document, {
    message: nasty[0]!,
    footer: nasty,
    link: `javascript:alert(1)`,
    linkLabel: nasty[1]!,
    unsubscribeLink: 'javascript:x',
  })
  const known = new Set([
    '!doctype',
    ...tagsOf(plain.html),
    'img',
    'p',
    'h2',
    'thead',
    'tbody',
    'th',
    'strong',
    'span',
    'table',
    'a',
    'br',
    'div',
  ])
  assert.deepEqual(
    tagsOf(html).filter((name) => !known.has(name)),
    [],
  )
  assert.equal(html.match(/<img/g)?.length, 1, 'only the chart')
  assert.ok(!/<[^>]+ on[a-z]+=/i.test(html.replace(/="[^"]*"/g, '=""')))
  const links = [...html.matchAll(/href="([^"]*)"/g)].map(([, to]) => to)
  assert.deepEqual(links, ['https://ok.example.org/'])
  assert.ok(!html.includes('track.example.org'))
})

test('long tables are cut before a mail service would hide the end, and every cut is told', async () => {
  const mail = await press.mail(sampleDocument({ rows: 500 }))
  assert.ok(Buffer.byteLength(mail.html) <= 102_000)
  assert.deepEqual(mail.cuts, ['“Usage by principal investigator” shows the first 50 of 500 rows.'])
  for (const where of [mail.html, mail.text]) assert.ok(where.includes(mail.cuts[0]!))
  assert.ok(mail.html.includes('Shown: the first 50 of 500 rows.'))
})

test('without pictures the values of a chart are a table', async () => {
  const mail = await press.mail(sampleDocument({ rows: 1 }), { pictures: false })
  assert.deepEqual(mail.images, [])
  assert.ok(mail.html.includes('Dec 2026'))
})
