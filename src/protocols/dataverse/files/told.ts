import {
  fileNameInvalid,
  fileNameTaken,
  fileNotInDraft,
  fileTooLarge,
  otherType,
  sameContent,
} from '#src/datasets/files/problems.ts'
import { fileNotFound, rightMissing } from '#src/datasets/problems.ts'
import { archiveTooLarge } from '#src/files/problems.ts'
import type { Problem } from '#src/problem/problem.ts'
import { refused } from '../problems.ts'
import type { Retell } from '../retelling.ts'
import { friendlyType } from './friendly-type.ts'

const mayNotEdit = () => refused(403, 'You do not have permission to edit this dataset.')

const fact = ({ details: { extensions } }: Problem, name: string): string => String(extensions?.[name] ?? '')

const megabytes = (bytes: number): string => `${(bytes / (1024 * 1024)).toFixed(1)} MB`

const archive = ({ details: { detail = '' } }: Problem) =>
  refused(
    400,
    detail.startsWith('It holds')
      ? // Clients look for how this begins, and give up instead of trying again.
        `The number of files in the zip archive is over the limit. ${detail}`
      : detail,
  )

/** In Dataverse's own words, without the name. */
const ofName = ({ title, details: { detail, errors } }: Problem) => refused(400, errors?.[0]?.detail ?? detail ?? title)

/** Of uploads. Whoever may not edit is told 403 here, be it there for them or not. */
export const ofUploads: Retell = [
  [archiveTooLarge, archive],
  ['hidden', mayNotEdit],
  [rightMissing, mayNotEdit],
  [
    fileTooLarge,
    (problem) => refused(400, `This file size exceeds the size limit of ${megabytes(Number(fact(problem, 'limit')))}.`),
  ],
  [fileNameInvalid, ofName],
]

export const ofReplacements = (ref: string): Retell => [
  ...ofUploads,
  [fileNotFound, () => refused(400, `Replacement file not found. There was no file found for ID: ${ref}`)],
  [sameContent, () => refused(400, 'Error! You may not replace a file with a file that has duplicate content.')],
  [
    otherType,
    (problem) =>
      refused(
        400,
        `The original file (${friendlyType(fact(problem, 'old_type'))}) and replacement file (${friendlyType(fact(problem, 'new_type'))}) are different file types.`,
      ),
  ],
  [
    fileNotInDraft,
    () =>
      refused(
        400,
        'Error! You cannot replace a file that has been deleted or replaced. Please try again with the newest file id.',
      ),
  ],
]

const ofPermissions = () =>
  refused(400, 'An error has occurred attempting to update the requested DataFile, likely related to permissions.')

export const ofEdits: Retell = [
  [fileNameTaken, (problem) => refused(400, problem.details.detail ?? problem.title)],
  [fileNameInvalid, ofName],
  ['hidden', ofPermissions],
  [rightMissing, ofPermissions],
  [
    fileNotInDraft,
    () =>
      refused(
        400,
        'You cannot edit metadata on a dataFile that has been replaced. Please try again with the newest file id.',
      ),
  ],
]
