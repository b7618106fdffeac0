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

/** What is edited, whether it differs from what is saved, and the way back step by step. */
export function useEditor(saved: Draft) {
  const [draft, setDraft] = useState(saved)
  const [past, setPast] = useState<readonly Draft[]>([])
  const last = useRef(0)
  return {
    draft,
    isDirty: JSON.stringify(draft) !== JSON.stringify(saved),
    change(patch: Partial<Draft>) {
      const now = performance.now()
      if (now - last.current > oneStepMs) setPast([...past.slice(-mostSteps), draft])
      last.current = now
      setDraft({ ...draft, ...patch })
    },
    /** Null: there is nothing to take back. */
    undo:
      past.length === 0
        ? null
        : () => {
            last.current = 0
            setDraft(past.at(-1) ?? saved)
            setPast(past.slice(0, -1))
          },
  }
}
