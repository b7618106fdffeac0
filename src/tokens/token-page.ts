import type { TokenRow } from './store.ts'

/** Where in the portal a token is managed: its owner's own page; a service account's, which nobody signs in to, the administrators'. */
export const tokenPage = ({ id, account_kind }: Pick<TokenRow, 'id' | 'account_kind'>, siteAddress: string) =>
  account_kind === 'person'
    ? { name: 'My Profile → API Token', address: `${siteAddress}/profile/token` }
    : { name: 'Admin console → API tokens', address: `${siteAddress}/admin/tokens/${id}` }
