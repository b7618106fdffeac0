import { type LockType, lockTypes } from '#src/datasets/words.ts'

const names: Readonly<Record<LockType, string>> = {
  ingest: 'Ingest',
  workflow: 'Workflow',
  in_review: 'InReview',
  publishing: 'finalizePublication',
  editing: 'EditInProgress',
  validation_failed: 'FileValidationFailed',
}

/** How Dataverse calls a lock. */
export const lockName = (type: LockType): string => names[type]

/** Which lock Dataverse calls so, in whatever case. */
export const lockTypeNamed = (name: string): LockType | undefined =>
  lockTypes.find((type) => names[type].toLowerCase() === name.toLowerCase())
