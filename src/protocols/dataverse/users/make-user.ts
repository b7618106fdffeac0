import { timingSafeEqual } from 'node:crypto'
import { type Actor, anonymous } from '#src/access/caller.ts'
import { createAccount, preparePassword } from '#src/accounts/create-account.ts'
import { callerOfAccount } from '#src/accounts/find-people.ts'
import { userNameTaken } from '#src/accounts/problems.ts'
import { Problem } from '#src/problem/problem.ts'
import { allowsPersonalTokens } from '#src/tokens/issue-token.ts'
import type { PeopleNeeds } from '../needs.ts'
import { refused } from '../problems.ts'
import { makeFirstToken } from '../tokens/own-token.ts'
import { numberOf, userJson } from './user-json.ts'

export interface NewUser {
  readonly userName: string
  readonly firstName: string
  readonly lastName: string
  readonly email: string | null
  readonly password: string
}

/** Makes a person who may deposit, and their token: how other people's test suites set themselves up. */
export async function makeUser(
  needs: PeopleNeeds,
  from: Omit<Actor, 'caller'>,
  key: string | undefined,
  user: NewUser,
) {
  requireKey(needs.builtinUsersKey, key)
  const { accounts, timeZone, tokens } = needs
  // Before there is an account: whoever asks again once tokens can be made would find its name taken.
  if (!allowsPersonalTokens(tokens.policy))
    throw refused(403, 'No user was created: this installation lets nobody have an API token of their own.')
  const { userName, firstName, lastName, email, password } = user
  const person = { userName, names: [firstName, lastName] }
  const passwordHash = await preparePassword(accounts, password, person, '#/password')
  const account = await accounts
    .change({ ...from, caller: anonymous }, (change) =>
      createAccount(accounts, change, {
        userName,
        firstName,
        lastName,
        email,
        kind: 'person',
        role: 'member',
        passwordHash,
      }),
    )
    .catch((error: unknown) => {
      if (error instanceof Problem && error.code === userNameTaken.code)
        throw refused(400, `username '${userName}' already exists`)
      throw error
    })
  const caller = await callerOfAccount(accounts.db, account.id)
  if (!caller) throw new Error('an account that was just made is gone')
  return {
    user: { id: numberOf(account.id), userName },
    authenticatedUser: userJson(account, { timeZone, lastUse: account.created_at }),
    // Not as in a session: where there are terms of use, nobody is at a page to accept them.
    apiToken: await makeFirstToken(needs, { ...from, caller: { ...caller, via: 'system' } }),
  }
}

function requireKey(wanted: string | null, shown: string | undefined): void {
  if (wanted === null) throw refused(403, 'Dataverse config issue: No API key defined for built in user management')
  const [a, b] = [Buffer.from(wanted), Buffer.from(shown ?? '')]
  if (a.length !== b.length || !timingSafeEqual(a, b)) throw refused(401, 'Bad api key ')
}
