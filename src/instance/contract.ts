import { z } from 'zod'
import { Account, Session } from '#src/accounts/contract.ts'
import { endpoint } from '#src/http/endpoint.ts'

export const You = z
  .object({
    via: z.enum(['session', 'token']),
    account: Account,
    session: Session.nullable().meta({ description: 'Null when a token asks.' }),
    permissions: z.array(z.string()).meta({ description: 'With a token: what the token may do.' }),
  })
  .meta({ id: 'You', description: 'Who asks, and what they may do.' })

export const Instance = z
  .object({
    title: z.string().meta({ description: 'Name of the portal.' }),
    organization: z.object({ name: z.string(), abbreviation: z.string() }),
    version: z.string().meta({ description: 'Of the product.' }),
    site_address: z.string().meta({ description: 'Public address, without a closing slash.' }),
    time_zone: z.string().meta({ description: 'IANA name of the zone in which days begin and end in the warehouse.' }),
    demo: z.boolean().meta({ description: 'Whether an empty data directory is filled with the demo.' }),
    personal_tokens: z.boolean().meta({ description: 'Whether people may make API tokens for themselves.' }),
    password_minimum_length: z.int(),
    you: You.nullable().meta({ description: 'Null for who is not signed in, also when the session has ended.' }),
  })
  .meta({ id: 'Instance', description: 'What this installation is.' })

export const showInstance = endpoint({
  id: 'show-instance',
  method: 'GET',
  path: '/v1/instance',
  summary: 'What this installation is, and who asks',
  description: 'What the portal asks first. Whoever is not signed in is told so by `you: null`, not by a 401.',
  access: 'optional',
  reply: Instance,
})

export const Setting = z
  .object({
    section: z.string(),
    key: z.string(),
    value: z.string().meta({
      description: 'What is in effect, as one would write it. Of a secret: dots when it is set, empty when not.',
    }),
    default: z.string(),
    source: z.enum(['default', 'file', 'environment']).meta({ description: 'Where the value comes from.' }),
    line: z.int().nullable().meta({ description: 'The line of the file that sets it.' }),
    environment_name: z
      .string()
      .meta({ description: 'The environment variable that sets it, and wins over the file.' }),
    meaning: z.string(),
    example: z.string().nullable(),
    secret: z.boolean(),
  })
  .meta({ id: 'Setting', description: 'One setting of the installation.' })

export const listSettings = endpoint({
  id: 'list-settings',
  method: 'GET',
  path: '/v1/settings',
  summary: 'Every setting: what is in effect, and where it comes from',
  description: 'In the order of the reference. They are read once, at the start; secrets never leave.',
  access: 'settings:read',
  reply: z.object({
    file: z.object({
      path: z.string(),
      present: z.boolean().meta({ description: 'False when there was no file, so that none was read.' }),
    }),
    settings: z.array(Setting),
  }),
})

const healthState = z.enum(['ok', 'degraded', 'failing'])

const about = { name: z.string(), label: z.string() }

export const HealthFact = z
  .discriminatedUnion('kind', [
    z.object({
      ...about,
      kind: z.enum(['count', 'bytes', 'milliseconds', 'seconds']),
      value: z.number().nullable().meta({ description: 'Null: not known.' }),
      of: z.number().nullable().meta({ description: 'The most that it can be, where there is a limit.' }),
    }),
    z.object({
      ...about,
      kind: z.enum(['text', 'time']),
      value: z.string().nullable().meta({ description: 'Null: not known, or never.' }),
    }),
  ])
  .meta({ id: 'HealthFact', description: 'One figure or word; `kind` says how to show it.' })

export const HealthPart = z
  .object({
    ...about,
    state: healthState,
    says: z.string().nullable().meta({ description: 'What is the matter; null when nothing is.' }),
    facts: z.array(HealthFact),
  })
  .meta({ id: 'HealthPart', description: 'One of several things of a kind: a model, a queue, a process, a disk.' })

export const HealthCheck = z
  .object({
    ...about,
    state: healthState,
    says: z.string().meta({ description: 'How it is, and what to do when it is not well.' }),
    facts: z.array(HealthFact),
    parts: z.array(HealthPart),
  })
  .meta({ id: 'HealthCheck' })

export const Health = z
  .object({
    state: healthState.meta({ description: 'The worst of all checks.' }),
    checked_at: z.iso.datetime(),
    started_at: z.iso.datetime().meta({ description: 'When the process that answers was started.' }),
    version: z.string().meta({ description: 'Of the product.' }),
    node_version: z.string(),
    platform: z.string(),
    checks: z.array(HealthCheck),
  })
  .meta({ id: 'Health', description: 'How the installation fares, with figures.' })

export const showHealth = endpoint({
  id: 'show-health',
  method: 'GET',
  path: '/v1/health',
  summary: 'How the installation fares: database, warehouse, queue, disk, mail, processes, audit trail',
  description:
    'For people; load balancers ask `/health/ready`. A check that does not answer in time says so and holds up no other.',
  access: 'settings:read',
  reply: Health,
})

export const ProblemType = z
  .object({
    code: z.string().meta({ description: 'The `code` of problem documents, and the end of their `type`.' }),
    status: z.int().meta({ description: 'Of the reply.' }),
    title: z.string().meta({ description: 'What it means in general.' }),
    remedy: z.string().meta({
      description: 'What to do next, where the problem document’s `hint` says nothing better. Markdown: only `code`.',
    }),
  })
  .meta({ id: 'ProblemType', description: 'A kind of problem that the API can answer with.' })

export const listProblems = endpoint({
  id: 'list-problems',
  method: 'GET',
  path: '/v1/problems',
  summary: 'Every problem that can be met: what it means and what to do',
  description: 'Foreign protocols show the same problems in their own error bodies.',
  access: 'public',
  reply: z.object({ problems: z.array(ProblemType) }),
})
