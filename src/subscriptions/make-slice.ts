import { randomBytes, randomUUID } from 'node:crypto'
import type { Database } from '#src/database/change.ts'
import type { Document } from '#src/documents/document.ts'
import type { Press } from '#src/documents/press.ts'
import type { ContentStore, Draft } from '#src/files/content-store.ts'
import type { FileFormat } from './definition.ts'
import type { Holder } from './delivery-store.ts'
import { fileName, type UniqueName } from './file-name.ts'
import type { MailBundle } from './mail-bundle.ts'
import { escapeMarkdown, fillPlaceholders, type PlaceholderValues } from './placeholders.ts'
import type { MadeReport } from './report-maker.ts'
import { type DeliveryFile, putSlice } from './slice-store.ts'

/** Stands for the recipient's name in what is kept of a slice: a character that no name and no value holds. */
export const recipientMark = '\uE000'

export interface SliceAsk {
  readonly holder: Holder
  readonly slice: number
  readonly label: string | null
  readonly made: MadeReport
  readonly subscription: string
  readonly owner: string
  readonly reportId: string
  readonly formats: readonly FileFormat[]
  readonly inBody: boolean
  readonly linked: boolean
  readonly subject: string
  readonly body: string
  readonly at: Date
  readonly timeZone: string
  readonly expiresAt: Date
  readonly uniqueName: UniqueName
  readonly signal: AbortSignal
}

export interface SliceNeeds {
  readonly db: Database
  readonly press: Press
  readonly contents: ContentStore
  /** Address without closing slash. */
  readonly site: { readonly address: string }
}

type NewFile = Omit<DeliveryFile, 'expired'>

/** Makes every file of a slice and its mail, and keeps them: all, or nothing when one of them fails. */
export async function makeSlice(needs: SliceNeeds, ask: SliceAsk): Promise<void> {
  const { db, press, contents } = needs
  const { made, holder, slice, label, signal, at, expiresAt } = ask
  const drafts: Draft[] = []
  const files: NewFile[] = []
  const keep = async (
    file: Pick<NewFile, 'format' | 'name' | 'mediaType'>,
    content: Parameters<ContentStore['draft']>[0],
  ): Promise<NewFile> => {
    const draft = await contents.draft(content, { signal })
    drafts.push(draft)
    const { sha256, bytes } = draft
    const kept = { ...file, id: randomUUID(), slice, sha256, bytes, createdAt: at, expiresAt }
    files.push(kept)
    return kept
  }
  try {
    const values = valuesOf(ask)
    const parts = [dayOf(at, ask.timeZone), ...(label === null ? [] : [label])]
    const nameOf = (extension: string, ...more: string[]): string =>
      ask.uniqueName(fileName(made.document.title, [...parts, ...more], extension))
    for (const format of ask.formats) await makeFiles(press, made.document, format, nameOf, signal, keep)
    const bundle = await makeMail(needs, ask, values, files)
    await keep(
      { format: 'view', name: 'mail.json', mediaType: 'application/json' },
      Buffer.from(JSON.stringify(bundle)),
    )
    const kept = {
      slice,
      label,
      rows: made.rows,
      subject: fillPlaceholders(ask.subject, values),
      body: fillPlaceholders(ask.body, values),
    }
    await db.transaction().execute(async (tx) => {
      for (const draft of drafts) await draft.keep(tx)
      await putSlice(tx, holder, kept, files)
    })
  } finally {
    for (const draft of drafts) await draft.discard()
  }
}

export const valuesOf = ({
  made,
  at,
  timeZone,
  subscription,
}: Pick<SliceAsk, 'made' | 'at' | 'timeZone' | 'subscription'>): PlaceholderValues => {
  const clean = (text: string): string => text.replaceAll(recipientMark, '')
  return {
    report: clean(made.document.title),
    date: new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone }).format(at),
    period: clean(made.period),
    rows: made.rows.toLocaleString('en'),
    recipient: recipientMark,
    subscription: clean(subscription),
    parameters: Object.fromEntries(Object.entries(made.parameters).map(([name, value]) => [name, clean(value)])),
  }
}

const dayOf = (at: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone }).format(at)

async function makeFiles(
  press: Press,
  document: Document,
  format: FileFormat,
  nameOf: (extension: string, ...more: string[]) => string,
  signal: AbortSignal,
  keep: (
    file: Pick<NewFile, 'format' | 'name' | 'mediaType'>,
    content: Parameters<ContentStore['draft']>[0],
  ) => Promise<NewFile>,
): Promise<void> {
  if (format === 'pdf') {
    const { bytes, mediaType, extension } = await press.pdf(document, signal)
    await keep({ format, name: nameOf(extension), mediaType }, bytes)
  } else if (format === 'png') {
    const charts = document.blocks.filter((block) => block.kind === 'chart')
    for (const chart of charts) {
      const { bytes, mediaType, extension } = await press.png(chart, signal)
      const name = nameOf(extension, ...(charts.length === 1 ? [] : [chart.title]))
      await keep({ format, name, mediaType }, bytes)
    }
  } else {
    const { stream, mediaType, extension } =
      format === 'xlsx' ? press.xlsx(document) : press.csv(document, { spreadsheet: true })
    await keep({ format, name: nameOf(extension), mediaType }, stream)
  }
}

/** The mail as it is for everybody, with marks where something of the recipient's own will stand. */
export async function makeMail(
  { press, site }: Pick<SliceNeeds, 'press' | 'site'>,
  ask: Pick<
    SliceAsk,
    'made' | 'linked' | 'inBody' | 'signal' | 'body' | 'expiresAt' | 'timeZone' | 'subscription' | 'owner' | 'reportId'
  >,
  values: PlaceholderValues,
  files: readonly NewFile[],
): Promise<MailBundle> {
  const { made, linked, inBody, signal } = ask
  const mark = (what: string): string => `${what}${randomBytes(12).toString('hex')}`
  const marks = {
    recipient: mark('r'),
    unsubscribe: mark('u'),
    files: linked ? files.map(({ id }) => ({ mark: mark('f'), id })) : [],
  }
  const escaped: PlaceholderValues = {
    ...values,
    ...Object.fromEntries(
      (['report', 'date', 'period', 'rows', 'subscription'] as const).map((name) => [
        name,
        escapeMarkdown(values[name]),
      ]),
    ),
    recipient: marks.recipient,
    parameters: Object.fromEntries(
      Object.entries(values.parameters).map(([name, value]) => [name, escapeMarkdown(value)]),
    ),
  }
  const links = marks.files.map(
    ({ mark }, at) => `- [${escapeMarkdown(files[at]?.name ?? '')}](${site.address}/d/${mark})`,
  )
  const message = [fillPlaceholders(ask.body, escaped).trim(), links.join('\n')]
    .filter((part) => part !== '')
    .join('\n\n')
  const footer = [
    ...(linked && files.length > 0 ? [`The links hold until ${dayOf(ask.expiresAt, ask.timeZone)}.`] : []),
    `You get this as a recipient of “${ask.subscription}”, a subscription of ${ask.owner}.`,
  ]
  const printed = await press.mail(
    inBody ? made.document : { ...made.document, blocks: [] },
    {
      ...(message !== '' && { message }),
      link: `${site.address}/reports/${ask.reportId}`,
      footer,
      unsubscribeLink: `${site.address}/unsubscribe/${marks.unsubscribe}`,
    },
    signal,
  )
  return {
    html: printed.html,
    text: printed.text,
    images: printed.images.map(({ cid, filename, png }) => ({
      cid,
      filename,
      png: Buffer.from(png).toString('base64'),
    })),
    marks,
  }
}
