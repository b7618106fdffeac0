import { Accordion, Button, Group, Menu, Stack, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { ComplaintList } from './ComplaintList.tsx'
import { moved } from './editing.ts'
import type { Complaint } from './editor-problems.ts'
import { ItemActs } from './ItemActs.tsx'

interface EditedListProps<Item, Type extends string> {
  readonly items: readonly Item[]
  readonly keyOf: (item: Item) => string
  /** What it is called, and what kind it is. */
  readonly words: (item: Item) => { readonly label: string; readonly type: string }
  /** What all of them are, before the name of one: "column". */
  readonly noun: string
  readonly complaintsOf: (at: number) => readonly Complaint[]
  readonly change: (items: Item[]) => void
  readonly fields: (item: Item, change: (changed: Item) => void) => ReactNode
  readonly adding: {
    readonly label: string
    readonly types: readonly (readonly [Type, string])[]
    readonly disabled: boolean
    /** A new one of this type, with a key of its own. */
    readonly make: (type: Type) => Item | null
  }
}

/** Things of a report that are added, moved, opened one at a time and taken away. */
export function EditedList<Item, Type extends string>(props: EditedListProps<Item, Type>) {
  const { items, keyOf, words, noun, complaintsOf, change, fields, adding } = props
  const [opened, open] = useState<string | null>(null)
  const add = (type: Type) => {
    const item = adding.make(type)
    if (item === null) return
    change([...items, item])
    open(keyOf(item))
  }
  return (
    <Stack gap="xs">
      {items.length > 0 && (
        <Accordion variant="contained" value={opened} onChange={open}>
          {items.map((item, at) => {
            const key = keyOf(item)
            const { label, type } = words(item)
            const complaints = complaintsOf(at)
            const isWrong = complaints.length > 0
            return (
              <Accordion.Item key={key} value={key}>
                <Group wrap="nowrap" gap={4} pr="xs">
                  <Accordion.Control>
                    {label}
                    <Text span size="sm" c={isWrong ? 'var(--mantine-color-error)' : 'dimmed'}>
                      {' '}
                      · {isWrong ? 'something is wrong here' : type}
                    </Text>
                  </Accordion.Control>
                  <ItemActs
                    name={`${noun} ${label}`}
                    isFirst={at === 0}
                    isLast={at === items.length - 1}
                    move={(by) => change(moved(items, at, by))}
                    remove={() => change(items.filter((one) => keyOf(one) !== key))}
                  />
                </Group>
                <Accordion.Panel>
                  <ComplaintList complaints={complaints} />
                  {fields(item, (changed) => change(items.map((one) => (keyOf(one) === key ? changed : one))))}
                </Accordion.Panel>
              </Accordion.Item>
            )
          })}
        </Accordion>
      )}
      <Group>
        <Menu position="bottom-start">
          <Menu.Target>
            <Button
              variant="default"
              size="compact-sm"
              leftSection={<IconPlus size={16} aria-hidden />}
              disabled={adding.disabled}
            >
              {adding.label}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {adding.types.map(([type, label]) => (
              <Menu.Item key={type} onClick={() => add(type)}>
                {label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      </Group>
    </Stack>
  )
}
