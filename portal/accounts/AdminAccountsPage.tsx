import { Button, Stack } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { EmptyState } from '#portal/kit/EmptyState.tsx'
import { countedText } from '#portal/kit/figures.ts'
import { LoadMore } from '#portal/kit/LoadMore.tsx'
import { Page } from '#portal/kit/Page.tsx'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { pages } from '#portal/kit/queries.ts'
import { AdminAccountFilters } from './AdminAccountFilters.tsx'
import { AdminAccountTable } from './AdminAccountTable.tsx'
import { AdminCreateAccount } from './AdminCreateAccount.tsx'
import type { AccountSearch } from './admin-account.ts'

/** Everybody who may come in, and every program that has an account of its own. */
export function AdminAccountsPage() {
  const [creating, { open, close }] = useDisclosure()
  const search: AccountSearch = useSearch({ from: '/admin/accounts' })
  const navigate = useNavigate({ from: '/admin/accounts' })
  const list = useInfiniteQuery({
    // What the address holds is the person's; what the server doesn't know it refuses, and the page says so.
    ...pages('GET /v1/accounts', { query: { ...search, limit: 50 } as object }),
    placeholderData: (before) => before,
  })
  const change = (next: AccountSearch) => void navigate({ search: next, replace: true })
  const accounts = list.data?.pages.flatMap(({ body }) => body.accounts) ?? []
  return (
    <Page
      wide
      title="Accounts"
      lead="People who sign in, and service accounts for which programs show tokens."
      actions={
        <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={open}>
          Create account
        </Button>
      }
    >
      <Stack gap="md" aria-busy={list.isPending}>
        <AdminAccountFilters search={search} onChange={change} />
        {list.error && <ProblemAlert error={list.error} retry={() => void list.refetch()} />}
        {accounts.length > 0 && <AdminAccountTable accounts={accounts} />}
        {accounts.length > 0 && <LoadMore list={list} shown={countedText(accounts.length, 'account')} />}
        {list.data && accounts.length === 0 && (
          <EmptyState
            title="No account matches"
            action={
              <Button variant="default" onClick={() => change({})}>
                Show all
              </Button>
            }
          >
            Nobody here is called that, in that role and state.
          </EmptyState>
        )}
      </Stack>
      <AdminCreateAccount opened={creating} onClose={close} />
    </Page>
  )
}
