import { z } from 'zod'
import { roles } from '#src/access/permissions.ts'
import { endpoint } from '#src/http/endpoint.ts'
import { many, pageQuery } from '#src/http/parameters.ts'
import { Run, runAskMembers, StartedRun } from '#src/runs/contract.ts'
import { Token } from '#src/tokens/contract.ts'

const who = z.enum(['public', ...roles])
const time = z.iso.datetime()
const modelParams = z.object({ model: z.string().min(1).max(120).meta({ description: 'The name of the model.' }) })

const Freshness = z
  .object({
    version: z.int().meta({ description: 'Counts up with every refresh.' }),
    refreshed_at: time,
    age_seconds: z.int(),
    fresh_within_seconds: z.int().nullable().meta({ description: 'What the model promises.' }),
    stale: z.boolean().meta({ description: 'Whether the promise is broken.' }),
    outdated: z
      .boolean()
      .meta({ description: 'Whether the model file has changed since, so that a refresh would change the fields.' }),
    source_time: time
      .nullable()
      .meta({ description: 'When the newest of the sources was last changed, or read where that cannot be known.' }),
    rows: z.int(),
    first_day: z.iso.date().nullable(),
    last_day: z.iso.date().nullable(),
  })
  .meta({ id: 'Freshness' })

const summary = {
  name: z.string(),
  label: z.string(),
  description: z.string(),
  realm: z.string().nullable().meta({ description: 'Its name in the XDMoD protocol.' }),
  access: z.object({ query: who, raw: who }).meta({ description: 'The least role that may; public: everybody.' }),
  may: z
    .object({
      query: z.boolean(),
      raw: z.boolean(),
      options: z.boolean().meta({ description: 'Read its option sets.' }),
      refresh: z.boolean(),
    })
    .meta({ description: 'What you may do with it, as you are asking now.' }),
  freshness: Freshness.nullable().meta({ description: 'Null before the first refresh.' }),
}

export const Model = z
  .object({
    ...summary,
    refreshing: z
      .object({
        type: z.enum(['full', 'incremental']).meta({ description: 'What a refresh does unless asked for the other.' }),
        incremental: z.boolean().meta({ description: 'Whether it can be refreshed incrementally.' }),
        schedule: z
          .object({ description: z.string(), next_at: time.nullable() })
          .nullable()
          .meta({ description: 'When it is refreshed by the clock.' }),
        after: z.array(z.string()).meta({ description: 'Models whose refresh brings on one of this model.' }),
        notify: z.boolean().meta({ description: 'Whether somebody is told when its data have grown too old.' }),
      })
      .meta({ description: 'How it comes to new data.' }),
    time_zone: z.string(),
    timed: z.boolean().meta({ description: 'Whether it knows days, so that periods and time series make sense.' }),
    dimensions: z.array(
      z.object({
        name: z.string(),
        label: z.string(),
        description: z.string(),
        type: z.enum(['string', 'integer']),
        order: z.enum(['label', 'id', 'rank']),
        bucketed: z.boolean(),
      }),
    ),
    metrics: z.array(
      z.object({
        name: z.string(),
        label: z.string(),
        description: z.string(),
        unit: z.string(),
        decimals: z.int().nullable(),
        kind: z.enum(['aggregate', 'capacity', 'derived']),
        additive: z.boolean().meta({
          description: 'Whether groups add up to the whole: then a group without rows has 0, else it has no value.',
        }),
        standard_error: z.string().nullable(),
      }),
    ),
    raw_fields: z.array(
      z.object({
        name: z.string(),
        label: z.string(),
        description: z.string(),
        type: z.enum(['string', 'integer', 'number', 'boolean', 'date', 'timestamp']),
        deidentified: z.boolean(),
      }),
    ),
    option_sets: z
      .array(
        z.object({
          name: z.string(),
          label: z.string(),
          description: z.string(),
          filter_by: z.string().nullable().meta({
            description: 'What says for which rows of a report an option is; null: every option is for every row.',
          }),
        }),
      )
      .meta({ description: 'Choices for data-input columns of reports.' }),
  })
  .meta({ id: 'Model' })

export const listModels = endpoint({
  id: 'list-models',
  method: 'GET',
  path: '/v1/models',
  summary: 'List the models that you may use',
  access: 'optional',
  reply: z.object({ models: z.array(z.object(summary).meta({ id: 'ModelSummary' })) }),
})

export const getModel = endpoint({
  id: 'get-model',
  method: 'GET',
  path: '/v1/models/:model',
  summary: 'Show a model: its metrics, dimensions, fields and freshness',
  access: 'optional',
  params: modelParams,
  reply: Model,
})

const Options = z
  .object({
    model: z.string(),
    option_set: z.string(),
    label: z.string(),
    snapshot: z.string().meta({ description: 'Names the data; the same snapshot, the same options.' }),
    version: z.int().meta({ description: 'The snapshot’s number; also in the header `X-Snapshot`.' }),
    filter_by: z.string().nullable(),
    total: z.int().meta({ description: 'All that match.' }),
    options: z.array(
      z.object({
        id: z.string().meta({ description: 'What is stored when it is chosen; stays when the label changes.' }),
        label: z.string(),
        only_for: z
          .array(z.string())
          .nullable()
          .meta({ description: 'The values of rows that it may be chosen in; null: every row.' }),
      }),
    ),
  })
  .meta({ id: 'Options' })

export const listOptions = endpoint({
  id: 'list-options',
  method: 'GET',
  path: '/v1/models/:model/option-sets/:set',
  summary: 'List the options of a set',
  description:
    'Choices for data-input columns of reports, as the model’s current snapshot has them, in the set’s own order. The `ETag` stays the same until a refresh or a rollback puts another snapshot in place. While a refresh is under way the options before it are answered, and `X-Refreshing` names its run.',
  access: 'optional',
  params: z.object({ ...modelParams.shape, set: z.string().min(1).max(120) }),
  query: z.object({
    search: z.string().max(200).optional().meta({ description: 'Words that must all occur in label or id.' }),
    for: z
      .string()
      .max(500)
      .optional()
      .meta({ description: 'Only options that may be chosen in a row with this value of `filter_by`.' }),
    id: many(z.string().max(500)).optional().meta({ description: 'Repeatable: only these ids.' }),
    limit: z.coerce.number().int().min(1).max(10_000).default(1000),
    cursor: z.string().max(1000).optional(),
  }),
  reply: Options,
})

export const TokenReach = z
  .object({
    token: Token.shape.id,
    state: Token.shape.state,
    works: z.boolean().meta({ description: 'Whether it is accepted now; if not, it reaches nothing.' }),
    permissions: z.array(
      z.object({
        permission: z.string(),
        label: z.string(),
        resource: z.string().nullable().meta({ description: 'What it is narrowed to; null: all.' }),
        effective: z.boolean(),
        why_not: z.string().nullable().meta({ description: 'Why it comes to nothing now.' }),
      }),
    ),
    models: z
      .array(
        z.object({
          name: z.string(),
          label: z.string(),
          query: z.boolean(),
          raw: z.boolean(),
          options: z.boolean(),
          refresh: z.boolean(),
          rows_filtered: z.boolean().meta({ description: 'Whether it sees only rows of the account’s own.' }),
        }),
      )
      .meta({ description: 'Models with which it may do anything; public ones are open to it as to everybody.' }),
  })
  .meta({ id: 'TokenReach' })

export const showTokenReach = endpoint({
  id: 'show-token-reach',
  method: 'GET',
  path: '/v1/tokens/:token/reach',
  summary: 'What an API token could do now',
  description: 'As its account’s role and state, its own narrowing and the models’ access leave it at this moment.',
  access: 'tokens:write',
  params: z.object({ token: Token.shape.id }),
  reply: TokenReach,
})

export const refreshModel = endpoint({
  id: 'refresh-model',
  method: 'POST',
  path: '/v1/models/:model/refreshes',
  summary: 'Refresh a model',
  description:
    'Builds a new snapshot beside the one that is read, checks it, and swaps it in. Answers with the run to watch; while a refresh is under way, with that one, unless `if_running` says otherwise.',
  access: 'models:refresh',
  resource: 'model',
  audit: ['model.refresh_requested', 'run.cancelled'],
  idempotent: true,
  startsRun: true,
  params: modelParams,
  body: z
    .strictObject({
      ...runAskMembers,
      reason: z.string().max(500).optional().meta({ description: 'An older word for `cause`.' }),
      type: z.enum(['full', 'incremental']).optional().meta({
        description:
          'Incremental: ask for changed rows only, where the model says how. Default: what the model file says.',
      }),
    })
    .optional(),
  reply: StartedRun,
  status: 202,
})

export const listRefreshes = endpoint({
  id: 'list-refreshes',
  method: 'GET',
  path: '/v1/models/:model/refreshes',
  summary: 'List the refreshes of a model, newest first',
  access: 'models:refresh',
  resource: 'model',
  params: modelParams,
  query: z.object(pageQuery()),
  reply: z.object({ runs: z.array(Run) }),
})

const counted = (what: string) =>
  z
    .int()
    .nullable()
    .meta({ description: `Rows ${what}, by key; null where the model names no key.` })

export const Snapshot = z
  .object({
    version: z.int(),
    current: z.boolean().meta({ description: 'Whether it is the one that is read.' }),
    run: z.uuid().meta({ description: 'The refresh that made it.' }),
    type: z.enum(['full', 'incremental']),
    started_at: time,
    refreshed_at: time,
    source_time: time.nullable(),
    rows: z.int(),
    rows_before: z.int().nullable().meta({ description: 'At the refresh before.' }),
    added: counted('added'),
    removed: counted('removed'),
    changed: counted('changed'),
    schema_changes: z.array(
      z.object({
        table: z.string(),
        column: z.string(),
        change: z.enum(['added', 'removed', 'type_changed']),
        from: z.string().nullable(),
        to: z.string().nullable(),
      }),
    ),
    sources: z.array(
      z.object({
        name: z.string(),
        kind: z.string().nullable(),
        rows: z.int(),
        time: time.nullable().meta({ description: 'When it was last changed, or read.' }),
      }),
    ),
    bytes: z.int(),
    first_day: z.iso.date().nullable(),
    last_day: z.iso.date().nullable(),
  })
  .meta({ id: 'Snapshot' })

export const listSnapshots = endpoint({
  id: 'list-snapshots',
  method: 'GET',
  path: '/v1/models/:model/snapshots',
  summary: 'List the snapshots of a model that are kept, newest first',
  access: 'models:refresh',
  resource: 'model',
  params: modelParams,
  reply: z.object({ snapshots: z.array(Snapshot) }),
})

export const rollBackModel = endpoint({
  id: 'roll-back-model',
  method: 'POST',
  path: '/v1/models/:model/rollback',
  summary: 'Read an earlier snapshot of a model again',
  description:
    'Takes effect at once; who is reading finishes with what they have. The next refresh makes a new snapshot out of the sources as they are then.',
  access: 'models:refresh',
  resource: 'model',
  audit: 'model.rolled_back',
  idempotent: true,
  params: modelParams,
  body: z
    .strictObject({
      version: z
        .int()
        .min(1)
        .optional()
        .meta({ description: 'Default: the newest one kept below the one that is read.' }),
      reason: z.string().max(500).optional().meta({ description: 'Kept in the audit trail.' }),
    })
    .optional(),
  reply: Snapshot,
})

export const readModelCalls = endpoint({
  id: 'read-model-calls',
  method: 'GET',
  path: '/v1/models/:model/calls',
  summary: 'Ready-made calls that refresh a model from another application',
  access: 'models:refresh',
  resource: 'model',
  params: modelParams,
  reply: z.object({
    permission: z.string().meta({ description: 'What a token needs for it.' }),
    calls: z.array(z.object({ title: z.string(), language: z.string(), text: z.string() })),
    postman: z.string().meta({ description: 'Address of a Postman collection.' }),
  }),
})

export const readModelPostman = endpoint({
  id: 'read-model-postman',
  method: 'GET',
  path: '/v1/models/:model/postman.json',
  summary: 'The same as a Postman collection',
  description: 'Starts the refresh and follows it to its end; the token is a variable, which is empty.',
  access: 'models:refresh',
  resource: 'model',
  params: modelParams,
  media: ['application/json'],
})
