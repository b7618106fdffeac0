import { Checkbox, Group, Table, Text, UnstyledButton } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconSelector } from '@tabler/icons-react'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import { countedText } from '#portal/kit/figures.ts'
import { Time } from '#portal/kit/Time.tsx'
import { WideTable } from '#portal/kit/WideTable.tsx'
import { Sparkline } from './Sparkline.tsx'
import { TokenExpiry } from './TokenExpiry.tsx'
import { TokenPermissions } from './TokenPermissions.tsx'
import { TokenState } from './TokenState.tsx'
import { isLive, type ListedToken } from './token.ts'
import { nextSort, sortedBy } from './token-search.ts'

interface AdminTokenTableProps {
  readonly tokens: readonly ListedToken[]
  readonly sort: string
  readonly onSort: (sort: string) => void
  readonly selected: ReadonlySet<string>
  readonly onSelect: (selected: ReadonlySet<string>) => void
}

/** Everyone's tokens, a row each; those that live can be selected. */
export function AdminTokenTable({ tokens, sort, onSort, selected, onSelect }: AdminTokenTableProps) {
  const live = tokens.filter(isLive)
  const all = live.length > 0 && live.every(({ id }) => selected.has(id))
  const toggle = (id: string, on: boolean) =>
    onSelect(new Set([...selected].filter((each) => each !== id).concat(on ? id : [])))
  const head = { sort, onSort }
  return (
    <WideTable label="API tokens" minWidth={1240} highlightOnHover>
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={40}>
            <Checkbox
              aria-label="Select all shown"
              checked={all}
              indeterminate={!all && selected.size > 0}
              disabled={live.length === 0}
              onChange={() => onSelect(new Set(all ? [] : live.map(({ id }) => id)))}
            />
          </Table.Th>
          <SortHead column="name" label="Name" {...head} />
          <Table.Th>Account</Table.Th>
          <Table.Th>State</Table.Th>
          <SortHead column="expires" label="Expires" {...head} />
          <SortHead column="last_used" label="Last used" {...head} />
          <Table.Th miw={126}>In 30 days</Table.Th>
          <Table.Th>Permissions</Table.Th>
          <SortHead column="created" label="Created" {...head} />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {tokens.map((token) => (
          <TokenRow
            key={token.id}
            token={token}
            selected={selected.has(token.id)}
            onSelect={(on) => toggle(token.id, on)}
          />
        ))}
      </Table.Tbody>
    </WideTable>
  )
}

interface TokenRowProps {
  readonly token: ListedToken
  readonly selected: boolean
  readonly onSelect: (selected: boolean) => void
}

function TokenRow({ token, selected, onSelect }: TokenRowProps) {
  const uses = token.uses ?? []
  return (
    <Table.Tr data-token={token.id} {...(selected && { bg: 'var(--mantine-primary-color-light)' })}>
      <Table.Td>
        <Checkbox
          aria-label={`Select ${token.name} of ${token.account.user_name}`}
          checked={selected}
          disabled={!isLive(token)}
          onChange={(event) => onSelect(event.currentTarget.checked)}
        />
      </Table.Td>
      <Table.Td miw={170} maw={240} style={{ overflowWrap: 'anywhere' }}>
        <TextLink to="/admin/tokens/$token" params={{ token: token.id }} fw={600}>
          {token.name}
        </TextLink>
        <Text size="xs" c="dimmed" ff="monospace">
          {token.id}
        </Text>
      </Table.Td>
      <Table.Td>
        {token.account.user_name}
        <Text size="xs" c="dimmed">
          {token.account.kind === 'service' ? 'service account' : 'person'}
        </Text>
      </Table.Td>
      <Table.Td>
        <TokenState state={token.state} />
      </Table.Td>
      <Table.Td miw={175}>
        <TokenExpiry token={token} />
      </Table.Td>
      <Table.Td>
        <Time at={token.last_used_at} />
        <Text size="xs" c="dimmed" truncate maw={180}>
          {[token.last_used_address, token.last_used_client].filter(Boolean).join(' · ')}
        </Text>
      </Table.Td>
      <Table.Td>
        <Sparkline uses={uses} width={110} height={24} />
        <Text size="xs" c="dimmed">
          {countedText(
            uses.reduce((sum, each) => sum + each, 0),
            'use',
          )}
        </Text>
      </Table.Td>
      <Table.Td maw={260}>
        <TokenPermissions permissions={token.permissions} brief />
      </Table.Td>
      <Table.Td>
        <Time at={token.created_at} />
      </Table.Td>
    </Table.Tr>
  )
}

interface SortHeadProps {
  readonly column: string
  readonly label: string
  readonly sort: string
  readonly onSort: (sort: string) => void
}

function SortHead({ column, label, sort, onSort }: SortHeadProps) {
  const sorted = sortedBy(column, sort)
  const Icon = { ascending: IconArrowUp, descending: IconArrowDown, none: IconSelector }[sorted]
  return (
    <Table.Th aria-sort={sorted}>
      <UnstyledButton onClick={() => onSort(nextSort(column, sort))} fw={700} fz="sm" mih={24}>
        <Group gap={4} wrap="nowrap">
          {label}
          <Icon size={16} aria-hidden />
        </Group>
      </UnstyledButton>
    </Table.Th>
  )
}
