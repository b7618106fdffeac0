import type { Changer, Database } from '#src/database/change.ts'
import type { ContentStore } from '#src/files/content-store.ts'
import type { PartialContents } from '#src/files/partial-content.ts'

/** What acts on uploads take. */
export interface UploadNeeds {
  readonly db: Database
  readonly changer: Changer
  readonly clock: { now(): Date }
  readonly contents: ContentStore
  readonly partials: PartialContents
  /** When an upload that rests from now on is deleted. */
  readonly expiry: (from: Date) => Date
  readonly limits: {
    /** Bytes of one file. */
    readonly file: number
    /** Bytes of all uploads of one account that have not become files. */
    readonly quota: number
    /** How many of them there may be. */
    readonly open: number
  }
}
