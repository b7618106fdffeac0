import type { z } from 'zod'
import type { Caller } from '#src/access/caller.ts'
import { showCurrentSession } from '#src/accounts/list-sessions.ts'
import type { AccountsNeeds } from '#src/accounts/needs.ts'
import { presentAccount, presentSession } from '#src/accounts/present-account.ts'
import { showCurrentAccount } from '#src/accounts/show-account.ts'
import { Problem } from '#src/problem/problem.ts'
import type { Settings } from '#src/settings/schema.ts'
import type { Instance, You } from './contract.ts'

export interface InstanceNeeds {
  readonly settings: Settings
  readonly version: string
  readonly accounts: Pick<AccountsNeeds, 'db' | 'clock' | 'policy'>
}

/** What anybody may know of this installation, and who asks. For who is not signed in nothing is looked up. */
export async function showInstance(needs: InstanceNeeds, caller: Caller): Promise<z.input<typeof Instance>> {
  const { general, apiToken, signIn } = needs.settings
  return {
    title: general.title,
    organization: { name: general.organizationName, abbreviation: general.organizationAbbreviation },
    version: needs.version,
    site_address: general.siteAddress,
    time_zone: general.timeZone,
    demo: general.demo,
    personal_tokens: apiToken.expirationInterval !== null,
    password_minimum_length: signIn.passwordMinimumLength,
    you: await whoAsks(needs, caller),
  }
}

async function whoAsks({ accounts }: InstanceNeeds, caller: Caller): Promise<z.input<typeof You> | null> {
  const { via, sessionId } = caller
  if (via !== 'session' && via !== 'token') return null
  try {
    const [account, session] = await Promise.all([
      showCurrentAccount(accounts, caller),
      via === 'session' ? showCurrentSession(accounts, caller) : null,
    ])
    return {
      via,
      account: presentAccount(account),
      session: session && presentSession(session, sessionId),
      permissions: caller.grants.toTexts(),
    }
  } catch (error) {
    // The session ended between the door and here: they are signed out, as if they had come a moment later.
    if (error instanceof Problem && error.kind === 'not_found') return null
    throw error
  }
}
