import { useRef, useState } from 'react'
import type { Definition } from './definition.ts'
import type { SharedWith } from './report-words.ts'

/** A report as it is being edited. */
export interface Draft {
  readonly title: string
  readonly description: string
  readonly shared_with: SharedWith
  readonly definition: Definition
}

/** Steps that can be taken back; letters typed one after the other are one step. */
const mostSteps = 100
const oneStepMs = 900

/** Where the one text stands in which two differ; null when they differ in more, or in something else. */
export function placeOfText(before: unknown, after: unknown): string | null {
  if (typeof before === 'string' && typeof after === 'string') return ''
  if (!isTree(before) || !isTree(after)) return null
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  const [name, ...more] = names.filter((one) => JSON.stringify(before[one]) !== JSON.stringify(after[one]))
  if (name === undefined || more.length > 0) return null
  const below = placeOfText(before[name], after[name])
  return below === null ? null : `/${name}${below}`
}

const isTree = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** What is edited, whether it differs from what is saved, and the way back step by step. */
export function useEditor(saved: Draft) {
  const [draft, setDraft] = useState(saved)
  const [past, setPast] = useState<readonly Draft[]>([])
  const last = useRef<{ readonly at: number; readonly place: string | null }>({ at: 0, place: null })
  return {
    draft,
    isDirty: JSON.stringify(draft) !== JSON.stringify(saved),
    change(patch: Partial<Draft>) {
      const next = { ...draft, ...patch }
      const now = { at: performance.now(), place: placeOfText(draft, next) }
      const goesOn = now.place !== null && now.place === last.current.place && now.at - last.current.at <= oneStepMs
      if (!goesOn) setPast([...past.slice(-mostSteps), draft])
      last.current = now
      setDraft(next)
    },
    /** Null: there is nothing to take back. */
    undo:
      past.length === 0
        ? null
        : () => {
            last.current = { at: 0, place: null }
            setDraft(past.at(-1) ?? saved)
            setPast(past.slice(0, -1))
          },
  }
}
