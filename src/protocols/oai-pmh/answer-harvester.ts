import { type Format, formats } from '#src/datasets/formats/formats.ts'
import type { Harvest, Told } from '#src/datasets/harvest/harvest.ts'
import { element, type Xml, type XmlContent, xmlDocument } from '#src/http/xml.ts'
import {
  OaiError,
  type OaiRequest,
  type OaiVerb,
  type Place,
  readArguments,
  readPlace,
  readRange,
  stamp,
  writePlace,
} from './arguments.ts'

export interface HarvestNeeds {
  readonly harvest: Harvest
  readonly title: string
  readonly siteAddress: string
  /** Harvesters write to it when something goes wrong. */
  readonly adminAddress: string
}

const perPage = { ListRecords: 50, ListIdentifiers: 500 } as const

/** Answers one request of a harvester; refusals of the protocol are answers too. */
export async function answerHarvester(
  needs: HarvestNeeds,
  given: Readonly<Record<string, string | readonly string[]>>,
  now: Date,
): Promise<string> {
  const baseUrl = `${needs.siteAddress}/oai`
  try {
    const request = readArguments(given)
    const answer = await answers[request.verb](needs, request)
    return envelope(
      now,
      element('request', { verb: request.verb, ...request.arguments }, baseUrl),
      element(request.verb, {}, answer),
    )
  } catch (error) {
    if (!(error instanceof OaiError)) throw error
    // Arguments that were not understood are not said again.
    return envelope(now, element('request', {}, baseUrl), element('error', { code: error.code }, error.message))
  }
}

const envelope = (now: Date, ...content: readonly Xml[]): string =>
  xmlDocument(
    element(
      'OAI-PMH',
      {
        xmlns: 'http://www.openarchives.org/OAI/2.0/',
        'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
        'xsi:schemaLocation': 'http://www.openarchives.org/OAI/2.0/ http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd',
      },
      element('responseDate', {}, stamp(now)),
      content,
    ),
  )

type Answer = (needs: HarvestNeeds, request: OaiRequest) => Promise<XmlContent>

const answers: Readonly<Record<OaiVerb, Answer>> = {
  Identify: async (needs) => [
    element('repositoryName', {}, needs.title),
    element('baseURL', {}, `${needs.siteAddress}/oai`),
    element('protocolVersion', {}, '2.0'),
    element('adminEmail', {}, needs.adminAddress),
    element('earliestDatestamp', {}, stamp(await needs.harvest.earliest())),
    element('deletedRecord', {}, 'transient'),
    element('granularity', {}, 'YYYY-MM-DDThh:mm:ssZ'),
  ],

  ListMetadataFormats: async (needs, { arguments: { identifier } }) => {
    if (identifier !== undefined) await found(needs, identifier)
    return formats.flatMap(({ harvested }) =>
      harvested
        ? [
            element(
              'metadataFormat',
              {},
              element('metadataPrefix', {}, harvested.prefix),
              element('schema', {}, harvested.schema),
              element('metadataNamespace', {}, harvested.namespace),
            ),
          ]
        : [],
    )
  },

  ListSets: async (needs, { arguments: { resumptionToken } }) => {
    // All sets fit one answer, so no token of them was ever given out.
    if (resumptionToken !== undefined) throw new OaiError('badResumptionToken', 'Lists of sets are whole.')
    return (await needs.harvest.sets()).map(({ alias, name }) =>
      element('set', {}, element('setSpec', {}, alias), element('setName', {}, name)),
    )
  },

  GetRecord: async (needs, { arguments: { identifier, metadataPrefix } }) =>
    record(needs, await found(needs, identifier!), harvestable(metadataPrefix!)),

  ListIdentifiers: (needs, request) => list(needs, request, (one) => Promise.resolve(header(one))),
  ListRecords: (needs, request) => list(needs, request, (one, format) => record(needs, one, format)),
}

async function list(
  needs: HarvestNeeds,
  { verb, arguments: given }: OaiRequest,
  write: (one: Told, format: Harvestable) => Promise<Xml>,
): Promise<XmlContent> {
  const place = given.resumptionToken === undefined ? null : readPlace(given.resumptionToken)
  const format = harvestable(place?.prefix ?? given.metadataPrefix!)
  const range = place
    ? {
        from: place.from === null ? null : new Date(place.from),
        until: place.until === null ? null : new Date(place.until),
      }
    : readRange(given)
  const set = place ? place.set : (given.set ?? null)
  const after = place ? { at: new Date(place.after.at), id: place.after.id } : null
  const limit = perPage[verb as keyof typeof perPage]
  const items = await needs.harvest.list({ ...range, set, after, limit: limit + 1 })
  if (items.length === 0) throw new OaiError('noRecordsMatch', 'Nothing that is published matches.')
  const page = items.slice(0, limit)
  const last = page.at(-1)!
  const cursor = place?.cursor ?? 0
  const next: Place | null =
    items.length > limit
      ? {
          prefix: format.prefix,
          from: range.from?.toISOString() ?? null,
          until: range.until?.toISOString() ?? null,
          set,
          after: { at: last.at.toISOString(), id: last.id },
          cursor: cursor + page.length,
        }
      : null
  const written: Xml[] = []
  for (const one of page) written.push(await write(one, format))
  const sizes = { cursor }
  if (next) return [written, element('resumptionToken', sizes, writePlace(next))]
  // The last page of several says with an empty one that it is.
  return place ? [written, element('resumptionToken', sizes)] : written
}

type Harvestable = NonNullable<Format['harvested']>

function harvestable(prefix: string): Harvestable {
  const format = formats.find(({ harvested }) => harvested?.prefix === prefix)?.harvested
  if (!format)
    throw new OaiError('cannotDisseminateFormat', 'There is no such metadataPrefix; ListMetadataFormats lists them.')
  return format
}

async function found(needs: HarvestNeeds, identifier: string): Promise<Told> {
  const one = await needs.harvest.find(identifier)
  if (!one) throw new OaiError('idDoesNotExist', 'Nothing with this identifier is published here.')
  return one
}

const header = ({ pid, at, deleted, sets }: Told): Xml =>
  element(
    'header',
    { status: deleted ? 'deleted' : null },
    element('identifier', {}, pid),
    element('datestamp', {}, stamp(at)),
    sets.map((set) => element('setSpec', {}, set)),
  )

async function record(needs: HarvestNeeds, one: Told, format: Harvestable): Promise<Xml> {
  const described = one.deleted ? null : await needs.harvest.describe(one.id)
  return element('record', {}, header(one), described && element('metadata', {}, format.element(described)))
}
