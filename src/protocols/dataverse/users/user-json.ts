import type { Account } from '#src/accounts/show-account.ts'
import { writeSqlTime } from '../times.ts'

/** An account as Dataverse tells of its users. */
export function userJson(account: Account, { timeZone, lastUse }: { timeZone: string; lastUse: Date }) {
  const { user_name, display_name, first_name, last_name, created_at, last_signed_in_at } = account
  const [given = '', ...others] = display_name.split(' ')
  const write = (moment: Date): string => writeSqlTime(moment, timeZone)
  return {
    id: numberOf(account.id),
    identifier: `@${user_name}`,
    displayName: display_name,
    firstName: first_name ?? given,
    lastName: last_name ?? others.join(' '),
    // Clients insist on an address of an ordinary domain; to this one no mail can go.
    email: account.email ?? `${user_name}@example.org`,
    superuser: account.role === 'admin',
    deactivated: account.state !== 'active',
    persistentUserId: user_name,
    createdTime: write(created_at),
    lastLoginTime: write(last_signed_in_at ?? created_at),
    lastApiUseTime: write(lastUse),
    authenticationProviderId: 'builtin' as const,
  }
}

/** A number for an id, always the same: clients only want it to be one. */
export const numberOf = (id: string): number => Number.parseInt(id.replaceAll('-', '').slice(-12), 16)
