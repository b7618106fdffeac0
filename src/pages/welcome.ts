import { endpoint } from '#src/http/endpoint.ts'
import { etagOf } from '#src/http/etag.ts'
import { respond } from '#src/http/respond.ts'
import { type Route, route } from '#src/http/serve.ts'
import { xdmodDialect } from '#src/protocols/xdmod/dialect.ts'
import { asText, htmlPage } from './html-page.ts'

/** `/`, until the portal's pages stand there: says what this is and where the doors are. XDMoD clients 1.0.x ask for it first. */
export const readWelcome = endpoint({
  id: 'readWelcome',
  method: 'GET',
  path: '/',
  summary: 'What is served here',
  access: 'public',
  media: ['text/html'],
  hidden: true,
  // They bring their token along, as a parameter.
  dialect: xdmodDialect,
})

export function welcomeRoutes({ title, siteAddress }: { title: string; siteAddress: string }): Route[] {
  const at = asText(siteAddress)
  const { body, headers } = htmlPage(
    title,
    `<h1>${asText(title)}</h1>
<p>A data portal whose front door is the API token. Its pages are still to come; everything they will call is here.</p>
<p>The first question needs no token:</p>
<pre><code>curl '${at}/v1/query?model=flights&amp;metrics=flights,average_delay&amp;dimensions=origin&amp;limit=5'</code></pre>
<dl>
<dt><a href="/docs">/docs</a></dt><dd>The API, to read; for programs as <a href="/v1/openapi.json">OpenAPI 3.1</a> and as a <a href="/v1/postman.json">Postman collection</a></dd>
<dt><a href="/v1/models">/v1/models</a></dt><dd>What can be asked about</dd>
<dt><a href="/health/ready">/health/ready</a></dt><dd>Whether all is well</dd>
</dl>
<p>Make a token at the command line, on the machine that runs this: <code>./tessera token issue --help</code>.
XDMoD’s <code>xdmod-data</code> works with <code>XDMOD_HOST=${at}</code> and the token in <code>XDMOD_API_TOKEN</code>.</p>`,
  )
  const answer = respond({ body, type: 'text/html; charset=utf-8', etag: etagOf(body), headers })
  return [route(readWelcome, () => answer)]
}
