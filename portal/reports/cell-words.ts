import { formatValue } from '#portal/warehouse/numbers.ts'
import type { Draft } from './drafts.ts'
import type { Choice, InputCell, InputState, InputValue } from './report-data.ts'

/** What a cell shows: what is written and not saved yet, before what the server has. */
export interface ShownCell {
  readonly value: InputValue
  /** What the ids of a select or of a person stand for. */
  readonly choices: readonly Choice[]
  /** As a person reads it; empty where there is nothing. */
  readonly text: string
  readonly version: number
  readonly draft: Draft | null
}

export function shownCell(column: InputState, cell: InputCell, draft: Draft | undefined): ShownCell {
  const { value, choices = [] } = draft ?? cell
  const version = draft ? (draft.theirs?.version ?? draft.version) : cell.version
  const text = draft?.text ?? valueText(column, value, choices)
  return { value, choices, text, version, draft: draft ?? null }
}

/** A value of a column as text: what is shown, copied, and edited. */
export function valueText(
  { type, decimals }: Pick<InputState, 'type' | 'decimals'>,
  value: InputValue,
  choices: readonly Choice[],
): string {
  if (value === null) return ''
  const labelOf = (id: string): string => choices.find((choice) => choice.id === id)?.label ?? id
  switch (type) {
    case 'checkbox':
      return value === true ? 'Yes' : 'No'
    case 'number':
      return formatValue(value as number, { decimals })
    case 'person':
    case 'single_select':
      return labelOf(String(value))
    case 'multi_select':
      return (value as readonly string[]).map(labelOf).join(', ')
    default:
      return String(value)
  }
}

/** Whether two values are the same, so that leaving a cell as it was saves nothing. */
export const sameValue = (a: InputValue, b: InputValue): boolean => {
  const [one, other] = [plain(a), plain(b)]
  return JSON.stringify(one) === JSON.stringify(other)
}

/** Nothing, however it is written; an unticked box says as much as one that was never ticked. */
const plain = (value: InputValue): InputValue =>
  value === '' || value === false || (Array.isArray(value) && value.length === 0) ? null : value

export const isEmpty = (value: InputValue): boolean => plain(value) === null
