import { randomBytes } from 'node:crypto'
import { chmod, constants, copyFile, mkdir, open, realpath, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import type { ContentStore } from '#src/files/content-store.ts'
import { storageAway } from '#src/files/problems.ts'
import type { Mailer } from '#src/mail/mailer.ts'
import type { Outbound } from '#src/outbound/open-outbound.ts'
import { addressRefused } from '#src/outbound/problems.ts'
import { Problem } from '#src/problem/problem.ts'
import type { Sender, Sent } from './deliver.ts'
import type { Delivery } from './delivery-store.ts'
import type { LinkSecrets } from './links/link-secrets.ts'
import type { LoadSlice } from './load-slice.ts'
import { fillMail } from './mail-bundle.ts'
import { recipientMark } from './make-slice.ts'

interface SendingNeeds {
  readonly loadSlice: LoadSlice
  readonly links: LinkSecrets
  readonly subscription: { readonly id: string; readonly since: Date }
  /** Address without closing slash. */
  readonly site: { readonly address: string }
}

/** Mails, each composed for its recipient out of the one that was made for all. */
export function mailSender(needs: SendingNeeds & { readonly mailer: Mailer }): Sender {
  const { mailer, loadSlice, links, subscription, site } = needs
  return {
    // Twice as many as connections: the next mails are composed and written down while these are on their way.
    lanes: 2 * mailer.lanes,
    takes: ({ destination }) => destination === 'mail',
    messageIdOf: ({ id }) => mailer.messageIdOf(keyOf(id)),
    async send({ id, slice: number, name, address, recipient }) {
      const { slice, bundle, images, attachments } = await loadSlice(number)
      const leave = links.ofLeaving(subscription, recipient)
      const own = { recipient: name, unsubscribe: leave, fileSecret: (file: string) => links.ofFile(id, file) }
      const posted = await mailer.post({
        key: keyOf(id),
        to: address ?? '',
        subject: slice.subject.replaceAll(recipientMark, () => name),
        ...fillMail(bundle, own),
        images,
        // As it was made: where links to the files stand in it, they are not attached.
        attachments: bundle.marks.files.length > 0 ? [] : await attachments(),
        unsubscribe: `${site.address}/unsubscribe/${leave}`,
      })
      if (posted.outcome === 'accepted') return { state: 'delivered' }
      const { outcome, reason, code } = posted
      if (outcome === 'refused') return { state: 'failed', reason }
      if (outcome === 'unknown') return { state: 'unconfirmed', reason }
      return { state: 'put_off', reason, ...(code === null || code === 421 ? { away: true as const } : {}) }
    },
  }
}

const keyOf = (deliveryId: string): string => `delivery ${deliveryId}`

/** One signed POST for each slice, under an id that stays the same for every attempt. */
export function webhookSender(
  needs: SendingNeeds & {
    readonly outbound: Pick<Outbound, 'send'>
    /** By webhook. */
    readonly secrets: ReadonlyMap<string, string | null>
    readonly report: string
    readonly signal: AbortSignal
  },
): Sender {
  const { outbound, secrets, loadSlice, links, site, subscription, report, signal } = needs
  return {
    lanes: 4,
    takes: ({ destination }) => destination.startsWith('webhook:'),
    messageIdOf: ({ id }) => id,
    async send({ id, slice: number, destination, address, runId }) {
      const secret = secrets.get(destination.slice('webhook:'.length)) ?? null
      if (address === null || secret === null)
        return { state: 'failed', reason: 'The subscription does not have the webhook any more.' }
      const { slice, files } = await loadSlice(number)
      const body = JSON.stringify({
        type: 'subscription.delivered',
        timestamp: new Date().toISOString(),
        data: {
          subscription: subscription.id,
          run: runId,
          report,
          slice: slice.label,
          subject: slice.subject.replaceAll(recipientMark, ''),
          rows: slice.rows,
          files: files.map((file) => ({
            name: file.name,
            format: file.format,
            media_type: file.mediaType,
            bytes: file.bytes,
            sha256: file.sha256,
            url: `${site.address}/d/${links.ofFile(id, file.id)}`,
            expires_at: file.expiresAt.toISOString(),
          })),
        },
      })
      try {
        await outbound.send({
          url: address,
          secret,
          id,
          body,
          contentType: 'application/json',
          signal,
        })
        return { state: 'delivered' }
      } catch (error) {
        return failed(error)
      }
    },
  }
}

function failed(error: unknown): Sent {
  if (!(error instanceof Problem)) throw error
  const reason = error.details.detail ?? error.title
  return error.code === addressRefused.code ? { state: 'failed', reason } : { state: 'put_off', reason }
}

/** Troubles of disks and of the storage that may be over in a moment. */
const passing = new Set(['ENOSPC', 'EIO', 'EMFILE', 'ENFILE', storageAway.code])

/** Files below the data directory; one written again takes its own place. */
export function folderSender(
  needs: Pick<SendingNeeds, 'loadSlice'> & {
    readonly contents: ContentStore
    readonly directory: string
    readonly stamp: string
  },
): Sender {
  const { loadSlice, contents, directory, stamp } = needs
  return {
    lanes: 2,
    takes: ({ destination }) => destination.startsWith('folder:'),
    messageIdOf: () => null,
    async send(delivery: Delivery) {
      const { files } = await loadSlice(delivery.slice)
      try {
        const folder = await folderBelow(directory, delivery.destination.slice('folder:'.length))
        for (const { sha256, name } of files) {
          const { name: stem, ext } = path.parse(name)
          const copy = (file: string) => copyInto(folder, `${stem} ${stamp}${ext}`, file).then(() => true)
          if (!(await contents.withFile(sha256, copy)))
            return { state: 'failed', reason: 'The files are not there any more.' }
        }
        return { state: 'delivered' }
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException
        if (code === undefined) throw error
        const reason = `The files could not be written (${code}).`
        return passing.has(code) ? { state: 'put_off', reason } : { state: 'failed', reason }
      }
    },
  }
}

const name = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u

/** Names separated by slashes, none of which leads anywhere but down. */
export function isFolderPath(text: string): boolean {
  const parts = text.split('/')
  return parts.length <= 6 && parts.every((part) => name.test(part) && !/[ .]$/.test(part))
}

async function folderBelow(directory: string, relative: string): Promise<string> {
  if (!isFolderPath(relative)) throw Object.assign(new Error('this is no folder of ours'), { code: 'EINVAL' })
  const folder = path.join(directory, relative)
  await mkdir(folder, { recursive: true, mode: 0o750 })
  // Somebody may have put a link in the way.
  const [root, real] = await Promise.all([realpath(directory), realpath(folder)])
  if (!real.startsWith(root + path.sep)) throw Object.assign(new Error('the folder leads elsewhere'), { code: 'EXDEV' })
  return real
}

async function copyInto(folder: string, file: string, source: string): Promise<void> {
  const draft = path.join(folder, `.${randomBytes(9).toString('hex')}.draft`)
  try {
    await copyFile(source, draft, constants.COPYFILE_EXCL)
    await chmod(draft, 0o640)
    {
      await using handle = await open(draft, 'r+')
      await handle.sync()
    }
    await rename(draft, path.join(folder, file))
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}
