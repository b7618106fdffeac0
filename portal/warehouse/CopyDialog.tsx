import { Code, Modal, Tabs, Text } from '@mantine/core'
import { useYou } from '#portal/instance/instance.ts'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import { CodeBlock } from '#portal/kit/CodeBlock.tsx'
import type { Copy } from './copy-as.ts'

/** The same question in each language, ready to be pasted. */
export function CopyDialog({ copies, close }: { copies: readonly Copy[]; close: () => void }) {
  const you = useYou()
  return (
    <Modal opened onClose={close} title="Copy the question as" size="xl">
      <Tabs defaultValue={copies[0]?.name ?? ''} keepMounted={false}>
        <Tabs.List aria-label="Language">
          {copies.map(({ name }) => (
            <Tabs.Tab key={name} value={name}>
              {name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {copies.map(({ name, variable, code }) => (
          <Tabs.Panel key={name} value={name} pt="md">
            <CodeBlock code={code} label={name} />
            <Text size="sm" mt="sm">
              It runs where the environment variable <Code>{variable}</Code> has an API token.{' '}
              {you ? <TextLink to="/profile/token">Make one</TextLink> : 'Sign in to make one.'}
            </Text>
          </Tabs.Panel>
        ))}
      </Tabs>
    </Modal>
  )
}
