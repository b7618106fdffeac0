import type { Dialect } from '#src/http/dialect.ts'
import { messagePage } from './message-page.ts'

/** Addresses that stand in mails: whoever follows them has a browser and no account, so problems are pages too. */
export const mailDialect: Dialect = {
  name: 'mail',
  prefixes: ['/d/', '/unsubscribe/'],
  tokenHeaders: [],
  tokenParameters: [],
  renderProblem: (problem, { status }) => {
    const { detail, hint } = problem.details
    const page = messagePage({ title: problem.title, text: [detail, hint].filter((line) => line !== undefined) })
    return { status, body: page.html, type: page.type, headers: page.headers }
  },
}
