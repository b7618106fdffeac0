/** A file as a version of a dataset has it. */
export interface VersionFile {
  readonly id: number
  /** Of the file in this version. */
  readonly metadataId: number
  readonly datasetId: number
  readonly versionId: number
  readonly name: string
  /** Without slashes at its ends; empty: top level. */
  readonly directory: string
  readonly description: string
  readonly categories: readonly string[]
  readonly tags: readonly string[]
  readonly restricted: boolean
  /** `until`: the first day (`2027-12-25`) on which anybody may have it. */
  readonly embargo: { readonly until: string; readonly reason: string | null } | null
  readonly mediaType: string
  readonly bytes: number
  /** In hexadecimal. */
  readonly checksums: {
    readonly md5: string
    readonly sha256: string
    readonly sha1: string | null
    readonly sha512: string | null
  }
  readonly originalName: string
  /** The file that it replaced, and the first of the line; they may be gone. */
  readonly previousId: number | null
  readonly rootId: number | null
  readonly createdAt: Date
  readonly publishedAt: Date | null
  readonly downloads: number
}

/** Who may have a file as soon as its version is published. */
export type Access = 'public' | 'restricted' | 'embargoed' | 'embargoed_restricted'

/** `today` as a day, `2027-12-25`: an embargo ends by itself. */
export function accessOf({ restricted, embargo }: Pick<VersionFile, 'restricted' | 'embargo'>, today: string): Access {
  if (embargo !== null && embargo.until > today) return restricted ? 'embargoed_restricted' : 'embargoed'
  return restricted ? 'restricted' : 'public'
}
