import { defineProblem } from '#src/problem/problem.ts'

export const archiveBroken = defineProblem(
  'archive-broken',
  'unprocessable',
  'The ZIP file cannot be unpacked',
  'Make it again with a usual program, without a password; or upload it as it is, packed once more.',
)
export const archiveTooLarge = defineProblem(
  'archive-too-large',
  'too_large',
  'There is too much in the ZIP file',
  'Send several smaller ones, or upload it as it is, packed once more.',
)
export const storageAway = defineProblem(
  'storage-away',
  'unavailable',
  'The storage of files does not answer as it should',
  'Try again in a moment; if it stays, tell the administrator.',
)
export const storageUnset = defineProblem(
  'storage-unset',
  'unavailable',
  'The storage of files is not set up',
  'The administrator sets the missing settings, or `[files] storage = disk`.',
)
export const storageFull = defineProblem(
  'storage-full',
  'unavailable',
  'There is no room for more files',
  'Tell the administrator: the disk of the portal is full.',
)
