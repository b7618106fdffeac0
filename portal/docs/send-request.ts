import { expectedAccount } from '#portal/kit/ask.ts'
import type { BuiltRequest } from './request.ts'

export interface ShownReply {
  readonly status: number
  readonly statusText: string
  readonly headers: readonly (readonly [string, string])[]
  readonly tookMs: number
  readonly type: string
  /** Null for what isn't text. */
  readonly text: string | null
  /** How much of the body was taken in, and whether there was more. */
  readonly bytes: number
  readonly cut: boolean
  /** What was taken in, to keep. */
  readonly file: Blob
}

export interface Credential {
  readonly by: 'session' | 'token' | 'nobody'
  readonly token: string
}

/** As much of a body as a page can be asked to hold; more is for curl. */
const mostText = 500_000
const mostBytes = 50_000_000

/** Sends what was typed, as whom it was chosen; whatever the server answers is shown, refusals too. */
export async function sendRequest(
  request: BuiltRequest,
  { by, token }: Credential,
  signal: AbortSignal,
): Promise<ShownReply> {
  const began = performance.now()
  const reply = await fetch(request.address, {
    method: request.method,
    headers: {
      ...request.headers,
      ...(by === 'session' && expectedAccount()),
      ...(by === 'token' && { authorization: `Bearer ${token.trim()}` }),
    },
    credentials: by === 'session' ? 'same-origin' : 'omit',
    ...(request.body !== null && { body: request.body }),
    cache: 'no-store',
    signal,
  })
  const type = reply.headers.get('content-type') ?? ''
  const isText = type === '' || /^text\/|json|xml|x-www-form/.test(type)
  const { parts, cut } = await readParts(reply, isText ? mostText : mostBytes)
  const file = new Blob(parts, { type })
  return {
    status: reply.status,
    statusText: reply.statusText,
    headers: [...reply.headers],
    tookMs: performance.now() - began,
    type,
    text: isText ? pretty(await file.text(), cut, type) : null,
    bytes: file.size,
    cut,
    file,
  }
}

async function readParts(reply: Response, most: number): Promise<{ parts: Uint8Array<ArrayBuffer>[]; cut: boolean }> {
  const parts: Uint8Array<ArrayBuffer>[] = []
  const reader = reply.body?.getReader()
  for (let taken = 0; reader; ) {
    const { done, value } = await reader.read()
    if (done) break
    parts.push(value)
    taken += value.length
    if (taken <= most) continue
    await reader.cancel()
    return { parts, cut: true }
  }
  return { parts, cut: false }
}

function pretty(text: string, cut: boolean, type: string): string {
  if (cut || !/json($|;)/.test(type) || /ndjson|json-seq/.test(type)) return text
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
