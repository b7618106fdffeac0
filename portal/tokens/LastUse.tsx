import { Time } from '#portal/kit/Time.tsx'
import type { Token } from './token.ts'

/** When a token was last used, from where and by what. */
export function LastUse({ token }: { token: Token }) {
  const { last_used_at: at, last_used_address: address, last_used_client: client } = token
  if (at === null) return <>Not used yet</>
  return (
    <>
      Last used <Time at={at} />
      {address && ` from ${address}`}
      {client && ` with ${client}`}
    </>
  )
}
