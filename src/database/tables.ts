// Written by `npm run tables` from the migrations. Don’t edit.

import type { ColumnType, Generated, GeneratedAlways } from 'kysely'

/** Read as the parsed value; written as its JSON text. */
export type Json = ColumnType<unknown, string, string>

export type Timestamp = ColumnType<Date, Date | string, Date | string>

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

export interface HpcOrganisations {
  id: GeneratedAlways<number>
  abbreviation: string
  name: string
}

export interface HpcPeople {
  id: GeneratedAlways<number>
  username: string
  first_name: string | null
  last_name: string | null
  organisation: string | null
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
  organisation_id: number
  time_zone: string
  pi_column: string
  host_filter: string | null
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

export interface PasswordLinks {
  account_id: string
  secret_hash: Buffer
  purpose: string
  created_at: Timestamp
  expires_at: Timestamp
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

export interface Tables {
  access_changes: AccessChanges
  access_epoch: AccessEpoch
  accounts: Accounts
  audit_events: AuditEvents
  audit_head: AuditHead
  hpc_group_hierarchy: HpcGroupHierarchy
  hpc_hierarchy: HpcHierarchy
  hpc_organisations: HpcOrganisations
  hpc_people: HpcPeople
  hpc_qos: HpcQos
  hpc_resource_specifications: HpcResourceSpecifications
  hpc_resource_types: HpcResourceTypes
  hpc_resources: HpcResources
  import_batches: ImportBatches
  known_sources: KnownSources
  leases: Leases
  password_links: PasswordLinks
  sessions: Sessions
  sign_in_throttles: SignInThrottles
}
