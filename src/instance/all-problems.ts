import * as accounts from '#src/accounts/problems.ts'
import * as database from '#src/database/problems.ts'
import * as dataCite from '#src/datasets/datacite/problems.ts'
import * as datasetFiles from '#src/datasets/files/problems.ts'
import * as formats from '#src/datasets/formats/problems.ts'
import * as datasets from '#src/datasets/problems.ts'
import * as tables from '#src/datasets/tables/problems.ts'
import * as uploads from '#src/datasets/uploads/problems.ts'
import * as documents from '#src/documents/problems.ts'
import * as exports from '#src/exports/problems.ts'
import * as files from '#src/files/problems.ts'
import * as http from '#src/http/problems.ts'
import * as imports from '#src/imports/problems.ts'
import * as mail from '#src/mail/problems.ts'
import * as models from '#src/models/problems.ts'
import * as outbound from '#src/outbound/problems.ts'
import type { ProblemDefinition } from '#src/problem/problem.ts'
import * as dataverse from '#src/protocols/dataverse/problems.ts'
import * as xdmod from '#src/protocols/xdmod/problems.ts'
import * as reports from '#src/reports/problems.ts'
import * as runs from '#src/runs/problems.ts'
import * as settings from '#src/settings/problems.ts'
import * as subscriptions from '#src/subscriptions/problems.ts'
import * as tokens from '#src/tokens/problems.ts'
import * as warehouse from '#src/warehouse/problems.ts'

const rooms = [
  accounts,
  database,
  dataCite,
  datasetFiles,
  formats,
  datasets,
  tables,
  uploads,
  documents,
  exports,
  files,
  http,
  imports,
  mail,
  models,
  outbound,
  dataverse,
  xdmod,
  reports,
  runs,
  settings,
  subscriptions,
  tokens,
  warehouse,
]

/** Every problem of every room, by code. */
export const allProblems: readonly ProblemDefinition[] = rooms
  .flatMap((room) => Object.values(room) as unknown[])
  .filter((value): value is ProblemDefinition => typeof value === 'function' && 'code' in value && 'title' in value)
  .sort((a, b) => (a.code < b.code ? -1 : 1))
