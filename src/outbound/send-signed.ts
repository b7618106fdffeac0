import { createHmac } from 'node:crypto'
import { request } from 'undici'
import { failureOf } from './failures.ts'
import type { Guard } from './open-outbound.ts'
import { fetchRefused } from './problems.ts'

export interface SignedMessage {
  readonly url: string
  readonly secret: string
  /** The same for every attempt to send this message, so that who gets it twice can tell. */
  readonly id: string
  readonly body: string | Uint8Array
  readonly contentType: string
  /** Cannot replace the signature's. */
  readonly headers?: Readonly<Record<string, string>>
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

/**
 * A webhook as Standard Webhooks 1.0 has it: `webhook-id`, `webhook-timestamp` (seconds) and `webhook-signature`, which
 * is over both and the body.
 */
export async function sendSigned(guard: Guard, message: SignedMessage): Promise<void> {
  const { id, body, contentType, headers = {}, timeoutMs = 15_000, signal } = message
  const url = guard.check(message.url)
  const timestamp = Math.floor(Date.now() / 1000)
  try {
    const reply = await request(url, {
      dispatcher: guard.dispatcher,
      method: 'POST',
      headers: {
        ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
        'content-type': contentType,
        'user-agent': guard.agent,
        'webhook-id': id,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': signatureOf(message.secret, id, timestamp, body),
      },
      body,
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])]),
    })
    // Nothing that it says is kept, so little of it is taken.
    await reply.body.dump({ limit: 65_536 }).catch(() => undefined)
    if (reply.statusCode >= 200 && reply.statusCode < 300) return
    const redirects = reply.statusCode >= 300 && reply.statusCode < 400
    const why = redirects ? ' (redirects are not followed)' : ''
    throw fetchRefused({ detail: `${url.host} answered with status ${reply.statusCode}${why}.` })
  } catch (error) {
    throw failureOf(error, url)
  }
}

/** `v1,` and the HMAC-SHA256 of `id.timestamp.body`. A secret `whsec_…` is Base64, as Standard Webhooks writes it. */
export function signatureOf(secret: string, id: string, timestamp: number, body: string | Uint8Array): string {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret)
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`
}
