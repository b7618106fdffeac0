import type { Described } from './described.ts'
import { fieldsOf, identifierOf, webAddress } from './described.ts'
import { formats } from './formats.ts'

/** A typed link of a dataset's page (https://signposting.org/FAIR/). */
export interface Signpost {
  readonly href: string
  readonly rel: 'cite-as' | 'type' | 'author' | 'license' | 'describedby' | 'item' | 'linkset'
  readonly type?: string
}

export const exportAddress = ({ siteAddress, pid, version }: Described, format: string): string =>
  `${siteAddress}/v1/datasets/${encodeURIComponent(pid)}/versions/${version === 'DRAFT' ? 'draft' : version}/export/${encodeURIComponent(format)}`

/** Machines that come to the page find by these what it is about: its id, authors, licence, descriptions and files. */
export function signposts(described: Described): Signpost[] {
  const authors = fieldsOf(described)
    .compounds('author')
    .flatMap(
      (child) => webAddress(identifierOf(child('authorIdentifierScheme'), child('authorIdentifier'))?.id ?? null) ?? [],
    )
  return [
    { rel: 'cite-as', href: described.pidUrl },
    { rel: 'type', href: 'https://schema.org/Dataset' },
    { rel: 'type', href: 'https://schema.org/AboutPage' },
    ...authors.map((href) => ({ rel: 'author', href }) as const),
    ...(described.license ? [{ rel: 'license', href: described.license.uri } as const] : []),
    ...formats.map(
      ({ name, mediaType }) => ({ rel: 'describedby', href: exportAddress(described, name), type: mediaType }) as const,
    ),
    ...described.files
      .filter(({ closed }) => !closed)
      .map(({ address, mediaType }) => ({ rel: 'item', href: address, type: mediaType }) as const),
  ]
}

/** All of them as a link set (RFC 9264), where a header would be too long. */
export function linkset(described: Described): Record<string, unknown> {
  const byRel: Record<string, { href: string; type?: string }[]> = {}
  for (const { rel, href, type } of signposts(described)) {
    byRel[rel] ??= []
    byRel[rel].push({ href, ...(type !== undefined && { type }) })
  }
  return { linkset: [{ anchor: described.landingPage, ...byRel }] }
}

/** Servers and proxies hold headers of some kilobytes only. */
const mostItems = 20

/** The `Link` header of the page. */
export function linkHeader(described: Described): string {
  const posts = signposts(described)
  const items = posts.filter(({ rel }) => rel === 'item')
  const shown: Signpost[] = [
    ...posts.filter(({ rel }) => rel !== 'item'),
    ...(items.length > mostItems ? [] : items),
    { rel: 'linkset', href: exportAddress(described, 'linkset'), type: 'application/linkset+json' },
  ]
  return shown
    .map(({ href, rel, type }) => `<${new URL(href).href}>; rel="${rel}"${type ? `; type="${type}"` : ''}`)
    .filter((link) => /^[\x21-\x7e ]+$/.test(link))
    .join(', ')
}
