import { useMutation } from '@tanstack/react-query'
import { ask } from '#portal/kit/ask.ts'
import { idempotencyKey } from '#portal/kit/idempotency-key.ts'
import { notifyDone, notifyProblem } from '#portal/kit/notify.ts'
import { subscriptionsChanged } from './use-save.ts'

type Act = 'pause' | 'resume' | 'archive'

const told: Readonly<Record<Act, string>> = {
  pause: 'is paused.',
  resume: 'goes on.',
  archive: 'is put away.',
}

/** Pauses, resumes or puts a subscription away. */
export function useStateChange({ id, name }: { readonly id: string; readonly name: string }) {
  return useMutation({
    mutationFn: (act: Act) => {
      const params = { subscription: id }
      if (act === 'pause') return ask('POST /v1/subscriptions/:subscription/pause', { params })
      if (act === 'resume') return ask('POST /v1/subscriptions/:subscription/resume', { params })
      return ask('POST /v1/subscriptions/:subscription/archive', { params })
    },
    onSuccess: (_, act) => {
      notifyDone(`${name} ${told[act]}`)
      void subscriptionsChanged()
    },
    onError: notifyProblem,
  })
}

interface StartAsk {
  readonly test: boolean
  readonly cause?: string
  readonly key?: string
}

/** Starts a subscription now, or a test that goes to oneself only; `onStarted` gets the run. */
export function useStart(id: string, onStarted: (run: string) => void) {
  return useMutation({
    mutationFn: ({ test, cause, key = idempotencyKey() }: StartAsk) => {
      const headers = { 'idempotency-key': key }
      const params = { subscription: id }
      return test
        ? ask('POST /v1/subscriptions/:subscription/test', { params, headers })
        : ask('POST /v1/subscriptions/:subscription/runs', { params, headers, body: cause ? { cause } : {} })
    },
    onSuccess: (run) => {
      onStarted(run.id)
      void subscriptionsChanged()
    },
    onError: notifyProblem,
  })
}
