import type { Readable } from 'node:stream'
import type { Caller } from '#src/access/caller.ts'
import { parseGrant } from '#src/access/grants.ts'
import type { Change, Database } from '#src/database/change.ts'
import type { ContentStore } from '#src/files/content-store.ts'
import { hashOfSecret, type LinkSecrets } from '../links/link-secrets.ts'
import { fillMail, readBundle, withPictures } from '../mail-bundle.ts'
import { recipientMark } from '../make-slice.ts'
import { inboxItemNotFound, linkGone, linkUnknown } from '../problems.ts'
import { type DeliveryFile, findFiles, followFileLink } from '../slice-store.ts'
import { findSubscription } from '../store.ts'
import { countUnread, findInbox, findInboxItem, type Inbox, type InboxRow, markRead } from './store.ts'

export interface InboxNeeds {
  readonly db: Database
  readonly contents: ContentStore
  readonly links: LinkSecrets
}

/**
 * What a caller has in the inbox: an account is somebody, the command line is nobody. A token finds there what was made of
 * reports that it may read, and nothing else.
 */
function inboxOf({ accountId, via, grants }: Caller): Inbox | null {
  if (accountId === null) return null
  if (via !== 'token' || grants.allows('reports:read')) return { accountId, reports: null }
  const reports = grants.toTexts().flatMap((text) => {
    const grant = parseGrant(text)
    return grant?.permission === 'reports:read' && grant.resource !== null ? [grant.resource] : []
  })
  return { accountId, reports }
}

/** What was delivered to whoever asks. */
export async function listInbox(
  { db }: Pick<InboxNeeds, 'db'>,
  caller: Caller,
  page: Parameters<typeof findInbox>[2],
): Promise<{ items: { row: InboxRow; files: DeliveryFile[] }[]; unread: number }> {
  const inbox = inboxOf(caller)
  if (!inbox) return { items: [], unread: 0 }
  const rows = await findInbox(db, inbox, page)
  const items = await Promise.all(rows.map(async (row) => ({ row, files: await filesOf(db, row) })))
  return { items, unread: await countUnread(db, inbox) }
}

const filesOf = async (db: Database, { delivery }: InboxRow): Promise<DeliveryFile[]> =>
  (await findFiles(db, delivery.runId, delivery.slice)).filter(({ format, expired }) => format !== 'view' && !expired)

export async function readInboxItem(
  { db, contents, links }: InboxNeeds,
  caller: Caller,
  id: string,
): Promise<{ row: InboxRow; files: DeliveryFile[]; html: string | null }> {
  const row = await take(db, caller, id)
  const { delivery } = row
  const files = await findFiles(db, delivery.runId, delivery.slice)
  const view = files.find(({ format, expired }) => format === 'view' && !expired)
  const bundle = view ? await readBundle(contents, view.sha256) : null
  const subscription = await findSubscription(db, delivery.subscription)
  const since = { id: delivery.subscription, since: subscription?.createdAt ?? new Date(0) }
  const own = {
    recipient: delivery.name,
    unsubscribe: links.ofLeaving(since, delivery.recipient),
    fileSecret: (file: string) => links.ofFile(delivery.id, file),
  }
  return {
    row,
    files: await filesOf(db, row),
    html: bundle && withPictures(fillMail(bundle, own).html, bundle.images),
  }
}

export async function openInboxFile(
  { db, contents }: InboxNeeds,
  caller: Caller,
  ask: { item: string; file: string },
): Promise<{ file: DeliveryFile; content: Readable }> {
  const { delivery } = await take(db, caller, ask.item)
  const file = (await findFiles(db, delivery.runId, delivery.slice)).find(({ id }) => id === ask.file)
  if (!file || file.format === 'view') throw inboxItemNotFound({ detail: 'There is no such file with it.' })
  return open(contents, file, !file.expired)
}

/** The file behind a link in a mail: for whoever has the link, as long as it holds. */
export async function openLinkedFile(
  { db, contents }: Pick<InboxNeeds, 'db' | 'contents'>,
  secret: string,
): Promise<{ file: DeliveryFile; content: Readable }> {
  const found = await followFileLink(db, hashOfSecret(secret))
  if (!found) throw linkUnknown()
  return open(contents, found.file, found.good)
}

async function open(
  contents: ContentStore,
  file: DeliveryFile,
  good: boolean,
): Promise<{ file: DeliveryFile; content: Readable }> {
  const content = good ? await contents.read(file.sha256) : null
  if (!content)
    throw linkGone(
      file.expired ? { detail: `${file.name} was kept until ${file.expiresAt.toISOString().slice(0, 10)}.` } : {},
    )
  return { file, content }
}

export async function markInbox(
  { clock }: { clock: { now(): Date } },
  change: Change,
  ask: { items: readonly string[] | null; read: boolean },
): Promise<{ changed: number; unread: number }> {
  const inbox = inboxOf(change.actor.caller)
  if (!inbox) return { changed: 0, unread: 0 }
  const changed = await markRead(change.tx, inbox, { items: ask.items, readAt: ask.read ? clock.now() : null })
  if (changed > 0)
    change.note({
      verb: 'inbox.marked',
      subjectType: 'account',
      subjectId: inbox.accountId,
      detail: { read: ask.read, changed },
    })
  return { changed, unread: await countUnread(change.tx, inbox) }
}

async function take(db: Database, caller: Caller, id: string): Promise<InboxRow> {
  const inbox = inboxOf(caller)
  const row = inbox && (await findInboxItem(db, inbox, id))
  if (!row) throw inboxItemNotFound()
  return row
}

export const subjectOf = ({ subject, delivery }: InboxRow): string =>
  subject.replaceAll(recipientMark, () => delivery.name)
export const bodyOf = ({ body, delivery }: InboxRow): string => body.replaceAll(recipientMark, () => delivery.name)
