import { useMutation } from '@tanstack/react-query'
import { isRefused } from '#portal/kit/ask.ts'
import { invalidate } from '#portal/kit/queries.ts'
import type { IssuedToken } from './token.ts'
import { useTokenActs } from './token-acts.ts'

/** After any change of tokens: all that pages show of them is asked again. */
export const tokensChanged = (): Promise<unknown> =>
  invalidate(
    'GET /v1/tokens',
    'GET /v1/tokens/:token',
    'GET /v1/tokens/:token/uses',
    'GET /v1/tokens/:token/reach',
    'GET /v1/audit',
  )

/** A change of tokens; `mutate` does it. */
export function useTokenChange<T>(change: () => Promise<T>, onDone: (result: T) => void) {
  return useMutation({
    mutationFn: change,
    onSuccess: (result) => {
      onDone(result)
      void tokensChanged()
    },
  })
}

/**
 * A change that makes a token: asks for the terms of use first, and shows the secret after. The secret passes through to
 * the dialog that shows it; no cache keeps it.
 */
export function useTokenMaking(make: () => Promise<IssuedToken>, onDone: () => void = () => {}) {
  const { show, agreed, agreeAnew } = useTokenActs()
  const { mutate, isPending, error, reset } = useMutation({
    gcTime: 0,
    mutationFn: async () => {
      const issued = await make()
      onDone()
      show(issued)
    },
    onSuccess: () => void tokensChanged(),
    onError: (problem) => {
      if (isRefused(problem, 'terms-not-accepted')) agreeAnew(() => mutate())
    },
  })
  return { make: () => agreed(() => mutate()), isPending, error, reset }
}
