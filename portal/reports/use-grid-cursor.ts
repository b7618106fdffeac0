import { type RefObject, useLayoutEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import type { Place } from './grid-moves.ts'

interface Cursor {
  /** Of the row, so that one stays with it when rows come, go or are sorted. */
  readonly row: string
  readonly column: number
}

export interface Editing extends Cursor {
  readonly overwrite: boolean
}

/** Where one is in a grid, and whether one is writing there. The focus follows, also to rows that have yet to be drawn. */
export function useGridCursor(
  rowIds: readonly string[],
  table: RefObject<HTMLTableElement | null>,
  scrollTo: (row: number) => void,
) {
  const [cursor, setCursor] = useState<Cursor | null>(null)
  const [editing, setEditing] = useState<Editing | null>(null)
  const wantsFocus = useRef(false)
  const at = cursor === null ? -1 : rowIds.indexOf(cursor.row)
  const place: Place | null = cursor === null || at < 0 ? null : { row: at, column: cursor.column }

  useLayoutEffect(() => {
    if (!wantsFocus.current || !place || editing) return
    const focus = () => {
      const cell = table.current?.querySelector<HTMLElement>(`[data-cell="${place.row} ${place.column}"]`)
      cell?.focus()
      cell?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
      return cell !== null && cell !== undefined
    }
    wantsFocus.current = false
    if (focus()) return
    scrollTo(place.row)
    requestAnimationFrame(() => {
      if (!focus()) requestAnimationFrame(focus)
    })
  })

  const cursorAt = ({ row, column }: Place): Cursor | null => {
    const id = rowIds[row]
    return id === undefined ? null : { row: id, column }
  }
  return {
    place,
    editing,
    /** Goes to a cell. */
    go(to: Place) {
      wantsFocus.current = true
      setEditing(null)
      setCursor(cursorAt(to))
    },
    /** The focus came to a cell by itself, by a click or by Tab. */
    stand(on: Place) {
      const next = cursorAt(on)
      if (next?.row !== cursor?.row || next?.column !== cursor?.column) setCursor(next)
    },
    /** Begins to write in a cell. At once, so that the key that began it comes to stand in the field. */
    edit(in_: Place, overwrite: boolean) {
      const next = cursorAt(in_)
      if (next === null) return
      flushSync(() => {
        setCursor(next)
        setEditing({ ...next, overwrite })
      })
    },
    /** Ends writing; the focus goes back to the cell unless it has gone elsewhere. */
    leave(isStaying: boolean) {
      wantsFocus.current = isStaying
      setEditing(null)
    },
  }
}
