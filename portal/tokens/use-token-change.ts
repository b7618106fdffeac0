import { useMutation } from '@tanstack/react-query'
import { useRef } from 'react'
import { isRefused } from '#portal/kit/ask.ts'
import { invalidate } from '#portal/kit/queries.ts'
import type { IssuedToken } from './token.ts'
import { useTokenActs } from './token-acts.ts'

/** After any change of tokens: all that pages show of them is asked again. */
export const tokensChanged = (): Promise<unknown> =>
  invalidate(
    'GET /v1/tokens',
    'GET /v1/tokens/:token',
    'GET /v1/tokens/slots/:slot',
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
 * the dialog that shows it; no cache keeps it. Asked a second time before the first is answered, by a double click, it
 * does nothing: of two tokens one would go unseen.
 */
export function useTokenMaking(make: () => Promise<IssuedToken>, onDone: () => void = () => {}) {
  const { show, agreed, agreeAnew } = useTokenActs()
  // `isPending` is told only at the next drawing, which is too late for a second click.
  const making = useRef(false)
  const { mutate, isPending, error, reset } = useMutation({
    gcTime: 0,
    mutationFn: async () => {
      const issued = await make()
      onDone()
      show(issued)
    },
    onSuccess: () => void tokensChanged(),
    onError: (problem) => {
      if (isRefused(problem, 'terms-not-accepted')) agreeAnew(begin)
    },
    onSettled: () => {
      making.current = false
    },
  })
  const begin = () => {
    if (making.current) return
    making.current = true
    mutate()
  }
  return { make: () => agreed(begin), isPending, error, reset }
}
