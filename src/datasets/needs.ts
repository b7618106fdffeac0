import type { Change, Database, Tx } from '#src/database/change.ts'
import type { Sealer } from '#src/files/sealed.ts'
import type { PidPolicy } from './pid.ts'
import type { PathStep } from './rights.ts'

/** What was published, for those above who have something to do about it. */
export interface PublishedVersion {
  readonly datasetId: number
  readonly pid: string
  readonly versionId: number
  readonly number: string
  readonly path: readonly PathStep[]
}

/** A step within the change that publishes: when it fails, nothing is published. */
export type OnPublished = (change: Change, version: PublishedVersion) => Promise<void>

/** Where a dataset stands is to be told, or that the one with a DOI is no more. */
export type RegistryNews = { readonly dataset: number } | { readonly goneDoi: string }

/** What acts of the repository take. */
export interface DatasetNeeds {
  readonly db: Database
  readonly clock: { now(): Date }
  readonly pids: PidPolicy
  /** In citations. */
  readonly publisher: string
  readonly sealer: Sealer
  readonly onPublished: readonly OnPublished[]
  /** Sends the job that tells whoever resolves persistent ids; null: nobody has to be told. */
  readonly tellRegistry: ((tx: Tx, news: RegistryNews) => Promise<void>) | null
}
