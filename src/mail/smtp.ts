import { Readable } from 'node:stream'
import { parseConnectionUrl } from 'nodemailer/lib/shared'
import SMTPConnection, { type SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection'
import { composeMail } from './compose.ts'
import type { Posted, Transport } from './mail.ts'

const answerMs = 15_000
const silenceMs = 60_000
/** How long what the mail server said of itself is believed. */
const keepMs = 60_000
/** A connection that nobody used for so long is given back. */
const idleMs = 5_000
/** Servers dislike endless sessions. */
const mostMails = 200
/** Connections, and so mails under way at the same time. */
const connections = 4

type Failure = { responseCode?: number; code?: string }

/** A few connections to a mail server that are used again and again; `url` as in [mailer] smtp_url. */
export function openSmtp(url: string): Transport {
  const { protocol, username, hostname, host } = new URL(url)
  const near = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  const { auth, ...given } = parseConnectionUrl(url)
  const options: SMTPConnectionOptions = {
    ...(given as SMTPConnectionOptions),
    // A password never leaves this machine in clear.
    requireTLS: protocol === 'smtp:' && username !== '' && !near,
    connectionTimeout: answerMs,
    greetingTimeout: answerMs,
    dnsTimeout: answerMs,
    socketTimeout: silenceMs,
  }
  const login = auth as { user?: string; pass?: string } | undefined
  const pool = openPool(() => openConnection(options, login))
  const look = (): Promise<string | null> =>
    openConnection(options, login).then((connection) => {
      connection.quit()
      return null
    }, troubleOf)
  let looked: { at: number; trouble: Promise<string | null> } | undefined
  return {
    via: 'smtp',
    lanes: connections,
    async deliver(message) {
      const bytes = await composeMail(message)
      return pool.use((connection) => post(connection, message.from.address, message.to, bytes))
    },
    async describe() {
      // Each look is a sign-in at the mail server: whoever asks meanwhile shares its answer.
      if (!looked || performance.now() - looked.at > keepMs) looked = { at: performance.now(), trouble: look() }
      return { via: 'smtp', server: host, trouble: await looked.trouble }
    },
    close: () => pool.close(),
  }
}

/** One that is greeted and signed in, or why there is none. */
function openConnection(options: SMTPConnectionOptions, auth: { user?: string; pass?: string } | undefined) {
  return new Promise<SMTPConnection>((resolve, reject) => {
    const connection = new SMTPConnection(options)
    const fail = (error: unknown): void => {
      connection.close()
      reject(error as Error)
    }
    connection.on('error', fail)
    connection.connect((error) => {
      if (error) return fail(error)
      if (!auth?.user) return resolve(connection)
      connection.login({ ...auth, credentials: { user: auth.user, pass: auth.pass ?? '' } }, (refused) =>
        refused ? fail(refused) : resolve(connection),
      )
    })
  })
}

/**
 * Hands one mail over. Whether any of it has left decides what a lost answer means: the content is read only once the
 * server has said that it wants it (354), so what fails before that has certainly not arrived.
 */
function post(connection: SMTPConnection, from: string, to: string, bytes: Buffer): Promise<Posted> {
  let leaving = false
  const content = new Readable({
    read() {
      leaving = true
      this.push(bytes)
      this.push(null)
    },
  })
  return new Promise((resolve) => {
    connection.send({ from, to: [to], size: bytes.length }, content, (error) =>
      resolve(error ? judge(error, leaving) : { outcome: 'accepted' }),
    )
  })
}

/** Whatever a server says of itself or of our sign-in, it has said nothing of this mail, which may leave later. */
function unreached(error: unknown): Posted {
  const { responseCode, code } = error as Failure
  const said =
    responseCode === undefined
      ? `did not answer (${code ?? 'unknown'})`
      : code === 'EAUTH'
        ? `refused user name and password with code ${responseCode}`
        : `took no mails and answered with code ${responseCode}`
  return { outcome: 'put_off', reason: `The mail server ${said}.`, code: null, cause: error }
}

/** 4xx and everything before the content left may pass; 5xx will not. Both arrive under the same error codes. */
function judge(error: unknown, leaving: boolean): Posted {
  const { responseCode = null, code } = error as Failure
  const cause = error
  // It wants a sign-in before it takes anybody's mail (RFC 4954).
  if (responseCode === 530) return unreached(error)
  if (responseCode !== null && responseCode >= 500)
    return {
      outcome: 'refused',
      reason: `The mail server refused the mail with code ${responseCode}.`,
      code: responseCode,
      cause,
    }
  if (responseCode !== null && responseCode >= 400)
    return {
      outcome: 'put_off',
      reason: `The mail server put the mail off with code ${responseCode}.`,
      code: responseCode,
      cause,
    }
  if (code === 'EMESSAGE' && !leaving)
    return { outcome: 'refused', reason: 'The mail is larger than the mail server takes.', code: responseCode, cause }
  if (leaving)
    return {
      outcome: 'unknown',
      reason: `The connection to the mail server was lost (${code ?? 'unknown'}) before it said whether it took the mail.`,
      code: responseCode,
      cause,
    }
  return {
    outcome: 'put_off',
    reason: `The mail server did not answer (${code ?? 'unknown'}).`,
    code: responseCode,
    cause,
  }
}

/** Why it takes no mails; in our words, as the server's may quote what it was shown. */
function troubleOf(error: unknown): string {
  const { responseCode, code } = error as Failure
  if (code === 'EAUTH') return 'It refuses user name and password: correct them in [mailer] smtp_url.'
  const says =
    responseCode === undefined ? `It does not answer (${code ?? 'unknown'})` : `It answers with code ${responseCode}`
  return `${says}: look whether it runs, and check [mailer] smtp_url.`
}

interface Held {
  readonly connection: SMTPConnection
  mails: number
  broken: boolean
  idle: NodeJS.Timeout | undefined
}

function openPool(connect: () => Promise<SMTPConnection>) {
  const free: Held[] = []
  const waiting: (() => void)[] = []
  let busy = 0
  let closed = false

  const drop = (held: Held): void => {
    held.broken = true
    clearTimeout(held.idle)
    const at = free.indexOf(held)
    if (at >= 0) free.splice(at, 1)
    held.connection.close()
  }

  async function take(): Promise<Held> {
    if (busy >= connections) await new Promise<void>((resolve) => waiting.push(resolve))
    else busy++
    const held = free.pop()
    if (held) {
      clearTimeout(held.idle)
      return held
    }
    const connection = await connect()
    const fresh: Held = { connection, mails: 0, broken: false, idle: undefined }
    connection.removeAllListeners('error')
    // A server that ends an idle session is nothing to tell; one that breaks off tells the mail under way.
    connection.on('error', () => drop(fresh))
    connection.on('end', () => drop(fresh))
    return fresh
  }

  /** The place goes straight to whoever waits longest. */
  const leave = (): void => {
    const next = waiting.shift()
    if (next) next()
    else busy--
  }

  const keep = (held: Held): void => {
    if (held.broken) return
    if (closed || held.mails >= mostMails) {
      held.connection.quit()
      held.broken = true
      return
    }
    held.idle = setTimeout(() => {
      drop(held)
    }, idleMs).unref()
    free.push(held)
  }

  const perform = async (work: (connection: SMTPConnection) => Promise<Posted>): Promise<Posted> => {
    const { posted, stale } = await attempt(work)
    // The server had ended a session that lay idle: nothing has left, and a fresh one tells more.
    return stale ? (await attempt(work)).posted : posted
  }

  async function attempt(
    work: (connection: SMTPConnection) => Promise<Posted>,
  ): Promise<{ posted: Posted; stale?: boolean }> {
    let held: Held
    try {
      held = await take()
    } catch (error) {
      leave()
      return { posted: unreached(error) }
    }
    try {
      held.mails++
      const posted = await work(held.connection)
      // After a refusal the session goes on only where it is known to be at its beginning again.
      if (posted.outcome === 'accepted') keep(held)
      else if (posted.outcome === 'unknown' || posted.code === null || posted.code === 421) drop(held)
      else await reset(held)
      return { posted, stale: posted.outcome === 'put_off' && posted.code === null && held.mails > 1 }
    } finally {
      leave()
    }
  }

  return {
    use: perform,
    close() {
      closed = true
      for (const held of [...free]) {
        held.connection.quit()
        drop(held)
      }
    },
  }

  function reset(held: Held): Promise<void> {
    return new Promise((resolve) => {
      held.connection.reset((error) => {
        if (error) drop(held)
        else keep(held)
        resolve()
      })
    })
  }
}
