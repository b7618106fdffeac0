import { type Readable, Transform } from 'node:stream'
import { request } from 'undici'
import { failureOf } from './failures.ts'
import type { Guard } from './open-outbound.ts'
import { fetchRefused, fetchTooLarge } from './problems.ts'

export interface FetchOptions {
  readonly headers?: Readonly<Record<string, string>>
  readonly maxBytes: number
  /** For the whole of it, the last byte included. */
  readonly timeoutMs: number
  /** What we have already: the answer may then be that nothing has changed. */
  readonly etag?: string | null
  readonly lastModified?: string | null
  readonly signal?: AbortSignal
}

export type Fetched =
  | { readonly changed: false }
  | {
      readonly changed: true
      readonly etag: string | null
      readonly lastModified: string | null
      readonly contentType: string | null
      /** Where it was found in the end. */
      readonly url: URL
      /** Breaks off with a problem when it grows beyond the limit, takes too long or ends short. */
      readonly body: Readable
    }

const mostRedirects = 5
const redirecting = new Set([301, 302, 303, 307, 308])

export async function fetchGuarded(guard: Guard, address: string, options: FetchOptions): Promise<Fetched> {
  const { maxBytes, timeoutMs, etag, lastModified } = options
  const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(options.signal ? [options.signal] : [])])
  let url = guard.check(address)
  const first = url
  for (let hop = 0; ; hop++) {
    // Credentials are for whom they were given, not for wherever it sends us.
    const given = url.origin === first.origin ? options.headers : {}
    const headers = {
      accept: '*/*',
      ...given,
      'user-agent': guard.agent,
      ...(etag && { 'if-none-match': etag }),
      ...(!etag && lastModified && { 'if-modified-since': lastModified }),
    }
    const asked = url
    const reply = await request(asked, { dispatcher: guard.dispatcher, headers, signal }).catch((error: unknown) => {
      throw failureOf(error, asked)
    })
    const { statusCode, body } = reply
    const drop = (): Promise<void> => body.dump({ limit: 65_536 }).catch(() => undefined)
    if (statusCode === 304 && (etag || lastModified)) {
      await drop()
      return { changed: false }
    }
    const header = (name: string): string | null => textOf(reply.headers[name])
    const location = header('location')
    if (redirecting.has(statusCode) && location !== null) {
      await drop()
      if (hop === mostRedirects)
        throw fetchRefused({ detail: `${first.host} redirects more than ${mostRedirects} times.` })
      url = guard.check(URL.canParse(location, url.href) ? new URL(location, url).href : location)
      continue
    }
    if (statusCode !== 200) {
      await drop()
      throw fetchRefused({ detail: `${url.host} answered with status ${statusCode}.` })
    }
    if (Number(header('content-length') ?? 0) > maxBytes) {
      body.on('error', () => undefined).destroy()
      throw fetchTooLarge({ detail: `${url.host} has more than ${maxBytes} bytes.` })
    }
    return {
      changed: true,
      etag: header('etag'),
      lastModified: header('last-modified'),
      contentType: header('content-type'),
      url,
      body: limited(body, url, maxBytes),
    }
  }
}

const textOf = (value: string | string[] | undefined): string | null =>
  value === undefined ? null : Array.isArray(value) ? (value[0] ?? null) : value

function limited(body: Readable, url: URL, maxBytes: number): Readable {
  let bytes = 0
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      if (bytes > maxBytes) done(fetchTooLarge({ detail: `${url.host} sent more than ${maxBytes} bytes.` }))
      else done(null, chunk)
    },
  })
  // `pipe` does not pass errors on, `pipeline` would pass them as they are.
  body.once('error', (error) => counted.destroy(failureOf(error, url)))
  counted.once('close', () => body.destroy())
  return body.pipe(counted)
}
