import { attachmentNamed } from '#src/http/content-disposition.ts'
import { etagOf } from '#src/http/etag.ts'
import { respond } from '#src/http/respond.ts'
import { type Route, route } from '#src/http/serve.ts'
import type { DatasetNeeds } from '../needs.ts'
import { visitorOf } from '../visitor-of.ts'
import * as contract from './contract.ts'
import { describeVersion } from './describe-version.ts'
import { citationFormats, formatNamed, formats } from './formats.ts'
import { formatUnknown } from './problems.ts'
import { linkset } from './signposting.ts'

export function formatRoutes(needs: DatasetNeeds): Route[] {
  const listed = (kind: 'metadata' | 'citation') => (one: (typeof formats)[number]) => ({
    name: one.name,
    label: one.label,
    media_type: one.mediaType,
    kind,
    harvested: one.harvested !== undefined,
  })
  return [
    route(contract.listFormats, () => ({
      items: [...formats.map(listed('metadata')), ...citationFormats.map(listed('citation'))],
    })),
    route(contract.exportVersion, async ({ caller, params, request }) => {
      const described = await describeVersion(
        needs,
        await visitorOf(needs, caller, request),
        params.dataset,
        params.version,
      )
      if (params.format === 'linkset')
        return respond({ body: JSON.stringify(linkset(described)), type: 'application/linkset+json' })
      const format = formatNamed(params.format)
      if (!format) throw formatUnknown({ detail: `There is no export format ${JSON.stringify(params.format)}.` })
      const body = format.write(described)
      const name = `${described.pid.replaceAll(/[^A-Za-z0-9.-]+/g, '-')}_${described.version}.${format.name}.${format.extension}`
      return respond({
        body,
        type: `${format.mediaType}; charset=utf-8`,
        etag: etagOf(body),
        headers: { 'content-disposition': attachmentNamed(name), 'cache-control': 'no-cache' },
      })
    }),
  ]
}
