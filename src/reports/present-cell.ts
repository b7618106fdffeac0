import type { z } from 'zod'
import type { Choices } from './choices.ts'
import type { InputCell } from './contract.ts'
import type { InputColumn } from './definition.ts'
import type { CellRow, StoredChoice, StoredValue } from './store.ts'

type Shown = z.input<typeof InputCell>

const empty: Shown = { value: null, shown: null, version: 0, changed_at: null, changed_by: null }

/** A cell as replies show it. A choice that is no longer offered keeps the name that it had. */
export function presentCell(column: InputColumn, cell: CellRow | undefined, choices: Choices): Shown {
  if (!cell) return empty
  const facts = {
    version: cell.version,
    changed_at: cell.changed_at.toISOString(),
    changed_by: cell.changed_by_name,
  }
  const { value } = cell
  const plain = typeof value === 'object' && value !== null ? [...value] : value
  if (value === null || !hasChoices(column)) return { value: plain, shown: wordsFor(value), ...facts }
  const chosen = idsIn(value).map((id) => {
    const known = choices.known.get(id)
    return {
      id,
      label: known?.label ?? labelIn(cell.choices, id),
      ...(known?.colour !== undefined && { colour: known.colour }),
      retired: choices.problem === null && (known === undefined || known.gone === true),
    }
  })
  return { value: plain, shown: chosen.map(({ label }) => label).join(', '), choices: chosen, ...facts }
}

export const hasChoices = ({ type }: Pick<InputColumn, 'type'>): boolean =>
  type === 'single_select' || type === 'multi_select' || type === 'person'

/** The ids that a value of a column of choices holds. */
export const idsIn = (value: StoredValue): string[] =>
  value === null ? [] : typeof value === 'object' ? [...value] : [String(value)]

const labelIn = (choices: readonly StoredChoice[] | null, id: string): string =>
  choices?.find((choice) => choice.id === id)?.label ?? id

/** A value without choices as a person reads it. */
export function wordsFor(value: StoredValue): string | null {
  if (value === null) return null
  if (typeof value === 'boolean') return value ? 'Yes' : 'No'
  return typeof value === 'object' ? value.join(', ') : String(value)
}
