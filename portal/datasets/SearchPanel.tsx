import { Badge, Button, Group, NativeSelect, Pagination, Skeleton, Stack, Text, VisuallyHidden } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconFilter, IconX } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { EmptyState } from '#portal/kit/EmptyState.tsx'
import { countedText, countText } from '#portal/kit/figures.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { FacetPanel } from './FacetPanel.tsx'
import { FoundItem } from './FoundItem.tsx'
import { KindTabs } from './KindTabs.tsx'
import { SearchField } from './SearchField.tsx'
import style from './SearchPanel.module.css'
import { searchQuery } from './search-query.ts'
import { type FacetName, type Found, isNarrowed, type Order, orderOf, orders, toggleFacet } from './search-words.ts'

interface SearchPanelProps {
  readonly found: Found
  readonly onChange: (found: Found) => void
  /** Alias of the collection below which is searched; null: everywhere. */
  readonly below: string | null
  /** Of the field: "Search in Physics". */
  readonly label: string
  /** What stands where there is nothing at all. */
  readonly nothing: ReactNode
}

/** As many hits stand on one page. */
const perPage = 20
/** The server counts on, but nobody reads so far. */
const mostPages = 500

/** A search with everything that narrows it; all of it stands in the address. */
export function SearchPanel({ found, onChange, below, label, nothing }: SearchPanelProps) {
  const [filtersOpened, filters] = useDisclosure()
  const { data, error, isFetching, isPlaceholderData, refetch } = useQuery({
    ...searchQuery(found, below, perPage),
    placeholderData: keepPreviousData,
  })
  const chosen = Object.entries(found.facets).flatMap(([name, values]) =>
    values.map((value) => ({ name: name as FacetName, value })),
  )
  const isEmpty = data !== undefined && data.total === 0 && !isNarrowed(found)
  const pageCount = Math.min(mostPages, Math.ceil((data?.total ?? 0) / perPage))
  return (
    <Stack gap="md">
      <SearchField
        label={label}
        value={found.q}
        onSearch={(q) => onChange({ ...found, q, page: 1, order: orderOf(q) })}
      />
      {error && <ProblemAlert error={error} retry={() => void refetch()} />}
      {isEmpty && nothing}
      {!isEmpty && !error && (
        <div className={style.columns}>
          <section aria-label="Narrow down">
            <VisuallyHidden component="h2">Narrow down</VisuallyHidden>
            <Button
              hiddenFrom="md"
              fullWidth
              variant="default"
              leftSection={<IconFilter size={16} aria-hidden />}
              aria-expanded={filtersOpened}
              onClick={filters.toggle}
            >
              Narrow down{chosen.length > 0 && ` (${chosen.length})`}
            </Button>
            <div className={style.facets} data-opened={filtersOpened || undefined}>
              {data ? <FacetPanel facets={data.facets} found={found} onChange={onChange} /> : <Skeleton height={240} />}
            </div>
          </section>
          <Stack gap="sm" miw={0}>
            <VisuallyHidden component="h2">Results</VisuallyHidden>
            <Group justify="space-between" align="flex-end" gap="sm">
              <KindTabs
                kind={found.kind}
                counts={data?.counts ?? null}
                choose={(kind) => onChange({ ...found, kind, page: 1 })}
              />
              <NativeSelect
                aria-label="Order"
                data={Object.entries(orders).map(([value, order]) => ({ value, label: order.label }))}
                value={found.order}
                onChange={({ currentTarget }) => onChange({ ...found, order: currentTarget.value as Order, page: 1 })}
              />
            </Group>
            {chosen.length > 0 && (
              <Group gap={6}>
                {chosen.map(({ name, value }) => (
                  <Badge
                    key={`${name} ${value}`}
                    component="button"
                    variant="default"
                    size="lg"
                    tt="none"
                    fw={500}
                    style={{ cursor: 'pointer' }}
                    rightSection={<IconX size={14} aria-hidden />}
                    aria-label={`No longer ${value}`}
                    onClick={() => onChange(toggleFacet(found, name, value))}
                  >
                    {value}
                  </Badge>
                ))}
                <Button variant="subtle" size="compact-sm" onClick={() => onChange({ ...found, facets: {}, page: 1 })}>
                  Clear all
                </Button>
              </Group>
            )}
            <Text size="sm" c="dimmed" role="status">
              {data && !isPlaceholderData && (
                <>
                  {countedText(data.total, 'result')}
                  {found.page > 1 && `, page ${countText(found.page)}`}
                </>
              )}
            </Text>
            {!data && <Skeleton height={320} aria-busy="true" aria-label="Loading" />}
            {data && data.items.length === 0 && (
              <EmptyState title="Nothing is like that">
                Try fewer or other words, or take back what narrows the search.
              </EmptyState>
            )}
            {data && data.items.length > 0 && (
              <Stack gap="sm" opacity={isPlaceholderData && isFetching ? 0.6 : 1}>
                {data.items.map((item) => (
                  <FoundItem key={`${item.type} ${item.id}`} item={item} />
                ))}
              </Stack>
            )}
            {pageCount > 1 && (
              <Pagination
                total={pageCount}
                value={found.page}
                onChange={(page) => onChange({ ...found, page })}
                getControlProps={(control) => ({ 'aria-label': `${control} page` })}
                getItemProps={(page) => ({ 'aria-label': `Page ${page}` })}
              />
            )}
          </Stack>
        </div>
      )}
    </Stack>
  )
}
