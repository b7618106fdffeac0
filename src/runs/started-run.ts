import type { z } from 'zod'
import { type Response, respond } from '#src/http/respond.ts'
import type * as contract from './contract.ts'
import { addressOfRun, showRun } from './show-run.ts'
import type { StartedRun } from './start-run.ts'

type Body = z.input<typeof contract.StartedRun>

/** What a POST that starts a run answers: 202, the run, and where and when to look for it. */
export const startedRun = ({ run, joined }: StartedRun): Response<Body> =>
  respond<Body>({
    status: 202,
    body: { ...showRun(run), joined },
    headers: { location: addressOfRun(run.id), 'retry-after': '2' },
    ...(joined && { unchanged: true as const }),
  })
