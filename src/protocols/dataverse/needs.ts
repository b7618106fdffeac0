import type { AccountsNeeds } from '#src/accounts/needs.ts'
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

export type DataverseNeeds = PeopleNeeds
