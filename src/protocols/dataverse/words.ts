import type { Caller } from '#src/access/caller.ts'
import * as repository from '#src/datasets/problems.ts'
import type { LockType } from '#src/datasets/words.ts'
import { jsonInvalid, permissionMissing, requestInvalid, tokenInvalid, tokenMissing } from '#src/http/problems.ts'
import type { Problem } from '#src/problem/problem.ts'
import { accountCannotHoldTokens } from '#src/tokens/problems.ts'
import { lockName } from './lock-names.ts'

export interface Said {
  readonly status: number
  readonly message: string
}

interface Told {
  readonly problem: Problem
  readonly caller: Caller
  /** A member that says more than the sentence, as text. */
  fact(name: string): string
}
type Words = (told: Told) => Said

const notPermitted: Words = ({ caller }) => ({
  status: 401,
  message: `User ${identifierOf(caller)} is not permitted to perform requested action.`,
})
const badJson: Words = ({ problem }) => ({ status: 400, message: `Error parsing Json: ${sentence(problem)}` })
const say =
  (status: number, message: string): Words =>
  () => ({ status, message })

/** What lower rooms refuse, with Dataverse's statuses and words. Who lacks a right is told 401, nearly everywhere. */
const words: Readonly<Record<string, Words>> = {
  // Also of an expired one: who holds it learns that from a notice, who guesses learns nothing.
  [tokenInvalid.code]: say(401, 'Bad API key'),
  [tokenMissing.code]: say(401, 'Only authenticated users can perform the requested operation'),
  [permissionMissing.code]: notPermitted,
  [accountCannotHoldTokens.code]: notPermitted,
  [jsonInvalid.code]: badJson,
  [requestInvalid.code]: badJson,

  [repository.rightMissing.code]: notPermitted,
  [repository.adminsOnly.code]: say(403, 'This API end point can be used by superusers only.'),

  [repository.aliasTaken.code]: ({ fact }) => ({
    status: 403,
    message: `A dataverse with alias ${fact('alias')} already exists`,
  }),
  [repository.collectionInvalid.code]: ({ problem }) => ({
    status: 400,
    message: `Error parsing the POSTed json into a dataverse: ${problem.details.detail ?? problem.title}`,
  }),
  [repository.collectionNotEmpty.code]: say(403, 'Cannot delete non-empty dataverses'),
  [repository.collectionIsRoot.code]: say(403, 'Cannot delete the root dataverse'),
  [repository.collectionPublished.code]: ({ fact }) => ({
    status: 403,
    message: `Dataverse ${fact('collection')} has already been published.`,
  }),
  [repository.parentUnpublished.code]: ({ fact }) => ({
    status: 403,
    message: `Dataverse ${fact('collection')} may not be published because its host dataverse (${fact('parent')}) has not been published.`,
  }),

  [repository.metadataInvalid.code]: ({ problem }) => ({
    status: 403,
    message: `Validation Failed: ${invalidFields(problem)}.`,
  }),
  [repository.licenseUnknown.code]: ({ fact }) => ({
    status: 400,
    message: `Error parsing Json: Invalid or unsupported license: ${fact('license')}`,
  }),

  [repository.datasetLocked.code]: ({ problem, fact }) => ({
    status: 403,
    message:
      fact('publishing') === 'true'
        ? `This dataset is locked. Reason: ${locksOf(problem)}. Please try publishing later.`
        : 'Dataset cannot be edited due to dataset lock.',
  }),
  [repository.nothingToPublish.code]: ({ fact }) => ({
    status: 403,
    message: `Latest version of dataset ${fact('identifier')} is already released. Only draft versions can be released.`,
  }),
  [repository.firstVersionMinor.code]: say(403, 'Cannot publish as minor version. Re-try as major release.'),
  [repository.minorRefused.code]: say(403, 'Cannot release as minor version. Re-try as major release.'),
  [repository.datasetCollectionUnpublished.code]: ({ fact }) => ({
    status: 403,
    message: `This dataset may not be published because its host dataverse (${fact('collection')}) has not been published.`,
  }),
  [repository.termsMissing.code]: say(
    409,
    'Dataset must have a valid license or Custom Terms Of Use configured before it can be published.',
  ),
  [repository.accessTermsMissing.code]: say(
    409,
    'Terms of Use and Access are invalid. You must enable request access or add terms of access in datasets with restricted files.',
  ),
  [repository.updateCurrentRefused.code]: say(403, 'Only superusers can update the current version'),
  [repository.draftNotFound.code]: say(401, 'This is NOT a DRAFT version'),
  [repository.inReview.code]: say(403, 'You cannot submit this dataset for review because it is already in review.'),
  [repository.notInReview.code]: say(
    403,
    'This dataset cannot be return to the author(s) because the latest version is not In Review. The author(s) needs to click Submit for Review first.',
  ),
  [repository.previewWithoutDraft.code]: say(
    403,
    "Can't create Preview URL because the latest version of this dataset is not a draft.",
  ),
  [repository.previewExists.code]: say(403, 'Preview URL already exists for this dataset.'),

  [repository.roleBuiltIn.code]: ({ fact }) => ({
    status: 403,
    message: `May not delete Built In Role ${fact('role')}.`,
  }),
  [repository.assigneeUnknown.code]: say(400, 'Assignee not found'),
  [repository.roleGranted.code]: say(409, 'Role has already been granted.'),
}

/** A problem of a lower room as Dataverse's clients are told of it. */
export function inDataverseWords(problem: Problem, status: number, caller: Caller): Said {
  const fact = (name: string): string => String(problem.details.extensions?.[name] ?? '')
  // That it is there is no secret in this dialect: who may not see it is told so.
  if (repository.isHidden(problem)) return notPermitted({ problem, caller, fact })
  const known = words[problem.code]
  if (known) return known({ problem, caller, fact })
  // A rule of the repository is 403 here, and what was understood but will not do 400.
  const usual = status === 409 ? 403 : status === 422 || status === 412 ? 400 : status
  return { status: usual, message: sentence(problem) }
}

/** How Dataverse calls who asks. */
export const identifierOf = ({ accountName }: Caller): string => (accountName === null ? ':guest' : `@${accountName}`)

const sentence = ({ title, details: { detail, errors = [] } }: Problem): string =>
  errors.length === 0
    ? (detail ?? title)
    : `${detail ?? title} ${errors.map((error) => `${error.pointer}: ${error.detail}`).join('; ')}`

/** Clients look at the beginning only; people read the rest. */
function invalidFields({ title, details: { errors = [], extensions } }: Problem): string {
  const fields = (extensions?.fields ?? []) as readonly { value?: string }[]
  if (errors.length === 0) return title
  return errors.map(({ detail }, at) => `${detail} (Invalid value:${fields[at]?.value ?? 'null'})`).join(', ')
}

const locksOf = ({ details: { extensions } }: Problem): string =>
  ((extensions?.locks ?? []) as readonly { type: LockType }[]).map(({ type }) => lockName(type)).join(', ')
