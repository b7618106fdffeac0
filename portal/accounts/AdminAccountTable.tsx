import { Table, Text } from '@mantine/core'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import { Time } from '#portal/kit/Time.tsx'
import { WideTable } from '#portal/kit/WideTable.tsx'
import { AdminAccountState } from './AdminAccountState.tsx'
import { type Account, kindNames, roleNames } from './admin-account.ts'

export const AdminAccountTable = ({ accounts }: { accounts: readonly Account[] }) => (
  <WideTable label="Accounts" minWidth={760}>
    <Table.Thead>
      <Table.Tr>
        <Table.Th>Account</Table.Th>
        <Table.Th>Kind</Table.Th>
        <Table.Th>Role</Table.Th>
        <Table.Th>State</Table.Th>
        <Table.Th>Last signed in</Table.Th>
        <Table.Th>Made</Table.Th>
      </Table.Tr>
    </Table.Thead>
    <Table.Tbody>
      {accounts.map((account) => (
        <Table.Tr key={account.id}>
          <Table.Td>
            <TextLink to="/admin/accounts/$account" params={{ account: account.id }}>
              {account.user_name}
            </TextLink>
            <Text size="sm" c="dimmed">
              {[account.display_name, account.email].filter(Boolean).join(' · ')}
            </Text>
          </Table.Td>
          <Table.Td>{kindNames[account.kind]}</Table.Td>
          <Table.Td>{roleNames[account.role]}</Table.Td>
          <Table.Td>
            <AdminAccountState account={account} />
          </Table.Td>
          <Table.Td>
            {account.kind === 'service' ? 'does not sign in' : <Time at={account.last_signed_in_at} />}
          </Table.Td>
          <Table.Td>
            <Time at={account.created_at} />
          </Table.Td>
        </Table.Tr>
      ))}
    </Table.Tbody>
  </WideTable>
)
