import { z } from 'zod'
import { type Endpoint, endpoint } from '#src/http/endpoint.ts'
import { xdmodDialect, xdmodSessionDialect } from './dialect.ts'

/**
 * What XDMoD's Python clients and scripts call (portals 10.5 to 11.5). Parameters are all optional here and of any shape: what
 * is missing or wrong is refused by the acts, in the order and the words that the clients know.
 */
const parameter = (description: string) =>
  z
    .union([z.string(), z.array(z.string())])
    .optional()
    .meta({ description })

const form = 'application/x-www-form-urlencoded'

/** Told with status 200, as the portal does. */
const NoOperation = z.object({
  status: z.enum(['operation_not_specified', 'invalid_operation_specified']),
  success: z.literal(false),
  totalCount: z.literal(0),
  message: z.string(),
  data: z.tuple([]),
})

const described = { text: z.string(), info: z.string() }

/** Names in the order in which clients show them. */
const Catalogue = z.object({
  totalCount: z.literal(1),
  data: z.tuple([
    z.object({
      realms: z.record(
        z.string(),
        z.object({
          metrics: z.record(
            z.string(),
            z.object({ ...described, std_err: z.boolean(), hidden_groupbys: z.array(z.string()) }),
          ),
          dimensions: z.record(z.string(), z.object(described)),
          text: z.string(),
          category: z.string(),
        }),
      ),
    }),
  ]),
})

const Values = z.object({
  totalCount: z.int(),
  data: z.array(z.object({ id: z.string(), name: z.string(), short_name: z.string(), checked: z.boolean() })),
})

const operation = parameter('What to do.')
const publicUser = parameter('`true`: who is not signed in is answered as the public.')

/** The controllers take GET like POST; their `operation` chooses the act. */
const byAddress = { access: 'optional', dialect: xdmodDialect, method: 'GET' } as const
const byForm = {
  access: 'optional',
  dialect: xdmodDialect,
  method: 'POST',
  reads: true,
  accepts: [form],
  query: z.looseObject({}),
} as const

const explorer = {
  path: '/controllers/metric_explorer.php',
  summary: 'XDMoD: the catalogue (get_dw_descripter), or the values of a dimension (get_dimension)',
  reply: z.union([NoOperation, Catalogue, Values]),
} as const
const ExplorerFields = z.looseObject({
  operation,
  public_user: publicUser,
  realm: parameter('Realm id; several separated by commas.'),
  dimension_id: parameter('Dimension id.'),
  start: parameter('Values to skip.'),
  limit: parameter('Values at most; 20 if missing.'),
  search_text: parameter('Words that must all occur.'),
  selectedFilterIds: parameter('`dimension=id`, separated by commas: these are marked as checked.'),
})

export const metricExplorer = {
  get: endpoint({ ...explorer, ...byAddress, id: 'xdmod-metric-explorer-by-address', query: ExplorerFields }),
  post: endpoint({ ...explorer, ...byForm, id: 'xdmod-metric-explorer', body: ExplorerFields.optional() }),
}

const userPage = {
  path: '/controllers/user_interface.php',
  summary: 'XDMoD: numbers as CSV (get_data, get_charts)',
  description: 'Filters are fields named by a dimension: `resource_filter=1,4`.',
  reply: NoOperation,
  media: ['application/xls'],
} as const
const UserPageFields = z.looseObject({
  operation,
  public_user: publicUser,
  start_date: parameter('First day, YYYY-MM-DD.'),
  end_date: parameter('Last day, YYYY-MM-DD.'),
  realm: parameter('Realm id.'),
  statistic: parameter('Metric id.'),
  group_by: parameter('Dimension id, or none.'),
  dataset_type: parameter('`timeseries` or `aggregate`.'),
  aggregation_unit: parameter('Auto, Day, Month, Quarter or Year.'),
  format: parameter('`csv`.'),
  inline: parameter('`n`: as a file to save.'),
})

export const userInterface = {
  get: endpoint({ ...userPage, ...byAddress, id: 'xdmod-user-interface-by-address', query: UserPageFields }),
  post: endpoint({ ...userPage, ...byForm, id: 'xdmod-user-interface', body: UserPageFields.optional() }),
}

const RawField = z.object({
  name: z.string(),
  alias: z.string(),
  display: z.string(),
  anonymize: z.boolean(),
  documentation: z.string(),
})

const exportRealms = endpoint({
  id: 'xdmod-export-realms',
  method: 'GET',
  path: '/rest/v1/warehouse/export/realms',
  summary: 'XDMoD: realms with raw data, and their fields',
  access: 'optional',
  dialect: xdmodDialect,
  reply: z.object({
    success: z.literal(true),
    data: z.array(z.object({ id: z.string(), name: z.string(), fields: z.array(RawField) })),
    total: z.int(),
  }),
})

const rawData = endpoint({
  id: 'xdmod-raw-data',
  method: 'GET',
  path: '/rest/v1/warehouse/raw-data',
  summary: 'XDMoD: raw rows of a realm',
  description:
    'Clients 1.0.x (by their User-Agent) get pages as one JSON object; everybody else a stream of rows, each after its length in hex, ended by `0`.',
  access: 'signed_in',
  shown: 'token',
  dialect: xdmodDialect,
  query: z.looseObject({
    realm: parameter('Realm id.'),
    start_date: parameter('First day, YYYY-MM-DD.'),
    end_date: parameter('Last day, YYYY-MM-DD.'),
    fields: parameter('Field aliases, separated by commas. Default: all.'),
    offset: parameter('Rows to skip.'),
  }),
  reply: z.object({
    success: z.literal(true),
    fields: z.array(z.string()),
    data: z.array(z.array(z.string().nullable())),
  }),
  media: ['text/plain', 'application/json-seq'],
})

const rawDataLimit = endpoint({
  id: 'xdmod-raw-data-limit',
  method: 'GET',
  path: '/rest/v1/warehouse/raw-data/limit',
  summary: 'XDMoD: rows in one page of raw data (clients 1.0.x only)',
  access: 'signed_in',
  shown: 'token',
  dialect: xdmodDialect,
  reply: z.object({ success: z.literal(true), data: z.int() }),
})

const Resource = z.object({
  resource_name: z.string(),
  resource_id: z.string(),
  start_date: z.string(),
  end_date: z.string().nullable(),
  resource_type: z.string(),
  allocation_type: z.string(),
})

const resources = endpoint({
  id: 'xdmod-resources',
  method: 'GET',
  path: '/rest/v1/warehouse/resources',
  summary: 'XDMoD: all resources by name',
  access: 'signed_in',
  shown: 'token',
  dialect: xdmodDialect,
  query: z.looseObject({ service_provider: parameter('Abbreviation of an organisation.') }),
  reply: z.object({
    success: z.literal(true),
    results: z
      .union([z.record(z.string(), Resource), z.tuple([])])
      .meta({ description: 'An empty list where none matches.' }),
  }),
})

/** For people and their scripts: a session, or HTTP Basic; an API token does not do. */
const forPeople = { access: 'optional', shown: 'session', dialect: xdmodSessionDialect } as const
const tokenPath = '/rest/v1/users/current/api/token'

const showToken = endpoint({
  ...forPeople,
  id: 'xdmod-show-token',
  method: 'GET',
  path: tokenPath,
  summary: 'XDMoD: the dates of the account’s API token',
  reply: z.object({
    success: z.literal(true),
    data: z.object({ created_on: z.string(), expiration_date: z.string() }),
  }),
})

const makeToken = endpoint({
  ...forPeople,
  id: 'xdmod-make-token',
  method: 'POST',
  path: tokenPath,
  summary: 'XDMoD: make the account’s API token',
  opensChange: true,
  audit: 'token.issued',
  accepts: [form, 'application/json'],
  body: z.unknown(),
  reply: z.object({ success: z.literal(true), data: z.object({ token: z.string(), expiration_date: z.string() }) }),
  secrets: ['token'],
})

const revokeToken = endpoint({
  ...forPeople,
  id: 'xdmod-revoke-token',
  method: 'DELETE',
  path: tokenPath,
  summary: 'XDMoD: revoke the account’s API token',
  opensChange: true,
  audit: 'token.revoked',
  reply: z.object({ success: z.literal(true), message: z.string() }),
})

const signIn = endpoint({
  id: 'xdmod-sign-in',
  method: 'POST',
  path: '/rest/v1/auth/login',
  summary: 'XDMoD: sign in, for scripts',
  access: 'public',
  dialect: xdmodSessionDialect,
  opensChange: true,
  audit: 'account.signed_in',
  accepts: [form],
  body: z.looseObject({ username: parameter('User name.'), password: parameter('Password.') }).optional(),
  reply: z.object({ success: z.literal(true), results: z.object({ token: z.string(), name: z.string() }) }),
  secrets: ['token'],
})

const signOut = endpoint({
  ...forPeople,
  id: 'xdmod-sign-out',
  method: 'POST',
  path: '/rest/v1/auth/logout',
  summary: 'XDMoD: sign out',
  audit: 'account.signed_out',
  accepts: [form],
  body: z.unknown(),
  reply: z.object({ success: z.literal(true), message: z.string() }),
})

export const rest = {
  exportRealms,
  rawData,
  rawDataLimit,
  resources,
  showToken,
  makeToken,
  revokeToken,
  signIn,
  signOut,
}

const AnyVersion = z.object({ version: z.string().regex(/^(latest|v[0-9]+(\.[0-9]+)?)$/) })

/**
 * REST addresses go with and without a version: `/rest/v1/…`, any `/rest/v2.0/…`, `/rest/latest/…` and `/rest/…` are the same.
 * The first is the one that clients use and docs show.
 */
export function spellings<const E extends Endpoint>(contract: E): readonly E[] {
  const spelt = (start: string) => ({ path: contract.path.replace('/rest/v1/', start), hidden: true }) as const
  return [
    contract,
    { ...contract, ...spelt('/rest/'), id: `${contract.id}-unversioned` },
    { ...contract, ...spelt('/rest/:version/'), id: `${contract.id}-any-version`, params: AnyVersion },
  ]
}
