import { collectionNotFound } from '#src/datasets/problems.ts'
import { rightsOn } from '#src/datasets/rights.ts'
import { searchItems } from '#src/datasets/search/search-items.ts'
import type { Route } from '#src/http/serve.ts'
import { ok } from '../envelope.ts'
import { hearing } from '../hear.ts'
import type { RepositoryNeeds } from '../needs.ts'
import { isTrue } from '../parameters.ts'
import { refused } from '../problems.ts'
import { collectionRef } from '../references.ts'
import { retelling } from '../retelling.ts'
import { search } from './contract.ts'
import { countsJson, facetsJson, itemJson } from './item-json.ts'
import { readAsk } from './read-ask.ts'

export function searchRoutes({ datasets, siteAddress }: RepositoryNeeds): Route[] {
  const route = hearing(datasets.db)
  return [
    route(search, async ({ query, visitor }) => {
      const ask = readAsk(query)
      for (const alias of ask.below ?? []) {
        const absent = () => refused(400, `Could not find dataverse with alias ${alias}`)
        await retelling(
          [
            [collectionNotFound, absent],
            ['hidden', absent],
          ],
          () => rightsOn(datasets.db, visitor, { collection: collectionRef(alias) }),
        )
      }
      const found = await searchItems(datasets, visitor.caller, {
        ...ask,
        ...(ask.below && { below: ask.below.map(collectionRef) }),
      })
      const how = {
        siteAddress,
        showIds: isTrue(query.show_entity_ids),
        showApiUrls: isTrue(query.show_api_urls),
        showMatches: isTrue(query.show_relevance),
      }
      const items = found.hits.map((hit) => itemJson(hit, how))
      return ok({
        q: query.q ?? '',
        total_count: found.total,
        start: ask.offset,
        // pyDataverse 0.4 expects lists where the real server puts texts.
        spelling_alternatives: {},
        items,
        ...(isTrue(query.show_facets) && { facets: facetsJson(found.facets) }),
        ...(isTrue(query.show_type_counts) && { total_count_per_object_type: countsJson(found) }),
        count_in_response: items.length,
      })
    }),
  ]
}
