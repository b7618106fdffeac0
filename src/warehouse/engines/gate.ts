import { warehouseBusy } from '../problems.ts'

/** Lets so many in at once; the others wait in turn, but not for ever. */
export interface Gate {
  enter(signal?: AbortSignal): Promise<() => void>
}

export function makeGate(places: number, options: { waiting: number; waitMs: number }): Gate {
  let free = places
  const queue: (() => void)[] = []

  const leaver = () => {
    let left = false
    return () => {
      if (left) return
      left = true
      const next = queue.shift()
      if (next) next()
      else free++
    }
  }

  return {
    enter(signal) {
      signal?.throwIfAborted()
      if (free > 0) {
        free--
        return Promise.resolve(leaver())
      }
      if (queue.length >= options.waiting) return Promise.reject(busy())
      return new Promise((resolve, reject) => {
        const settle = () => {
          clearTimeout(timer)
          signal?.removeEventListener('abort', leaveQueue)
        }
        const enter = () => {
          settle()
          resolve(leaver())
        }
        const leaveQueue = () => {
          settle()
          queue.splice(queue.indexOf(enter), 1)
          reject(signal?.aborted ? signal.reason : busy())
        }
        const timer = setTimeout(leaveQueue, options.waitMs)
        signal?.addEventListener('abort', leaveQueue, { once: true })
        queue.push(enter)
      })
    },
  }
}

const busy = () => warehouseBusy({ hint: 'Try again in a few seconds.', headers: { 'retry-after': '5' } })
