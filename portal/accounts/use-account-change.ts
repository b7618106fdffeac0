import { useMutation } from '@tanstack/react-query'
import { ask } from '#portal/kit/ask.ts'
import type { Args } from '#portal/kit/contracts.ts'
import { notifyDone } from '#portal/kit/notify.ts'
import { invalidate } from '#portal/kit/queries.ts'
import type { Account } from './admin-account.ts'

type Change = NonNullable<Args<'PATCH /v1/accounts/:account'>['body']>

/** After anything was done to an account: what shows it is asked again. */
export const accountsChanged = () =>
  invalidate('GET /v1/accounts/:account', 'GET /v1/accounts', 'GET /v1/instance', 'GET /v1/audit', 'GET /v1/tokens')

/** Changes one account and says so. */
export function useAccountChange(account: Account, done: string, onDone?: () => void) {
  return useMutation({
    mutationFn: (body: Change) => ask('PATCH /v1/accounts/:account', { params: { account: account.id }, body }),
    onSuccess: async () => {
      onDone?.()
      notifyDone(done)
      await accountsChanged()
    },
  })
}
