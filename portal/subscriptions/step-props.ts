import type { Reply } from '#portal/kit/contracts.ts'
import type { Draft } from './draft.ts'

/** What each step of the editor is given. */
export interface StepProps {
  readonly draft: Draft
  readonly set: (change: Partial<Draft>) => void
  /** The report that is chosen, as soon as it is known. */
  readonly report: Reply<'GET /v1/reports/:report'> | undefined
  readonly policy: Reply<'GET /v1/subscriptions/policy'>
  /** What the server complained about when it was last asked to save, by member. */
  readonly errors: Readonly<Record<string, string>>
  /** It is there already, under an id that stays. */
  readonly saved: boolean
}
