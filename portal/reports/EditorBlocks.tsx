import { Button, Collapse, Group, Menu, Paper, Stack, Text, UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconChevronRight, IconPlus } from '@tabler/icons-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { Model } from '#portal/warehouse/question.ts'
import { BlockForm } from './BlockForm.tsx'
import { ComplaintList } from './ComplaintList.tsx'
import { type Block, type BlockType, blockLabels, type Definition } from './definition.ts'
import { addBlock, changeBlock, duplicateBlock, moveBlock, newBlock, removeBlock } from './editing.ts'
import type { Complaints } from './editor-problems.ts'
import { ItemActs } from './ItemActs.tsx'
import { countingModels } from './use-all-models.ts'

interface EditorBlocksProps {
  readonly definition: Definition
  readonly models: readonly Model[]
  readonly complaints: Complaints
  readonly change: (definition: Definition) => void
}

export const blockName = (block: Block): string =>
  block.type === 'text'
    ? block.markdown
        .replaceAll(/[#*_>`\n]+/g, ' ')
        .trim()
        .slice(0, 60) || 'Empty text'
    : block.title || 'Without title'

/** The blocks of a report, each opened to be changed. */
export function EditorBlocks({ definition, models, complaints, change }: EditorBlocksProps) {
  const [opened, open] = useState<ReadonlySet<string>>(new Set())
  const list = useRef<HTMLDivElement>(null)
  const wantsFocus = useRef<string | HTMLElement | null>(null)
  const { blocks } = definition
  const toggle = (id: string) => {
    const next = new Set(opened)
    if (!next.delete(id)) next.add(id)
    open(next)
  }
  useEffect(() => {
    const wanted = wantsFocus.current
    wantsFocus.current = null
    if (typeof wanted === 'string') list.current?.querySelector<HTMLElement>(`[data-block="${wanted}"]`)?.focus()
    else wanted?.focus()
  })
  const last = blocks.findLast((block) => block.type !== 'text')
  const usual = last ? models.find(({ name }) => name === last.query.model) : undefined
  const model = usual ?? countingModels(models)[0]
  const add = (type: BlockType) => {
    if (!model) return
    const next = addBlock(definition, newBlock(type, model))
    const { id } = next.blocks.at(-1) as Block
    change(next)
    open(new Set([...opened, id]))
    wantsFocus.current = id
  }
  const move = (id: string, by: number) => {
    change(moveBlock(definition, id, by))
    // What moves in the page loses the focus; it goes back to the very button that was pressed.
    wantsFocus.current = document.activeElement as HTMLElement | null
  }
  return (
    <Stack gap="sm" ref={list}>
      {blocks.map((block, at) => (
        <OneBlock
          key={block.id}
          block={block}
          definition={definition}
          models={models}
          complaints={complaints.blocks.get(at) ?? []}
          isOpen={opened.has(block.id)}
          isFirst={at === 0}
          isLast={at === blocks.length - 1}
          toggle={() => toggle(block.id)}
          move={(by) => move(block.id, by)}
          duplicate={() => change(duplicateBlock(definition, block.id))}
          remove={() => {
            wantsFocus.current = (blocks[at + 1] ?? blocks[at - 1])?.id ?? null
            change(removeBlock(definition, block.id))
          }}
          change={(changed) => change(changeBlock(definition, changed))}
        />
      ))}
      <Group>
        <Menu position="bottom-start">
          <Menu.Target>
            <Button
              variant="default"
              leftSection={<IconPlus size={16} aria-hidden />}
              disabled={!model || blocks.length >= 100}
            >
              Add a block
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {(Object.entries(blockLabels) as [BlockType, string][]).map(([type, label]) => (
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

interface OneBlockProps extends Pick<EditorBlocksProps, 'definition' | 'models'> {
  readonly block: Block
  readonly complaints: Parameters<typeof ComplaintList>[0]['complaints']
  readonly isOpen: boolean
  readonly isFirst: boolean
  readonly isLast: boolean
  readonly toggle: () => void
  readonly move: (by: number) => void
  readonly duplicate: () => void
  readonly remove: () => void
  readonly change: (block: Block) => void
}

function OneBlock(props: OneBlockProps) {
  const { block, definition, models, complaints, isOpen, isFirst, isLast, toggle, move, duplicate, remove, change } =
    props
  const name = blockName(block)
  const Chevron = isOpen ? IconChevronDown : IconChevronRight
  const press = (event: KeyboardEvent) => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
    event.preventDefault()
    move(event.key === 'ArrowUp' ? -1 : 1)
  }
  return (
    <Paper withBorder p="xs" role="group" aria-label={`${blockLabels[block.type]}: ${name}`}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <UnstyledButton
          data-block={block.id}
          aria-expanded={isOpen}
          onClick={toggle}
          onKeyDown={press}
          style={{ flex: 1, minWidth: 0 }}
          p={4}
        >
          <Group gap={6} wrap="nowrap">
            <Chevron size={18} aria-hidden style={{ flexShrink: 0 }} />
            <div style={{ minWidth: 0 }}>
              <Text fw={600} truncate>
                {name}
              </Text>
              <Text size="xs" c={complaints.length > 0 ? 'var(--mantine-color-error)' : 'dimmed'}>
                {blockLabels[block.type]}
                {complaints.length > 0 && ' · something is wrong here'}
              </Text>
            </div>
          </Group>
        </UnstyledButton>
        <ItemActs name={name} isFirst={isFirst} isLast={isLast} move={move} duplicate={duplicate} remove={remove} />
      </Group>
      <ComplaintList complaints={complaints} />
      <Collapse expanded={isOpen}>
        {isOpen && (
          <div style={{ padding: 8 }}>
            <BlockForm block={block} definition={definition} models={models} complaints={complaints} change={change} />
          </div>
        )}
      </Collapse>
    </Paper>
  )
}
