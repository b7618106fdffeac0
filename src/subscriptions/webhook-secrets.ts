import { randomBytes } from 'node:crypto'
import type { Tx } from '#src/database/change.ts'
import type { Sealer } from '#src/files/sealed.ts'
import { type Definition, webhooksOf } from './definition.ts'
import { dropWebhooksBut, findWebhookSecrets, putWebhookSecret } from './store.ts'

export interface NewSecret {
  readonly webhook: string
  readonly secret: string
}

/** As Standard Webhooks writes them; leaves once, and is kept sealed. */
export async function renewSecret(
  { sealer, clock }: { sealer: Sealer; clock: { now(): Date } },
  tx: Tx,
  subscription: string,
  webhook: string,
): Promise<NewSecret> {
  const secret = `whsec_${randomBytes(32).toString('base64')}`
  await putWebhookSecret(tx, subscription, webhook, sealer.seal(secret, place(subscription, webhook)), clock.now())
  return { webhook, secret }
}

/** Makes secrets for webhooks that have none, and forgets those of webhooks that are no more. */
export async function keepSecrets(
  needs: { sealer: Sealer; clock: { now(): Date } },
  tx: Tx,
  subscription: string,
  definition: Definition,
): Promise<NewSecret[]> {
  const ids = webhooksOf(definition).map(({ id }) => id)
  await dropWebhooksBut(tx, subscription, ids)
  const known = await findWebhookSecrets(tx, subscription)
  const made: NewSecret[] = []
  for (const id of ids) if (!known.has(id)) made.push(await renewSecret(needs, tx, subscription, id))
  return made
}

/** With what each webhook is signed; null: it can't be opened. */
export const secretsOf = (
  sealer: Sealer,
  subscription: string,
  sealed: ReadonlyMap<string, string>,
): Map<string, string | null> =>
  new Map([...sealed].map(([id, secret]) => [id, sealer.open(secret, place(subscription, id))]))

const place = (subscription: string, webhook: string): string => `subscription_webhooks:${subscription}:${webhook}`
