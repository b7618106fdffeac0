import { useMutation } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { ask } from '#portal/kit/ask.ts'
import type { Reply } from '#portal/kit/contracts.ts'
import { idempotencyKey } from '#portal/kit/idempotency-key.ts'
import { invalidate } from '#portal/kit/queries.ts'
import { askOf, type Draft } from './draft.ts'
import type { Subscription } from './subscription.ts'

export type WebhookSecrets = NonNullable<Reply<'POST /v1/subscriptions'>['webhook_secrets']>

/** A subscription as it was read, with the tag that says so. */
export interface SavedSubscription {
  readonly subscription: Subscription
  readonly tag: string
}

/** After any change of subscriptions: all that pages show of them is asked again. */
export const subscriptionsChanged = (): Promise<unknown> =>
  invalidate('GET /v1/subscriptions', 'GET /v1/subscriptions/:subscription', 'GET /v1/runs')

/**
 * Saves what was written, under the version that it began with. New secrets of webhooks are held here, in the state of the
 * page and nowhere else, until they have been seen; only then it goes on.
 */
export function useSave(saved: SavedSubscription | null, draft: Draft) {
  const [secrets, setSecrets] = useState<WebhookSecrets>([])
  const then = useRef<() => void>(() => {})
  const { mutate, isPending, error } = useMutation({
    gcTime: 0,
    mutationFn: async ({ done, key }: { done: (id: string) => void; key: string }) => {
      const reply = saved
        ? await ask('PUT /v1/subscriptions/:subscription', {
            params: { subscription: saved.subscription.id },
            body: askOf(draft),
            headers: { 'if-match': saved.tag },
          })
        : await ask('POST /v1/subscriptions', {
            body: { ...askOf(draft), id: draft.id },
            headers: { 'idempotency-key': key },
          })
      then.current = () => done(reply.id)
      if (reply.webhook_secrets && reply.webhook_secrets.length > 0) setSecrets(reply.webhook_secrets)
      else then.current()
    },
    onSuccess: () => void subscriptionsChanged(),
  })
  return {
    save: (done: (id: string) => void) => mutate({ done, key: idempotencyKey() }),
    isPending,
    error,
    secrets,
    /** The secrets have been seen. */
    put: () => {
      setSecrets([])
      then.current()
    },
  }
}
