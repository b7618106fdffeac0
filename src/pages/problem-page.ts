import * as accounts from '#src/accounts/problems.ts'
import * as database from '#src/database/problems.ts'
import { endpoint } from '#src/http/endpoint.ts'
import { etagOf } from '#src/http/etag.ts'
import * as http from '#src/http/problems.ts'
import { statusOf } from '#src/http/render-problem.ts'
import { respond } from '#src/http/respond.ts'
import { type Route, route } from '#src/http/serve.ts'
import * as imports from '#src/imports/problems.ts'
import * as mail from '#src/mail/problems.ts'
import * as models from '#src/models/problems.ts'
import type { ProblemDefinition } from '#src/problem/problem.ts'
import * as xdmod from '#src/protocols/xdmod/problems.ts'
import * as runs from '#src/runs/problems.ts'
import * as settings from '#src/settings/problems.ts'
import * as tokens from '#src/tokens/problems.ts'
import * as warehouse from '#src/warehouse/problems.ts'
import { asText, htmlPage } from './html-page.ts'

const rooms = [accounts, database, http, imports, mail, models, xdmod, runs, settings, tokens, warehouse]

/** Every problem of every room, by code. */
export const allProblems: readonly ProblemDefinition[] = rooms
  .flatMap((room) => Object.values(room) as unknown[])
  .filter((value): value is ProblemDefinition => typeof value === 'function' && 'code' in value && 'title' in value)
  .sort((a, b) => (a.code < b.code ? -1 : 1))

/** Where the `type` of a problem document leads. */
export const readProblems = endpoint({
  id: 'readProblems',
  method: 'GET',
  path: '/docs/problems',
  summary: 'What every problem means',
  access: 'public',
  media: ['text/html'],
  hidden: true,
})

export function problemRoutes({ title }: { title: string }): Route[] {
  const rows = allProblems.map(
    ({ code, kind, title }) =>
      `<dt id="${code}"><code>${code}</code> (${statusOf[kind]})</dt><dd>${asText(title)}.</dd>`,
  )
  const { body, headers } = htmlPage(
    `Problems · ${title}`,
    `<h1>Problems</h1>
<p>The <code>type</code> of a problem document leads here. Its <code>detail</code> says what happened that time, its <code>hint</code> what to do next.</p>
<dl>
${rows.join('\n')}
</dl>`,
  )
  const answer = respond({ body, type: 'text/html; charset=utf-8', etag: etagOf(body), headers })
  return [route(readProblems, () => answer)]
}
