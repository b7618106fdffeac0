import type { Page } from 'playwright-core'
import type { TestPortal } from './browser.ts'

/** What a browser test finds in the repository; numbers as addresses have them. */
export interface Deposited {
  readonly collection: string
  /** Of the dataset: `perma:tessera/J8SJZB`. */
  readonly pid: string
  readonly dataset: string
  /** A table among its files. */
  readonly file: string
}

type Given = {
  readonly method?: string
  readonly body?: object
  readonly content?: string | Buffer
  readonly type?: string
}

/** Calls the API as whoever is signed in on the page. */
export const caller =
  (portal: TestPortal, page: Page) =>
  async <T>(path: string, { method, body, content, type = 'application/octet-stream' }: Given = {}): Promise<T> => {
    const reply = await page.context().request.fetch(portal.url + path, {
      method: method ?? (body ? 'POST' : content === undefined ? 'GET' : 'PUT'),
      ...(body && { data: body }),
      ...(content !== undefined && { data: Buffer.from(content) }),
      headers: { origin: portal.url, ...(content !== undefined && { 'content-type': type }) },
    })
    if (!reply.ok()) throw new Error(`${path}: ${reply.status()} ${await reply.text()}`)
    const text = await reply.text()
    return (text === '' ? undefined : JSON.parse(text)) as T
  }

export const counts = `day,species,pool,count\n${Array.from(
  { length: 120 },
  (_, at) =>
    `2026-0${1 + (at % 9)}-${10 + (at % 18)},${at % 3 === 0 ? 'Nucella lapillus' : 'Littorina littorea'},P${at % 7},${(at * 13) % 50}`,
).join('\n')}\n`

/** Half a screen of a gradient. */
export const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAKUlEQVR42mNgoBX4jwMwYBfFIYpdAqc4Y/R/HIA4CZxsMiVwSpAnAQBzZlmnWnhqRwAAAABJRU5ErkJggg==',
  'base64',
)

export const metadata = {
  citation: {
    title: 'Tide pools of Inchkeith',
    subtitle: 'Counts per square metre',
    author: [
      {
        authorName: 'Marsh, Sandra',
        authorAffiliation: 'Sandpiper Lab',
        authorIdentifierScheme: 'ORCID',
        authorIdentifier: '0000-0002-1825-0097',
      },
      { authorName: 'Sandpiper Lab' },
    ],
    datasetContact: [{ datasetContactName: 'Marsh, Sandra', datasetContactEmail: 'sandra@example.org' }],
    dsDescription: [
      {
        dsDescriptionValue:
          'What lives in the tide pools of Inchkeith, counted each month by hand.\nOne row for each species, pool and day.',
      },
    ],
    subject: ['Earth and Environmental Sciences'],
    keyword: [{ keywordValue: 'tide pools' }, { keywordValue: 'dog whelk' }],
  },
  geospatial: { geographicCoverage: [{ country: 'United Kingdom', city: 'Kinghorn' }] },
}

/** A collection with a dataset of files of many kinds, published, as an administrator makes it. */
export async function depositDataset(portal: TestPortal, page: Page, alias = 'sandpiper'): Promise<Deposited> {
  const call = caller(portal, page)
  await call('/v1/collections', {
    body: {
      parent: 'root',
      alias,
      name: 'Sandpiper Lab',
      description: 'What we count on the shore.',
      affiliation: 'University of the Forth',
    },
  })
  await call(`/v1/collections/${alias}/publish`, { body: {} })
  const made = await call<{ id: number; pid: string }>(`/v1/collections/${alias}/datasets`, {
    body: { metadata, license: 'CC BY 4.0' },
  })
  const put = async (path: string, content: string | Buffer, type: string): Promise<string> => {
    const { items } = await call<{ items: { id: number }[] }>(`/v1/datasets/${made.id}/content/${path}`, {
      content,
      type,
    })
    return String(items[0]?.id)
  }
  const file = await put('counts.csv', counts, 'text/csv')
  await put('README.md', '# Tide pools\n\nRead me first.\n', 'text/markdown')
  await put('pictures/pool.png', picture, 'image/png')
  await put('raw/2026/notes.txt', 'Rain.\n'.repeat(30), 'text/plain')
  await put('raw/page.html', '<script>document.title = "run"</script><p>Never run</p>', 'text/html')
  await call(`/v1/datasets/${made.id}/publish`, { body: { type: 'major' } })
  return { collection: alias, pid: made.pid, dataset: String(made.id), file }
}
