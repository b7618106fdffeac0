import { z } from 'zod'
import { endpoint } from '#src/http/endpoint.ts'
import { pageQuery } from '#src/http/parameters.ts'
import { runStates, triggerTypes } from './run.ts'

const time = () => z.iso.datetime()

export const RunState = z
  .enum(runStates)
  .meta({ id: 'RunState', description: '`queued` and `running` will change; every other state is final.' })

export const Run = z
  .object({
    id: z.uuid(),
    kind: z.string().meta({ description: 'What is done, e.g. `refresh-model`.' }),
    subject: z.object({ type: z.string(), id: z.string() }).meta({ description: 'What it is done to.' }),
    state: RunState,
    trigger: z.object({
      type: z.enum(triggerTypes),
      token_id: z.string().nullable(),
      account_id: z.string().nullable(),
      account: z.string().nullable().meta({ description: 'User name of who asked.' }),
      cause: z.string().nullable(),
    }),
    attempt: z.int().meta({ description: 'Counts up when a worker is lost and another takes the run up.' }),
    progress: z.object({ fraction: z.number().min(0).max(1), text: z.string().nullable() }),
    steps: z.array(
      z.object({
        name: z.string(),
        state: z.enum(['running', 'succeeded', 'failed']),
        started_at: time(),
        finished_at: time().nullable(),
      }),
    ),
    counts: z.record(z.string(), z.number()).meta({ description: 'What the run counted, e.g. `rows`.' }),
    error: z
      .object({
        code: z.string(),
        message: z.string(),
        retryable: z.boolean().meta({ description: 'Whether asking again may well succeed.' }),
      })
      .nullable(),
    cancel_requested: z.boolean(),
    created_at: time(),
    started_at: time().nullable(),
    finished_at: time().nullable(),
  })
  .meta({ id: 'Run' })

const runParams = z.object({ run: z.uuid().meta({ description: 'The id of the run.' }) })

export const listRuns = endpoint({
  id: 'list-runs',
  method: 'GET',
  path: '/v1/runs',
  summary: 'List background runs, newest first',
  description:
    'Your own; with the permission `runs:admin` everyone’s. A token without `runs:read` sees those that it started itself.',
  access: 'signed_in',
  query: z.object({
    ...pageQuery(),
    state: RunState.optional(),
    kind: z.string().max(100).optional(),
    subject_type: z.string().max(100).optional(),
    subject: z.string().max(200).optional().meta({ description: 'The id of the subject, e.g. the name of a model.' }),
  }),
  reply: z.object({ runs: z.array(Run) }),
})

export const getRun = endpoint({
  id: 'get-run',
  method: 'GET',
  path: '/v1/runs/:run',
  summary: 'Watch a run',
  description:
    'Your own, and any that you might have started: the address that you are given when you ask for what is under way. With `Prefer: wait=20` the answer is held until the run has ended, up to 30 seconds; with `If-None-Match` besides, until anything about it has changed.',
  access: 'signed_in',
  params: runParams,
  reply: Run,
})

export const getRunLog = endpoint({
  id: 'get-run-log',
  method: 'GET',
  path: '/v1/runs/:run/log',
  summary: 'Read the log of a run, oldest line first',
  access: 'signed_in',
  params: runParams,
  query: z.object(pageQuery(1000, 200)),
  reply: z.object({
    lines: z.array(
      z
        .object({
          line: z.int(),
          at: time(),
          attempt: z.int(),
          level: z.enum(['info', 'warn', 'error']),
          text: z.string(),
        })
        .meta({ id: 'RunLogLine' }),
    ),
  }),
})

export const cancelRun = endpoint({
  id: 'cancel-run',
  method: 'POST',
  path: '/v1/runs/:run/cancel',
  summary: 'Cancel a run',
  description:
    'A waiting run is cancelled at once; a running one is told to stop and answers with `cancel_requested`. Of your own it takes what starting it took, of somebody else’s `runs:admin`. Cancelling again changes nothing.',
  access: 'signed_in',
  audit: 'run.cancelled',
  params: runParams,
  reply: Run,
})
