import { Anchor, Stack, Text, Title } from '@mantine/core'
import type { DatasetView } from './dataset.ts'
import { webAddress } from './metadata-rows.ts'
import { termLabels } from './term-words.ts'

/** Under which licence or terms the data may be used, and how one comes to what is restricted. */
export function TermsPanel({ view: { version, access_requests } }: { view: DatasetView }) {
  const terms = Object.entries(termLabels).flatMap(([name, label]) => {
    const text = (version.terms as Readonly<Record<string, string | undefined>>)[name]
    return text ? [{ label, text }] : []
  })
  return (
    <Stack gap="md" maw="75ch" style={{ overflowWrap: 'anywhere' }}>
      <section>
        <Title order={2} size="h5">
          Licence
        </Title>
        {version.license ? (
          <>
            <Text>
              <LinkTo address={version.license.uri}>{version.license.name}</LinkTo>
            </Text>
            <Text size="sm" c="dimmed">
              {version.license.description}
            </Text>
          </>
        ) : (
          <Text>
            {terms.length > 0
              ? 'No standard licence: the terms below hold.'
              : 'Neither a licence nor terms have been chosen yet.'}
          </Text>
        )}
      </section>
      {terms.map(({ label, text }) => (
        <section key={label}>
          <Title order={2} size="h5">
            {label}
          </Title>
          <Text style={{ whiteSpace: 'pre-line' }}>{text}</Text>
        </section>
      ))}
      {version.files.restricted > 0 && (
        <section>
          <Title order={2} size="h5">
            Restricted files
          </Title>
          <Text>
            {access_requests
              ? 'You can ask for restricted files on the page of each of them.'
              : 'Those who deposited the dataset do not take requests for its restricted files.'}
          </Text>
        </section>
      )}
    </Stack>
  )
}

function LinkTo({ address, children }: { address: string; children: string }) {
  const href = webAddress(address)
  return href === null ? (
    children
  ) : (
    <Anchor href={href} target="_blank" rel="noreferrer" inherit>
      {children}
    </Anchor>
  )
}
