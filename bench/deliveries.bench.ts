import { type ChildProcess, fork } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createTransport } from 'nodemailer'
import PostalMime, { type Email } from 'postal-mime'
import { createFirstAdmin } from '#src/accounts/create-first-admin.ts'
import { openApp } from '#src/app.ts'
import { openBase, productDirectory } from '#src/base.ts'
import { openLog } from '#src/http/log.ts'
import { loadSettings } from '#src/settings/load-settings.ts'
import { type BenchRow, median } from './row.ts'

const recipients = 1000
const rounds = 3

/** A subscription triggered over HTTP, until a real mail server has taken the last of its mails. */
export async function run(): Promise<BenchRow[]> {
  await using sink = await openSink()
  await using product = await openProduct(sink.url)
  const toAccepted: number[] = []
  const toEnded: number[] = []
  const alone: number[] = []
  for (let round = 0; round < rounds; round++) {
    const all = sink.whenTaken(recipients)
    const begun = performance.now()
    const run = await product.ask('POST', '/v1/subscriptions/bench/runs', { cause: `round ${round}` })
    const first = await all
    toAccepted.push(performance.now() - begun)
    await product.ended(run.id)
    toEnded.push(performance.now() - begun)
    const mail = await PostalMime.parse(Buffer.from(first, 'latin1'))
    alone.push(await sendAlone(sink, mail))
  }
  const perMinute = (ms: number): number => Math.round((recipients / ms) * 60_000)
  const ours = median(toAccepted)
  const written = `${perMinute(ours).toLocaleString('en')} mails/min (${(ours / 1000).toFixed(1)} s)`
  return [
    {
      name: `trigger over HTTP → ${recipients.toLocaleString('en')} mails with PDF accepted`,
      ours: written,
      baseline: `the same ${recipients.toLocaleString('en')} mails by plain nodemailer over 4 connections: ${(median(alone) / 1000).toFixed(1)} s`,
      ratio: ours / median(alone),
      bar: '≥ 1,000 mails/min',
      met: perMinute(ours) >= 1000,
      note: `medians of ${rounds} rounds; ours also evaluates, sets the PDF, and commits every mail to PostgreSQL before and after it leaves; run closed after ${(median(toEnded) / 1000).toFixed(1)} s; the mail server is a process of its own on the same cores`,
    },
  ]
}

async function sendAlone(sink: Awaited<ReturnType<typeof openSink>>, mail: Email): Promise<number> {
  const transport = createTransport({ url: sink.url, pool: true, maxConnections: 4, maxMessages: 1000 })
  const attachments = mail.attachments.map(({ filename, mimeType, contentId, content }) => ({
    filename: filename ?? 'file',
    contentType: mimeType,
    content: Buffer.from(content as ArrayBuffer),
    ...(contentId !== undefined && { cid: contentId.replace(/[<>]/g, '') }),
  }))
  const all = sink.whenTaken(recipients)
  const begun = performance.now()
  await Promise.all(
    Array.from({ length: recipients }, (_, at) =>
      transport.sendMail({
        from: 'portal@example.org',
        to: `p${at}@example.org`,
        subject: mail.subject ?? '',
        text: mail.text ?? '',
        html: mail.html ?? '',
        attachments,
      }),
    ),
  )
  await all
  const took = performance.now() - begun
  transport.close()
  return took
}

async function openSink() {
  const child: ChildProcess = fork(path.join(import.meta.dirname, 'mail-sink.ts'), { stdio: 'inherit' })
  const port = await new Promise<number>((resolve) => {
    child.once('message', (message: { port: number }) => resolve(message.port))
  })
  return {
    url: `smtp://127.0.0.1:${port}`,
    /** Counts anew; resolves with the source of the first when so many were taken. */
    whenTaken(count: number): Promise<string> {
      child.send('again')
      return new Promise((resolve) => {
        let source = ''
        const hear = ({ taken, first }: { taken: number; first?: string }): void => {
          if (first !== undefined) source = first
          if (taken < count) return
          child.off('message', hear)
          resolve(source)
        }
        child.on('message', hear)
      })
    },
    async [Symbol.asyncDispose]() {
      child.kill()
    },
  }
}

const model = `
version: 1
name: sales
label: Sales
facts: sales
tables:
  - { name: sales, files: sales.csv, header: true, delimiter: ",", columns: { day: DATE, shop: VARCHAR, n: BIGINT } }
time: { column: day }
dimensions:
  - { name: shop, label: Shop, expr: shop }
metrics:
  - { name: total, label: Total, unit: EUR, agg: sum, expr: n, decimals: 0 }
access: { query: viewer }
`

/** On an embedded PostgreSQL as it ships: every commit is on disk before it is answered. */
async function openProduct(smtpUrl: string) {
  await using opening = new AsyncDisposableStack()
  const directory = await mkdtemp(path.join(tmpdir(), 'tessera-bench-'))
  opening.defer(() => rm(directory, { recursive: true, force: true }))
  await chmod(directory, 0o755)
  const models = path.join(directory, 'models')
  await mkdir(models)
  await writeFile(path.join(models, 'sales.yml'), model)
  const lines = Array.from({ length: 5000 }, (_, i) => `2026-0${1 + (i % 9)}-1${i % 10},shop ${i % 100},${i}`)
  await writeFile(path.join(models, 'sales.csv'), ['day,shop,n', ...lines].join('\n'))
  const loaded = loadSettings({
    root: productDirectory,
    env: {
      TESSERA_GENERAL__DATA_DIRECTORY: path.join(directory, 'var'),
      TESSERA_GENERAL__PORT: '0',
      TESSERA_GENERAL__SITE_ADDRESS: 'http://localhost:8080',
      TESSERA_MODELS__DIRECTORY: models,
      TESSERA_MAILER__SMTP_URL: smtpUrl,
      TESSERA_RATE_LIMIT__PER_ADDRESS: '0',
      TESSERA_RATE_LIMIT__PER_TOKEN: '0',
    },
  })
  const base = await openBase(loaded, openLog('error'))
  opening.defer(() => base.close())
  const app = await openApp(base, { works: true })
  opening.defer(() => app.close())
  const admin = await createFirstAdmin(app.accounts)
  const url = await app.server.listen({ host: '127.0.0.1', port: 0 })
  const origin = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' }
  const signIn = await fetch(`${url}/v1/session`, {
    method: 'POST',
    headers: origin,
    body: JSON.stringify({ user_name: admin?.userName, password: admin?.password }),
  })
  const cookie = signIn.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const ask = async (method: string, where: string, body?: object) => {
    const answer = await fetch(url + where, {
      method,
      headers: { ...origin, cookie, prefer: 'wait=30' },
      ...(body && { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${where}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as { id: string; state: string; error: unknown }
  }
  /** What it answers at once. */
  const start = async (where: string, body: object) => {
    const answer = await fetch(url + where, {
      method: 'POST',
      headers: { ...origin, cookie },
      body: JSON.stringify(body),
    })
    return (await answer.json()) as { id: string }
  }
  const ended = async (id: string): Promise<void> => {
    for (;;) {
      const run = await ask('GET', `/v1/runs/${id}`)
      if (run.state === 'succeeded') return
      if (run.state !== 'queued' && run.state !== 'running')
        throw new Error(`${run.state}: ${JSON.stringify(run.error)}`)
    }
  }
  await ended((await start('/v1/models/sales/refreshes', {})).id)
  const query = { model: 'sales', metrics: ['total'] }
  await ask('POST', '/v1/reports', {
    id: 'bench',
    title: 'Sales',
    definition: {
      blocks: [
        { type: 'number', id: 'total', title: 'Total', query },
        {
          type: 'chart',
          id: 'months',
          title: 'By month',
          chart: 'line',
          query: { ...query, series: true, unit: 'month' },
        },
        { type: 'table', id: 'shops', title: 'By shop', query: { ...query, dimensions: ['shop'] } },
      ],
    },
  })
  await ask('POST', '/v1/subscriptions', {
    id: 'bench',
    name: 'Sales to everybody',
    report: 'bench',
    recipients: Array.from({ length: recipients }, (_, at) => ({ address: `p${at}@example.org` })),
    formats: ['pdf'],
    body: 'Dear {{recipient}}, here are the sales.',
  })
  const opened = opening.move()
  return {
    ask: (_method: string, where: string, body: object) => start(where, body),
    ended,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}
