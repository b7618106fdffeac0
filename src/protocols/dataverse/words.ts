import type { Caller } from '#src/access/caller.ts'
import { jsonInvalid, permissionMissing, requestInvalid, tokenInvalid, tokenMissing } from '#src/http/problems.ts'
import type { Problem } from '#src/problem/problem.ts'
import { accountCannotHoldTokens } from '#src/tokens/problems.ts'

export interface Said {
  readonly status: number
  readonly message: string
}

type Words = (problem: Problem, caller: Caller) => Said

const notPermitted: Words = (_problem, caller) => ({
  status: 401,
  message: `User ${identifierOf(caller)} is not permitted to perform requested action.`,
})
const badJson: Words = (problem) => ({ status: 400, message: `Error parsing Json: ${sentence(problem)}` })

/** What lower rooms refuse, with Dataverse's statuses and words. Who lacks a right is told 401, nearly everywhere. */
const words: Readonly<Record<string, Words>> = {
  // Also of an expired one: who holds it learns that from a notice, who guesses learns nothing.
  [tokenInvalid.code]: () => ({ status: 401, message: 'Bad API key' }),
  [tokenMissing.code]: () => ({
    status: 401,
    message: 'Only authenticated users can perform the requested operation',
  }),
  [permissionMissing.code]: notPermitted,
  [accountCannotHoldTokens.code]: notPermitted,
  [jsonInvalid.code]: badJson,
  [requestInvalid.code]: badJson,
}

/** A problem of a lower room as Dataverse's clients are told of it. */
export function inDataverseWords(problem: Problem, status: number, caller: Caller): Said {
  const known = words[problem.code]
  // What was understood, but will not do, is Dataverse's 400 as well.
  return known?.(problem, caller) ?? { status: status === 422 ? 400 : status, message: sentence(problem) }
}

/** How Dataverse calls who asks. */
export const identifierOf = ({ accountName }: Caller): string => (accountName === null ? ':guest' : `@${accountName}`)

const sentence = ({ title, details: { detail, errors = [] } }: Problem): string =>
  errors.length === 0
    ? (detail ?? title)
    : `${detail ?? title} ${errors.map((error) => `${error.pointer}: ${error.detail}`).join('; ')}`
