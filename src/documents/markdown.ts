import type { Nodes, PhrasingContent, RootContent } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { cleanText } from './clean-text.ts'

/** What text blocks can hold, whatever it is turned into. */
export type TextPart =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'strong' | 'emphasis'; readonly parts: readonly TextPart[] }
  | { readonly is: 'code'; readonly text: string }
  | { readonly is: 'link'; readonly to: string; readonly parts: readonly TextPart[] }
  | { readonly is: 'break' }

export type TextPiece =
  | { readonly is: 'paragraph'; readonly parts: readonly TextPart[] }
  | { readonly is: 'heading'; readonly level: number; readonly parts: readonly TextPart[] }
  | { readonly is: 'list'; readonly start: number | null; readonly items: readonly (readonly TextPiece[])[] }
  | { readonly is: 'quote'; readonly pieces: readonly TextPiece[] }
  | { readonly is: 'program'; readonly text: string }
  | { readonly is: 'rule' }

const longest = 100_000
/** Deeper ones are flattened: nobody means them, and whoever draws them must not run out of stack. */
const deepest = 8

/**
 * CommonMark without HTML (which stays visible as it was written), without pictures (their description stays), and with
 * links to `http`, `https` and `mailto` only.
 */
export const readMarkdown = (markdown: string): TextPiece[] => {
  const text = cleanText(markdown.slice(0, longest)).split('\n').map(shallow).join('\n')
  return fromMarkdown(text).children.flatMap((node) => piecesOf(node, 0))
}

const marker = /[ \t]*(?:[>*+-]|\d+[.)])[ \t]*/y

/** The line without what opens quotes and lists in it, where it opens too many. */
function shallow(line: string): string {
  let end = 0
  let count = 0
  for (marker.lastIndex = 0; marker.test(line); count++) end = marker.lastIndex
  return count > deepest ? line.slice(end) : line
}

function piecesOf(node: RootContent, depth: number): TextPiece[] {
  if (depth > deepest) return [{ is: 'paragraph', parts: [{ is: 'text', text: plain(node) }] }]
  switch (node.type) {
    case 'paragraph':
      return [{ is: 'paragraph', parts: partsOf(node.children, depth) }]
    case 'heading':
      return [{ is: 'heading', level: node.depth, parts: partsOf(node.children, depth) }]
    case 'list':
      return [
        {
          is: 'list',
          start: node.ordered ? Math.min(node.start ?? 1, 1_000_000) : null,
          items: node.children.map(({ children }) => children.flatMap((child) => piecesOf(child, depth + 1))),
        },
      ]
    case 'blockquote':
      return [{ is: 'quote', pieces: node.children.flatMap((child) => piecesOf(child, depth + 1)) }]
    case 'code':
      return [{ is: 'program', text: node.value }]
    case 'thematicBreak':
      return [{ is: 'rule' }]
    case 'html':
      return [{ is: 'paragraph', parts: [{ is: 'text', text: node.value }] }]
    default:
      return []
  }
}

const partsOf = (nodes: readonly PhrasingContent[], depth: number): TextPart[] =>
  nodes.flatMap((node) => partOf(node, depth + 1))

function partOf(node: PhrasingContent, depth: number): TextPart[] {
  if (depth > deepest * 2) return [{ is: 'text', text: plain(node) }]
  switch (node.type) {
    case 'text':
      return [{ is: 'text', text: node.value.replace(/\s+/g, (blank) => (blank.includes('\n') ? ' ' : blank)) }]
    case 'html':
      return [{ is: 'text', text: node.value }]
    case 'strong':
    case 'emphasis':
      return [{ is: node.type, parts: partsOf(node.children, depth) }]
    case 'inlineCode':
      return [{ is: 'code', text: node.value }]
    case 'break':
      return [{ is: 'break' }]
    case 'link': {
      const parts = partsOf(node.children, depth)
      const to = safeLink(node.url)
      return to === null ? parts : [{ is: 'link', to, parts }]
    }
    case 'image':
      return [{ is: 'text', text: node.alt ?? '' }]
    default:
      return []
  }
}

/** An address that may stand in a document; null: what it stands under is shown without it. */
export function safeLink(address: string): string | null {
  if (!/^(https?:\/\/|mailto:)/i.test(address) || !URL.canParse(address)) return null
  return new URL(address).href
}

/** All that a reader would read of it. */
function plain(node: Nodes): string {
  const all: string[] = []
  const waiting: Nodes[] = [node]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if ('value' in next) all.push(next.value)
    else if ('children' in next) waiting.push(...next.children.toReversed())
  }
  return all.join('')
}
