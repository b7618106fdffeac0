import { Stack, Text } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { may, useYou } from '#portal/instance/instance.ts'
import { Page } from '#portal/kit/Page.tsx'
import { query } from '#portal/kit/queries.ts'
import { TokenActions } from './TokenActions.tsx'
import { TokenEvents } from './TokenEvents.tsx'
import { ExpiryLine } from './TokenExpiry.tsx'
import { TokenFacts } from './TokenFacts.tsx'
import { TokenReach } from './TokenReach.tsx'
import { TokenUses } from './TokenUses.tsx'
import type { Token } from './token.ts'
import { WithTokenActs } from './WithTokenActs.tsx'

/** Everything about one token: what it is, who used it, what it reaches, what happened to it. */
export function AdminTokenPage() {
  const { token: id } = useParams({ from: '/admin/tokens/$token' })
  const you = useYou()
  const { data: token } = useSuspenseQuery(query('GET /v1/tokens/:token', { params: { token: id } }))
  // Whoever makes a successor sees its secret: nobody does that for another person.
  const maySucceed = token.account.kind === 'service' || token.account.id === you?.account.id
  return (
    <Page wide title={token.name} lead={<Lead token={token} />}>
      <WithTokenActs>
        <Stack gap="xl">
          <Stack gap="sm">
            <ExpiryLine token={token} level={2} />
            <TokenActions token={token} maySucceed={maySucceed} />
          </Stack>
          <TokenUses token={token} />
          <TokenReach token={token} />
          <TokenFacts token={token} />
          {may(you, 'audit:read') && <TokenEvents token={token} />}
        </Stack>
      </WithTokenActs>
    </Page>
  )
}

const Lead = ({ token }: { token: Token }) => (
  <Text span>
    API token {token.id} of {token.account.user_name}
    {token.account.kind === 'service' && ', a service account'}
    {token.description && `. ${token.description}`}
  </Text>
)
