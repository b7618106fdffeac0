import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { get as request } from 'node:http'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import zlib from 'node:zlib'
import { createServer } from 'vite'
import { pagePaths } from '#portal/paths.ts'
import { productDirectory } from '#src/base.ts'
import { builtPortal } from '#src/pages/build-portal.ts'
import { asAdmin } from './as-admin.ts'
import { bringPortal } from './browser/built-portal.ts'
import { plainMetadata } from './datasets.ts'
import { type TestProduct, testProduct } from './product.ts'

interface SiteMap {
  readonly router: { readonly routesById: Readonly<Record<string, { readonly id: string; readonly fullPath: string }>> }
}

/** The router's own table, from the sources as the bundler reads them. */
async function routedPaths(): Promise<string[]> {
  const bundler = await createServer({
    root: path.join(productDirectory, 'portal'),
    configFile: false,
    appType: 'custom',
    logLevel: 'error',
    server: { middlewareMode: true, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true },
  })
  try {
    const { router } = (await bundler.ssrLoadModule('/routes.tsx')) as SiteMap
    const routes = Object.values(router.routesById).filter(({ id }) => id !== '__root__')
    return [...new Set(routes.map(({ fullPath }) => fullPath.replace(/(.)\/$/, '$1')))]
  } finally {
    await bundler.close()
  }
}

describe('the portal as it is served', () => {
  let product: TestProduct
  /** Signs that mean something in HTML, and where text is put into text. */
  const title = `Data $& $\` $' <script>alert(1)</script> "%NONCE%"`
  before(async () => {
    await bringPortal()
    product = await testProduct({ TESSERA_GENERAL__TITLE: title })
  })
  after(() => product[Symbol.asyncDispose]())

  const get = (at: string, headers: Record<string, string> = {}) => fetch(product.url + at, { headers })
  const asBrowser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }
  const filled = pagePaths.map((at) => at.replace(/\$\w*/g, 'something'))
  /** Scripts and styles that the document asks for by itself. */
  const assetsOf = (html: string): string[] =>
    [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, at]) => at as string)

  test('has a page for each address that the server knows, and no others', async () => {
    assert.deepEqual((await routedPaths()).sort(), [...pagePaths].sort())
  })

  test('no two of its script files need each other: a browser could not begin with either', async () => {
    const directory = path.join(builtPortal, 'assets')
    const names = (await readdir(directory)).filter((name) => name.endsWith('.js'))
    const needs = new Map<string, string[]>()
    for (const name of names) {
      const code = await readFile(path.join(directory, name), 'utf8')
      // As the bundler writes them: `import{a as b}from"./x.js"`, `import"./x.js"`, `export{a}from"./x.js"`.
      needs.set(
        name,
        [...code.matchAll(/(?:from|import)"\.\/([\w.-]+\.js)"/g)].map(([, other]) => other as string),
      )
    }
    assert.ok([...needs.values()].flat().length > names.length / 2, 'needs were found')
    const settled = new Set<string>()
    const settle = (name: string, way: readonly string[]): void => {
      assert.ok(!way.includes(name), `${[...way, name].join(' needs ')}`)
      if (settled.has(name)) return
      for (const other of needs.get(name) ?? []) settle(other, [...way, name])
      settled.add(name)
    }
    for (const name of names) settle(name, [])
  })

  test('stands at each of its addresses, and says what a browser may do there', async () => {
    for (const at of filled) {
      const reply = await get(at, asBrowser)
      assert.equal(reply.status, 200, at)
      assert.match(reply.headers.get('content-type') ?? '', /^text\/html/, at)
      assert.equal(reply.headers.get('cache-control'), 'no-store', at)
      const policy = reply.headers.get('content-security-policy') ?? ''
      assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self' 'nonce-[\w-]{22}'; /, at)
      assert.doesNotMatch(policy, /unsafe|https?:|\*/, at)
      for (const promised of ["connect-src 'self'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"])
        assert.ok(policy.includes(promised), `${at}: ${promised}`)
      assert.equal(reply.headers.get('x-content-type-options'), 'nosniff', at)
      const html = await reply.text()
      assert.ok(html.includes(`content="${/'nonce-([\w-]+)'/.exec(policy)?.[1]}"`), `${at}: the page knows its nonce`)
      const written = title.replace(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0)};`)
      assert.ok(html.includes(`<title>${written}</title>`), `${at}: the title is text, sign by sign`)
      assert.doesNotMatch(
        html.replaceAll(written, ''),
        /%[A-Z]+%|<script(?![^>]*\bsrc=)|<style|\son\w+=|https?:\/\//,
        at,
      )
    }
  })

  test('says to machines what a published dataset is, and nothing that its author wrote is markup', async () => {
    const ask = await asAdmin(product)
    const hostile = `</script><script>alert(1)</script> "%NONCE%" %TITLE% $& <b onclick=x>`
    const { citation } = plainMetadata({ title: hostile, dsDescription: [{ dsDescriptionValue: hostile }] })
    const made = await ask('/v1/collections/root/datasets', { metadata: { citation } })
    assert.equal(made.status, 201)
    const { id, pid } = (await made.json()) as { id: number; pid: string }
    const before = await get(`/datasets/${pid}`, asBrowser)
    assert.equal(before.headers.get('link'), null, 'a draft is told to nobody')
    assert.ok(!(await before.text()).includes('ld+json'))
    assert.equal((await ask(`/v1/datasets/${id}/publish`, { type: 'major' })).status, 200)
    for (const at of [`/datasets/${pid}`, `/datasets/${id}`, `/datasets/${encodeURIComponent(pid)}`]) {
      const reply = await get(at, asBrowser)
      const html = await reply.text()
      assert.match(reply.headers.get('link') ?? '', /rel="cite-as".*rel="linkset"/, at)
      const [, data = ''] = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(html) ?? []
      assert.equal(JSON.parse(data).name, hostile, at)
      assert.doesNotMatch(
        html.replace(data, ''),
        /<script(?![^>]*\b(src|type="application\/ld\+json")[=>])|<b\s|<style/,
        at,
      )
      const nonce = /'nonce-([\w-]+)'/.exec(reply.headers.get('content-security-policy') ?? '')?.[1] ?? '?'
      assert.equal(html.split(nonce).length, 2, 'the nonce stands in its one place')
      assert.ok(html.includes(`<link rel="canonical" href="http://localhost:8080/datasets/${pid}">`), at)
    }
  })

  test('gives every reply a nonce of its own', async () => {
    const [one, other] = await Promise.all([get('/', asBrowser), get('/', asBrowser)])
    assert.notEqual(one?.headers.get('content-security-policy'), other?.headers.get('content-security-policy'))
  })

  test('is not at other addresses', async () => {
    for (const at of ['/nothing', '/explore/a/b', '/admin/tokens/a/b', '/assets/nothing.js', '/assets/..%2findex.html'])
      assert.equal((await get(at, asBrowser)).status, 404, at)
  })

  test('tells a person that an address is wrong on a page, and a program in a problem document', async () => {
    const typeOf = async (at: string, headers = {}) => (await get(at, headers)).headers.get('content-type')
    for (const at of ['/nothing', '/explore/a/b']) assert.match((await typeOf(at, asBrowser)) ?? '', /^text\/html/, at)
    for (const at of ['/v1/nothing', '/rest/nothing', '/assets/nothing.js'])
      assert.match((await typeOf(at, asBrowser)) ?? '', /json/, at)
    assert.match((await typeOf('/nothing')) ?? '', /problem\+json/)
    const lost = await get('/nothing', asBrowser)
    assert.match(lost.headers.get('content-security-policy') ?? '', /script-src 'self'/)
    assert.equal(lost.headers.get('cache-control'), 'no-store')
  })

  test('is fetched small and once: compressed, and kept for good under a name of its content', async () => {
    const assets = assetsOf(await (await get('/', asBrowser)).text())
    assert.ok(assets.some((at) => at.endsWith('.js')) && assets.some((at) => at.endsWith('.css')), String(assets))
    for (const at of assets) {
      const plain = await get(at, { 'accept-encoding': 'identity' })
      assert.equal(plain.status, 200, at)
      assert.equal(plain.headers.get('cache-control'), 'public, max-age=31536000, immutable', at)
      assert.match(at, /-[\w-]{8,}\.(js|css)$/)
      const text = Buffer.from(await plain.arrayBuffer())
      for (const encoding of ['br', 'gzip'] as const) {
        const squeezed = await rawBody(product.url + at, encoding)
        const unpacked = encoding === 'br' ? zlib.brotliDecompressSync(squeezed) : zlib.gunzipSync(squeezed)
        assert.ok(unpacked.equals(text), `${at} ${encoding}`)
        assert.ok(squeezed.length < text.length * 0.6 || text.length < 4000, `${at} ${encoding}`)
      }
    }
  })
})

/** As it comes over the wire; `fetch` would unpack it. */
async function rawBody(url: string, encoding: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { 'accept-encoding': encoding } }, (reply) => {
      assert.equal(reply.headers['content-encoding'], encoding)
      const parts: Buffer[] = []
      reply.on('data', (part: Buffer) => parts.push(part)).on('end', () => resolve(Buffer.concat(parts)))
    }).on('error', reject)
  })
}
