import { defineProblem } from '#src/problem/problem.ts'

export const uploadNotFound = defineProblem(
  'upload-not-found',
  'not_found',
  'There is no such upload of yours',
  'It may have become a file, been ended, or have been forgotten after its time; begin a new one.',
)
export const uploadInvalid = defineProblem(
  'upload-invalid',
  'invalid',
  'The headers of the upload are not those of tus 1.0.0',
  'Use a client of tus, such as `tus-js-client`, or send the headers that the endpoint describes.',
)
export const tusVersionUnknown = defineProblem(
  'tus-version-unknown',
  'precondition_failed',
  'This version of tus is not spoken here',
  'Send `Tus-Resumable: 1.0.0`.',
)
export const uploadOffsetWrong = defineProblem(
  'upload-offset-wrong',
  'conflict',
  'The part does not begin where the upload ends',
  'Ask with `HEAD` how far it is, and go on from there.',
)
export const uploadBusy = defineProblem(
  'upload-busy',
  'conflict',
  'Another part of this upload is being written',
  'Try again in a moment.',
)
export const uploadTooLarge = defineProblem(
  'upload-too-large',
  'too_large',
  'The upload is too large',
  'The administrator sets the limits: `[files] largest_file` and `upload_quota`.',
)
export const uploadsTooMany = defineProblem(
  'uploads-too-many',
  'conflict',
  'You have too many unfinished uploads',
  'Make the finished ones files, or end those that you do not need: `GET /v1/uploads` lists them.',
)
export const uploadChecksumWrong = defineProblem(
  'upload-checksum-wrong',
  'checksum_mismatch',
  'The part arrived otherwise than it was sent',
  'Send it again from the same offset.',
)
export const uploadUnfinished = defineProblem(
  'upload-unfinished',
  'conflict',
  'The upload is not whole yet',
  'Send the rest of it first.',
)
