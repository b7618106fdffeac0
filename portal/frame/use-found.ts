import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { may, useYou } from '#portal/instance/instance.ts'
import { query } from '#portal/kit/queries.ts'
import type { Command } from './palette-matches.ts'

interface Found {
  readonly commands: Command[]
  readonly searching: boolean
}

/** Reports, datasets and collections that the server finds for what was typed; accounts and tokens for those who administer them. */
export function useFound(typed: string): Found {
  const you = useYou()
  const { navigate } = useRouter()
  const [search] = useDebouncedValue(typed.trim(), 200)
  const enough = search.length >= 2
  const accounts = useQuery({
    ...query('GET /v1/accounts', { query: { search, limit: 5 } }),
    enabled: enough && may(you, 'accounts:admin'),
    placeholderData: keepPreviousData,
  })
  const tokens = useQuery({
    ...query('GET /v1/tokens', { query: { everyone: 'true', search, limit: 5 } }),
    enabled: enough && may(you, 'tokens:admin'),
    placeholderData: keepPreviousData,
  })
  const reports = useQuery({
    ...query('GET /v1/reports', { query: { search, limit: 8 } }),
    enabled: enough && may(you, 'reports:read'),
    placeholderData: keepPreviousData,
  })
  const deposited = useQuery({
    ...query('GET /v1/search', {
      query: { q: search, type: ['dataset', 'collection'] as never, limit: 5, facets: 'none', highlight: false },
    }),
    enabled: enough,
    placeholderData: keepPreviousData,
  })
  if (!enough) return { commands: [], searching: false }
  return {
    searching:
      accounts.isFetching || tokens.isFetching || reports.isFetching || deposited.isFetching || search !== typed.trim(),
    commands: [
      ...(reports.data?.items ?? []).map(({ id, title, description }) => ({
        id: `report ${id}`,
        label: title,
        description,
        group: 'Reports',
        found: true,
        run: () => navigate({ to: '/reports/$report', params: { report: id } }),
      })),
      ...(deposited.data?.items ?? []).flatMap((item) =>
        item.type === 'file'
          ? []
          : [
              {
                id: `${item.type} ${item.id}`,
                label: item.name,
                description: item.description,
                group: item.type === 'dataset' ? 'Datasets' : 'Collections',
                found: true,
                run: () =>
                  item.type === 'dataset'
                    ? navigate({ to: '/datasets/$', params: { _splat: item.dataset.pid } })
                    : navigate({ to: '/collections/$collection', params: { collection: item.alias } }),
              },
            ],
      ),
      ...(accounts.data?.accounts ?? []).map(({ id, user_name, display_name, role, state }) => ({
        id: `account ${id}`,
        label: display_name,
        description: `${user_name}, role ${role}${state === 'disabled' ? ', disabled' : ''}`,
        group: 'Accounts',
        found: true,
        run: () => navigate({ to: '/admin/accounts/$account', params: { account: id } }),
      })),
      ...(tokens.data?.items ?? []).map(({ id, name, account, state }) => ({
        id: `token ${id}`,
        label: name,
        description: `API token of ${account.user_name}, ${state}`,
        group: 'API tokens',
        found: true,
        run: () => navigate({ to: '/admin/tokens/$token', params: { token: id } }),
      })),
    ],
  }
}
