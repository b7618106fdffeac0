import { Skeleton, Stack, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import { countedText } from '#portal/kit/figures.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { query } from '#portal/kit/queries.ts'
import { Time } from '#portal/kit/Time.tsx'
import { WideTable } from '#portal/kit/WideTable.tsx'
import type { Account } from './admin-account.ts'

/** The API tokens that speak for an account; what can be done with them stands on their own pages. */
export function AdminAccountTokens({ account: { user_name } }: { account: Account }) {
  const tokens = useQuery(query('GET /v1/tokens', { query: { account: user_name, limit: 20 } }))
  const items = tokens.data?.items ?? []
  return (
    <Stack gap="sm" component="section" aria-busy={tokens.isPending}>
      <Title order={2} size="h4">
        API tokens
      </Title>
      {tokens.error && <ProblemAlert error={tokens.error} retry={() => void tokens.refetch()} />}
      {tokens.isPending && <Skeleton height={80} />}
      {tokens.data && items.length === 0 && <Text c="dimmed">None has been made.</Text>}
      {items.length > 0 && (
        <WideTable label="API tokens of this account" minWidth={620}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Name</Table.Th>
              <Table.Th>State</Table.Th>
              <Table.Th>Expires</Table.Th>
              <Table.Th>Last used</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map(({ id, name, state, expires_at, last_used_at }) => (
              <Table.Tr key={id}>
                <Table.Td>
                  <TextLink to="/admin/tokens/$token" params={{ token: id }}>
                    {name}
                  </TextLink>
                </Table.Td>
                <Table.Td>{state}</Table.Td>
                <Table.Td>
                  <Time at={expires_at} />
                </Table.Td>
                <Table.Td>
                  <Time at={last_used_at} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </WideTable>
      )}
      {tokens.data && tokens.data.total > items.length && (
        <TextLink to="/admin/tokens" search={{ account: user_name, state: 'any' }} size="sm">
          All {countedText(tokens.data.total, 'token')}
        </TextLink>
      )}
    </Stack>
  )
}
