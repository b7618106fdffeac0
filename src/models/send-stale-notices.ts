import { listAdminAddresses } from '#src/accounts/list-admin-addresses.ts'
import type { Change, Tx } from '#src/database/change.ts'
import type { CompiledModel } from './compile-model.ts'
import { findCurrent, noteStale } from './store.ts'

export interface StaleNeeds {
  readonly models: readonly CompiledModel[]
  readonly clock: { now(): Date }
  readonly site: { readonly address: string }
  readonly timeZone: string
  /** Sends mail once the change commits. */
  readonly queueMail: (tx: Tx, mail: ModelMail) => Promise<void>
}

export interface ModelMail {
  readonly key: string
  readonly to: string
  readonly subject: string
  readonly text: string
}

/**
 * Tells of models whose data have grown older than they promise: once for each snapshot that does, however many processes
 * look. The note that it was told and the mails commit together. Returns the models.
 */
export async function sendStaleNotices(needs: StaleNeeds, change: Change): Promise<string[]> {
  const now = needs.clock.now()
  const told: string[] = []
  for (const model of needs.models) {
    if (model.freshWithinMs === null) continue
    const snapshot = await findCurrent(change.tx, model.name)
    const ageMs = snapshot === null ? 0 : now.getTime() - snapshot.startedAt.getTime()
    if (snapshot === null || ageMs <= model.freshWithinMs) continue
    if (!(await noteStale(change.tx, model.name, snapshot.version))) continue
    const to = model.notify ?? (await listAdminAddresses(change.tx))
    const mail = staleMail(needs, model, snapshot.startedAt)
    for (const address of to)
      await needs.queueMail(change.tx, {
        ...mail,
        key: `model ${model.name}@${snapshot.version} stale, ${address}`,
        to: address,
      })
    change.note({
      verb: 'model.stale_noticed',
      subjectType: 'model',
      subjectId: model.name,
      detail: { version: snapshot.version, recipients: to.length },
    })
    told.push(model.name)
  }
  return told
}

function staleMail(
  { site, timeZone }: StaleNeeds,
  { name, catalogue, freshWithinMs }: CompiledModel,
  startedAt: Date,
): Pick<ModelMail, 'subject' | 'text'> {
  const when = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone }).format(startedAt)
  return {
    subject: `The data of “${catalogue.label}” are older than promised`,
    text: [
      `The model “${catalogue.label}” (${name}) promises data that are no older than ${span(freshWithinMs ?? 0)}. Those that are read are of ${when} (${timeZone}).`,
      'People go on reading them. Its page shows why the last refresh did not do, and lets you ask for another one.',
      `${catalogue.label}: ${site.address}/models/${encodeURIComponent(name)}`,
    ].join('\n\n'),
  }
}

function span(ms: number): string {
  for (const [unit, size] of [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
    ['second', 1000],
  ] as const)
    if (ms % size === 0) return `${ms / size} ${unit}${ms / size === 1 ? '' : 's'}`
  return `${ms / 1000} seconds`
}
