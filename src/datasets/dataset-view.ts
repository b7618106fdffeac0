import type { Metadata } from './blocks/block.ts'
import type { Citation } from './citation.ts'
import type { Pid } from './pid.ts'
import type { PathStep, Rights } from './rights.ts'
import type { Terms } from './terms.ts'
import type { LockType, VersionState } from './words.ts'

/** An account as others see it. */
export interface Person {
  readonly id: string
  readonly user_name: string
  readonly display_name: string
}

export interface License {
  readonly id: number
  readonly name: string
  readonly uri: string
  readonly description: string
  readonly icon_uri: string | null
  readonly spdx_id: string | null
  readonly active: boolean
  readonly is_default: boolean
  readonly sort_order: number
}

export interface Lock {
  readonly type: LockType
  readonly user_name: string | null
  readonly message: string
  readonly created_at: Date
}

export interface DatasetFacts extends Pid {
  readonly id: number
  /** `doi:10.5072/FK2/J8SJZB` */
  readonly pid: string
  /** Where the persistent id leads. */
  readonly url: string
  /** Whether people may ask for restricted files. */
  readonly access_requests: boolean
  readonly created_by: Person | null
  readonly created_at: Date
  /** Or, for those who may not see drafts, when what everybody may know of it last changed. */
  readonly updated_at: Date
  /** When its first version was. */
  readonly published_at: Date | null
  /** As far as those know who may see drafts. */
  readonly has_draft: boolean
  /** The latest version that is released and not deaccessioned: `1.0`. */
  readonly latest_published: string | null
}

export interface VersionView {
  readonly id: number
  readonly dataset_id: number
  /** `DRAFT`, or `1.0`. */
  readonly number: string
  readonly major: number | null
  readonly minor: number | null
  readonly state: VersionState
  /** Counts its changes. */
  readonly revision: number
  readonly title: string
  readonly metadata: Metadata
  readonly license: License | null
  readonly terms: Terms
  readonly note: string | null
  readonly created_at: Date
  readonly created_by: Person | null
  readonly updated_at: Date
  readonly updated_by: Person | null
  readonly released_at: Date | null
  readonly released_by: Person | null
  readonly deaccession: { readonly at: Date; readonly reason: string | null; readonly url: string | null } | null
  readonly files: { readonly count: number; readonly bytes: number; readonly restricted: number }
}

/** A dataset in one of its versions, for one caller: what `/v1`, other dialects, exports and pages are made of. */
export interface DatasetView {
  readonly dataset: DatasetFacts
  /** From the root down to the collection it lies in. */
  readonly path: readonly PathStep[]
  readonly version: VersionView
  readonly locks: readonly Lock[]
  readonly rights: Rights
  readonly citation: Citation
}

export const numberOf = ({ major, minor }: { major: number | null; minor: number | null }): string =>
  major === null ? 'DRAFT' : `${major}.${minor}`
