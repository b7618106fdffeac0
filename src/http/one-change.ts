import type { AuditNote } from '#src/access/caller.ts'
import type { Change, Changer } from '#src/database/change.ts'
import type { Endpoint } from './endpoint.ts'
import { BrokenPromise, type Ready } from './present.ts'
import type { Call } from './request.ts'

/** What a handler made of a change: the reply, and whether it says that nothing had to change. */
export interface Changed {
  readonly ready: Ready
  readonly unchanged: boolean
}

/**
 * One transaction for one mutating request: what the act does, what is audited, the jobs it sends and the idempotency
 * record commit together. A change that notes nothing, or something other than its contract declares, does not happen.
 */
export function changeOpener(contract: Endpoint, changer: Changer) {
  const declared: readonly string[] = typeof contract.audit === 'string' ? [contract.audit] : (contract.audit ?? [])
  if (declared.length === 0) throw new BrokenPromise(contract, 'changes something but declares no audit verb')
  return (call: Call, body: (change: Change) => Promise<Changed>): Promise<Ready> =>
    changer(call.actor, async (change) => {
      let noted = 0
      const note = (line: AuditNote): void => {
        if (!declared.includes(line.verb))
          throw new BrokenPromise(contract, `notes ${line.verb} but declares ${declared.join(', ')}`)
        noted++
        change.note(line)
      }
      const { ready, unchanged } = await body({ ...change, note })
      if (noted === 0 && !unchanged)
        throw new BrokenPromise(contract, `changed something without noting ${declared.join(' or ')}`)
      return ready
    })
}
