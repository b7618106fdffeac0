import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { openMailer } from './mailer.ts'
import { openOutboxReader } from './read-outbox.ts'

test('a mail in the outbox is listed and read as it was meant, pictures and files included', async (t) => {
  const directory = await mkdtemp(path.join(tmpdir(), 'tessera-outbox-'))
  t.after(() => rm(directory, { recursive: true }))
  const reader = openOutboxReader(path.join(directory, 'outbox'))
  assert.deepEqual(await reader.list(), [])
  const settings = { smtpUrl: null, senderName: 'Portal', senderEmail: 'portal@example.org', subjectPrefix: '' }
  const clock = { now: () => new Date('2026-11-22T12:00:00Z') }
  const mailer = openMailer({ settings, outboxDirectory: path.join(directory, 'outbox'), clock })
  const png = Uint8Array.from([137, 80, 78, 71, ...new Array(2000).fill(1)])
  await mailer.send({
    key: 'one',
    to: 'ada@example.org',
    subject: 'Nutzung für Größen, and a subject that is so long that it has to be folded over more than one line',
    text: 'Hello Ada',
    html: '<img src="cid:c1"><img src="cid:unknown">',
    images: [{ cid: 'c1', filename: 'c.png', png }],
    attachments: [{ filename: 'räport.csv', content: 'a,b\n1,2\n', contentType: 'text/csv' }],
  })
  const [line, ...others] = await reader.list()
  assert.ok(line)
  assert.equal(others.length, 0)
  assert.deepEqual([line.to, line.from], [['ada@example.org'], 'portal@example.org'])
  assert.match(line.subject, /^Nutzung für Größen, .* more than one line$/)
  const mail = await reader.read(line.id)
  assert.equal(mail?.text.trim(), 'Hello Ada')
  assert.match(mail?.html ?? '', /src="data:image\/png;base64,iVBORw.*cid:unknown/s)
  assert.deepEqual(
    mail?.attachments.map(({ name, mediaType, bytes }) => [name, mediaType, bytes]),
    [
      ['c.png', 'image/png', png.length],
      ['räport.csv', 'text/csv', 8],
    ],
  )
  assert.equal((await reader.attachment(line.id, 1))?.bytes.toString(), 'a,b\n1,2\n')
  assert.equal(await reader.attachment(line.id, 2), null)
  assert.equal(await reader.read('0'.repeat(40)), null)
})
