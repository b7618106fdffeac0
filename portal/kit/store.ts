import { useSyncExternalStore } from 'react'

interface Store<T> {
  get(): T
  set(value: T): void
  /** The value as a hook: draws anew when it changes. */
  use(): T
}

/** One value outside the tree of components, for what is opened from anywhere. */
export function createStore<T>(first: T): Store<T> {
  let value = first
  const listeners = new Set<() => void>()
  const subscribe = (listener: () => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  const get = () => value
  return {
    get,
    set(next) {
      value = next
      for (const listener of listeners) listener()
    },
    use: () => useSyncExternalStore(subscribe, get),
  }
}
