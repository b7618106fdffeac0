import { Group, List, Skeleton, Stack, Table, Text, Title } from '@mantine/core'
import { IconCheck, IconMinus, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import type { Reply } from '#portal/kit/contracts.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { query } from '#portal/kit/queries.ts'
import { WideTable } from '#portal/kit/WideTable.tsx'
import type { Token } from './token.ts'

type Reach = Reply<'GET /v1/tokens/:token/reach'>

/** What a token could do at this moment, and why not more. */
export function TokenReach({ token }: { token: Token }) {
  const reach = useQuery(query('GET /v1/tokens/:token/reach', { params: { token: token.id } }))
  return (
    <Stack gap="sm" component="section" aria-busy={reach.isPending}>
      <Title order={2} size="h4">
        What it can reach
      </Title>
      {reach.error && <ProblemAlert error={reach.error} retry={() => void reach.refetch()} />}
      {reach.isPending && <Skeleton height={120} />}
      {reach.data && (
        <>
          {!reach.data.works && <Text>It is not accepted now, so it reaches nothing.</Text>}
          <PermissionList permissions={reach.data.permissions} />
          {reach.data.models.length > 0 && <ModelTable models={reach.data.models} />}
        </>
      )}
    </Stack>
  )
}

const PermissionList = ({ permissions }: Pick<Reach, 'permissions'>) => (
  <List spacing={4} listStyleType="none" pl={0}>
    {permissions.map(({ permission, label, resource, effective, why_not: whyNot }) => (
      <List.Item key={`${permission} ${resource}`}>
        <Group gap={8} wrap="nowrap" align="flex-start">
          {effective ? (
            <IconCheck
              size={18}
              color="var(--mantine-color-teal-filled)"
              aria-hidden
              style={{ flexShrink: 0, marginTop: 3 }}
            />
          ) : (
            <IconX
              size={18}
              color="var(--mantine-color-red-filled)"
              aria-hidden
              style={{ flexShrink: 0, marginTop: 3 }}
            />
          )}
          <Text>
            {label}
            {resource !== null && `: ${resource}`}
            {!effective && (
              <Text span c="dimmed">
                {' '}
                (comes to nothing{whyNot && `: ${whyNot}`})
              </Text>
            )}
          </Text>
        </Group>
      </List.Item>
    ))}
  </List>
)

const ModelTable = ({ models }: Pick<Reach, 'models'>) => (
  <WideTable label="Models that the token reaches" minWidth={520} maw={860}>
    <Table.Thead>
      <Table.Tr>
        <Table.Th>Model</Table.Th>
        <Table.Th>Aggregates</Table.Th>
        <Table.Th>Raw rows</Table.Th>
        <Table.Th>Refresh</Table.Th>
        <Table.Th>Rows</Table.Th>
      </Table.Tr>
    </Table.Thead>
    <Table.Tbody>
      {models.map((model) => (
        <Table.Tr key={model.name}>
          <Table.Td>
            <TextLink to="/models/$model" params={{ model: model.name }}>
              {model.label}
            </TextLink>
          </Table.Td>
          <Allowed yes={model.query} />
          <Allowed yes={model.raw} />
          <Allowed yes={model.refresh} />
          <Table.Td>{model.rows_filtered ? 'only the account’s own' : 'all'}</Table.Td>
        </Table.Tr>
      ))}
    </Table.Tbody>
  </WideTable>
)

const Allowed = ({ yes }: { yes: boolean }) => (
  <Table.Td>
    <Group gap={6} wrap="nowrap">
      {yes ? (
        <IconCheck size={18} color="var(--mantine-color-teal-filled)" aria-hidden />
      ) : (
        <IconMinus size={18} color="var(--mantine-color-dimmed)" aria-hidden />
      )}
      {yes ? 'yes' : 'no'}
    </Group>
  </Table.Td>
)
