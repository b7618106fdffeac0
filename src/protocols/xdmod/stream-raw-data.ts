import { Readable } from 'node:stream'
import type { Caller } from '#src/access/caller.ts'
import type { RequestFacts } from '#src/http/request.ts'
import { openRawQuestion, type RawQuestion, readRaw, streamRaw } from '#src/warehouse/stream-rows.ts'
import { displayOf } from './describe-raw-realms.ts'
import type { RealmNeeds } from './needs.ts'
import type { Parameters } from './parameters.ts'
import { type RawRequest, readRawAsk } from './read-raw-ask.ts'

/**
 * Clients up to 1.0.x ask for pages, by the limit that the portal tells them; everybody else reads one stream and would take
 * a page for all there is.
 */
export const readsPages = ({ client }: RequestFacts): boolean => /^xdmod-data Python v1\.0\./.test(client ?? '')

/** The framing of portals 11.0.0 and 11.0.1, for who asks for it: it has no end mark, so it is never the default. */
export const wantsTextSequence = ({ headers }: RequestFacts): boolean =>
  /(^|[\s,])application\/json-seq\b/i.test(headers.accept ?? '')

/** One page: the labels of the columns, and at most `rowLimit` rows. */
export async function readRawPage(
  needs: RealmNeeds,
  caller: Caller,
  given: Parameters,
  { signal }: RequestFacts,
): Promise<{ success: true; fields: string[]; data: (string | null)[][] }> {
  const ask = readRawAsk(needs.warehouse.shelf, caller, given)
  const question = open(needs, caller, ask)
  try {
    const page = { limit: needs.rowLimit, offset: ask.offset }
    const rows = await readRaw(needs.warehouse, question, page, { signal, timeoutMs: needs.timeoutMs })
    const data = rows.map((row) => row.map((cell) => (cell === null ? null : String(cell))))
    return { success: true, fields: ask.fields.map(displayOf), data }
  } finally {
    question.release()
  }
}

/** Each row after its length; a line with the length 0 closes the answer, and only a whole one. */
export const streamByLength = (needs: RealmNeeds, caller: Caller, given: Parameters, request: RequestFacts) =>
  streamFramed(needs, caller, given, request, {
    format: 'hex_length_lines',
    header: (labels) => `${Buffer.byteLength(labels).toString(16)}\r\n${labels}\r\n`,
    end: '0\r\n\r\n',
  })

/** A JSON text sequence (RFC 7464). */
export const streamTextSequence = (needs: RealmNeeds, caller: Caller, given: Parameters, request: RequestFacts) =>
  streamFramed(needs, caller, given, request, {
    format: 'json_text_sequence',
    header: (labels) => `\x1e${labels}\n`,
    end: '',
  })

interface Framing {
  readonly format: 'hex_length_lines' | 'json_text_sequence'
  header(labels: string): string
  readonly end: string
}

async function streamFramed(
  needs: RealmNeeds,
  caller: Caller,
  given: Parameters,
  { signal }: RequestFacts,
  framing: Framing,
): Promise<Readable> {
  const ask = readRawAsk(needs.warehouse.shelf, caller, given)
  const question = open(needs, caller, ask)
  const page = { limit: null, offset: ask.offset }
  const options = { signal, timeoutMs: needs.timeoutMs, maxRows: needs.streamLimit }
  const rows = await streamRaw(needs.warehouse, question, framing.format, page, options).catch((error: unknown) => {
    question.release()
    throw error
  })
  const header = framing.header(JSON.stringify(ask.fields.map(displayOf)))
  const framed = Readable.from(addEnds(header, rows.stream, framing.end), { objectMode: false })
  // A reader who leaves before the first byte has not begun to pull, so the rows would be left open.
  rows.stream.on('error', () => {})
  framed.once('close', () => rows.stream.destroy())
  return framed
}

/** When the rows fail half-way this throws, and the end is never written: that is how a client sees it. */
async function* addEnds(header: string, rows: Readable, end: string): AsyncGenerator<Buffer> {
  yield Buffer.from(header)
  yield* rows
  if (end !== '') yield Buffer.from(end)
}

const open = (needs: RealmNeeds, caller: Caller, ask: RawRequest): RawQuestion =>
  openRawQuestion(needs.warehouse, caller, {
    model: ask.realm.catalogue.model,
    fields: ask.fields.map(({ name }) => name),
    filters: [...ask.filters],
    period: { start: ask.start, end: ask.end },
  })
