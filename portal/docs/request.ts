import type { Operation } from './api-document.ts'

/** What somebody typed to try an operation: text, as it stands in the fields. */
export interface Tried {
  /** By place and name: `path token`. What is empty isn't sent. */
  readonly parameters: Readonly<Record<string, string>>
  readonly body: string
  readonly media: string
  /** Media type of the reply; empty: whatever the server prefers. */
  readonly accept: string
}

export interface BuiltRequest {
  readonly method: string
  /** Path and query, without the server. */
  readonly address: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

export const keyOf = ({ in: place, name }: { readonly in: string; readonly name: string }): string => `${place} ${name}`

/** The fields as they stand when an operation is opened. */
export const firstTry = ({ body, parameters }: Operation): Tried => {
  const media = body?.media[0] ?? ''
  const given = parameters.filter(({ required, in: place }) => required && place !== 'path')
  return {
    parameters: Object.fromEntries(
      given.flatMap((parameter) => {
        const [example = parameter.schema.default] = parameter.schema.examples ?? []
        return example === undefined ? [] : [[keyOf(parameter), String(example)]]
      }),
    ),
    body: body ? bodyText(body.example, media) : '',
    media,
    accept: '',
  }
}

/** JSON as people write it; a form as one `name=value` on each line. */
function bodyText(example: unknown, media: string): string {
  if (media.endsWith('json')) return JSON.stringify(example ?? {}, null, 2)
  const fields = Object.entries((example ?? {}) as Record<string, unknown>)
  return fields.map(([name, value]) => `${name}=${String(value)}`).join('\n')
}

/** Parameters of the path that still have no value. */
export const missingOf = (operation: Operation, tried: Tried): string[] =>
  operation.parameters
    .filter((parameter) => parameter.required && !tried.parameters[keyOf(parameter)]?.trim())
    .map(({ name }) => name)

/** The request that is sent, and that `curlOf` writes. An empty parameter stays out, one in the path keeps its name. */
export function buildRequest({ method, path, parameters, body }: Operation, tried: Tried): BuiltRequest {
  const textOf = (place: string, name: string): string => tried.parameters[`${place} ${name}`]?.trim() ?? ''
  const filled = path.replace(/\{(\w+)\}/g, (braces, name: string) => {
    const value = textOf('path', name)
    return value === '' ? braces : encodeURIComponent(value)
  })
  const query = parameters
    .filter(({ in: place, name }) => place === 'query' && textOf('query', name) !== '')
    // What may come several times stands on a line of its own each time.
    .flatMap(({ name }) =>
      textOf('query', name)
        .split('\n')
        .map((value) => [name, value.trim()]),
    )
    .filter(([, value]) => value !== '')
  const text = new URLSearchParams(query as string[][]).toString().replaceAll('%2C', ',').replaceAll('%3A', ':')
  const headers = parameters.flatMap(({ in: place, name }) =>
    place === 'header' && textOf('header', name) !== '' ? [[name, textOf('header', name)]] : [],
  )
  const sent = body && tried.body.trim() !== '' ? encodeBody(tried) : null
  return {
    method,
    address: text === '' ? filled : `${filled}?${text}`,
    headers: {
      ...(tried.accept !== '' && { Accept: tried.accept }),
      ...(sent !== null && { 'Content-Type': tried.media }),
      ...(Object.fromEntries(headers) as Record<string, string>),
    },
    body: sent,
  }
}

function encodeBody({ body, media }: Tried): string {
  if (media.endsWith('json')) return body
  const fields = body
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => [line.split('=', 1)[0]?.trim() ?? '', line.slice(line.indexOf('=') + 1)])
  return new URLSearchParams(fields as string[][]).toString()
}

/** The same request for a terminal. A token is never written out: the command reads it from `$TESSERA_TOKEN`. */
export function curlOf({ method, address, headers, body }: BuiltRequest, site: string, withToken: boolean): string {
  const lines = [
    `curl ${method === 'GET' ? '' : `-X ${method} `}${quoted(`${site.replace(/\/$/, '')}${address}`)}`,
    ...(withToken ? ['-H "Authorization: Bearer $TESSERA_TOKEN"'] : []),
    ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(body === null ? [] : [`--data-raw ${quoted(compact(body))}`]),
  ]
  return lines.join(' \\\n  ')
}

/** One line of JSON where it is JSON. */
function compact(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body))
  } catch {
    return body
  }
}

/** For a POSIX shell: within single quotes everything stands for itself. */
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`
