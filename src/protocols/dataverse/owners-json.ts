import type { PathStep } from '#src/datasets/rights.ts'

/** Where something lies, from the inside out. */
export interface Owner {
  readonly type: 'DATAVERSE' | 'DATASET'
  readonly identifier: string | number
  readonly persistentIdentifier?: string
  /** `DRAFT` or `1.0`, of datasets. */
  readonly version?: string
  readonly isReleased?: boolean
  readonly displayName: string
  readonly isPartOf?: Owner
}

/** The collection at the end of the path, in what it lies in. */
export function ownersJson(path: readonly PathStep[]): Owner | undefined {
  let owner: Owner | undefined
  for (const { alias: identifier, name: displayName, published: isReleased } of path)
    owner = { type: 'DATAVERSE', identifier, isReleased, displayName, ...(owner && { isPartOf: owner }) }
  return owner
}
