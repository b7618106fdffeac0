import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { EmptyState } from '#portal/kit/EmptyState.tsx'
import { countedText } from '#portal/kit/figures.ts'
import { LoadMore } from '#portal/kit/LoadMore.tsx'
import { Page } from '#portal/kit/Page.tsx'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { pages, query } from '#portal/kit/queries.ts'
import { AdminCreateDialog } from './AdminCreateDialog.tsx'
import { AdminTokenFilters } from './AdminTokenFilters.tsx'
import { AdminTokenTable } from './AdminTokenTable.tsx'
import { type BulkRevoke, BulkRevokeDialog } from './BulkRevokeDialog.tsx'
import { isFiltered, questionOf, type TokenSearch } from './token-search.ts'
import { WithTokenActs } from './WithTokenActs.tsx'

/** The console's list of everyone's API tokens. */
export function AdminTokensPage() {
  const [creating, setCreating] = useState(false)
  const { data: policy } = useSuspenseQuery(query('GET /v1/tokens/policy'))
  return (
    <Page
      wide
      title="API tokens"
      lead="Everyone’s. A token lets any application get data, start a subscription or refresh a model without a login."
      actions={
        <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setCreating(true)} data-tokens-home>
          Create API Token
        </Button>
      }
    >
      <WithTokenActs>
        <EveryonesTokens />
        <AdminCreateDialog opened={creating} onClose={() => setCreating(false)} policy={policy} />
      </WithTokenActs>
    </Page>
  )
}

function EveryonesTokens() {
  const search: TokenSearch = useSearch({ from: '/admin/tokens' })
  const navigate = useNavigate({ from: '/admin/tokens' })
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [bulk, setBulk] = useState<BulkRevoke | null>(null)
  const question = questionOf(search)
  const list = useInfiniteQuery({
    ...pages('GET /v1/tokens', { query: { ...question, uses_days: 30, limit: 50 } }),
    placeholderData: (before) => before,
  })
  const change = (search: TokenSearch) => {
    setSelected(new Set())
    void navigate({ search, replace: true })
  }
  const tokens = list.data?.pages.flatMap(({ body }) => body.items) ?? []
  const total = list.data?.pages[0]?.body.total ?? 0
  const mayRevokeAll = total > 0 && search.state !== 'expired' && search.state !== 'revoked'
  return (
    <Stack gap="md" aria-busy={list.isPending}>
      <AdminTokenFilters search={search} onChange={change} />
      {list.error && <ProblemAlert error={list.error} retry={() => void list.refetch()} />}
      {list.data && (
        <Group justify="space-between" gap="xs" mih={36}>
          <Text size="sm" role="status">
            {countedText(total, 'token')}
            {selected.size > 0 && `, ${selected.size} selected`}
          </Text>
          <Group gap="xs">
            {selected.size > 0 && (
              <Button
                size="sm"
                color="red"
                onClick={() => setBulk({ tokens: tokens.filter(({ id }) => selected.has(id)) })}
              >
                Revoke selected…
              </Button>
            )}
            {selected.size === 0 && mayRevokeAll && (
              <Button size="sm" variant="default" onClick={() => setBulk({ question })}>
                Revoke all {total} that match…
              </Button>
            )}
          </Group>
        </Group>
      )}
      {tokens.length > 0 && (
        <AdminTokenTable
          tokens={tokens}
          sort={search.sort ?? '-created'}
          onSort={(sort) => change({ ...search, sort })}
          selected={selected}
          onSelect={setSelected}
        />
      )}
      {tokens.length > 0 && <LoadMore list={list} shown={countedText(tokens.length, 'token')} />}
      {list.data && tokens.length === 0 && <NoTokens filtered={isFiltered(search)} onClear={() => change({})} />}
      <BulkRevokeDialog
        asked={bulk}
        onClose={() => setBulk(null)}
        onDone={() => {
          setBulk(null)
          setSelected(new Set())
        }}
      />
    </Stack>
  )
}

function NoTokens({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  if (!filtered)
    return (
      <EmptyState title="Nobody has an API token yet">
        Create one for an integration with the button above; people make their own under My Profile, API Token.
      </EmptyState>
    )
  return (
    <Alert variant="light" color="gray" title="No token matches">
      <Button size="sm" variant="default" onClick={onClear}>
        Show all that live
      </Button>
    </Alert>
  )
}
