import assert from 'node:assert/strict'
import { dataset } from './clients/dataverse/input.ts'
import { openDataversePortal } from './dataverse-portal.ts'

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly bytes: Buffer
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects
  json(): any
}

export type Sent = FormData | string | Uint8Array | ReadableStream | object

/** Dataverse's protocol on a port of its own, asked as its clients ask. */
export async function openDataverseOverHttp(over: Parameters<typeof openDataversePortal>[0] = {}) {
  const portal = await openDataversePortal(over)
  const address = await portal.app.listen({ host: '127.0.0.1', port: 0 })

  /** Objects go as JSON, all else as it is. */
  async function call(
    key: string | null,
    method: string,
    at: string,
    body?: Sent,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Reply> {
    const raw = typeof body === 'string' || body instanceof Uint8Array || body instanceof FormData
    const streamed = body instanceof ReadableStream
    const reply = await fetch(at.startsWith('http') ? at : address + at, {
      method,
      headers: { ...(key !== null && { 'x-dataverse-key': key }), ...headers },
      ...(body !== undefined && { body: raw || streamed ? body : JSON.stringify(body) }),
      ...(streamed && { duplex: 'half' }),
    } as RequestInit)
    const bytes = Buffer.from(await reply.arrayBuffer())
    const text = bytes.toString()
    return { status: reply.status, headers: reply.headers, bytes, text, json: () => JSON.parse(text) }
  }

  /** What a call that must succeed tells. */
  async function data(key: string | null, method: string, at: string, body?: Sent, status = 200) {
    const reply = await call(key, method, at, body)
    assert.equal(reply.status, status, reply.text)
    return reply.json().data
  }

  /** A dataset of its own in a published collection of its own. */
  async function makeDataset(key: string, title = 'Tide pools', word = 'sandpipers') {
    const alias = `lab-${Math.random().toString(36).slice(2, 10)}`
    const lab = { alias, name: `The lab ${alias}`, dataverseContacts: [{ contactEmail: 'pi@example.org' }] }
    await data(key, 'POST', '/api/dataverses/root', lab, 201)
    await data(key, 'POST', `/api/dataverses/${alias}/actions/:publish`)
    const made = await data(key, 'POST', `/api/dataverses/${alias}/datasets`, dataset(title, word), 201)
    return { id: made.id as number, pid: made.persistentId as string, alias }
  }

  /** Adds a file, which must succeed, and tells of it. */
  async function add(key: string, id: number, name: string, content: string | Uint8Array, about?: object) {
    const reply = await call(key, 'POST', `/api/datasets/${id}/add`, formOf(name, content, about))
    assert.equal(reply.status, 200, reply.text)
    return reply.json().data.files[0]
  }

  const publish = (key: string, id: number, type = 'major') =>
    data(key, 'POST', `/api/datasets/${id}/actions/:publish?type=${type}`)

  return { ...portal, address, call, data, makeDataset, add, publish }
}

export type DataverseOverHttp = Awaited<ReturnType<typeof openDataverseOverHttp>>

/** The form of an upload as most clients send it. */
export function formOf(name: string, content: string | Uint8Array, about?: object, type = ''): FormData {
  const form = new FormData()
  if (about !== undefined) form.append('jsonData', JSON.stringify(about))
  form.append('file', new Blob([new Uint8Array(Buffer.from(content as string))], { type }), name)
  return form
}
