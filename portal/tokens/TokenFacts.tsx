import { Stack, Title } from '@mantine/core'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import { Facts } from '#portal/kit/Facts.tsx'
import { exactTime, Time } from '#portal/kit/Time.tsx'
import { LastUse } from './LastUse.tsx'
import { TokenState } from './TokenState.tsx'
import type { Token } from './token.ts'

/** What a token is, and which ones stand before and after it. */
export function TokenFacts({ token }: { token: Token }) {
  const when = (at: string | null) => at !== null && exactTime(at)
  const facts = [
    { label: 'State', value: <TokenState state={token.state} /> },
    {
      label: 'Account',
      value: (
        <TextLink to="/admin/accounts/$account" params={{ account: token.account.id }}>
          {token.account.user_name}
        </TextLink>
      ),
    },
    { label: 'Made by', value: token.created_by ?? 'the command line' },
    { label: 'Made', value: <Time at={token.created_at} /> },
    { label: 'Valid from', value: when(token.not_before) },
    { label: 'Expires', value: exactTime(token.expires_at) },
    { label: 'Overlap ends', value: when(token.closes_at) },
    { label: 'Revoked', value: when(token.revoked_at) },
    { label: 'Reason', value: token.revoked_reason },
    { label: 'Replaces', value: token.predecessor && <TokenLink id={token.predecessor} /> },
    { label: 'Replaced by', value: token.successor && <TokenLink id={token.successor} /> },
    { label: 'Managed through', value: token.slot },
    { label: 'Last use', value: <LastUse token={token} /> },
  ].filter(({ value }) => value)
  return (
    <Stack gap="sm" component="section">
      <Title order={2} size="h4">
        Facts
      </Title>
      <Facts facts={facts} least={200} />
    </Stack>
  )
}

const TokenLink = ({ id }: { id: string }) => (
  <TextLink to="/admin/tokens/$token" params={{ token: id }} ff="monospace">
    {id}
  </TextLink>
)
