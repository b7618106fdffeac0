import type { Endpoint } from './endpoint.ts'
import { waitApplied, waitOf } from './prefer.ts'
import { BrokenPromise, type Ready } from './present.ts'
import type { Call } from './request.ts'

/**
 * Waits until the run at an address has ended, at most so long; tells what it is like then, and whether it has ended.
 * Given by `app.ts`, so that this tool knows no room.
 */
export type AwaitRun = (call: Call, location: string, waitMs: number) => Promise<{ run: object; ended: boolean }>

/**
 * Holds the answer of an endpoint that starts a run, where `Prefer: wait=n` asks for it. The change has committed by then:
 * whatever happens while we wait, the run exists, so the worst answer is the one that there was to begin with.
 */
export function runHolder(contract: Endpoint, awaitRun: AwaitRun | undefined) {
  const { reply, status } = contract
  if (contract.startsRun && (!reply || status !== 202))
    throw new BrokenPromise(contract, 'starts a run, but does not promise to answer 202 with it')
  return (call: Call, ready: Ready): Ready | Promise<Ready> => {
    const waitMs = waitOf(call.headers.prefer)
    const { location } = ready.headers
    if (!awaitRun || waitMs === null || typeof location !== 'string' || typeof ready.payload !== 'string') return ready
    const first = ready.payload
    return awaitRun(call, location, waitMs).then(
      ({ run, ended }) => {
        const shown = reply?.safeParse({ ...(JSON.parse(first) as object), ...run })
        const headers = Object.entries({ ...ready.headers, ...waitApplied(waitMs) })
        return {
          ...ready,
          headers: Object.fromEntries(headers.filter(([name]) => !ended || name !== 'retry-after')),
          payload: shown?.success ? JSON.stringify(shown.data) : first,
        }
      },
      () => ready,
    )
  }
}
