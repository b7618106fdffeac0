import { Code, Table, Text } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { WideTable } from '#portal/kit/WideTable.tsx'
import { differs, type Setting, sourceWords } from './setting-words.ts'

export function SettingsTable({ section, settings }: { section: string; settings: readonly Setting[] }) {
  return (
    <WideTable
      label={`Settings of [${section}]`}
      minWidth={760}
      layout="fixed"
      styles={{ td: { verticalAlign: 'top', overflowWrap: 'anywhere' } }}
    >
      <Table.Thead>
        <Table.Tr>
          <Table.Th w="19%">Setting</Table.Th>
          <Table.Th w="20%">In effect</Table.Th>
          <Table.Th w="19%">From</Table.Th>
          <Table.Th>Meaning</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {settings.map((setting) => (
          <Row key={setting.key} setting={setting} />
        ))}
      </Table.Tbody>
    </WideTable>
  )
}

function Row({ setting }: { setting: Setting }) {
  const { key, meaning, default: preset, example, environment_name } = setting
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={differs(setting) ? 700 : 400} ff="monospace">
          {key}
        </Text>
        {differs(setting) && (
          <Text size="xs" c="dimmed">
            differs from the default
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Value setting={setting} />
      </Table.Td>
      <Table.Td>{setting.source === 'environment' ? <Code>{environment_name}</Code> : sourceWords(setting)}</Table.Td>
      <Table.Td>
        {meaning}
        <Text size="xs" c="dimmed" mt={2}>
          Default: {preset === '' ? 'empty' : <Code fz="xs">{preset}</Code>}
          {example !== null && (
            <>
              {' '}
              · Example: <Code fz="xs">{example}</Code>
            </>
          )}
          {setting.source !== 'environment' && (
            <>
              {' '}
              · <Code fz="xs">{environment_name}</Code>
            </>
          )}
        </Text>
      </Table.Td>
    </Table.Tr>
  )
}

function Value({ setting: { value, secret } }: { setting: Setting }) {
  if (value === '')
    return (
      <Text size="sm" c="dimmed">
        {secret ? 'not set' : 'empty'}
      </Text>
    )
  if (!secret) return <Code>{value}</Code>
  return (
    <Text size="sm" component="span" style={{ display: 'inline-flex', gap: 6, alignItems: 'center' }}>
      <IconLock size={16} aria-hidden /> {value} <span>(secret, set)</span>
    </Text>
  )
}
