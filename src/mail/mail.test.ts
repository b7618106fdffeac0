import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type TestContext, test } from 'node:test'
import PostalMime from 'postal-mime'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import type { Mail } from './mail.ts'
import { openMailer } from './mailer.ts'

const clock = { now: () => new Date('2026-11-22T12:00:00Z') }
const settings = {
  smtpUrl: null as string | null,
  senderName: 'Portal',
  senderEmail: 'portal@example.org',
  subjectPrefix: '[P]',
}

const mail: Mail = {
  key: 'expiry 7 days, token abc',
  to: 'ada@example.org',
  subject: 'Your token “Nächtlicher Export” expires',
  text: 'It expires in 7 days.\n',
  attachments: [
    {
      filename: 'expiry.ics',
      content: 'BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n',
      contentType: 'text/calendar; charset=utf-8',
    },
  ],
}

async function outboxOf(t: TestContext) {
  const directory = await mkdtemp(path.join(tmpdir(), 'tessera-mail-'))
  t.after(() => rm(directory, { recursive: true }))
  const outboxDirectory = path.join(directory, 'outbox')
  const read = async () => {
    const names = await readdir(outboxDirectory)
    return Promise.all(
      names.map(async (name) => ({ name, text: await readFile(path.join(outboxDirectory, name), 'utf8') })),
    )
  }
  return { mailer: openMailer({ settings, outboxDirectory, clock }), read }
}

test('an outbox that cannot be written puts a mail off, and takes it later', async (t) => {
  const directory = await mkdtemp(path.join(tmpdir(), 'tessera-mail-'))
  t.after(() => rm(directory, { recursive: true }))
  const outboxDirectory = path.join(directory, 'outbox')
  await writeFile(outboxDirectory, 'in the way')
  const mailer = openMailer({ settings, outboxDirectory, clock })
  const posted = await mailer.post(mail)
  assert.equal(posted.outcome, 'put_off')
  assert.match(posted.outcome === 'put_off' ? posted.reason : '', /^The outbox could not be written \(E\w+\)\.$/)
  await rm(outboxDirectory)
  assert.equal((await mailer.post(mail)).outcome, 'accepted')
})

interface Received {
  from: string
  to: string[]
  text: string
}

async function serverOf(t: TestContext, options: SMTPServerOptions = {}) {
  const received: Received[] = []
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    authOptional: true,
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        received.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map((to) => to.address),
          text: Buffer.concat(chunks).toString(),
        })
        done()
      })
    },
    ...options,
  })
  server.on('error', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  const mailer = openMailer({
    settings: { ...settings, smtpUrl: `smtp://127.0.0.1:${port}` },
    outboxDirectory: '/nonexistent',
    clock,
  })
  t.after(async () => {
    mailer.close()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  })
  return { mailer, received, server }
}

test('tells where mails go, and whether they get there, without a password', async (t) => {
  const { mailer: outbox } = await outboxOf(t)
  const before = await outbox.describe()
  await outbox.send(mail)
  const after = await outbox.describe()
  assert.deepEqual(
    [before, after].map((facts) => facts.via === 'outbox' && facts.mails),
    [0, 1],
  )

  const { mailer } = await serverOf(t)
  const well = await mailer.describe()
  assert.equal(well.via === 'smtp' && well.trouble, null)

  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    onAuth: (_auth, _session, done) => done(new Error('wrong: hush')),
  })
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  const smtpUrl = `smtp://portal:hush@127.0.0.1:${port}`
  const refused = openMailer({ settings: { ...settings, smtpUrl }, outboxDirectory: '/nonexistent', clock })
  t.after(() => refused.close())
  assert.deepEqual(await refused.describe(), {
    via: 'smtp',
    server: `127.0.0.1:${port}`,
    trouble: 'It refuses user name and password: correct them in [mailer] smtp_url.',
  })
  // Somebody will correct the password: no mail is lost until then.
  const { outcome, reason, code } = { reason: '', code: 0, ...(await refused.post(mail)) }
  assert.deepEqual(
    { outcome, reason, code },
    { outcome: 'put_off', reason: 'The mail server refused user name and password with code 535.', code: null },
  )
  await assert.rejects(refused.send(mail), { name: 'Problem', code: 'mail-unavailable' })
  await new Promise<void>((resolve) => server.close(() => resolve()))
  const gone = openMailer({ settings: { ...settings, smtpUrl }, outboxDirectory: '/nonexistent', clock })
  t.after(() => gone.close())
  const facts = await gone.describe()
  assert.match((facts.via === 'smtp' && facts.trouble) || '', /^It does not answer \(\w+\): look whether it runs/)
})

test('without a mail server, a mail becomes a file that a mail program opens', async (t) => {
  const { mailer, read } = await outboxOf(t)
  await mailer.send(mail)
  const [file, ...more] = await read()
  assert.ok(file)
  assert.equal(more.length, 0)
  assert.match(file.name, /^[0-9a-f]{40}\.eml$/)
  assert.match(file.text, /^From: Portal <portal@example\.org>\r$/m)
  assert.match(file.text, /^To: ada@example\.org\r$/m)
  assert.match(file.text, /^Date: Sun, 22 Nov 2026 12:00:00 \+0000\r$/m)
  assert.match(file.text, /^Auto-Submitted: auto-generated\r$/m)
  assert.match(file.text, /filename=expiry\.ics/)
})

test('the same mail sent again has the same Message-ID and takes its own place', async (t) => {
  const { mailer, read } = await outboxOf(t)
  await Promise.all([mailer.send(mail), mailer.send(mail), mailer.send({ ...mail, key: 'another' })])
  const ids = (await read()).map(({ text }) => /^Message-ID: (.*)\r$/m.exec(text)?.[1])
  assert.equal(new Set(ids).size, 2)
  assert.equal(ids.length, 2)
})

test('a mail reaches a real server with its attachment', async (t) => {
  const { mailer, received } = await serverOf(t)
  await mailer.send(mail)
  assert.equal(received.length, 1)
  assert.deepEqual({ ...received[0], text: '' }, { from: 'portal@example.org', to: ['ada@example.org'], text: '' })
  assert.match(received[0]?.text ?? '', /Content-Type: text\/calendar/)
})

test('a line break in a subject or a file name starts no header, and one in an address is refused', async (t) => {
  const { mailer, received } = await serverOf(t)
  const evil = 'x\r\nBcc: all@example.org\r\n\r\nBody'
  await mailer.send({
    ...mail,
    subject: evil,
    attachments: [{ filename: evil, content: '', contentType: 'text/plain' }],
  })
  assert.deepEqual(received[0]?.to, ['ada@example.org'])
  assert.doesNotMatch(received[0]?.text ?? '', /^Bcc:/im)
  for (const to of ['a@b.org\r\nBcc: c@d.org', 'a@b.org, c@d.org', 'Ada <a@b.org>', 'a', '']) {
    await assert.rejects(mailer.send({ ...mail, to }), { code: 'mail-refused' }, to)
  }
})

test('an attachment is never read from a path or an address', async (t) => {
  const { mailer, read } = await outboxOf(t)
  const sly = {
    filename: 'x',
    path: import.meta.filename,
    href: import.meta.url,
    content: 'mine',
    contentType: 'text/plain',
  }
  await mailer.send({ ...mail, text: '', attachments: [sly] })
  const [file] = await read()
  assert.match(file?.text ?? '', /mine|bWluZQ==/)
  assert.ok((file?.text.length ?? 0) < 2000)
})

for (const [code, problem] of [
  [451, 'mail-unavailable'],
  [530, 'mail-unavailable'],
  [550, 'mail-refused'],
] as const) {
  test(`a recipient answered with ${code} is ${problem}`, async (t) => {
    const { mailer } = await serverOf(t, {
      onRcptTo: (_address, _session, done) => done(Object.assign(new Error('no'), { responseCode: code })),
    })
    await assert.rejects(mailer.send(mail), { name: 'Problem', code: problem })
  })
}

test('a server that greets with a refusal takes the mail another time', async (t) => {
  const { mailer } = await serverOf(t, {
    onConnect: (_session, done) => done(Object.assign(new Error('go away'), { responseCode: 554 })),
  })
  const { outcome, reason } = { reason: '', ...(await mailer.post(mail)) }
  assert.deepEqual([outcome, reason], ['put_off', 'The mail server took no mails and answered with code 554.'])
})

test('a mail whose answer was lost after it had begun to leave is neither accepted nor put off', async (t) => {
  const cut = await serverOf(t, {
    onData: (stream, session) => {
      stream.once('data', () => sockets.get(session.id)?.destroy())
      stream.on('error', () => undefined)
    },
  })
  const sockets = new Map<string, { destroy(): void }>()
  // smtp-server keeps its connections: the one whose session it is has the socket.
  const find = setInterval(() => {
    for (const one of (cut.server as unknown as { connections: Set<{ id: string; _socket: { destroy(): void } }> })
      .connections)
      sockets.set(one.id, one._socket)
  }, 1)
  t.after(() => clearInterval(find))
  const posted = await cut.mailer.post({ ...mail, text: 'x'.repeat(3_000_000) })
  assert.equal(posted.outcome, 'unknown')
  await assert.rejects(cut.mailer.send(mail), { code: 'mail-unavailable' })
})

test('a mail refused or put off after its content was sent is not called unknown', async (t) => {
  for (const [code, outcome] of [
    [452, 'put_off'],
    [554, 'refused'],
  ] as const) {
    const { mailer } = await serverOf(t, {
      onData: (stream, _session, done) => {
        stream.resume()
        stream.on('end', () => done(Object.assign(new Error('no'), { responseCode: code })))
      },
    })
    const posted = await mailer.post(mail)
    assert.equal(String(posted.outcome), outcome)
    assert.equal('code' in posted && posted.code, code)
  }
})

test('connections are used again, also after a refusal, and a session that the server ended is no failure', async (t) => {
  let sessions = 0
  const { mailer, received, server } = await serverOf(t, {
    onConnect: (_session, done) => {
      sessions++
      done()
    },
    onRcptTo: ({ address }, _session, done) =>
      address.startsWith('nobody') ? done(Object.assign(new Error('no'), { responseCode: 550 })) : done(),
  })
  await mailer.send(mail)
  assert.equal((await mailer.post({ ...mail, to: 'nobody@example.org' })).outcome, 'refused')
  await mailer.send(mail)
  assert.equal(sessions, 1)
  for (const one of (server as unknown as { connections: Set<{ close(): void }> }).connections) one.close()
  await mailer.send(mail)
  assert.equal(received.length, 3)
})

test('a mail of a list can be left with one click, and shows its pictures', async (t) => {
  const { mailer, received } = await serverOf(t)
  const png = new Uint8Array(3000).fill(7)
  await mailer.send({
    ...mail,
    html: '<p>Grüße <img src="cid:chart-1"></p>',
    unsubscribe: 'https://example.org/unsubscribe/x',
    images: [{ cid: 'chart-1', filename: 'chart.png', png }],
    attachments: [
      { filename: 'Übersicht "Q1".pdf', content: new Uint8Array(5000).fill(9), contentType: 'application/pdf' },
    ],
  })
  const parsed = await PostalMime.parse(received[0]?.text ?? '')
  const headers = new Map(parsed.headers.map(({ key, value }) => [key, value]))
  assert.equal(headers.get('list-unsubscribe'), '<https://example.org/unsubscribe/x>')
  assert.equal(headers.get('list-unsubscribe-post'), 'List-Unsubscribe=One-Click')
  assert.match(parsed.html ?? '', /Grüße/)
  assert.deepEqual(
    parsed.attachments.map(({ filename, contentId, disposition, content }) => [
      filename,
      contentId ?? null,
      disposition,
      Buffer.from(content as ArrayBuffer).equals(Buffer.alloc(contentId ? 3000 : 5000, contentId ? 7 : 9)),
    ]),
    [
      ['chart.png', '<chart-1>', 'inline', true],
      ['Übersicht "Q1".pdf', null, 'attachment', true],
    ],
  )
})

test('a server that cannot be reached is worth another try, and its address stays out of the message', async () => {
  const smtpUrl = 'smtp://me:secret@127.0.0.1:1'
  const mailer = openMailer({ settings: { ...settings, smtpUrl }, outboxDirectory: '/nonexistent', clock })
  await assert.rejects(mailer.send(mail), (error: Error) => {
    assert.equal((error as { code?: string }).code, 'mail-unavailable')
    assert.doesNotMatch(error.message, /secret/)
    return true
  })
  mailer.close()
})
