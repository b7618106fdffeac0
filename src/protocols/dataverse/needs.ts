import type { AccountsNeeds } from '#src/accounts/needs.ts'
import type { Database, Tx } from '#src/database/change.ts'
import type { DatasetView } from '#src/datasets/dataset-view.ts'
import type { VersionFile } from '#src/datasets/files/version-file.ts'
import type { DatasetNeeds } from '#src/datasets/needs.ts'
import type { RotateNeeds } from '#src/tokens/rotate-token.ts'

/** What the account's own token, and people, take. */
export interface PeopleNeeds {
  readonly accounts: AccountsNeeds
  readonly tokens: RotateNeeds
  /** [general] time_zone: moments of tokens and people are told in it. */
  readonly timeZone: string
  /** [dataverse] builtin_users_key: who shows it may make accounts. Null: nobody may. */
  readonly builtinUsersKey: string | null
}

/** What collections, datasets and their files take. */
export interface RepositoryNeeds {
  readonly datasets: DatasetNeeds
  /** Of a version, by path. */
  readonly filesOf: (db: Database | Tx, view: DatasetView) => Promise<readonly VersionFile[]>
  /** Bytes of one ZIP at most. */
  readonly zipLimit: number
  readonly timeZone: string
  /** [general] site_address, without closing slash. */
  readonly siteAddress: string
}

export type DataverseNeeds = PeopleNeeds & RepositoryNeeds
