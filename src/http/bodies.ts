import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Endpoint } from './endpoint.ts'
import { mediaUnsupported } from './problems.ts'
import { parseStrictJson } from './strict-json.ts'

const json = 'application/json'
const form = 'application/x-www-form-urlencoded'
const jsonOnly: readonly string[] = [json]

const readers: readonly (readonly [string, (text: string) => unknown])[] = [
  [json, parseStrictJson],
  ['application/merge-patch+json', parseStrictJson],
  [form, parseForm],
  ['multipart/form-data', parseMultipart],
]

/** Reads bodies of the media types that their contract accepts, and no others: a form must not pass for JSON. */
export function registerBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  for (const [type, read] of readers)
    app.addContentTypeParser(type, { parseAs: 'string' }, (request: FastifyRequest, text, done) => {
      try {
        checkMedia(request, type)
        done(null, text === '' ? undefined : read(text as string))
      } catch (error) {
        done(error as Error)
      }
    })
}

function checkMedia(request: FastifyRequest, type: string): void {
  const accepts = acceptedMedia((request.routeOptions.config as { contract?: Endpoint }).contract)
  const charset = /;\s*charset="?([^";\s]+)/i.exec(request.headers['content-type'] ?? '')?.[1]?.toLowerCase()
  if (accepts.includes(type) && (charset === undefined || charset === 'utf-8' || charset === 'utf8')) return
  throw mediaUnsupported({ hint: `Send ${accepts.join(' or ')}, in UTF-8.`, headers: { accept: accepts.join(', ') } })
}

export function acceptedMedia(contract: Endpoint | undefined): readonly string[] {
  if (contract?.accepts) return contract.accepts
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

/** Plain fields only: mail programs unsubscribe this way (RFC 8058 §3.2). Files have endpoints of their own. */
function parseMultipart(text: string): unknown {
  const fields: Record<string, string> = Object.create(null)
  for (const [, name = '', value = ''] of text.matchAll(/; name="([^"\r\n]{1,100})"\r\n\r\n([^\r\n]{0,1000})\r\n--/g))
    fields[name] = value
  return fields
}
