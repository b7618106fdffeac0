import { Anchor, Blockquote, Code, List, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { Fragment, type ReactNode, useMemo } from 'react'
import { safeTarget } from './safe-target.ts'

type Root = ReturnType<typeof fromMarkdown>
type Content = Root['children'][number]
type Parent = Root | Extract<Content, { readonly children: unknown }>

interface MarkdownProps {
  readonly text: string
  /** Of the largest headings within: they stand below that of the page and of the block. */
  readonly order?: 2 | 3
}

/** Marked-up text as elements, never as HTML: what is written as HTML is shown as the text that it is. */
export function Markdown({ text, order = 2 }: MarkdownProps) {
  const tree = useMemo(() => fromMarkdown(text), [text])
  return <div style={{ overflowWrap: 'anywhere' }}>{childrenOf(tree, order)}</div>
}

const childrenOf = (node: Parent, order: number): ReactNode =>
  node.children.map((child, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text have no other name
    <Fragment key={at}>{elementOf(child, order)}</Fragment>
  ))

function elementOf(node: Content, order: number): ReactNode {
  switch (node.type) {
    case 'text':
    case 'html':
      return node.value
    case 'paragraph':
      return <Text my="xs">{childrenOf(node, order)}</Text>
    case 'heading':
      return (
        <Title
          order={Math.min(6, order + node.depth - 1) as 2}
          size={`h${Math.min(6, node.depth + 2)}` as 'h3'}
          mt="sm"
          mb={4}
        >
          {childrenOf(node, order)}
        </Title>
      )
    case 'emphasis':
      return <em>{childrenOf(node, order)}</em>
    case 'strong':
      return <strong>{childrenOf(node, order)}</strong>
    case 'inlineCode':
      return <Code>{node.value}</Code>
    case 'code':
      return <Code block>{node.value}</Code>
    case 'break':
      return <br />
    case 'blockquote':
      return (
        <Blockquote my="xs" p="xs" fz="md">
          {childrenOf(node, order)}
        </Blockquote>
      )
    case 'list':
      return (
        <List type={node.ordered ? 'ordered' : 'unordered'} my="xs" withPadding>
          {childrenOf(node, order)}
        </List>
      )
    case 'listItem':
      return <List.Item>{childrenOf(node, order)}</List.Item>
    case 'thematicBreak':
      return <hr />
    case 'link':
      return <SafeLink address={node.url}>{childrenOf(node, order)}</SafeLink>
    case 'image':
      return node.alt ?? ''
    default:
      return 'children' in node ? childrenOf(node as Parent, order) : null
  }
}

/** Pages of the portal open here, other sites in a tab of their own; what leads to neither is no link. */
function SafeLink({ address, children }: { address: string; children: ReactNode }) {
  const target = safeTarget(address)
  if (target === null) return children
  return target.isHere ? (
    <Anchor renderRoot={(props) => <Link {...props} to={target.address} />}>{children}</Anchor>
  ) : (
    <Anchor href={target.address} target="_blank" rel="noopener noreferrer">
      {children}
    </Anchor>
  )
}
