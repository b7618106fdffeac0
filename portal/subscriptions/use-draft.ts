import { useEffect, useState } from 'react'
import { useYou } from '#portal/instance/instance.ts'
import { type Draft, emptyDraft } from './draft.ts'

/**
 * What somebody is writing, kept in this window so that a reload or a wrong click loses nothing. Of whom it is stands in
 * its name: another person in the same window gets none of it.
 */
export function useDraft(of: string, begin: () => Draft) {
  const you = useYou()
  const key = `tessera subscription ${you?.account.id ?? ''} ${of}`
  const [draft, setDraft] = useState<Draft>(() => read(key) ?? begin())
  const [kept, setKept] = useState(() => read(key) !== null)
  const [changed, setChanged] = useState(kept)
  useEffect(() => {
    if (!changed) return
    write(key, draft)
  }, [key, draft, changed])
  return {
    draft,
    /** It is from before: of a visit that did not end with saving. */
    kept,
    changed,
    set: (change: Partial<Draft>) => {
      setChanged(true)
      setDraft((before) => ({ ...before, ...change }))
    },
    /** Begins anew, or with what is given; nothing is kept until it is changed. */
    reset: (next: Draft = begin()) => {
      forget(key)
      setKept(false)
      setChanged(false)
      setDraft(next)
    },
  }
}

export type DraftState = ReturnType<typeof useDraft>

function read(key: string): Draft | null {
  try {
    const text = sessionStorage.getItem(key)
    // What an earlier version of the page kept may lack members.
    return text === null ? null : { ...emptyDraft('UTC'), ...(JSON.parse(text) as Draft) }
  } catch {
    return null
  }
}

function write(key: string, draft: Draft): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(draft))
  } catch {
    // A browser that keeps nothing: the page works, and only a reload loses what was written.
  }
}

function forget(key: string): void {
  try {
    sessionStorage.removeItem(key)
  } catch {
    // The same.
  }
}
