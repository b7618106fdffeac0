import type { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { anyMedia, type Endpoint, isStreamed } from './endpoint.ts'
import { bodyTooLarge, mediaUnsupported } from './problems.ts'
import { parseStrictJson } from './strict-json.ts'

const json = 'application/json'
const form = 'application/x-www-form-urlencoded'
const jsonOnly: readonly string[] = [json]

const readers: Readonly<Record<string, (text: string) => unknown>> = {
  [json]: parseStrictJson,
  'application/merge-patch+json': parseStrictJson,
  [form]: parseForm,
  'multipart/form-data': parseMultipart,
}

/** Reads bodies of the media types that their contract accepts, and no others: a form must not pass for JSON. */
export function registerBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  // One for all types: the contract, not the client, decides whether a body is read or passes through.
  app.addContentTypeParser('*', (request: FastifyRequest, payload, done) => {
    if (request.is404) return done(null)
    const { contract } = request.routeOptions.config as { contract?: Endpoint }
    try {
      const type = checkMedia(request, contract)
      const limit = limitOf(request, contract)
      if (Number(request.headers['content-length']) > limit) throw tooLarge(limit)
      request.call?.continueBody()
      if (contract && isStreamed(contract)) return done(null, payload)
      const read = contract?.plainText ? asText : (readers[type] ?? parseStrictJson)
      readWhole(payload, limit, (error, text = '') => {
        if (error) return done(error)
        try {
          done(null, text === '' ? undefined : read(text))
        } catch (wrong) {
          done(wrong as Error)
        }
      })
    } catch (error) {
      done(error as Error)
    }
  })
}

const asText = (text: string): string => text

export const tooLarge = (limit: number) =>
  bodyTooLarge({ detail: `At most ${limit} bytes are taken.`, hint: 'Send less at once.' })

const limitOf = (request: FastifyRequest, contract: Endpoint | undefined): number =>
  contract && isStreamed(contract)
    ? (contract.bodyLimit ?? Number.POSITIVE_INFINITY)
    : (request.routeOptions.bodyLimit ?? 0)

function readWhole(payload: Readable, limit: number, done: (error: Error | null, text?: string) => void): void {
  const pieces: Buffer[] = []
  let bytes = 0
  const settle = (error: Error | null, text?: string): void => {
    payload.off('data', take).off('end', end).off('error', settle)
    payload.on('error', () => undefined)
    done(error, text)
  }
  const take = (piece: Buffer): void => {
    bytes += piece.byteLength
    if (bytes > limit) settle(tooLarge(limit))
    else pieces.push(piece)
  }
  const end = (): void => settle(null, Buffer.concat(pieces).toString('utf8'))
  payload.on('data', take).on('end', end).on('error', settle)
}

/** The media type by which the body is to be read. */
function checkMedia({ headers }: FastifyRequest, contract: Endpoint | undefined): string {
  const accepts = acceptedMedia(contract)
  const [type = '', ...rest] = (headers['content-type'] ?? '').toLowerCase().split(';')
  if (contract && isStreamed(contract) && !isIdentity(headers['content-encoding']))
    throw mediaUnsupported({
      detail: 'The body is compressed.',
      hint: 'Send the file as it is, without Content-Encoding.',
      headers: { 'accept-encoding': 'identity' },
    })
  const bare = type.trim()
  if (accepts.includes(anyMedia)) return accepts.includes(bare) ? bare : json
  const charset = /^\s*charset="?([^";\s]+)/.exec(rest.find((one) => /^\s*charset=/.test(one)) ?? '')?.[1]
  if (accepts.includes(bare) && (charset === undefined || charset === 'utf-8' || charset === 'utf8')) return bare
  throw mediaUnsupported({ hint: `Send ${accepts.join(' or ')}, in UTF-8.`, headers: { accept: accepts.join(', ') } })
}

const isIdentity = (coding: string | undefined): boolean => coding === undefined || /^\s*(identity)?\s*$/i.test(coding)

export function acceptedMedia(contract: Endpoint | undefined): readonly string[] {
  if (contract?.accepts) return contract.accepts
  if (contract?.body === 'stream') return [anyMedia]
  if (contract?.body === 'multipart') return ['multipart/form-data']
  return contract?.method === 'PATCH' ? [json, 'application/merge-patch+json'] : jsonOnly
}

/** A field given twice becomes an array, for the schema to refuse or to want. No prototype, so any name is only a name. */
function parseForm(text: string): unknown {
  const fields: Record<string, string | string[]> = Object.create(null)
  for (const [name, value] of new URLSearchParams(text)) {
    const before = fields[name]
    if (before === undefined) fields[name] = value
    else if (typeof before === 'string') fields[name] = [before, value]
    else before.push(value)
  }
  return fields
}

/** Plain fields only: mail programs unsubscribe this way (RFC 8058 §3.2). Forms with files are streamed (`multipart.ts`). */
function parseMultipart(text: string): unknown {
  const fields: Record<string, string> = Object.create(null)
  for (const [, name = '', value = ''] of text.matchAll(/; name="([^"\r\n]{1,100})"\r\n\r\n([^\r\n]{0,1000})\r\n--/g))
    fields[name] = value
  return fields
}
