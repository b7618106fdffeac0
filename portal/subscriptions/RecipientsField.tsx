import { ActionIcon, Button, Group, Select, Stack, Table, TagsInput, Text, VisuallyHidden } from '@mantine/core'
import { useDebouncedValue, useDisclosure } from '@mantine/hooks'
import { IconClipboardText, IconDownload, IconX } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { countedText } from '#portal/kit/figures.ts'
import { query } from '#portal/kit/queries.ts'
import { saveFile } from '#portal/kit/save-file.ts'
import { spreadsheetCsv } from '#portal/kit/spreadsheet-csv.ts'
import { WideTable } from '#portal/kit/WideTable.tsx'
import type { DraftRecipient } from './draft.ts'
import { PasteRecipients } from './PasteRecipients.tsx'
import { keyOf, withRecipients } from './recipients-text.ts'

interface RecipientsFieldProps {
  readonly value: readonly DraftRecipient[]
  readonly onChange: (value: readonly DraftRecipient[]) => void
  /** The dimension whose values each recipient has of their own; null: all get the same. */
  readonly partedBy: string | null
  readonly allowedDomains: readonly string[] | null
}

/** Who gets it: people with an account, found by their names, and any mail address; one by one, or as a list. */
export function RecipientsField({ value, onChange, partedBy, allowedDomains }: RecipientsFieldProps) {
  const [pasting, { open, close }] = useDisclosure()
  const set = (at: number, change: Partial<DraftRecipient>) =>
    onChange(value.map((each, index) => (index === at ? { ...each, ...change } : each)))
  const save = () => {
    const rows = value.map(({ address, name, values }) => [address ?? name, name, values.join('|')])
    saveFile('recipients.csv', new Blob([spreadsheetCsv(['e-mail', 'name', 'values'], rows)], { type: 'text/csv' }))
  }
  return (
    <Stack gap="xs">
      <Group align="flex-end" gap="xs">
        <AddRecipient onAdd={(added) => onChange(withRecipients(value, [added]))} />
        <Button variant="default" leftSection={<IconClipboardText size={18} aria-hidden />} onClick={open}>
          Paste a list
        </Button>
        {value.length > 0 && (
          <Button variant="default" leftSection={<IconDownload size={18} aria-hidden />} onClick={save}>
            Save as CSV
          </Button>
        )}
      </Group>
      {allowedDomains && (
        <Text size="sm" c="dimmed">
          Addresses outside of accounts must end with {allowedDomains.map((domain) => `@${domain}`).join(' or ')}.
        </Text>
      )}
      <Text size="sm" c="dimmed" role="status">
        {value.length === 0 ? 'No recipients yet.' : countedText(value.length, 'recipient')}
      </Text>
      {value.length > 0 && (
        <WideTable label="Recipients" minWidth={partedBy === null ? 300 : 520}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Recipient</Table.Th>
              {partedBy !== null && <Table.Th>Only rows of {partedBy || 'the dimension'}</Table.Th>}
              <Table.Th w={56}>
                <VisuallyHidden>Acts</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {value.map((recipient, at) => (
              <Table.Tr key={keyOf(recipient)}>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>
                  {recipient.name}
                  {recipient.address !== null && recipient.address !== recipient.name && (
                    <Text size="sm" c="dimmed">
                      {recipient.address}
                    </Text>
                  )}
                  {recipient.account !== null && recipient.address === null && (
                    <Text size="sm" c="dimmed">
                      with an account
                    </Text>
                  )}
                </Table.Td>
                {partedBy !== null && (
                  <Table.Td>
                    <TagsInput
                      aria-label={`Values of ${recipient.name}`}
                      placeholder={recipient.values.length === 0 ? 'Ids, each with Enter' : ''}
                      value={[...recipient.values]}
                      onChange={(values) => set(at, { values })}
                      size="xs"
                      miw={220}
                    />
                  </Table.Td>
                )}
                <Table.Td>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={`Take ${recipient.name} out`}
                    onClick={() => onChange(value.filter((_, index) => index !== at))}
                  >
                    <IconX size={18} aria-hidden />
                  </ActionIcon>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </WideTable>
      )}
      <PasteRecipients
        opened={pasting}
        onClose={close}
        onDone={(added) => onChange(withRecipients(value, added))}
        withValues={partedBy !== null}
      />
    </Stack>
  )
}

const looksLikeAddress = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

/** A field that finds people while one types, and takes a whole address as it is. */
function AddRecipient({ onAdd }: { onAdd: (recipient: DraftRecipient) => void }) {
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed.trim(), 200)
  const { data } = useQuery({
    ...query('GET /v1/subscriptions/recipients', { query: { search, limit: 20 } }),
    placeholderData: keepPreviousData,
  })
  const people = data?.recipients ?? []
  const address = looksLikeAddress.test(typed.trim()) ? typed.trim() : null
  const choices = [
    ...(address === null ? [] : [{ value: `@${address}`, label: `The address ${address}` }]),
    ...people.map(({ account, name, user_name, has_address }) => ({
      value: account,
      label: `${name} (${user_name})${has_address ? '' : ', inbox only'}`,
    })),
  ]
  const add = (chosen: string | null) => {
    if (chosen === null) return
    const person = people.find(({ account }) => account === chosen)
    if (person) onAdd({ account: person.account, address: null, name: person.name, values: [] })
    else onAdd({ account: null, address: chosen.slice(1), name: chosen.slice(1), values: [] })
    setTyped('')
  }
  return (
    <Select
      label="Add a recipient"
      placeholder="Name of a person, or a mail address"
      data={choices}
      value={null}
      onChange={add}
      searchable
      searchValue={typed}
      onSearchChange={setTyped}
      selectFirstOptionOnChange
      filter={({ options }) => options}
      nothingFoundMessage="Nobody is called that; a whole mail address can be added as it is"
      flex="1 1 280px"
      maw={420}
    />
  )
}
