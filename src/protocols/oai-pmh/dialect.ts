import type { Dialect } from '#src/http/dialect.ts'
import { element, xmlDocument } from '#src/http/xml.ts'

/** Harvesters know two kinds of refusals: the protocol's own, which are replies, and those of HTTP, which wait or give up. */
export const oaiDialect: Dialect = {
  name: 'oai-pmh',
  prefixes: ['/oai'],
  tokenHeaders: [],
  tokenParameters: [],
  renderProblem: (problem, { status }) => ({
    status,
    type: 'text/xml; charset=utf-8',
    body: xmlDocument(element('error', { code: problem.code }, problem.details.detail ?? problem.title)),
  }),
}
