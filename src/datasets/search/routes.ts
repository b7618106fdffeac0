import { z } from 'zod'
import { nextLink, readCursor, writeCursor } from '#src/http/paging.ts'
import { respond } from '#src/http/respond.ts'
import { type Route, route } from '#src/http/serve.ts'
import { numberOf } from '../dataset-view.ts'
import { search } from './contract.ts'
import { type FacetName, facetNames } from './facets.ts'
import type { DatasetHit, FileHit, Hit } from './search-ask.ts'
import { type SearchNeeds, searchItems } from './search-items.ts'

const Key = z.tuple([z.union([z.string().max(400), z.number()]), z.string().regex(/^\d{1,15}$/)])

const usualFacets: readonly FacetName[] = [
  'state',
  'author',
  'subject',
  'keyword',
  'year',
  'license',
  'collection',
  'file_type',
]

export const searchRoutes = (needs: SearchNeeds): Route[] => [
  route(search, async ({ caller, query, request }) => {
    const after = readCursor(query.cursor, Key)
    const asked = query.facets?.filter((name) => name !== 'none') ?? usualFacets
    const found = await searchItems(needs, caller, {
      question: query.q,
      ...(query.type && { types: query.type }),
      ...(query.below && { below: query.below }),
      filters: facetNames.flatMap((facet) => {
        const values = query[facet]
        return values ? [{ facet, values }] : []
      }),
      ...(query.sort && { sort: query.sort }),
      ...(query.order && { order: query.order }),
      limit: query.limit,
      offset: query.offset,
      ...(after && { after }),
      facets: asked,
      facetValues: query.facet_values,
      countTypes: true,
      matches: query.highlight,
    })
    return respond({
      body: {
        total: found.total,
        counts: found.counts ?? { collection: 0, dataset: 0, file: 0 },
        items: found.hits.map(present),
        facets: found.facets,
      },
      headers: found.next ? { link: nextLink(request, writeCursor(found.next)) } : {},
    })
  }),
]

const presentPlace = ({ dataset, collection, version }: DatasetHit | FileHit) => ({
  dataset: { id: dataset.id, pid: dataset.pid, title: dataset.title, citation: dataset.citation },
  collection,
  version: { number: numberOf(version), state: version.state },
})

function present(hit: Hit) {
  const { id, name, description, states, score, matches } = hit
  const shared = {
    id,
    name,
    description,
    states,
    published_at: hit.publishedAt?.toISOString() ?? null,
    created_at: hit.createdAt.toISOString(),
    updated_at: hit.updatedAt.toISOString(),
    score,
    matches,
  }
  if (hit.type === 'collection') {
    const { alias, affiliation, category, parent, datasets } = hit
    return { ...shared, type: hit.type, alias, affiliation, category, parent, datasets }
  }
  if (hit.type === 'dataset') {
    const { authors, subjects, keywords, files } = hit
    return { ...shared, ...presentPlace(hit), type: hit.type, authors, subjects, keywords, files }
  }
  const { directory, mediaType, group, bytes, md5, sha256, tags, restricted, embargoUntil, mayDownload } = hit
  return {
    ...shared,
    ...presentPlace(hit),
    type: hit.type,
    directory,
    media_type: mediaType,
    type_name: group,
    bytes,
    md5,
    sha256,
    tags,
    restricted,
    embargo_until: embargoUntil,
    may_download: mayDownload,
  }
}
