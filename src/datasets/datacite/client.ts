import { request } from 'undici'
import type { DataCite } from '../formats/datacite.ts'
import { dataCiteAccountRefused, dataCiteRefused, dataCiteUnreachable } from './problems.ts'

/** How to reach DataCite: https://support.datacite.org/docs/api. */
export interface DataCiteAccount {
  /** `https://api.datacite.org`, without a slash at the end. */
  readonly api: string
  /** `EXAMPLE.REPO` */
  readonly repository: string
  readonly password: string
}

/** What DataCite is to do with a DOI: `publish` makes it findable, `hide` takes it from the index but lets it lead on. */
export type DoiEvent = 'publish' | 'hide'

export interface DataCiteClient {
  /** Makes the DOI, or brings what is known of it up to date. The same call twice is the same as once. */
  register(doi: string, document: DataCite, event: DoiEvent): Promise<void>
  /** Takes a DOI from the index of which nothing else is left to tell. */
  hide(doi: string): Promise<void>
}

/**
 * Speaks DataCite's REST API with the repository's account. Throws `datacite-refused` when the same call would be
 * refused again; `datacite-unreachable` when it might not be, `datacite-account-refused` when it would not be once the
 * account has been set right.
 */
export function openDataCite({ api, repository, password }: DataCiteAccount, agent: string): DataCiteClient {
  const authorization = `Basic ${Buffer.from(`${repository}:${password}`).toString('base64')}`

  async function call(method: 'PUT' | 'POST', path: string, body: unknown) {
    const reply = await request(`${api}${path}`, {
      method,
      headers: {
        authorization,
        accept: 'application/vnd.api+json',
        'content-type': 'application/vnd.api+json',
        'user-agent': agent,
      },
      body: JSON.stringify(body),
      headersTimeout: 30_000,
      bodyTimeout: 30_000,
      signal: AbortSignal.timeout(60_000),
    }).catch((error: unknown) => {
      throw dataCiteUnreachable({ cause: error })
    })
    const text = await reply.body.text().catch(() => '')
    return { status: reply.statusCode, text }
  }

  async function put(doi: string, attributes: object): Promise<void> {
    const body = { data: { id: doi, type: 'dois', attributes: { ...attributes, doi } } }
    const { status, text } = await call('PUT', `/dois/${encodeURIComponent(doi)}`, body)
    if (status >= 200 && status < 300) return
    const detail = `DataCite answered with status ${status}${titleOf(text)}.`
    if (status === 429 || status >= 500) throw dataCiteUnreachable({ detail })
    if (status === 401 || status === 403) throw dataCiteAccountRefused({ detail })
    throw dataCiteRefused({ detail })
  }

  return {
    register: (doi, document, event) => put(doi, { ...document, event }),
    hide: (doi) => put(doi, { event: 'hide' }),
  }
}

/** What DataCite says of an error: one line of it at most. */
function titleOf(text: string): string {
  try {
    const { errors } = JSON.parse(text) as { errors?: { title?: unknown }[] }
    const title = errors?.[0]?.title
    return typeof title === 'string' ? `: ${title.replaceAll(/\s+/g, ' ').slice(0, 200)}` : ''
  } catch {
    return ''
  }
}
