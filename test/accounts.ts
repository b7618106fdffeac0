import { actor, localCaller } from '#src/access/caller.ts'
import type { Role } from '#src/access/permissions.ts'
import { createAccount } from '#src/accounts/create-account.ts'
import type { AccountsNeeds } from '#src/accounts/needs.ts'
import { makePasswordHasher } from '#src/accounts/password-hash.ts'
import type { Refusal } from '#src/audit/refusals.ts'
import { writeNotes } from '#src/audit/write-notes.ts'
import { makeChanger } from '#src/database/change.ts'
import { makeAnnounce } from '#src/database/lease.ts'
import type { OpenDatabase } from '#src/database/open-database.ts'

export const operator = actor(localCaller('command', 'test'))

/** A clock that stands where a test puts it. */
export function movableClock(start = new Date()) {
  let now = start.getTime()
  return {
    now: () => new Date(now),
    pass: (seconds: number) => {
      now += seconds * 1000
    },
  }
}

/** Everything that acts on accounts need, over a test's database. */
export function accountsOver({ db, pool }: Pick<OpenDatabase, 'db' | 'pool'>) {
  const refusals: Refusal[] = []
  const clock = movableClock()
  const needs: AccountsNeeds = {
    db,
    pool,
    change: makeChanger(db, writeNotes),
    announce: makeAnnounce(db),
    passwords: makePasswordHasher(),
    refusals: { refused: (refusal) => void refusals.push(refusal) },
    policy: {
      sessionIdleMinutes: 60,
      sessionLifetimeHours: 24,
      lockoutFailures: 5,
      lockoutMinutes: 15,
      passwordMinimumLength: 12,
    },
    site: { address: 'http://localhost:8080', title: 'Tessera' },
    clock,
  }
  /** Makes a person, with a password when one is given. */
  const person = async (userName: string, role: Role = 'member', password?: string) => {
    const passwordHash = password === undefined ? null : await needs.passwords.hash(password)
    return needs.change(operator, (change) =>
      createAccount(needs, change, { userName, kind: 'person', role, passwordHash }),
    )
  }
  return { needs, clock, refusals, person }
}
