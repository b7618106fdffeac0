import { endpoint } from '#src/http/endpoint.ts'
import { etagOf } from '#src/http/etag.ts'
import { type Response, respond } from '#src/http/respond.ts'
import { type Route, route } from '#src/http/serve.ts'
import { asText, htmlPage } from './html-page.ts'

/** The part of an OpenAPI document that people read. */
interface Described {
  readonly tags: readonly { readonly name: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

interface Operation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly description?: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
}

interface Parameter {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly description?: string
  readonly schema?: Schema
}

interface Schema {
  readonly type?: string
  readonly enum?: readonly string[]
  readonly description?: string
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
}

/** The API for people, read from the same description as for programs. */
export const readDocs = endpoint({
  id: 'readDocs',
  method: 'GET',
  path: '/docs',
  summary: 'The API, to read',
  access: 'public',
  media: ['text/html'],
  hidden: true,
})

/** `describe` makes the OpenAPI document; it is asked once, when somebody reads the page first. */
export function docsRoutes({ title, describe }: { title: string; describe: () => unknown }): Route[] {
  let made: Response | undefined
  return [
    route(readDocs, () => {
      if (!made) {
        const { body, headers } = htmlPage(`API · ${title}`, apiAsHtml(describe() as Described))
        made = respond({ body, type: 'text/html; charset=utf-8', etag: etagOf(body), headers })
      }
      return made
    }),
  ]
}

export function apiAsHtml({ tags, paths }: Described): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ call: `${method.toUpperCase()} ${path}`, operation })),
  )
  const sections = tags.map(({ name }) => {
    const own = operations.filter(({ operation }) => operation.tags[0] === name)
    return `<h2 id="${asText(name)}">${asText(name)}</h2>\n${own.map(operationHtml).join('\n')}`
  })
  return `<h1>API</h1>
<p>For programs: <a href="/v1/openapi.json">OpenAPI 3.1</a>, <a href="/v1/postman.json">a Postman collection</a>. Show a token as
<code>Authorization: Bearer …</code>. What can go wrong: <a href="/docs/problems">problems</a>.</p>
<p>${tags.map(({ name }) => `<a href="#${asText(name)}">${asText(name)}</a>`).join(' · ')}</p>
${sections.join('\n')}`
}

function operationHtml({ call, operation }: { call: string; operation: Operation }): string {
  const { operationId, summary, description = '', parameters = [], requestBody } = operation
  const members = [
    ...parameters.map((one) => ({ ...one, place: one.in })),
    ...Object.values(requestBody?.content ?? {})
      .slice(0, 1)
      .flatMap(({ schema }) =>
        Object.entries(schema.properties ?? {}).map(([name, member]) => ({
          name,
          place: 'body',
          required: schema.required?.includes(name),
          description: member.description,
          schema: member,
        })),
      ),
  ]
  const rows = members.map(
    ({ name, place, required, description: meaning, schema }) =>
      `<dt><code>${asText(name)}</code> (${asText(place)}${required ? ', required' : ''})</dt><dd>${prose(meaning ?? meaningOf(schema))}</dd>`,
  )
  return `<details id="${asText(operationId)}"><summary><code>${asText(call)}</code> ${asText(summary)}</summary>
${description
  .split('\n\n')
  .map((paragraph) => (paragraph === '' ? '' : `<p>${prose(paragraph)}</p>`))
  .join('\n')}
${rows.length === 0 ? '' : `<dl>${rows.join('\n')}</dl>`}
</details>`
}

/** What a member without a description may be. */
function meaningOf(schema: Schema | undefined): string {
  if (!schema) return ''
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(', ')
  const alternatives = (schema.anyOf ?? []).map(meaningOf).filter((text) => text !== '')
  return schema.description ?? schema.type ?? [...new Set(alternatives)].join(' or ')
}

const prose = (text: string): string => asText(text).replace(/`([^`]*)`/g, '<code>$1</code>')
