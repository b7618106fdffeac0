import type { Database } from '#src/database/change.ts'
import { respond } from '#src/http/respond.ts'
import { type Route, route } from '#src/http/serve.ts'
import { element, xmlDocument } from '#src/http/xml.ts'
import * as contract from './contract.ts'
import { listPages, listParts } from './store.ts'

/** The standard allows so many addresses in one file. */
const perPart = 50_000
const namespace = { xmlns: 'http://www.sitemaps.org/schemas/sitemap/0.9' }

export function harvestRoutes({ db, siteAddress }: { db: Database; siteAddress: string }): Route[] {
  return [
    route(contract.readSitemap, async () => {
      const parts = await listParts(db, perPart)
      const body = element(
        'sitemapindex',
        namespace,
        parts.map(({ after, at }) =>
          element(
            'sitemap',
            {},
            element('loc', {}, `${siteAddress}/sitemaps/${after}.xml`),
            element('lastmod', {}, at.toISOString()),
          ),
        ),
      )
      return respond({ body: xmlDocument(body), type: 'application/xml; charset=utf-8' })
    }),
    route(contract.readSitemapPart, async ({ params }) => {
      const pages = await listPages(db, Number.parseInt(params.part, 10), perPart)
      const body = element(
        'urlset',
        namespace,
        pages.map(({ pid, at }) =>
          element(
            'url',
            {},
            element('loc', {}, `${siteAddress}/datasets/${pid.split('/').map(encodeURIComponent).join('/')}`),
            element('lastmod', {}, at.toISOString()),
          ),
        ),
      )
      return respond({ body: xmlDocument(body), type: 'application/xml; charset=utf-8' })
    }),
    route(contract.readRobots, () =>
      respond({
        type: 'text/plain; charset=utf-8',
        body: [
          'User-agent: *',
          // Pages and what they load are there to be read; the APIs are for programs that know what they want.
          'Allow: /',
          'Disallow: /api/search',
          'Disallow: /v1/search',
          `Sitemap: ${siteAddress}/sitemap.xml`,
          '',
        ].join('\n'),
      }),
    ),
  ]
}
