import { Box, Button, Group, Stack, Text, Title } from '@mantine/core'
import { IconFolders, IconLock } from '@tabler/icons-react'
import { useInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { EmptyState } from '#portal/kit/EmptyState.tsx'
import { Facts } from '#portal/kit/Facts.tsx'
import { countText } from '#portal/kit/figures.ts'
import { Page } from '#portal/kit/Page.tsx'
import { pages, query } from '#portal/kit/queries.ts'
import { StateBadge } from '#portal/kit/StateBadge.tsx'
import { CollectionActions } from './CollectionActions.tsx'
import style from './CollectionPage.module.css'
import { CollectionPath } from './CollectionPath.tsx'
import type { CollectionView } from './dataset.ts'
import { SearchPanel } from './SearchPanel.tsx'
import { readFound, writeFound } from './search-words.ts'

const kinds: Readonly<Record<CollectionView['type'], string | null>> = {
  RESEARCHERS: 'Researchers',
  RESEARCH_PROJECTS: 'Research projects',
  JOURNALS: 'Journal',
  ORGANIZATIONS_INSTITUTIONS: 'Organization or institution',
  TEACHING_COURSES: 'Teaching course',
  LABORATORY: 'Laboratory',
  RESEARCH_GROUP: 'Research group',
  DEPARTMENT: 'Department',
  UNCATEGORIZED: null,
}

/** A collection: what it is for, what lies directly below it, and everything in it to be searched. */
export function CollectionPage() {
  const { collection } = useParams({ from: '/collections/$collection' })
  const { data: view } = useSuspenseQuery(query('GET /v1/collections/:collection', { params: { collection } }))
  return <OneCollection key={view.id} view={view} />
}

function OneCollection({ view }: { view: CollectionView }) {
  const { alias, name, affiliation, description, type, path, published_at, counts, parent_id } = view
  const found = readFound(useSearch({ from: '/collections/$collection' }))
  const navigate = useNavigate({ from: '/collections/$collection' })
  const kind = kinds[type]
  return (
    <Page
      title={name}
      lead={<CollectionPath path={path.slice(0, -1)} />}
      actions={<CollectionActions collection={view} />}
    >
      {published_at === null && (
        <Group>
          <StateBadge icon={IconLock} color="orange">
            Not published
          </StateBadge>
        </Group>
      )}
      {description !== '' && (
        <Text maw="75ch" style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>
          {description}
        </Text>
      )}
      <Facts
        facts={[
          ...(affiliation ? [{ label: 'Affiliation', value: affiliation }] : []),
          ...(kind === null ? [] : [{ label: 'Kind', value: kind }]),
          { label: 'Datasets', value: countText(counts.datasets_below) },
          ...(counts.collections > 0 ? [{ label: 'Collections in it', value: countText(counts.collections) }] : []),
        ]}
      />
      {counts.collections > 0 && <SubCollections alias={alias} />}
      <section aria-labelledby="contents">
        <Title order={2} size="h4" id="contents" mb="xs">
          Contents
        </Title>
        <SearchPanel
          found={found}
          onChange={(next) => void navigate({ search: writeFound(next) })}
          below={parent_id === null ? null : alias}
          label={`Search in ${name}`}
          nothing={
            <EmptyState icon={IconFolders} title="There is nothing in it yet">
              Datasets that are deposited here appear as soon as you may see them.
            </EmptyState>
          }
        />
      </section>
    </Page>
  )
}

/** The collections directly below, by name; each leads to its page. */
function SubCollections({ alias }: { alias: string }) {
  const list = useInfiniteQuery(pages('GET /v1/collections', { query: { parent: alias, limit: 24 } }))
  const items = list.data?.pages.flatMap(({ body }) => body.items) ?? []
  return (
    <section aria-labelledby="collections">
      <Title order={2} size="h4" id="collections" mb="xs">
        Collections
      </Title>
      <Stack gap="sm" align="flex-start">
        <Box component="ul" className={style.list}>
          {items.map((one) => (
            <li key={one.id}>
              <Link to="/collections/$collection" params={{ collection: one.alias }} className={style.card}>
                <IconFolders size={20} stroke={1.5} aria-hidden style={{ flexShrink: 0 }} />
                <span>
                  <span className={style.name}>{one.name}</span>
                  {one.published_at === null && (
                    <Text component="span" size="sm" c="dimmed">
                      {' '}
                      (not published)
                    </Text>
                  )}
                </span>
              </Link>
            </li>
          ))}
        </Box>
        {list.hasNextPage && (
          <Button
            variant="default"
            size="compact-md"
            loading={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            More collections
          </Button>
        )}
      </Stack>
    </section>
  )
}
