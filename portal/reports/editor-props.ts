import type { ShownCell } from './cell-words.ts'
import type { Choice, InputState, InputValue, RowKey } from './report-data.ts'

/** What was written into a cell; null: nothing else than what was there. */
export type Written =
  | { readonly value: InputValue; readonly choices?: readonly Choice[] }
  | { readonly unclear: { readonly text: string; readonly complaint: string } }
  | null

/** Where one goes on from a cell that one has written in. */
export type Move = 'down' | 'up' | 'next' | 'previous' | null

export interface EditorProps {
  readonly report: string
  readonly column: InputState
  readonly row: RowKey
  readonly cell: ShownCell
  /** Whether typing has begun already: then it stands instead of what was there. */
  readonly overwrite: boolean
  readonly label: string
  readonly commit: (written: Written, move: Move) => void
  readonly cancel: () => void
  /** Several cells were pasted. */
  readonly paste: (text: string) => void
}
