// Written by `npm run tables` from the migrations. Don’t edit.

import type { ColumnType, GeneratedAlways } from 'kysely'

/** Read as the parsed value; written as its JSON text. */
export type Json = ColumnType<unknown, string, string>

export type Timestamp = ColumnType<Date, Date | string, Date | string>

/** May be left out when writing. */
export type Generated<T> =
  T extends ColumnType<infer S, infer I, infer U> ? ColumnType<S, I | undefined, U> : ColumnType<T, T | undefined, T>

export interface AccessChanges {
  epoch: number
  subject: string
  at: Generated<Timestamp>
}

export interface AccessEpoch {
  one_row: Generated<boolean>
  epoch: number
}

export interface Accounts {
  id: Generated<string>
  user_name: string
  kind: string
  role: string
  state: Generated<string>
  display_name: string
  first_name: string | null
  last_name: string | null
  email: string | null
  owner_id: string | null
  password_hash: string | null
  password_changed_at: Timestamp | null
  last_signed_in_at: Timestamp | null
  created_at: Generated<Timestamp>
  updated_at: Generated<Timestamp>
  disabled_at: Timestamp | null
}

export interface AuditEvents {
  id: number
  at: Timestamp
  verb: string
  subject_type: string
  subject_id: string | null
  via: string
  account_id: string | null
  account_name: string | null
  token_id: string | null
  session_id: string | null
  request_id: string | null
  address: string | null
  client: string | null
  detail: Json
  prev_hash: Buffer
  hash: Buffer
}

export interface AuditHead {
  one_row: Generated<boolean>
  id: number
  hash: Buffer
  at: Timestamp
}

export interface Collections {
  id: Generated<number>
  alias: string
  parent_id: number | null
  path: number[]
  name: string
  affiliation: string | null
  description: Generated<string>
  type: Generated<string>
  contacts: Generated<Json>
  metadata_blocks: string[] | null
  facets: string[] | null
  input_levels: Json | null
  contributor_role: Generated<string>
  created_by: string | null
  created_at: Timestamp
  updated_at: Timestamp
  published_at: Timestamp | null
}

export interface ContentTables {
  sha256: string
  format: string
  state: Generated<string>
  attempts: Generated<number>
  taken_at: Timestamp | null
  noticed_at: Generated<Timestamp>
  read_at: Timestamp | null
  table_sha256: string | null
  table_bytes: number | null
  rows: number | null
  columns: Json | null
  preview: Json | null
  trouble: string | null
  depositor: Generated<string>
}

export interface DatasetFiles {
  id: Generated<number>
  dataset_id: number
  sha256: string
  md5: string
  sha1: string | null
  sha512: string | null
  bytes: number
  media_type: string
  original_name: string
  previous_file_id: number | null
  root_file_id: number | null
  created_by: string | null
  created_at: Timestamp
  published_at: Timestamp | null
  downloads: Generated<number>
}

export interface DatasetLocks {
  dataset_id: number
  type: string
  account_id: string | null
  message: Generated<string>
  created_at: Timestamp
}

export interface DatasetVersions {
  id: GeneratedAlways<number>
  dataset_id: number
  state: string
  major: number | null
  minor: number | null
  revision: Generated<number>
  title: string
  metadata: Json
  license_id: number | null
  terms: Generated<Json>
  note: string | null
  created_by: string | null
  created_at: Timestamp
  updated_at: Timestamp
  updated_by: string | null
  released_at: Timestamp | null
  released_by: string | null
  deaccessioned_at: Timestamp | null
  deaccession_reason: string | null
  deaccession_url: string | null
  file_count: Generated<number>
  file_bytes: Generated<number>
  restricted_count: Generated<number>
}

export interface Datasets {
  id: Generated<number>
  collection_id: number
  protocol: string
  authority: string
  separator: Generated<string>
  identifier: string
  pid: GeneratedAlways<string>
  pid_registered_at: Timestamp | null
  access_requests: Generated<boolean>
  created_by: string | null
  created_at: Timestamp
  updated_at: Timestamp
  published_at: Timestamp | null
  told_at: Timestamp | null
}

export interface Deliveries {
  id: Generated<string>
  run_id: string
  subscription_id: string
  recipient: string
  name: string
  account_id: string | null
  address: string | null
  destination: string
  slice: number
  slice_label: string | null
  state: Generated<string>
  reason: string | null
  attempts: Generated<number>
  message_id: string | null
  next_try_at: Timestamp | null
  created_at: Generated<Timestamp>
  updated_at: Generated<Timestamp>
  delivered_at: Timestamp | null
  read_at: Timestamp | null
  report_id: string | null
  subscription_since: Timestamp | null
}

export interface DeliveryFiles {
  id: string
  run_id: string
  slice: number
  format: string
  name: string
  media_type: string
  sha256: string
  bytes: number
  created_at: Timestamp
  expires_at: Timestamp
  expired: Generated<boolean>
}

export interface DeliveryLinks {
  hash: Buffer
  delivery_id: string
  file_id: string
  expires_at: Timestamp
  downloads: Generated<number>
  last_download_at: Timestamp | null
}

export interface DeliverySlices {
  run_id: string
  slice: number
  label: string | null
  rows: number
  subject: string
  body: string
}

export interface FileAccessRequests {
  file_id: number
  account_id: string
  state: Generated<string>
  created_at: Timestamp
  decided_at: Timestamp | null
  decided_by: string | null
}

export interface HolidayCalendars {
  name: string
  label: string
  days: Json
  updated_at: Generated<Timestamp>
}

export interface HpcGroupHierarchy {
  group_name: string
  abbreviation: string
}

export interface HpcHierarchy {
  id: GeneratedAlways<number>
  abbreviation: string
  description: string
  parent: string | null
}

export interface HpcOrganizations {
  id: GeneratedAlways<number>
  abbreviation: string
  name: string
}

export interface HpcPeople {
  id: GeneratedAlways<number>
  username: string
  first_name: string | null
  last_name: string | null
  organization: string | null
}

export interface HpcQos {
  id: GeneratedAlways<number>
  name: string
}

export interface HpcResourceSpecifications {
  resource_id: number
  valid_from: string
  valid_to: string | null
  nodes: number
  cores: number
  gpus: number
  share_percent: number
}

export interface HpcResourceTypes {
  id: GeneratedAlways<number>
  description: string
}

export interface HpcResources {
  id: GeneratedAlways<number>
  code: string
  name: string
  type_id: number
  allocation_type: string
  organization_id: number
  time_zone: string
  pi_column: string
  host_filter: string | null
}

export interface IdempotencyRecords {
  scope: string
  key: string
  request_hash: Buffer
  status: number
  headers: Json
  body: string | null
  omitted: Generated<string[]>
  created_at: Generated<Timestamp>
}

export interface ImportBatches {
  id: string
  resource_id: number
  file: string
  jobs: number
  first_number: number
  earliest_end: number
  latest_end: number
  sources: string[]
  imported_at: Generated<Timestamp>
}

export interface KnownSources {
  account_id: string
  source: Buffer
  last_used_at: Timestamp
}

export interface Leases {
  process_id: string
  acked_epoch: number
  renewals: Generated<number>
  renewed_at: Generated<Timestamp>
}

export interface LeaveLinks {
  hash: Buffer
  subscription_id: string
  recipient: string
  created_at: Timestamp
}

export interface Licenses {
  id: GeneratedAlways<number>
  name: string
  uri: string
  description: string
  icon_uri: string | null
  spdx_id: string | null
  active: Generated<boolean>
  is_default: Generated<boolean>
  sort_order: Generated<number>
}

export interface ModelNotices {
  model: string
  version: number
  noticed_at: Generated<Timestamp>
}

export interface ModelSnapshots {
  model: string
  version: number
  file: string
  run_id: string
  catalogue: Json
  definition: string
  rows: number
  facts: number
  bytes: number
  first_day: string | null
  last_day: string | null
  sources: Json
  started_at: Timestamp
  finished_at: Timestamp
  refresh_type: Generated<string>
  rows_before: number | null
  added: number | null
  removed: number | null
  changed: number | null
  schema_changes: Generated<Json>
  source_time: Timestamp | null
}

export interface Models {
  name: string
  version: number
  changed_at: Generated<Timestamp>
}

export interface PasswordLinks {
  account_id: string
  secret_hash: Buffer
  purpose: string
  created_at: Timestamp
  expires_at: Timestamp
}

export interface PreviewLinks {
  dataset_id: number
  secret_hash: Buffer
  secret_sealed: string
  created_by: string | null
  created_at: Timestamp
}

export interface ReportInputEvents {
  id: GeneratedAlways<number>
  report_id: string
  column_id: string
  row_id: string
  row_key: Json
  value: Json | null
  before: Json | null
  choices: Json | null
  version: number
  changed_at: Timestamp
  changed_by: string | null
  token_id: string | null
  note: string | null
}

export interface ReportInputs {
  report_id: string
  column_id: string
  row_id: string
  row_key: Json
  row_labels: Json
  column_type: string
  value: Json | null
  choices: Json | null
  version: number
  changed_at: Timestamp
  changed_by: string | null
}

export interface ReportVersions {
  report_id: string
  version: number
  title: string
  description: string
  definition: Json
  changed_at: Timestamp
  changed_by: string | null
  note: string | null
}

export interface Reports {
  id: string
  title: string
  description: Generated<string>
  owner_id: string | null
  shared_with: string
  definition: Json
  version: Generated<number>
  input_version: Generated<number>
  inputs_changed_at: Timestamp | null
  created_at: Timestamp
  updated_at: Timestamp
  updated_by: string | null
}

export interface RepositoryRoles {
  id: GeneratedAlways<number>
  alias: string
  name: string
  description: Generated<string>
  permissions: string[]
  collection_id: number | null
}

export interface RoleAssignments {
  id: GeneratedAlways<number>
  role_id: number
  account_id: string | null
  audience: string | null
  collection_id: number | null
  dataset_id: number | null
  file_id: number | null
  created_by: string | null
  created_at: Timestamp
}

export interface RunArtifacts {
  id: string
  run_id: string
  name: string
  media_type: string
  bytes: number
  sha256: string
  created_at: Generated<Timestamp>
  expires_at: Timestamp
  expired: Generated<boolean>
}

export interface RunCallbacks {
  id: string
  run_id: string
  sealed: string
  host: string
  state: Generated<string>
  attempts: Generated<number>
  failure: string | null
  created_at: Generated<Timestamp>
  updated_at: Generated<Timestamp>
}

export interface RunLog {
  run_id: string
  line: number
  at: Timestamp
  attempt: number
  level: string
  text: string
}

export interface Runs {
  id: string
  kind: string
  subject_type: string
  subject_id: string
  permission: string
  lock_key: string | null
  data: Json
  state: string
  trigger_type: string
  trigger_token_id: string | null
  trigger_account_id: string | null
  trigger_account_name: string | null
  trigger_cause: string | null
  attempt: Generated<number>
  progress: Generated<number>
  progress_text: string | null
  steps: Generated<Json>
  counts: Generated<Json>
  error: Json | null
  created_at: Generated<Timestamp>
  started_at: Timestamp | null
  finished_at: Timestamp | null
  updated_at: Generated<Timestamp>
  cancel_requested_at: Timestamp | null
  lease_until: Timestamp | null
  trigger_address: string | null
  scheduled_for: Timestamp | null
  rerun_of: string | null
  personal: Generated<boolean>
  files_need: string | null
}

export interface Schedules {
  kind: string
  subject_type: string
  subject_id: string
  definition: Json
  owner_account_id: string | null
  owner_account_name: string | null
  paused: Generated<boolean>
  next_at: Timestamp | null
  last_at: Timestamp | null
  passed_over: Generated<number>
  failures: Generated<number>
  held_until: Timestamp | null
  created_at: Generated<Timestamp>
  updated_at: Generated<Timestamp>
}

export interface SearchItems {
  id: GeneratedAlways<number>
  type: string
  subject_id: number
  collection_id: number
  dataset_id: number | null
  released: boolean
  superseded: Generated<boolean>
  path: number[]
  terms: number[]
  sort_name: string
  sort_date: Timestamp
  boost: number
  fingerprint: string
  words: string
  weighty: string
}

export interface SearchTerms {
  id: number
  facet: string
  value: string
}

export interface Sessions {
  id: Generated<string>
  account_id: string
  secret_hash: Buffer
  created_at: Timestamp
  authenticated_at: Timestamp
  last_seen_at: Timestamp
  expires_at: Timestamp
  address: string | null
  client: string | null
}

export interface SignInThrottles {
  key: Buffer
  attempts: number
  last_attempt_at: Timestamp
  blocked_until: Timestamp | null
}

export interface SubscriptionNotices {
  run_id: string
  at: Timestamp
}

export interface SubscriptionWebhooks {
  subscription_id: string
  id: string
  secret: string
  created_at: Timestamp
}

export interface Subscriptions {
  id: string
  name: string
  report_id: string
  owner_id: string
  definition: Json
  state: Generated<string>
  state_reason: string | null
  state_changed_at: Timestamp
  version: Generated<number>
  last_etag: string | null
  last_values: Generated<Json>
  created_at: Timestamp
  updated_at: Timestamp
  made: Json | null
}

export interface TokenDays {
  token_id: string
  day: string
  uses: number
}

export interface TokenFeeds {
  account_id: string
  id: string
  secret_hash: Buffer
  pepper: number
  created_at: Timestamp
}

export interface TokenLastUses {
  token_id: string
  at: Timestamp
  address: string | null
  client: string | null
}

export interface TokenNotices {
  token_id: string
  days: number
  sent_at: Timestamp
}

export interface TokenSources {
  token_id: string
  day: string
  address: string
  client: string
  uses: number
  first_at: Timestamp
  last_at: Timestamp
}

export interface TokenTermsAcceptances {
  account_id: string
  version: string
  accepted_at: Timestamp
}

export interface Tokens {
  id: string
  account_id: string
  name: string
  description: Generated<string>
  grants: string[]
  slot: string | null
  secret_hash: Buffer
  pepper: number
  created_at: Timestamp
  not_before: Timestamp | null
  expires_at: Timestamp
  closes_at: Timestamp | null
  revoked_at: Timestamp | null
  revoked_reason: string | null
  predecessor_id: string | null
  issued_by: string | null
  issued_with: string | null
}

export interface Unsubscribes {
  subscription_id: string
  recipient: string
  at: Timestamp
}

export interface Uploads {
  id: string
  dataset_id: number
  account_id: string
  name: string
  told_media_type: string | null
  bytes: number
  received: Generated<number>
  writer: string | null
  writer_until: Timestamp | null
  created_at: Timestamp
  expires_at: Timestamp
  finished_at: Timestamp | null
  sha256: string | null
  md5: string | null
  media_type: string | null
}

export interface VersionFiles {
  id: GeneratedAlways<number>
  version_id: number
  file_id: number
  label: string
  directory: Generated<string>
  description: Generated<string>
  categories: Generated<string[]>
  tags: Generated<string[]>
  restricted: Generated<boolean>
  embargo_until: string | null
  embargo_reason: string | null
}

export interface Tables {
  access_changes: AccessChanges
  access_epoch: AccessEpoch
  accounts: Accounts
  audit_events: AuditEvents
  audit_head: AuditHead
  collections: Collections
  content_tables: ContentTables
  dataset_files: DatasetFiles
  dataset_locks: DatasetLocks
  dataset_versions: DatasetVersions
  datasets: Datasets
  deliveries: Deliveries
  delivery_files: DeliveryFiles
  delivery_links: DeliveryLinks
  delivery_slices: DeliverySlices
  file_access_requests: FileAccessRequests
  holiday_calendars: HolidayCalendars
  hpc_group_hierarchy: HpcGroupHierarchy
  hpc_hierarchy: HpcHierarchy
  hpc_organizations: HpcOrganizations
  hpc_people: HpcPeople
  hpc_qos: HpcQos
  hpc_resource_specifications: HpcResourceSpecifications
  hpc_resource_types: HpcResourceTypes
  hpc_resources: HpcResources
  idempotency_records: IdempotencyRecords
  import_batches: ImportBatches
  known_sources: KnownSources
  leases: Leases
  leave_links: LeaveLinks
  licenses: Licenses
  model_notices: ModelNotices
  model_snapshots: ModelSnapshots
  models: Models
  password_links: PasswordLinks
  preview_links: PreviewLinks
  report_input_events: ReportInputEvents
  report_inputs: ReportInputs
  report_versions: ReportVersions
  reports: Reports
  repository_roles: RepositoryRoles
  role_assignments: RoleAssignments
  run_artifacts: RunArtifacts
  run_callbacks: RunCallbacks
  run_log: RunLog
  runs: Runs
  schedules: Schedules
  search_items: SearchItems
  search_terms: SearchTerms
  sessions: Sessions
  sign_in_throttles: SignInThrottles
  subscription_notices: SubscriptionNotices
  subscription_webhooks: SubscriptionWebhooks
  subscriptions: Subscriptions
  token_days: TokenDays
  token_feeds: TokenFeeds
  token_last_uses: TokenLastUses
  token_notices: TokenNotices
  token_sources: TokenSources
  token_terms_acceptances: TokenTermsAcceptances
  tokens: Tokens
  unsubscribes: Unsubscribes
  uploads: Uploads
  version_files: VersionFiles
}
