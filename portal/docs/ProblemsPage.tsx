import { Badge, Code, Group, Paper, Stack, Text, TextInput, Title } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useLocation } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import type { Reply } from '#portal/kit/contracts.ts'
import { EmptyState } from '#portal/kit/EmptyState.tsx'
import { Page } from '#portal/kit/Page.tsx'
import { query } from '#portal/kit/queries.ts'
import { Prose } from './Prose.tsx'

type ProblemType = Reply<'GET /v1/problems'>['problems'][number]

/** Where the `type` of every problem document leads: what it means, and what to do about it. */
export function ProblemsPage() {
  const { problems } = useSuspenseQuery(query('GET /v1/problems')).data
  const code = useLocation({ select: ({ hash }) => hash })
  const named = problems.find((problem) => problem.code === code)
  const [search, setSearch] = useState('')
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const found = problems.filter(({ code, title, remedy, status }) => {
    const text = `${code} ${status} ${title} ${remedy}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
  useEffect(() => {
    if (code) document.getElementById(code)?.scrollIntoView({ block: 'center' })
  }, [code])
  return (
    <Page
      title="Problems"
      windowTitle={named && `${named.title} · Problems`}
      lead={
        <>
          Errors of <Code>/v1</Code> are problem documents (RFC 9457): <Code>code</Code> is one of these,{' '}
          <Code>detail</Code> says what happened this time, <Code>hint</Code> what to do next. The operations stand in
          the <TextLink to="/docs">API docs</TextLink>.
        </>
      }
    >
      {code && !named && (
        <Text role="status">
          There is no problem called <Code>{code}</Code>; here are all there are.
        </Text>
      )}
      <Group gap="sm" align="flex-end">
        <TextInput
          type="search"
          label="Find a problem"
          placeholder="token, 403, cursor…"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={search}
          onChange={({ currentTarget }) => setSearch(currentTarget.value)}
          w={{ base: '100%', xs: 340 }}
        />
        <Text size="sm" c="dimmed" aria-live="polite" pb={8}>
          {found.length === 1 ? '1 problem' : `${found.length} problems`}
        </Text>
      </Group>
      {found.length === 0 && (
        <EmptyState title="No problem holds these words">Search for fewer or other words.</EmptyState>
      )}
      <Stack gap="sm">
        {found.map((problem) => (
          <ProblemCard key={problem.code} problem={problem} named={problem === named} />
        ))}
      </Stack>
    </Page>
  )
}

function ProblemCard({ problem: { code, status, title, remedy }, named }: { problem: ProblemType; named: boolean }) {
  return (
    <Paper
      withBorder
      p="md"
      id={code}
      component="article"
      {...(named && {
        'aria-current': 'true' as const,
        bg: 'var(--mantine-primary-color-light)',
        style: { outline: '2px solid var(--mantine-primary-color-filled)', scrollMarginTop: 72 },
      })}
    >
      <Group gap="sm" mb={4}>
        <Badge variant="default" radius="sm">
          {status}
        </Badge>
        <Title order={2} size="h5">
          {title}
        </Title>
        <TextLink to="/docs/problems" hash={code} size="sm" ff="monospace">
          {code}
        </TextLink>
      </Group>
      <Prose text={remedy} size="sm" />
    </Paper>
  )
}
