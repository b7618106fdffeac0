import { Agent, request } from 'node:http'

export interface Reply {
  readonly status: number
  readonly body: unknown
}

interface Ask {
  readonly token?: string
  readonly body?: object
  readonly prefer?: string
  /** Idempotency-Key. */
  readonly key?: string
}

export interface Http {
  /** Rejects when the connection breaks before the whole answer is there. */
  ask(method: string, path: string, ask?: Ask): Promise<Reply>
  close(): void
}

/** A client of one server. Its connections are dropped with `close`, so that none outlives a killed server. */
export function openHttp(address: string): Http {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 })
  return {
    ask: (method, path, { token, body, prefer, key } = {}) =>
      new Promise((resolve, reject) => {
        const text = body && JSON.stringify(body)
        const headers = {
          ...(token && { authorization: `Bearer ${token}` }),
          ...(text && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
          ...(prefer && { prefer }),
          ...(key && { 'idempotency-key': key }),
        }
        const sent = request(new URL(path, address), { method, agent, headers, timeout: 60_000 }, (response) => {
          let told = ''
          response.setEncoding('utf8')
          response.on('data', (part: string) => {
            told += part
          })
          response.on('error', reject)
          response.on('close', () => {
            if (!response.complete) reject(new Error('the answer broke off'))
            else resolve({ status: response.statusCode ?? 0, body: told === '' ? null : JSON.parse(told) })
          })
        })
        sent.on('timeout', () => sent.destroy(new Error(`no answer to ${method} ${path} in 60 s`)))
        sent.on('error', reject)
        sent.end(text)
      }),
    close: () => agent.destroy(),
  }
}
