import { z } from 'zod'
import { endpoint } from '#src/http/endpoint.ts'
import { flag, many, pageQuery } from '#src/http/parameters.ts'
import { Schedule } from '#src/schedule/schedule.ts'
import { ifRunningWords, runStates, triggerTypes } from './run.ts'

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
      address: z.string().nullable().meta({ description: 'From where it was asked for.' }),
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
    duration_ms: z.int().nullable().meta({ description: 'From start to end; null until it has ended.' }),
    scheduled_for: time().nullable().meta({ description: 'The moment of the schedule that it is the run of.' }),
    rerun_of: z.uuid().nullable().meta({ description: 'The run that it does again.' }),
    artifacts: z
      .object({ total: z.int(), expired: z.int().meta({ description: 'No longer to be had.' }) })
      .meta({ description: 'How many files it made.' }),
    callbacks: z
      .array(
        z.object({
          host: z.string(),
          state: z.enum(['waiting', 'delivered', 'failed']),
          attempts: z.int(),
          failure: z.string().nullable(),
        }),
      )
      .meta({ description: 'Who is told of its end, and how far that is.' }),
    links: z.object({
      self: z.string(),
      log: z.string(),
      artifacts: z.string(),
      cancel: z.string(),
      rerun: z.string(),
    }),
  })
  .meta({ id: 'Run' })

/** What every POST that starts a run takes besides its own: spread it into the body's strict object. */
export const runAskMembers = {
  cause: z
    .string()
    .trim()
    .min(1)
    .max(500)
    .optional()
    .meta({ description: 'Why, in your words; shown in the history.' }),
  if_running: z.enum(ifRunningWords).optional().meta({
    description:
      'When such a run waits or is at work already: `join` answers with that one; `queue` lets one more wait for its end, which later callers join; `reject` answers 409; `restart` cancels it and starts anew.',
  }),
  callback: z
    .strictObject({
      url: z.url({ protocol: /^https?$/ }).max(2000),
      secret: z.string().min(16).max(200).meta({
        description:
          'What the message is signed with. One that begins with `whsec_` is read as Standard Webhooks has it: Base64.',
      }),
    })
    .optional()
    .meta({ description: 'Where the run is posted to when it has ended, as a signed webhook.' }),
}

/** What such a POST answers, with status 202. */
export const StartedRun = Run.extend({
  joined: z.boolean().meta({ description: 'Whether it was under way before you asked.' }),
}).meta({ id: 'StartedRun' })

const runFilters = {
  state: many(RunState).optional().meta({ description: 'Repeatable.' }),
  open: flag().optional().meta({ description: 'Whether it waits or is at work.' }),
  kind: many(z.string().max(100)).optional().meta({ description: 'Repeatable.' }),
  subject_type: z.string().max(100).optional(),
  subject: z.string().max(200).optional().meta({ description: 'The id of the subject, e.g. the name of a model.' }),
  trigger: z.enum(triggerTypes).optional(),
  token: z.string().max(100).optional().meta({ description: 'The id of the token that asked.' }),
  account: z.string().max(200).optional().meta({ description: 'The user name of who asked.' }),
  since: time().optional().meta({ description: 'Asked for at this moment or later.' }),
  until: time().optional().meta({ description: 'Asked for before this moment.' }),
}

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
    ...runFilters,
  }),
  reply: z.object({ runs: z.array(Run) }),
})

export const countRuns = endpoint({
  id: 'count-runs',
  method: 'GET',
  path: '/v1/runs/counts',
  summary: 'Count background runs by kind and state',
  description: 'Of those that the list with the same filters would show.',
  access: 'signed_in',
  query: z.object(runFilters),
  reply: z.object({
    total: z.int(),
    states: z.record(RunState, z.int()),
    kinds: z.array(z.object({ kind: z.string(), total: z.int(), states: z.record(RunState, z.int()) })),
  }),
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

/** The same under the verb that clients of other products know. */
export const deleteRun = endpoint({
  ...cancelRun,
  id: 'delete-run',
  method: 'DELETE',
  path: '/v1/runs/:run',
  description: 'The same as `POST …/cancel`: the run stays in the history.',
})

export const rerunRun = endpoint({
  id: 'rerun-run',
  method: 'POST',
  path: '/v1/runs/:run/rerun',
  summary: 'Do a run again',
  description:
    'Starts a new run of the same kind on the same subject once this one has ended, with what starting it takes. `"only": "failed"` does again only what failed, where the kind of run has parts.',
  access: 'signed_in',
  audit: 'run.repeated',
  idempotent: true,
  startsRun: true,
  params: runParams,
  body: z.object({ only: z.literal('failed').optional() }).optional(),
  reply: StartedRun,
  status: 202,
})

export const Artifact = z
  .object({
    id: z.uuid(),
    name: z.string(),
    media_type: z.string(),
    bytes: z.int(),
    sha256: z.string().meta({ description: 'Of the content, in hexadecimal.' }),
    created_at: time(),
    expires_at: time(),
    expired: z.boolean().meta({ description: 'Past its time, so that it is no longer to be had.' }),
    url: z.string().meta({ description: 'Where it is downloaded.' }),
  })
  .meta({ id: 'Artifact' })

export const listArtifacts = endpoint({
  id: 'list-artifacts',
  method: 'GET',
  path: '/v1/runs/:run/artifacts',
  summary: 'List the files that a run made',
  description: 'For who asked for the run and may still start such ones, and for administrators.',
  access: 'signed_in',
  params: runParams,
  reply: z.object({ artifacts: z.array(Artifact) }),
})

export const downloadArtifact = endpoint({
  id: 'download-artifact',
  method: 'GET',
  path: '/v1/runs/:run/artifacts/:artifact',
  summary: 'Download a file that a run made',
  description:
    'With the file’s own media type and name. `Range` gives a part, so that a download that broke off can go on; the `ETag` is the SHA-256 of the content.',
  access: 'signed_in',
  params: runParams.extend({ artifact: z.uuid() }),
  media: ['application/octet-stream'],
  ranges: true,
})

export const previewSchedule = endpoint({
  id: 'preview-schedule',
  method: 'POST',
  path: '/v1/schedules/preview',
  summary: 'Say in words when a schedule is due, and show its next times',
  access: 'signed_in',
  reads: true,
  body: z.object({
    schedule: Schedule,
    after: time().optional().meta({ description: 'Times after this moment. Default: now.' }),
    count: z.int().min(1).max(50).default(5),
  }),
  reply: z.object({
    description: z.string().meta({ description: 'E.g. “Every Monday at 08:30 (Europe/Berlin)”.' }),
    times: z
      .array(
        z.object({
          at: time(),
          local: z
            .string()
            .meta({ description: 'The same on the clocks of the schedule, with their distance from UTC.' }),
        }),
      )
      .meta({ description: 'Fewer than asked for where the schedule comes to its end.' }),
  }),
})

/** Half of a character pair is no text. */
const keepable = (text: z.ZodString) =>
  text.refine((written) => written.isWellFormed(), 'holds a character that cannot be kept')

const HolidayDay = z.strictObject({
  date: z.iso.date('is not a day; write e.g. 2027-12-25'),
  label: keepable(z.string().max(200)).default(''),
})
const calendarLabel = keepable(z.string().trim().min(1).max(120))
const calendarParams = z.object({
  calendar: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,59}$/)
    .meta({ description: 'Small letters, digits and dashes; schedules name it in `holidays`.' }),
})

export const HolidayCalendar = z
  .object({
    name: z.string(),
    label: z.string(),
    days: z.array(HolidayDay).meta({ description: 'By date.' }),
    updated_at: time(),
  })
  .meta({ id: 'HolidayCalendar' })

export const listHolidayCalendars = endpoint({
  id: 'list-holiday-calendars',
  method: 'GET',
  path: '/v1/holiday-calendars',
  summary: 'List the holiday calendars that schedules may leave out',
  access: 'signed_in',
  reply: z.object({ calendars: z.array(HolidayCalendar) }),
})

export const putHolidayCalendar = endpoint({
  id: 'put-holiday-calendar',
  method: 'PUT',
  path: '/v1/holiday-calendars/:calendar',
  summary: 'Make a holiday calendar, or replace its days',
  description:
    'From days, or from the text of an iCalendar file (`ics`), whose events must lie on whole days; those that recur are taken for the next ten years. Schedules that leave out these days are planned anew.',
  access: 'calendars:write',
  audit: 'calendar.changed',
  params: calendarParams,
  bodyLimit: 2 * 2 ** 20,
  body: z.union([
    z.strictObject({ label: calendarLabel, days: z.array(HolidayDay).max(5000) }),
    z.strictObject({ label: calendarLabel, ics: keepable(z.string().max(1_500_000)) }),
  ]),
  reply: HolidayCalendar,
})

export const deleteHolidayCalendar = endpoint({
  id: 'delete-holiday-calendar',
  method: 'DELETE',
  path: '/v1/holiday-calendars/:calendar',
  summary: 'Delete a holiday calendar that no schedule uses',
  access: 'calendars:write',
  audit: 'calendar.deleted',
  params: calendarParams,
  status: 204,
})
