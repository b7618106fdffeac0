import { Anchor, Button, Flex, Group, Stack, Text, TextInput } from '@mantine/core'
import { IconDownload, IconSearch } from '@tabler/icons-react'
import { useSuspenseQuery } from '@tanstack/react-query'
import { startTransition, useEffect, useMemo, useState } from 'react'
import { useYou } from '#portal/instance/instance.ts'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import { EmptyState } from '#portal/kit/EmptyState.tsx'
import { Page } from '#portal/kit/Page.tsx'
import { searchGroups } from './api-document.ts'
import { apiDocumentQuery } from './api-document-query.ts'
import { CredentialContext } from './credential.ts'
import { OperationGroups } from './OperationGroups.tsx'
import type { Credential } from './send-request.ts'
import { useOpened } from './use-opened.ts'

/** Groups that are drawn at once; the hundreds of operations below them follow while these are read already. */
const firstGroups = 2

/** Every operation of the API, searched, read and tried out in place. */
export function ApiDocsPage() {
  const { document, groups } = useSuspenseQuery(apiDocumentQuery).data
  const you = useYou()
  const [search, setSearch] = useState('')
  const [chosen, choose] = useState<Credential | null>(null)
  const { opened, change, named } = useOpened(groups)
  const [isWhole, setWhole] = useState(named !== undefined)
  useEffect(() => startTransition(() => setWhole(true)), [])
  // Who is signed in tries as themselves, until they choose otherwise.
  const credential = useMemo(
    () => ({ credential: chosen ?? { by: you ? ('session' as const) : ('token' as const), token: '' }, choose }),
    [chosen, you],
  )
  const found = useMemo(() => searchGroups(groups, search), [groups, search])
  const count = found.reduce((sum, { operations }) => sum + operations.length, 0)
  return (
    <Page
      title="API docs"
      windowTitle={named && `${named.summary} · API docs`}
      lead={
        <>
          Everything that programs can ask of this portal. A token goes into the header{' '}
          <code>Authorization: Bearer …</code>; what is refused is explained under{' '}
          <TextLink to="/docs/problems">problems</TextLink>.
        </>
      }
      actions={
        <>
          <Download href="/v1/openapi.json" label="OpenAPI" />
          <Download href="/v1/postman.json" label="Postman" />
        </>
      }
    >
      <CredentialContext value={credential}>
        <Stack gap="lg">
          <Group gap="sm" align="flex-end">
            <TextInput
              type="search"
              label="Find an operation"
              placeholder="refresh, /v1/tokens, csv…"
              leftSection={<IconSearch size={16} aria-hidden />}
              value={search}
              onChange={({ currentTarget }) => setSearch(currentTarget.value)}
              w={{ base: '100%', xs: 340 }}
            />
            <Text size="sm" c="dimmed" aria-live="polite" pb={8}>
              {count === 1 ? '1 operation' : `${count} operations`}
            </Text>
          </Group>
          <Flex component="nav" aria-label="Groups of operations" wrap="wrap" columnGap="md" rowGap={2}>
            {found.map(({ tag, label }) => (
              <Anchor key={tag} href={`#group-${tag}`} size="sm" lh={1.8}>
                {label}
              </Anchor>
            ))}
          </Flex>
          {count === 0 && (
            <EmptyState title="No operation holds these words">Search for fewer or other words.</EmptyState>
          )}
          <OperationGroups
            document={document}
            groups={isWhole ? found : found.slice(0, firstGroups)}
            opened={opened}
            onChange={change}
          />
        </Stack>
      </CredentialContext>
    </Page>
  )
}

function Download({ href, label }: { href: string; label: string }) {
  return (
    <Button component="a" href={href} download variant="default" leftSection={<IconDownload size={16} aria-hidden />}>
      {label}
    </Button>
  )
}
