import type { AccountsNeeds } from '#src/accounts/needs.ts'
import type { FileNeeds } from '#src/datasets/files/needs.ts'
import type { UploadNeeds } from '#src/datasets/uploads/needs.ts'
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
  readonly datasets: FileNeeds
  readonly uploads: UploadNeeds
  /** Signs addresses at which something can be had, or sent to, for some time. */
  readonly signingKey: string
  readonly timeZone: string
  /** [general] site_address, without closing slash. */
  readonly siteAddress: string
}

export type DataverseNeeds = PeopleNeeds & RepositoryNeeds
