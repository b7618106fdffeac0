import { defineProblem } from '#src/problem/problem.ts'

export const fileNotOpen = defineProblem(
  'dataset-file-not-open',
  'forbidden',
  'You may know of this file, but not have it',
  '`access` says why: it is restricted, or under embargo. Where `may_request` is true, ask for it with `PUT /v1/files/{file}/access-request`.',
)
export const nothingToDownload = defineProblem(
  'nothing-to-download',
  'forbidden',
  'There is nothing among these files that you may have',
  'Ask for access to them, or sign in with an account that has it.',
)
export const fileNotInDraft = defineProblem(
  'dataset-file-not-in-draft',
  'conflict',
  'The file is no longer part of the dataset as it is now',
  'It was deleted or replaced. `GET /v1/datasets/{dataset}/versions/latest/files` lists what there is.',
)
export const fileNameInvalid = defineProblem(
  'dataset-file-name-invalid',
  'unprocessable',
  'A file cannot be called like this, or stand there',
  '`errors` says what is wrong with which name or directory.',
)
export const fileNameTaken = defineProblem(
  'dataset-file-name-taken',
  'conflict',
  'There is a file of this name in this directory',
  'Choose another name, or replace the file that is there (`file`).',
)
export const fileTooLarge = defineProblem(
  'dataset-file-too-large',
  'too_large',
  'The file is larger than the portal takes',
  'Divide it, or ask an administrator to raise `[files] largest_file`.',
)
export const datasetTooLarge = defineProblem(
  'dataset-too-large',
  'too_large',
  'With these files the dataset would be larger than the portal takes',
  'Put them into a dataset of their own, or ask an administrator to raise `[files] largest_dataset`.',
)
export const checksumMismatch = defineProblem(
  'checksum-mismatch',
  'unprocessable',
  'What arrived is not what was sent',
  'Send it again. If it fails the same way, compute the checksum of your file anew.',
)
export const checksumInvalid = defineProblem(
  'checksum-invalid',
  'invalid',
  'A header with a checksum cannot be read',
  'Write `Repr-Digest: sha-256=:BASE64:`, `Content-MD5: BASE64` or `X-Checksum-Sha256: HEXADECIMAL`.',
)
export const contentCutShort = defineProblem(
  'content-cut-short',
  'invalid',
  'Not as many bytes came as were announced',
  'Nothing was kept. Send the whole file again, or use a resumable upload.',
)
export const sameContent = defineProblem(
  'dataset-file-same-content',
  'conflict',
  'The file has this content already',
  'Nothing is to be replaced.',
)
export const otherType = defineProblem(
  'dataset-file-other-type',
  'conflict',
  'The new file is of another type than the one that it would replace',
  'Send `"any_type": true` if that is meant.',
)
export const otherDataset = defineProblem(
  'upload-for-another-dataset',
  'conflict',
  'The upload was made for another dataset',
  'Upload it at `/v1/datasets/{dataset}/uploads` of the dataset that it is for.',
)
export const embargoInvalid = defineProblem(
  'embargo-invalid',
  'unprocessable',
  'The embargo cannot be set like this',
  'It ends on a day to come.',
)
export const accessNotNeeded = defineProblem(
  'file-access-not-needed',
  'conflict',
  'There is nothing to ask for: you can have the file already, or nobody can grant it',
  'Download it at `GET /v1/files/{file}/content`.',
)
export const accessRequestsClosed = defineProblem(
  'access-requests-closed',
  'conflict',
  'Requests for the files of this dataset are not taken',
  'Its terms of access say how else its files are had.',
)
export const accessAccountUnknown = defineProblem(
  'access-account-unknown',
  'not_found',
  'There is no such account',
  'Give the id of an account as the list of requests shows it.',
)
