import { element, type Xml, xmlDocument } from '#src/http/xml.ts'
import { writeTime } from '../times.ts'

const atom = 'http://www.w3.org/2005/Atom'
const app = 'http://www.w3.org/2007/app'
const terms = 'http://purl.org/net/sword/terms/'
const state = 'http://purl.org/net/sword/terms/state'
const dcterms = 'http://purl.org/dc/terms/'
export const simpleZip = 'http://purl.org/net/sword/package/SimpleZip'

/** Addresses of what SWORD knows, below `base`. */
export const addresses = (base: string) => ({
  serviceDocument: `${base}/service-document`,
  collection: (alias: string) => `${base}/collection/dataverse/${encodeURIComponent(alias)}`,
  edit: (pid: string) => `${base}/edit/study/${plain(pid)}`,
  editCollection: (alias: string) => `${base}/edit/dataverse/${encodeURIComponent(alias)}`,
  editMedia: (pid: string) => `${base}/edit-media/study/${plain(pid)}`,
  editFile: (id: number, name: string) => `${base}/edit-media/file/${id}/${encodeURIComponent(name)}`,
  statement: (pid: string) => `${base}/statement/study/${plain(pid)}`,
})
export type Addresses = ReturnType<typeof addresses>

/** Persistent ids stand in addresses with their colon and slashes. */
const plain = (pid: string): string => encodeURIComponent(pid).replaceAll('%2F', '/').replaceAll('%3A', ':')

interface Collection {
  readonly alias: string
  readonly name: string
}

/** The workspace comes first, and an alias last in its address: clients read both by their place. */
export const serviceDocument = (at: Addresses, title: string, policy: string, collections: readonly Collection[]) =>
  xmlDocument(
    element(
      'service',
      { xmlns: app, 'xmlns:atom': atom, 'xmlns:sword': terms },
      element(
        'workspace',
        {},
        element('atom:title', {}, title),
        collections.map(({ alias, name }) =>
          element(
            'collection',
            { href: at.collection(alias) },
            element('atom:title', {}, name),
            element('accept', {}, '*/*'),
            element('accept', { alternate: 'multipart-related' }, '*/*'),
            element('sword:collectionPolicy', {}, policy),
            element('sword:mediation', {}, 'false'),
            element('sword:acceptPackaging', {}, simpleZip),
          ),
        ),
      ),
      element('sword:version', {}, '2.0'),
    ),
  )

interface Listed {
  readonly pid: string
  readonly title: string
}

export const collectionFeed = (
  at: Addresses,
  { alias, name, isPublished }: Collection & { readonly isPublished: boolean },
  datasets: readonly Listed[],
  now: Date,
) =>
  xmlDocument(
    element(
      'feed',
      { xmlns: atom },
      element('id', {}, at.collection(alias)),
      element('title', { type: 'text' }, name),
      element('updated', {}, writeTime(now)),
      element('dataverseHasBeenReleased', { xmlns: state }, String(isPublished)),
      datasets.map(({ pid, title }) =>
        element(
          'entry',
          { 'xml:base': at.edit(pid) },
          element('id', {}, at.edit(pid)),
          element('title', { type: 'text' }, title),
          element('link', { rel: 'edit', href: at.edit(pid) }),
          element('link', { rel: 'edit-media', href: at.editMedia(pid) }),
        ),
      ),
    ),
  )

interface Receipt extends Listed {
  readonly citation: string
  /** Where the persistent id leads. */
  readonly url: string
}

export const datasetReceipt = (at: Addresses, { pid, title, citation, url }: Receipt, treatment: string) =>
  xmlDocument(
    element(
      'entry',
      { xmlns: atom, 'xml:base': at.edit(pid) },
      element('id', {}, at.edit(pid)),
      element('title', { type: 'text' }, title),
      element('bibliographicCitation', { xmlns: dcterms }, citation),
      ...links(at.edit(pid)),
      element('link', { rel: 'edit-media', href: at.editMedia(pid) }),
      element('link', { rel: statementRelation, href: at.statement(pid), type: 'application/atom+xml;type=feed' }),
      element('link', { rel: 'alternate', href: url }),
      element('treatment', { xmlns: terms }, treatment),
    ),
  )

export const collectionReceipt = (at: Addresses, { alias, name }: Collection, treatment: string) =>
  xmlDocument(
    element(
      'entry',
      { xmlns: atom },
      element('id', {}, at.editCollection(alias)),
      element('title', { type: 'text' }, name),
      ...links(at.editCollection(alias)),
      element('treatment', { xmlns: terms }, treatment),
    ),
  )

const statementRelation = 'http://purl.org/net/sword/terms/statement'
const links = (edit: string): Xml[] => [
  element('link', { rel: 'edit', href: edit }),
  element('link', { rel: 'http://purl.org/net/sword/terms/add', href: edit }),
]

interface Statement extends Listed {
  readonly authors: readonly string[]
  readonly updatedAt: Date
  /** `DRAFT`, `RELEASED`, `DEACCESSIONED`. */
  readonly state: string
  readonly isLocked: boolean
  readonly isMinorUpdate: boolean
  readonly files: readonly { readonly id: number; readonly name: string; readonly mediaType: string }[]
}

/** A file's address comes first in its entry: clients take number and name from its end. */
export const datasetStatement = (at: Addresses, stated: Statement) =>
  xmlDocument(
    element(
      'feed',
      { xmlns: atom },
      element('id', {}, at.edit(stated.pid)),
      element('link', { rel: 'self', href: at.statement(stated.pid) }),
      element('title', { type: 'text' }, stated.title),
      element('author', {}, element('name', {}, stated.authors.join('; '))),
      element('updated', {}, writeTime(stated.updatedAt)),
      category('latestVersionState', stated.state),
      category('locked', String(stated.isLocked)),
      category('isMinorUpdate', String(stated.isMinorUpdate)),
      stated.files.map(({ id, name, mediaType }) =>
        element(
          'entry',
          {},
          element('content', { type: mediaType, src: at.editFile(id, name) }),
          element('id', {}, at.editFile(id, name)),
          element('title', { type: 'text' }, `Resource ${at.editFile(id, name)}`),
          element('summary', { type: 'text' }, 'Resource Part'),
          element('updated', {}, writeTime(stated.updatedAt)),
        ),
      ),
    ),
  )

const category = (term: string, text: string) => element('category', { term, scheme: state, label: 'State' }, text)

/** `summary` has the text that people are shown. */
export const errorDocument = (kind: string, summary: string, now: Date) =>
  xmlDocument(
    element(
      'sword:error',
      { xmlns: atom, 'xmlns:sword': terms, href: `http://purl.org/net/sword/error/${kind}` },
      element('title', {}, 'ERROR'),
      element('updated', {}, writeTime(now)),
      element('summary', {}, summary),
      element('sword:treatment', {}, 'Processing failed'),
      element('sword:verboseDescription', {}, summary),
    ),
  )
