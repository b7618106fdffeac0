import { useEffect, useState } from 'react'
import { useYou } from '#portal/instance/instance.ts'

/**
 * What somebody is writing, kept in this window so that a reload, a wrong click or an ended session loses nothing. Of whom
 * it is stands in its name: another person in the same window gets none of it.
 */
export function useKept<T extends object>(of: string, begin: () => T) {
  const account = useYou()?.account.id ?? ''
  const key = `tessera deposit ${account} ${of}`
  const [value, setValue] = useState<T>(() => read<T>(key) ?? begin())
  const [isKept, setKept] = useState(() => read(key) !== null)
  const [isChanged, setChanged] = useState(isKept)
  useEffect(() => {
    if (isChanged) write(key, value)
  }, [key, value, isChanged])
  return {
    value,
    /** It is from before: of a visit that did not end with saving. */
    isKept,
    set: (next: T) => {
      setChanged(true)
      setValue(next)
    },
    /** Begins anew, with what is given; nothing is kept until it is changed. */
    reset: (next: T) => {
      write(key, null)
      setKept(false)
      setChanged(false)
      setValue(next)
    },
  }
}

function read<T>(key: string): T | null {
  try {
    const text = sessionStorage.getItem(key)
    return text === null ? null : (JSON.parse(text) as T)
  } catch {
    return null
  }
}

function write(key: string, value: object | null): void {
  try {
    if (value === null) sessionStorage.removeItem(key)
    else sessionStorage.setItem(key, JSON.stringify(value))
  } catch {
    // A browser that keeps nothing: the page works, and only a reload loses what was written.
  }
}
