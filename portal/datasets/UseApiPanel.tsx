import { Code, Stack, Tabs, Text } from '@mantine/core'
import { useYou } from '#portal/instance/instance.ts'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import { CodeBlock } from '#portal/kit/CodeBlock.tsx'
import type { Copy } from './copy-lines.ts'

interface UseApiPanelProps {
  readonly copies: readonly Copy[]
  /** Whether it takes a token to get at all of it. */
  readonly needsToken: boolean
}

/** *Use the API*: lines that fetch this dataset when they are pasted. */
export function UseApiPanel({ copies, needsToken }: UseApiPanelProps) {
  const you = useYou()
  return (
    <Stack gap="sm">
      <Tabs defaultValue={copies[0]?.name ?? ''} keepMounted={false}>
        <Tabs.List aria-label="Language">
          {copies.map(({ name }) => (
            <Tabs.Tab key={name} value={name}>
              {name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {copies.map(({ name, says, code }) => (
          <Tabs.Panel key={name} value={name} pt="sm">
            <Text size="sm" mb="xs">
              {says}
            </Text>
            <CodeBlock code={code} label={`${name} lines`} />
          </Tabs.Panel>
        ))}
      </Tabs>
      <Text size="sm" c="dimmed">
        {needsToken ? (
          <>
            Not everybody may have all of this: the lines run where the environment variable <Code>TESSERA_TOKEN</Code>{' '}
            has an API token that may read datasets.{' '}
            {you ? <TextLink to="/profile/token">Make one</TextLink> : 'Sign in to make one.'}
          </>
        ) : (
          <>
            What is published and open needs no token. <TextLink to="/docs">All calls</TextLink> stand in the API docs.
          </>
        )}
      </Text>
    </Stack>
  )
}
