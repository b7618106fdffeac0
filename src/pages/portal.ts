import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { pagePaths } from '#portal/paths.ts'
import { endpoint } from '#src/http/endpoint.ts'
import { notFound, unavailable } from '#src/http/problems.ts'
import type { RequestFacts } from '#src/http/request.ts'
import { type Response, respond } from '#src/http/respond.ts'
import { type Route, route } from '#src/http/serve.ts'
import { xdmodDialect } from '#src/protocols/xdmod/dialect.ts'

interface PortalNeeds {
  /** Where the built portal stands. */
  readonly directory: string
  readonly title: string
  /** By the address of a page (`/datasets/$`), what its document says to machines, which run no scripts. */
  readonly heads?: Readonly<Record<string, (params: Readonly<Record<string, string>>) => Promise<PageHead | null>>>
}

/** Stands in a page's document for search engines, and whoever follows links of headers. */
export interface PageHead {
  readonly title: string
  readonly description: string
  /** The one address of this page. */
  readonly canonical: string
  /** Linked data (JSON-LD). */
  readonly data: unknown
  /** The header `Link`. */
  readonly link: string
}

const page = (path: string) =>
  endpoint({
    id: `show-page ${path}`,
    method: 'GET',
    // A `$` alone takes all that follows, slashes as well.
    path: path.replace(/\$$/, '*').replaceAll('$', ':'),
    summary: 'A page of the portal',
    access: 'public',
    params: z.record(z.string(), z.string()),
    // What a page shows stands in its address; the page makes sense of it, not the server.
    query: z.looseObject({}),
    media: ['text/html'],
    hidden: true,
    unlimited: true,
    // XDMoD clients 1.0.x ask for `/` first and bring their token along, as a parameter.
    ...(path === '/' && { dialect: xdmodDialect }),
  })

const readAsset = endpoint({
  id: 'read-asset',
  method: 'GET',
  path: '/assets/:file',
  summary: 'A script or style of the portal’s pages',
  access: 'public',
  params: z.object({ file: z.string() }),
  media: ['text/javascript', 'text/css', 'image/svg+xml'],
  hidden: true,
  unlimited: true,
})

const readIcon = endpoint({ ...readAsset, id: 'read-icon', path: '/icon.svg', params: z.object({}) })

interface Portal {
  readonly routes: readonly Route[]
  /** What stands at each page's address; at any other, it says by itself that there is no such page. */
  document(): Promise<Response>
}

/**
 * The portal: one and the same document at the address of every page, and what it fetches. Built files are read once,
 * when they are first asked for; those under `assets/` are named by their content, so browsers keep them for good.
 */
export function openPortal({ directory, title, heads = {} }: PortalNeeds): Portal {
  let reading: Promise<Built> | undefined
  const built = (): Promise<Built> => {
    reading ??= readBuilt(directory).catch((error: unknown) => {
      // It may be built in a moment.
      reading = undefined
      throw unavailable({
        detail: 'The portal’s pages are not built.',
        hint: 'Build them with `npm run build`; the API and the command line work without.',
        cause: error,
      })
    })
    return reading
  }
  const document = async () => documentOf((await built()).index, title)
  const routes = [
    ...pagePaths.map((at) => {
      const headOf = heads[at]
      if (!headOf) return route(page(at), document)
      return route(page(at), async ({ params }) => {
        const [{ index }, head] = await Promise.all([built(), headOf(params)])
        return documentOf(index, title, head)
      })
    }),
    route(readAsset, async ({ params, request }) => {
      const asset = (await built()).files.get(`assets/${params.file}`)
      if (!asset) throw notFound()
      return fileReply(asset, request, 'public, max-age=31536000, immutable')
    }),
    route(readIcon, async ({ request }) => {
      const icon = (await built()).files.get('icon.svg')
      if (!icon) throw notFound()
      return fileReply(icon, request, 'public, max-age=86400')
    }),
  ]
  return { routes, document }
}

interface Asset {
  readonly type: string
  readonly plain: Buffer
  readonly gz?: Buffer
  readonly br?: Buffer
}

interface Built {
  readonly index: string
  readonly files: ReadonlyMap<string, Asset>
}

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
}

/** What isn't listed here can't be asked for: a name from outside is only ever looked up, never opened. */
async function readBuilt(directory: string): Promise<Built> {
  const names = (await readdir(directory, { recursive: true })).map((name) => name.split(path.sep).join('/'))
  const read = (name: string): Promise<Buffer> => readFile(path.join(directory, name))
  const files = new Map<string, Asset>()
  await Promise.all(
    names.map(async (name) => {
      const type = types[path.extname(name)]
      if (type === undefined) return
      const squeezed = async (ending: 'gz' | 'br') =>
        names.includes(`${name}.${ending}`) ? { [ending]: await read(`${name}.${ending}`) } : {}
      files.set(name, { type, plain: await read(name), ...(await squeezed('gz')), ...(await squeezed('br')) })
    }),
  )
  return { index: (await read('index.html')).toString(), files }
}

function fileReply(asset: Asset, { headers }: RequestFacts, cacheControl: string): Response {
  const taken = String(headers['accept-encoding'] ?? '')
  const encoding = asset.br && /\bbr\b/.test(taken) ? 'br' : asset.gz && /\bgzip\b/.test(taken) ? 'gz' : null
  return respond({
    body: (encoding && asset[encoding]) || asset.plain,
    type: asset.type,
    headers: {
      'cache-control': cacheControl,
      vary: 'Accept-Encoding',
      ...(encoding && { 'content-encoding': encoding === 'gz' ? 'gzip' : encoding }),
    },
  })
}

/** Every reply has a nonce of its own, by which the page may add styles; nothing lets it add scripts. */
function documentOf(index: string, title: string, head: PageHead | null = null): Response {
  const nonce = randomBytes(16).toString('base64url')
  // Functions, because a text to put in may hold signs that mean something there: `$&`. What people wrote comes last, so that
  // nothing is looked for in it.
  const filled = index.replaceAll('%NONCE%', () => nonce).replaceAll('%TITLE%', () => asText(title))
  return respond({
    body: head ? withHead(filled, head) : filled,
    type: 'text/html; charset=utf-8',
    headers: {
      'cache-control': 'no-store',
      ...(head && { link: head.link }),
      'content-security-policy': [
        "default-src 'none'",
        "script-src 'self'",
        `style-src 'self' 'nonce-${nonce}'`,
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
      ].join('; '),
    },
  })
}

function withHead(index: string, { title, description, canonical, data }: PageHead): string {
  const parts = [
    `<meta name="description" content="${asText(description)}">`,
    `<link rel="canonical" href="${asText(canonical)}">`,
    // Data, which no browser runs; a `<` in it could end the element.
    `<script type="application/ld+json">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>`,
  ]
  return index
    .replace(/<title>[^<]*<\/title>/, () => `<title>${asText(title)}</title>`)
    .replace('</head>', () => `${parts.join('')}</head>`)
}

/** Text made safe to stand in HTML. */
const asText = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`)
