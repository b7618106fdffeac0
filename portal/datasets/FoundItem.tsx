import { Badge, Group, Paper, Text, Title } from '@mantine/core'
import { IconDatabase, IconFolders } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import { bytesText, countedText } from '#portal/kit/figures.ts'
import { exactDay } from '#portal/kit/Time.tsx'
import { AccessBadge } from './AccessBadge.tsx'
import { FileIcon } from './FileIcon.tsx'
import { fieldLabel, foundSnippets, stateWords } from './found-words.ts'
import { Marked } from './Marked.tsx'
import type { FoundThing } from './search-query.ts'

/** One thing that was found: what it is, where it lies, and where in it the words stand. */
export function FoundItem({ item }: { item: FoundThing }) {
  const { title, description, elsewhere } = foundSnippets(item)
  return (
    <Paper withBorder p="md" component="article" aria-label={item.name} style={{ overflowWrap: 'anywhere' }}>
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <ItemIcon item={item} />
        <div style={{ minWidth: 0, flex: 1 }}>
          <Group gap="xs">
            <Title order={3} size="h5">
              <ItemLink item={item}>
                <Marked snippet={title} />
              </ItemLink>
            </Title>
            {item.states
              .filter((state) => state !== 'published')
              .map((state) => (
                <Badge key={state} variant="default" tt="none" fw={500}>
                  {stateWords[state]}
                </Badge>
              ))}
            {item.type === 'file' && (item.restricted || item.embargo_until !== null) && (
              <AccessBadge file={accessOf(item)} />
            )}
          </Group>
          <ItemFacts item={item} />
          {description.text !== '' && (
            <Text size="sm" mt={4} lineClamp={3}>
              <Marked snippet={description} />
            </Text>
          )}
          {elsewhere.map(({ field, snippets }) => (
            <Text key={field} size="sm" mt={4} lineClamp={2}>
              <Text component="span" size="sm" c="dimmed">
                {fieldLabel(field)}:{' '}
              </Text>
              {snippets.map((snippet, at) => (
                <span key={snippet.text}>
                  {at > 0 && ' … '}
                  <Marked snippet={snippet} />
                </span>
              ))}
            </Text>
          ))}
        </div>
      </Group>
    </Paper>
  )
}

function ItemIcon({ item }: { item: FoundThing }) {
  if (item.type === 'file') return <FileIcon mediaType={item.media_type} size={22} />
  const Icon = item.type === 'dataset' ? IconDatabase : IconFolders
  return <Icon size={22} stroke={1.5} aria-hidden style={{ flexShrink: 0 }} />
}

function ItemLink({ item, children }: { item: FoundThing; children: ReactNode }) {
  switch (item.type) {
    case 'dataset':
      return (
        <TextLink to="/datasets/$" params={{ _splat: item.dataset.pid }} search={draftSearch(item)} inherit>
          {children}
        </TextLink>
      )
    case 'collection':
      return (
        <TextLink to="/collections/$collection" params={{ collection: item.alias }} inherit>
          {children}
        </TextLink>
      )
    case 'file':
      return (
        <TextLink to="/files/$file" params={{ file: String(item.id) }} search={draftSearch(item)} inherit>
          {children}
        </TextLink>
      )
  }
}

function ItemFacts({ item }: { item: FoundThing }) {
  return (
    <Text size="sm" c="dimmed">
      {item.type === 'dataset' && (
        <>
          {[item.authors.join('; '), exactDay(item.published_at ?? item.created_at)].filter(Boolean).join(' · ')} ·{' '}
          {countedText(item.files, 'file')} · <InCollection collection={item.collection} />
        </>
      )}
      {item.type === 'collection' && (
        <>
          {[item.affiliation, countedText(item.datasets, 'dataset')].filter(Boolean).join(' · ')}
          {item.parent && (
            <>
              {' '}
              · <InCollection collection={item.parent} />
            </>
          )}
        </>
      )}
      {item.type === 'file' && (
        <>
          {item.type_name} · {bytesText(item.bytes)} · in{' '}
          <TextLink to="/datasets/$" params={{ _splat: item.dataset.pid }} search={draftSearch(item)} inherit>
            {item.dataset.title}
          </TextLink>
        </>
      )}
    </Text>
  )
}

const accessOf = ({ restricted, embargo_until }: { restricted: boolean; embargo_until: string | null }) => ({
  access:
    embargo_until === null
      ? ('restricted' as const)
      : restricted
        ? ('embargoed_restricted' as const)
        : ('embargoed' as const),
  embargo: embargo_until === null ? null : { until: embargo_until, reason: null },
})

/** A hit in a draft leads to the draft. */
const draftSearch = ({ version }: { readonly version: { readonly state: string } }) =>
  version.state === 'draft' ? { version: 'draft' } : {}

const InCollection = ({ collection: { alias, name } }: { collection: { alias: string; name: string } }) => (
  <>
    in{' '}
    <TextLink to="/collections/$collection" params={{ collection: alias }} inherit>
      {name}
    </TextLink>
  </>
)
