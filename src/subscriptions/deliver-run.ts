import type { Tx } from '#src/database/change.ts'
import { holdRun } from '#src/runs/hold-run.ts'
import { destinationName, webhooksOf } from './definition.ts'
import { deliver } from './deliver.ts'
import { deliverToInboxes, findPending, insertDeliveries, type NewDelivery } from './delivery-store.ts'
import { hashOfSecret } from './links/link-secrets.ts'
import { sliceLoader } from './load-slice.ts'
import { holderOf, type Prepared, type RunNeeds, type Work } from './run-needs.ts'
import { folderSender, mailSender, webhookSender } from './senders.ts'
import { findFiles, putFileLinks } from './slice-store.ts'
import { findWebhookSecrets, putLeaveLinks } from './store.ts'
import { secretsOf } from './webhook-secrets.ts'

/** Who gets what where, and the hashes of the links that will stand in mails: all in one transaction, before anything is sent. */
export async function writeDown(
  { links, clock }: Pick<RunNeeds, 'links' | 'clock'>,
  tx: Tx,
  work: Work,
  { subscription, definition }: Prepared,
  deliveries: readonly NewDelivery[],
): Promise<void> {
  const { run } = work
  await holdRun(tx, holderOf(work))
  const urls = new Map(webhooksOf(definition).map((one) => [destinationName(one), one.url]))
  const addressed = deliveries.map((one) => ({ ...one, address: urls.get(one.destination) ?? one.address }))
  await insertDeliveries(tx, { id: run.id, subscription, report: definition.report }, addressed)
  const at = clock.now()
  const since = { id: subscription.id, since: subscription.createdAt }
  const pending = await findPending(tx, run.id)
  const mails = pending.filter(({ destination }) => destination === 'mail' || destination === 'inbox')
  const leaving = [...new Set(mails.map(({ recipient }) => recipient))].map((recipient) => ({
    hash: hashOfSecret(links.ofLeaving(since, recipient)),
    subscription: subscription.id,
    recipient,
    at,
  }))
  for (let start = 0; start < leaving.length; start += 1000) await putLeaveLinks(tx, leaving.slice(start, start + 1000))
  const files = new Map<number, Awaited<ReturnType<typeof findFiles>>>()
  const fileLinks = []
  for (const { id, slice, destination } of pending) {
    const linked = destination.startsWith('webhook:') || (definition.files === 'linked' && destination !== 'folder')
    if (!linked || destination.startsWith('folder:')) continue
    if (!files.has(slice)) files.set(slice, await findFiles(tx, run.id, slice))
    for (const file of files.get(slice) ?? []) {
      if (file.format === 'view') continue
      const hash = hashOfSecret(links.ofFile(id, file.id))
      fileLinks.push({ hash, deliveryId: id, fileId: file.id, expiresAt: file.expiresAt })
    }
  }
  await putFileLinks(tx, fileLinks)
}

/** Everything that is still to be sent of a run, by all its ways. */
export async function deliverAll(needs: RunNeeds, work: Work, prepared: Prepared): Promise<void> {
  const { db } = needs
  const { subscription, definition } = prepared
  const holder = holderOf(work)
  const loadSlice = sliceLoader(needs, work.run.id)
  const sending = {
    ...needs,
    loadSlice,
    subscription: { id: subscription.id, since: subscription.createdAt },
  }
  const waiting = (await findPending(db, work.run.id)).length
  let ended = await deliverToInboxes(db, holder)
  const tell = (text?: string): void =>
    work.progress(0.3 + (0.7 * ended) / Math.max(1, waiting), text ?? `${ended} of ${waiting} delivered`)
  tell()
  await deliver(
    { db },
    {
      holder,
      patience: needs.patience,
      signal: work.signal,
      senders: [
        mailSender(sending),
        webhookSender({
          ...sending,
          secrets: secretsOf(needs.sealer, subscription.id, await findWebhookSecrets(db, subscription.id)),
          report: definition.report,
          signal: work.signal,
        }),
        folderSender({
          ...sending,
          directory: needs.deliveredDirectory,
          stamp: stampOf(work.run.createdAt, work.run.id),
        }),
      ],
      onWaiting: (reason) => tell(`${ended} of ${waiting} delivered; waiting: ${reason}`),
      onEnded: ({ destination }, { state }) => {
        // The log is read by whoever may start it; to whom and why is told by the deliveries, to whom it is for.
        if (state === 'pending') work.log(`A delivery (${destination}) did not succeed. It is tried again.`, 'warn')
        else ended++
        if (state === 'failed' || state === 'unconfirmed')
          work.log(`A delivery (${destination}): ${state}. The deliveries of the run say why.`, 'error')
        tell()
      },
    },
  )
}

/** Makes the names of a run's files its own: none of an earlier run is lost. */
const stampOf = (at: Date, runId: string): string =>
  `${at.toISOString().slice(11, 16).replace(':', '')}Z ${runId.slice(0, 8)}`
