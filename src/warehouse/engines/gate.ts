import { warehouseBusy } from '../problems.ts'

/** Lets so many in at once; the others wait in turn, but not for ever. */
export interface Gate {
  /** `asker` names whose place it takes: no one asker ever takes them all, nor more than half of the queue. */
  enter(signal?: AbortSignal, asker?: string): Promise<() => void>
}

interface Waiting {
  readonly asker: string | undefined
  readonly enter: () => void
}

export function makeGate(places: number, options: { waiting: number; waitMs: number }): Gate {
  const mostOfOne = Math.max(1, places - 1)
  const mostWaitingOfOne = Math.ceil(options.waiting / 2)
  let free = places
  const inside = new Map<string, number>()
  const queue: Waiting[] = []

  const has = (asker: string | undefined): number => (asker === undefined ? 0 : (inside.get(asker) ?? 0))
  const mayEnter = (asker: string | undefined): boolean => free > 0 && has(asker) < mostOfOne

  const count = (asker: string | undefined, by: 1 | -1): void => {
    free -= by
    if (asker === undefined) return
    const now = has(asker) + by
    if (now === 0) inside.delete(asker)
    else inside.set(asker, now)
  }

  /** Takes a place; returns the way to give it back. */
  const take = (asker: string | undefined): (() => void) => {
    count(asker, 1)
    let left = false
    return () => {
      if (left) return
      left = true
      count(asker, -1)
      const next = queue.findIndex((waiting) => mayEnter(waiting.asker))
      if (next >= 0) queue.splice(next, 1)[0]?.enter()
    }
  }

  const isFull = (asker: string | undefined): boolean =>
    queue.length >= options.waiting ||
    (asker !== undefined && queue.filter((waiting) => waiting.asker === asker).length >= mostWaitingOfOne)

  return {
    enter(signal, asker) {
      signal?.throwIfAborted()
      if (mayEnter(asker)) return Promise.resolve(take(asker))
      if (isFull(asker)) return Promise.reject(busy())
      return new Promise((resolve, reject) => {
        const settle = () => {
          clearTimeout(timer)
          signal?.removeEventListener('abort', leaveQueue)
        }
        const waiting: Waiting = {
          asker,
          enter: () => {
            settle()
            resolve(take(asker))
          },
        }
        const leaveQueue = () => {
          settle()
          queue.splice(queue.indexOf(waiting), 1)
          reject(signal?.aborted ? signal.reason : busy())
        }
        const timer = setTimeout(leaveQueue, options.waitMs)
        signal?.addEventListener('abort', leaveQueue, { once: true })
        queue.push(waiting)
      })
    },
  }
}

const busy = () => warehouseBusy({ hint: 'Try again in a few seconds.', headers: { 'retry-after': '5' } })
