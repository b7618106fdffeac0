/** A place in a grid, both counted from nought. */
export interface Place {
  readonly row: number
  readonly column: number
}

export interface GridSize {
  readonly rows: number
  readonly columns: number
  /** Columns to be filled in, in their order. */
  readonly inputs: readonly number[]
  /** How many rows a page up or down goes. */
  readonly page: number
}

interface Key {
  readonly key: string
  readonly shiftKey: boolean
  readonly ctrlKey: boolean
  readonly metaKey: boolean
}

const within = (value: number, most: number): number => Math.min(Math.max(value, 0), most - 1)

/** Where a key leads from a cell that isn't being written in; null: the key means something else. */
export function moveBy({ key, ctrlKey, metaKey }: Key, { row, column }: Place, size: GridSize): Place | null {
  const far = ctrlKey || metaKey
  switch (key) {
    case 'ArrowUp':
      return { row: far ? 0 : within(row - 1, size.rows), column }
    case 'ArrowDown':
      return { row: far ? size.rows - 1 : within(row + 1, size.rows), column }
    case 'ArrowLeft':
      return { row, column: far ? 0 : within(column - 1, size.columns) }
    case 'ArrowRight':
      return { row, column: far ? size.columns - 1 : within(column + 1, size.columns) }
    case 'Home':
      return { row: far ? 0 : row, column: 0 }
    case 'End':
      return { row: far ? size.rows - 1 : row, column: size.columns - 1 }
    case 'PageUp':
      return { row: within(row - size.page, size.rows), column }
    case 'PageDown':
      return { row: within(row + size.page, size.rows), column }
    default:
      return null
  }
}

/** The next cell to fill in, as one reads: along the row, then the next one. Null beyond the last and before the first. */
export function nextInput({ row, column }: Place, { rows, inputs }: GridSize, backwards: boolean): Place | null {
  if (backwards) {
    const before = inputs.filter((input) => input < column).at(-1)
    if (before !== undefined) return { row, column: before }
    const last = inputs.at(-1)
    return row === 0 || last === undefined ? null : { row: row - 1, column: last }
  }
  const after = inputs.find((input) => input > column)
  if (after !== undefined) return { row, column: after }
  const [first] = inputs
  return row >= rows - 1 || first === undefined ? null : { row: row + 1, column: first }
}

/** Where one goes on after Enter: down in the same column, and stays in the last row. */
export const below = ({ row, column }: Place, { rows }: GridSize, backwards: boolean): Place => ({
  row: within(row + (backwards ? -1 : 1), rows),
  column,
})

/** Whether a key writes something by itself, so that it begins to overwrite a cell. */
export const writes = ({ key, ctrlKey, metaKey }: Key): boolean =>
  [...key].length === 1 && key !== ' ' && !ctrlKey && !metaKey
